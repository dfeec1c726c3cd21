package geo_test

import (
	"maps"
	"net/netip"
	"slices"
)

// legacyFile writes legacy files, to test the reader with what no published file has.
type legacyFile struct {
	edition byte
	width   int    // bytes of a record
	begin   uint32 // first leaf value; 0: the number of nodes, which the structure block then tells
	wide    bool
	comment string
	leaves  map[string]uint32 // by prefix: what a leaf adds to begin
	names   map[string]string // by prefix: what a leaf points to
}

// unset marks a record that no prefix reached.
const unset = 0xffffffff

// leafBit marks a record of the tree under construction that is a leaf.
const leafBit = 1 << 31

func (f legacyFile) bytes() []byte {
	nodes := [][2]uint32{{unset, unset}}
	records := []byte{0}
	for _, prefix := range slices.Sorted(maps.Keys(f.leaves)) {
		nodes = f.insert(nodes, prefix, f.leaves[prefix])
	}
	for _, prefix := range slices.Sorted(maps.Keys(f.names)) {
		nodes = f.insert(nodes, prefix, uint32(len(records)))
		records = append(append(records, f.names[prefix]...), 0)
	}
	begin := f.begin
	if begin == 0 {
		begin = uint32(len(nodes))
	} else {
		records = nil
	}
	file := f.tree(nodes, begin)
	file = append(file, records...)
	file = append(append(file, 0, 0, 0), f.comment...)
	file = append(file, 0xff, 0xff, 0xff, f.edition)
	if f.begin == 0 {
		file = append(file, byte(begin), byte(begin>>8), byte(begin>>16))
	}
	return file
}

func (f legacyFile) insert(nodes [][2]uint32, prefix string, leaf uint32) [][2]uint32 {
	p := netip.MustParsePrefix(prefix)
	address, bits := p.Addr().AsSlice(), p.Bits()
	if f.wide && p.Addr().Is4() {
		mapped := p.Addr().As16()
		address, bits = mapped[:], bits+96
	}
	return insertBits(nodes, address, bits, leaf)
}

func (f legacyFile) tree(nodes [][2]uint32, begin uint32) []byte {
	var tree []byte
	for _, node := range nodes {
		for _, value := range node {
			switch {
			case value == unset:
				value = begin
			case value&leafBit != 0:
				value = begin + value&^leafBit
			}
			for byteOf := range f.width {
				tree = append(tree, byte(value>>(8*byteOf)))
			}
		}
	}
	return tree
}
