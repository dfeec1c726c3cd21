package jsonline

import (
	"encoding/binary"
	"math/bits"
)

// Hash makes keys of texts such as identifiers, which programs make: two of some million are hardly ever the same. It
// does not stand against who wants them to be. It goes on from another hash, or from 0.
func Hash(before uint64, text []byte) uint64 {
	h := before ^ uint64(len(text))*factors[0]
	for ; len(text) >= 8; text = text[8:] {
		h = fold(h^binary.LittleEndian.Uint64(text), factors[1])
	}
	last := first(text) & (1<<(8*len(text)) - 1)
	return fold(h^last, factors[2])
}

// factors are odd, with their bits spread: the first digits behind the point of the golden ratio and of the roots of 2 and
// 3.
var factors = [3]uint64{0x9e3779b97f4a7c15, 0x6a09e667f3bcc909, 0xbb67ae8584caa73b}

func fold(a, b uint64) uint64 {
	high, low := bits.Mul64(a^factors[0], b)
	return high ^ low
}
