package netflow

import (
	"encoding/binary"
	"fmt"
)

// legacy is a version of NetFlow whose records have one shape (Cisco, NetFlow Export Datagram Format). It is what
// template says, behind a header of its own.
type legacy struct {
	version uint16
	header  int
	most    int // records in a datagram
	*template
}

// fixed makes a template of records of a size.
func fixed(size int, columns ...column) *template { return &template{columns: columns, size: size} }

// at is a field of a record of one shape.
func at(offset, length uint16, s slot) column {
	if s == srcAddress || s == dstAddress {
		return column{element{s, nil}, offset, length}
	}
	return column{element{s, number}, offset, length}
}

// The records of versions 5 and 7 begin alike.
var common = []column{
	at(0, 4, srcAddress), at(4, 4, dstAddress), at(12, 2, inputInterface), at(16, 4, packets), at(20, 4, octets),
	at(24, 4, startUptime), at(28, 4, endUptime), at(32, 2, srcPort), at(34, 2, dstPort), at(37, 1, tcpFlags),
	at(38, 1, proto),
}

// legacies are the versions without templates.
var legacies = map[uint16]*legacy{
	1: {1, 16, 24, fixed(52,
		at(0, 4, srcAddress), at(4, 4, dstAddress), at(16, 4, packets), at(20, 4, octets), at(24, 4, startUptime),
		at(28, 4, endUptime), at(32, 2, srcPort), at(34, 2, dstPort), at(38, 1, proto), at(40, 1, tcpFlags))},
	5: {5, 24, 30, fixed(48, common...)},
	7: {7, 24, 28, fixed(52, common...)},
}

// length is how long a datagram with that header is.
func (l *legacy) length(b []byte) int {
	return l.header + int(binary.BigEndian.Uint16(b[2:]))*l.size
}

// legacy reads a datagram of a version without templates.
func (d *decoder) legacy(g datagram, l *legacy) {
	b := g.data
	if len(b) < l.header {
		d.skip(fmt.Sprintf("shorter than the header of NetFlow v%d", l.version), 1, g.place)
		return
	}
	if count := int(binary.BigEndian.Uint16(b[2:])); count > l.most {
		d.skip(fmt.Sprintf("NetFlow v%d with more than %d records in a datagram", l.version, l.most), 1, g.place)
		return
	}
	m := message{version: l.version, place: g.place, domain: d.domain(g, l.version, 0)}
	if m.domain == nil {
		return
	}
	exported := int64(binary.BigEndian.Uint32(b[8:]))*1e6 + int64(binary.BigEndian.Uint32(b[12:]))/1000
	m.moment = moment{exported, binary.BigEndian.Uint32(b[4:]), true}.capturedAt(g.captured)
	if l.version == 5 { // 2 bits of mode, which some exporters leave out, and the interval
		m.rate = int64(binary.BigEndian.Uint16(b[22:]) & 0x3fff)
	}
	d.dated = true
	d.fixedRecords(&m, l, b[l.header:min(len(b), l.length(b))], g.place)
}

func (d *decoder) fixedRecords(m *message, l *legacy, b []byte, place int64) {
	for len(b) > 0 {
		rest, ok := l.next(b, &d.record)
		if !ok {
			d.skip("record cut short", 1, place)
			return
		}
		d.flow(m)
		b = rest
	}
}
