package wire

import (
	"encoding/binary"
	"math/bits"
)

// sum adds b as 16-bit words to a checksum that is being computed (RFC 1071), in the byte order of the machine's little
// end, which fold turns.
func sum(b []byte, to uint64) uint64 {
	var carry uint64
	for len(b) >= 32 {
		to, carry = bits.Add64(to, binary.LittleEndian.Uint64(b), carry)
		to, carry = bits.Add64(to, binary.LittleEndian.Uint64(b[8:]), carry)
		to, carry = bits.Add64(to, binary.LittleEndian.Uint64(b[16:]), carry)
		to, carry = bits.Add64(to, binary.LittleEndian.Uint64(b[24:]), carry)
		b = b[32:]
	}
	for len(b) >= 8 {
		to, carry = bits.Add64(to, binary.LittleEndian.Uint64(b), carry)
		b = b[8:]
	}
	var rest [8]byte
	copy(rest[:], b)
	to, carry = bits.Add64(to, binary.LittleEndian.Uint64(rest[:]), carry)
	to, carry = bits.Add64(to, 0, carry)
	return to + carry
}

// fold gives the checksum as a header has it.
func fold(sum uint64) uint16 {
	sum = sum>>32 + sum&0xffffffff
	sum = sum>>32 + sum&0xffffffff
	sum = sum>>16 + sum&0xffff
	sum = sum>>16 + sum&0xffff
	return bits.ReverseBytes16(^uint16(sum))
}
