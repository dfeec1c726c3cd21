package geo

import (
	"fmt"
	"math"
)

// trie is the tree over an address's bits, from the most significant one. A node is two records of
// width bytes, for bit 0 and bit 1, width being 3 or 4. A record below begin is a node's number; another is a leaf.
type trie struct {
	data  []byte
	width int
	begin uint32
}

const noLimit = math.MaxUint32

// find walks the trie along an address. It is false where the trie goes on below the last bit, which
// only a damaged file does.
func (t trie) find(address []byte) (leaf uint32, ok bool) {
	var node uint32
	for bit := range 8 * len(address) {
		right := int(address[bit/8]>>(7-bit%8)) & 1
		at := t.width * (2*int(node) + right)
		if at+t.width > len(t.data) {
			return 0, false
		}
		if node = t.record(at); node >= t.begin {
			return node, true
		}
	}
	return 0, false
}

// record is the value at a byte of data, little-endian.
func (t trie) record(at int) uint32 {
	v := uint32(t.data[at]) | uint32(t.data[at+1])<<8 | uint32(t.data[at+2])<<16
	if t.width == 4 {
		v |= uint32(t.data[at+3]) << 24
	}
	return v
}

// check reads the trie once, and proves that no record points outside the file: neither to a node past
// data, nor to a leaf of limit or above. Nodes are numbered without gaps, so the highest number seen
// tells how many there are.
func (t trie) check(limit uint32) error {
	size := 2 * t.width // bytes of a node, and so of the trie's first one
	for at := 0; at < size; at += t.width {
		if size > len(t.data) {
			return fmt.Errorf("trie needs %d bytes, and has %d: the file is cut short, or no such database", size, len(t.data))
		}
		switch v := t.record(at); {
		case v < t.begin:
			size = max(size, 2*t.width*(int(v)+1))
		case v >= limit:
			return fmt.Errorf("record at byte %d points to byte %d of %d", at, v-t.begin, limit-t.begin)
		}
	}
	return nil
}
