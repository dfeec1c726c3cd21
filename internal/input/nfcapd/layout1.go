package nfcapd

import (
	"encoding/binary"

	"sentinel/internal/packet"
)

// The parts of a flow in layout 1, which begin with its type and size.
const (
	flow1Header  = 28 // of type 1
	flow10Header = 32 // of type 10
	mapHeader    = 8
	flagsOffset1 = 4
	mapOffset    = 6
	commonOffset = 8 // of times, flags and ports
)

// Flags of a flow in layout 1.
const (
	flagIPv6      = 1 << 0
	flagPackets64 = 1 << 1
	flagBytes64   = 1 << 2
	flagEvent1    = 1 << 6
	flagSampled1  = 1 << 7
)

// Extensions that are read.
const (
	outPackets4    = 14
	outPackets8    = 15
	outBytes4      = 16
	outBytes8      = 17
	extensionNSEL  = 37
	extensionPorts = 38 // after translation, as the addresses that follow
	extensionNAT4  = 39
	extensionNAT6  = 40
	extensionNEL   = 46
	nselEvent1     = 14 // offset of the event in the former
	mostExtensions = 64 // of a map; nfdump 1.6 knows 49
)

// extensionSizes are the sizes of the extensions of layout 1 by their number, nffile.h of nfdump 1.6.
var extensionSizes = map[uint16]int{
	4: 4, 5: 8, 6: 4, 7: 8, 8: 4, 9: 4, 10: 16, 11: 4, 12: 16, 13: 4, outPackets4: 4, outPackets8: 8, outBytes4: 4, outBytes8: 8,
	18: 4, 19: 8, 20: 16, 21: 16, 22: 40, 23: 4, 24: 16, 25: 4, 26: 8, 27: 8, extensionNSEL: 20, extensionPorts: 4, extensionNAT4: 8, extensionNAT6: 32, 41: 24,
	42: 24, 43: 72, 45: 24, extensionNEL: 12, 47: 8, 48: 8,
}

// extensionMap says what follows the common part of a flow of layout 1: offsets of what is read, after the counts.
// Absent is -1.
type extensionMap struct {
	outPackets, outBytes    int
	outPackets8, outBytes8  bool
	nsel, nat4, nat6, ports int
	nel                     bool
}

// newMap reads an extension map. What comes after an extension that is not known cannot be found.
func newMap(ids []byte) *extensionMap {
	m := &extensionMap{outPackets: -1, outBytes: -1, nsel: -1, nat4: -1, nat6: -1, ports: -1}
	offset := 0
	for i := 0; len(ids) >= 2 && i < mostExtensions; i++ {
		id := binary.LittleEndian.Uint16(ids)
		size, ok := extensionSizes[id]
		if !ok { // 0 ends the map
			break
		}
		m.add(id, offset)
		offset += size
		ids = ids[2:]
	}
	return m
}

func (m *extensionMap) add(id uint16, offset int) {
	switch id {
	case outPackets4, outPackets8:
		m.outPackets, m.outPackets8 = offset, id == outPackets8
	case outBytes4, outBytes8:
		m.outBytes, m.outBytes8 = offset, id == outBytes8
	case extensionNSEL:
		m.nsel = offset
	case extensionPorts:
		m.ports = offset
	case extensionNAT4:
		m.nat4 = offset
	case extensionNAT6:
		m.nat6 = offset
	case extensionNEL:
		m.nel = true
	}
}

// flow1 reads a record of layout 1, whose header is of the given size, and gives an empty text, or why it is no flow.
func flow1(data []byte, header int, maps map[uint16]*extensionMap, r *record) string {
	if len(data) < header {
		return reasonSize
	}
	m := maps[binary.LittleEndian.Uint16(data[mapOffset:])]
	if m == nil {
		return reasonMap
	}
	flags := data[flagsOffset1]
	r.sampled, r.event = flags&flagSampled1 != 0, flags&flagEvent1 != 0
	r.common(data)
	rest, ok := r.counts(data[header:], flags)
	if !ok {
		return reasonSize
	}
	r.extensions(rest, m)
	return ""
}

// common takes the part that flows of both types have.
func (r *record) common(data []byte) {
	c := data[commonOffset:flow1Header]
	r.hasTimes = true
	r.first = 1000*uint64(binary.LittleEndian.Uint32(c[4:])) + uint64(binary.LittleEndian.Uint16(c))
	r.last = 1000*uint64(binary.LittleEndian.Uint32(c[8:])) + uint64(binary.LittleEndian.Uint16(c[2:]))
	r.flags, r.proto = packet.TCPFlags(c[13]), c[14]
	r.srcPort, r.dstPort = binary.LittleEndian.Uint16(c[16:]), binary.LittleEndian.Uint16(c[18:])
}

// counts takes the addresses and counts, and gives what follows them.
func (r *record) counts(data []byte, flags uint8) (rest []byte, ok bool) {
	if flags&flagIPv6 != 0 {
		if len(data) < ipv6Size {
			return nil, false
		}
		r.src, r.dst = ipv6(data)
		data = data[ipv6Size:]
	} else {
		if len(data) < ipv4Size {
			return nil, false
		}
		r.src, r.dst = ipv4(data)
		data = data[ipv4Size:]
	}
	if r.packets, data, ok = number(data, flags&flagPackets64 != 0); !ok {
		return nil, false
	}
	r.bytes, data, ok = number(data, flags&flagBytes64 != 0)
	return data, ok
}

// number reads one of 4 or 8 bytes.
func number(data []byte, long bool) (value uint64, rest []byte, ok bool) {
	if long {
		if len(data) < 8 {
			return 0, nil, false
		}
		return binary.LittleEndian.Uint64(data), data[8:], true
	}
	if len(data) < 4 {
		return 0, nil, false
	}
	return uint64(binary.LittleEndian.Uint32(data)), data[4:], true
}

// extensions takes what lies where the map says.
func (r *record) extensions(data []byte, m *extensionMap) {
	at := func(offset int) []byte { return data[min(max(offset, 0), len(data)):] }
	if m.outPackets >= 0 {
		r.outPackets, _, _ = number(at(m.outPackets), m.outPackets8)
	}
	if m.outBytes >= 0 {
		r.outBytes, _, _ = number(at(m.outBytes), m.outBytes8)
	}
	if e := at(m.nat4); m.nat4 >= 0 && len(e) >= ipv4Size {
		_, r.natDst = ipv4(e)
	}
	if e := at(m.nat6); m.nat6 >= 0 && len(e) >= ipv6Size {
		_, r.natDst = ipv6(e)
	}
	if e := at(m.ports); m.ports >= 0 && len(e) >= portsSize {
		r.natPort = binary.LittleEndian.Uint16(e[2:])
	}
	r.translation = m.nel && r.event
	if m.nsel >= 0 && r.event {
		if e := at(m.nsel); len(e) > nselEvent1 {
			r.firewall, r.firewallEvent, r.eventTime = true, e[nselEvent1], binary.LittleEndian.Uint64(e)
		}
	}
}
