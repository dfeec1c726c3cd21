package wire

import "encoding/binary"

// noiseSize is how much there is of the block that opaque payload is copied from. It fits a processor's cache.
const noiseSize = 1 << 17

// noiseBlock looks like ciphertext. Its beginning stands at its end again, so that a packet may start anywhere.
var noiseBlock = func() []byte {
	block := make([]byte, noiseSize, noiseSize+mtu)
	for i := 0; i < noiseSize; i += 8 {
		binary.LittleEndian.PutUint64(block[i:], mix(uint64(i)))
	}
	return append(block, block[:mtu]...)
}()

// noise is so many bytes, at most mtu, that go with a number. They must not be changed.
func noise(number uint64, bytes int) []byte {
	at := mix(number) % noiseSize
	return noiseBlock[at : at+uint64(bytes)]
}
