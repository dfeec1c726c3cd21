package wire

import (
	"encoding/binary"

	"sentinel/internal/flow"
)

var syllables = []string{"an", "bor", "cel", "dis", "em", "fir", "gan", "hul", "is", "jor", "kep", "lun", "mar", "nol", "or", "pas"}

// ending is the reserved top level under which names are invented (RFC 2606, 2).
const ending = ".example"

// longestName and longestLabel are the limits of the DNS (RFC 1035, 2.3.4), in text without the final dot.
const longestName, longestLabel = 253, 63

// appendServerName appends the name of the server of a flow, or one that is invented by its address.
func appendServerName(b []byte, f *flow.Flow) []byte {
	if f.Name != "" && len(f.Name) <= longestName {
		return append(b, f.Name...)
	}
	address := f.DstIP.As16()
	return appendName(b, mix(binary.BigEndian.Uint64(address[:8])^mix(binary.BigEndian.Uint64(address[8:]))))
}

// appendName invents a name of two labels out of a number.
func appendName(b []byte, h uint64) []byte {
	for range 2 + h>>60&3 {
		b = append(b, syllables[h%16]...)
		h /= 16
	}
	return append(b, ending...)
}
