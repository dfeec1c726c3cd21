package geo_test

import (
	"encoding/binary"
	"fmt"
	"maps"
	"net/netip"
	"slices"
)

// record is an MMDB map, as tests write it: values are text, uint32, record, float64 or []any.
type record = map[string]any

// mmdbFile writes MMDBs with records of 32 bits (MaxMind DB specification 2.0).
type mmdbFile struct {
	kind    string
	version uint16            // 4 or 6
	records map[string]record // by prefix
}

func (f mmdbFile) bytes() []byte {
	nodes := [][2]uint32{{unset, unset}}
	var data []byte
	for _, prefix := range slices.Sorted(maps.Keys(f.records)) {
		nodes = f.insert(nodes, prefix, uint32(len(data)))
		data = appendValue(data, f.records[prefix])
	}
	file := f.tree(nodes)
	file = append(file, make([]byte, 16)...) // the separator
	file = append(append(file, data...), "\xab\xcd\xefMaxMind.com"...)
	return appendValue(file, record{
		"binary_format_major_version": uint16(2), "binary_format_minor_version": uint16(0),
		"build_epoch": uint64(1767312000), "database_type": f.kind, "ip_version": f.version,
		"node_count": uint32(len(nodes)), "record_size": uint16(32), "languages": []any{}, "description": record{},
	})
}

// insert keeps IPv4 networks of an IPv6 database under ::/96, as all publishers do.
func (f mmdbFile) insert(nodes [][2]uint32, prefix string, leaf uint32) [][2]uint32 {
	p := netip.MustParsePrefix(prefix)
	address, bits := p.Addr().AsSlice(), p.Bits()
	if f.version == 6 && p.Addr().Is4() {
		address, bits = append(make([]byte, 12), address...), bits+96
	}
	return insertBits(nodes, address, bits, leaf)
}

func (f mmdbFile) tree(nodes [][2]uint32) []byte {
	var tree []byte
	count := uint32(len(nodes))
	for _, node := range nodes {
		for _, value := range node {
			switch {
			case value == unset:
				value = count
			case value&leafBit != 0:
				value = count + 16 + value&^leafBit
			}
			tree = binary.BigEndian.AppendUint32(tree, value)
		}
	}
	return tree
}

// insertBits puts a leaf at the end of an address's first bits into a tree whose root is nodes[0].
func insertBits(nodes [][2]uint32, address []byte, bits int, leaf uint32) [][2]uint32 {
	node := uint32(0)
	for bit := range bits {
		side := address[bit/8] >> (7 - bit%8) & 1
		if bit == bits-1 {
			nodes[node][side] = leaf | leafBit
			break
		}
		if nodes[node][side] == unset {
			nodes = append(nodes, [2]uint32{unset, unset})
			nodes[node][side] = uint32(len(nodes) - 1)
		}
		node = nodes[node][side]
	}
	return nodes
}

// The data types of the specification that tests write.
const (
	typeText   = 2
	typeUint16 = 5
	typeUint32 = 6
	typeMap    = 7
	typeUint64 = 9
	typeArray  = 11
)

func appendValue(to []byte, v any) []byte {
	switch v := v.(type) {
	case string:
		return append(appendControl(to, typeText, len(v)), v...)
	case uint16:
		return binary.BigEndian.AppendUint16(appendControl(to, typeUint16, 2), v)
	case uint32:
		return binary.BigEndian.AppendUint32(appendControl(to, typeUint32, 4), v)
	case uint64:
		return binary.BigEndian.AppendUint64(appendControl(to, typeUint64, 8), v)
	case []any:
		to = appendControl(to, typeArray, len(v))
		for _, element := range v {
			to = appendValue(to, element)
		}
		return to
	case record:
		to = appendControl(to, typeMap, len(v))
		for _, key := range slices.Sorted(maps.Keys(v)) {
			to = appendValue(appendValue(to, key), v[key])
		}
		return to
	}
	panic(fmt.Sprintf("no MMDB type for %T", v))
}

// appendControl writes a value's type and size; a size of 29 to 284 takes one byte more.
func appendControl(to []byte, kind, size int) []byte {
	short, rest := size, []byte(nil)
	if size >= 29 {
		short, rest = 29, []byte{byte(size - 29)}
	}
	if kind <= typeMap {
		return append(append(to, byte(kind<<5|short)), rest...)
	}
	return append(append(to, byte(short), byte(kind-7)), rest...)
}
