package jsonline

import "encoding/binary"

// zeros are eight digits, and pastNine what added to the value of a digit, below 128, sets its top bit if there is no
// such digit.
const (
	zeros    = '0' * ones
	pastNine = (0x80 - 10) * ones
)

// areDigits tells of eight bytes from which '0' was taken by xor whether each was a digit.
func areDigits(eight uint64) bool { return (eight+pastNine|eight)&tops == 0 }

// decimal reads one to eight digits, all at once: their number is not foreseen by the processor, as the end of a loop
// would have to be.
func decimal(text []byte) (value int64, ok bool) {
	eight := (first(text) ^ zeros) << (64 - 8*len(text)) // zeros before the digits
	if !areDigits(eight) {
		return 0, false
	}
	eight = eight*10 + eight>>8 // two digits in every second byte
	const mask = 0x000000ff_000000ff
	eight = (eight&mask*(100+1_000_000<<32) + eight>>16&mask*(1+10_000<<32)) >> 32
	return int64(eight), true
}

// first is up to eight bytes of a text; what follows them is anything.
func first(text []byte) (eight uint64) {
	if cap(text) >= 8 {
		return binary.LittleEndian.Uint64(text[:8])
	}
	for i, b := range text {
		eight |= uint64(b) << (8 * i)
	}
	return eight
}
