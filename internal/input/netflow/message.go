package netflow

import (
	"encoding/binary"
	"fmt"
)

// Sizes of the headers of messages and of sets.
const (
	header9     = 20 // RFC 3954, 5.1
	headerIPFIX = 16 // RFC 7011, 3.1
	headerSet   = 4
)

// setKind is what a set holds.
type setKind int

const (
	templates setKind = iota
	optionsTemplates
	reserved
	dataSet
)

// kindOf tells what a set holds by its ID: templates with 0 and 1 in NetFlow v9, with 2 and 3 in IPFIX, data from 256 on.
func kindOf(version, id uint16) setKind {
	first := uint16(0)
	if version == 10 {
		first = 2
	}
	switch {
	case id == first:
		return templates
	case id == first+1:
		return optionsTemplates
	case id >= 256:
		return dataSet
	}
	return reserved
}

func (d *decoder) netflow9(g datagram) {
	if len(g.data) < header9 {
		d.skip("shorter than the header of NetFlow v9", 1, g.place)
		return
	}
	b := g.data
	m := message{version: 9, place: g.place, domain: d.domain(g, 9, binary.BigEndian.Uint32(b[16:]))}
	m.moment = moment{int64(binary.BigEndian.Uint32(b[8:])) * 1e6, binary.BigEndian.Uint32(b[4:]), true}
	d.sets(g, m, b[header9:])
}

func (d *decoder) ipfix(g datagram) {
	for b := g.data; len(b) > 0; { // a datagram may hold several messages
		if len(b) < headerIPFIX || binary.BigEndian.Uint16(b) != 10 {
			d.skip("shorter than the header of IPFIX", 1, g.place)
			return
		}
		length := int(binary.BigEndian.Uint16(b[2:]))
		if length < headerIPFIX {
			d.skip(fmt.Sprintf("IPFIX message of %d bytes, less than its header", length), 1, g.place)
			return
		}
		m := message{version: 10, place: g.place, domain: d.domain(g, 10, binary.BigEndian.Uint32(b[12:]))}
		m.moment = moment{exported: int64(binary.BigEndian.Uint32(b[4:])) * 1e6}
		if length > len(b) {
			d.skip("IPFIX message cut short", 1, g.place)
			length = len(b)
		}
		d.sets(g, m, b[headerIPFIX:length])
		b = b[length:]
	}
}

// sets reads the sets of a message.
func (d *decoder) sets(g datagram, m message, b []byte) {
	if m.domain == nil {
		return
	}
	m.moment = m.capturedAt(g.captured)
	d.dated = true
	for len(b) >= headerSet {
		id, length := binary.BigEndian.Uint16(b), int(binary.BigEndian.Uint16(b[2:]))
		if id == 0 && length == 0 { // zeros fill the rest
			return
		}
		if length < headerSet {
			d.skip(fmt.Sprintf("set of %d bytes, less than its header", length), 1, g.place)
			return
		}
		if length > len(b) {
			d.skip("set that is longer than its message", 1, g.place)
			length = len(b)
		}
		d.set(&m, id, b[headerSet:length])
		b = b[length:]
	}
}

func (d *decoder) set(m *message, id uint16, b []byte) {
	switch kindOf(m.version, id) {
	case templates:
		d.templates(m, b)
	case optionsTemplates:
		d.optionsTemplates(m, b)
	case dataSet:
		t := m.templates[id]
		if t == nil {
			d.hold(m, id, b)
			return
		}
		d.data(m, t, b)
	default:
		d.skip("set of a reserved kind", 1, m.place)
	}
}

// data reads the records of a data set.
func (d *decoder) data(m *message, t *template, b []byte) {
	use := d.flow
	if t.options {
		use = d.options
	}
	rest, ok := t.next(b, &d.record)
	if !ok {
		d.skip("data set shorter than a record of its template", 1, m.place)
	}
	for ok {
		use(m)
		rest, ok = t.next(rest, &d.record)
	}
}

// hold keeps a data set until its template comes.
func (d *decoder) hold(m *message, id uint16, b []byte) {
	if len(b) == 0 {
		return
	}
	size := len(b) + perHeld
	if d.held+size > maxHeld || m.heldBytes[id]+size > maxHeldEach {
		d.skip("data set without its template, more than can wait for it", 1, m.place)
		return
	}
	d.held += size
	m.heldBytes[id] += size
	m.held[id] = append(m.held[id], heldSet{append([]byte(nil), b...), *m})
}

// templates reads a set of templates.
func (d *decoder) templates(m *message, b []byte) {
	for len(b) >= headerSet {
		id, count := binary.BigEndian.Uint16(b), int(binary.BigEndian.Uint16(b[2:]))
		if id < 256 && allZero(b) { // padding
			return
		}
		f, l := fields{m.version, b[4:]}, layout{}
		if count == 0 && m.version == 10 {
			d.withdraw(m, id, 2)
		} else if !f.take(count, &l, elementOf) {
			d.skip("template cut short, or with a field that cannot be", 1, m.place)
			return
		} else {
			d.install(m, id, &l)
		}
		b = f.data
	}
}

// optionsTemplates reads a set of options templates, which say what exporters tell of themselves.
func (d *decoder) optionsTemplates(m *message, b []byte) {
	for len(b) >= 6 {
		id := binary.BigEndian.Uint16(b)
		if id < 256 && allZero(b) {
			return
		}
		second, third := int(binary.BigEndian.Uint16(b[2:])), int(binary.BigEndian.Uint16(b[4:]))
		scopes, others := second/4, third/4 // RFC 3954, 6.1: in bytes
		if m.version == 10 {
			if second == 0 { // a withdrawal has no count of scopes (RFC 7011, 8.1)
				d.withdraw(m, id, 3)
				b = b[4:]
				continue
			}
			scopes, others = third, second-third // RFC 7011, 3.4.2.2: all fields, then scopes among them
		}
		f, l := fields{m.version, b[6:]}, layout{template: template{options: true}}
		if others < 0 || !f.take(scopes, &l, scopeOf) || !f.take(others, &l, elementOf) {
			d.skip("options template cut short, or with a field that cannot be", 1, m.place)
			return
		}
		d.install(m, id, &l)
		b = f.data
	}
}

// withdraw forgets a template, or all of a kind, which have the ID of their set (RFC 7011, 8.1).
func (d *decoder) withdraw(m *message, id, all uint16) {
	for known, t := range m.templates { // removal only, whatever the order
		if known == id || id == all && t.options == (all == 3) {
			d.columns -= t.room()
			delete(m.templates, known)
		}
	}
}

// install takes a template for what follows, and reads what has waited for it.
func (d *decoder) install(m *message, id uint16, l *layout) {
	t := l.finish()
	if t == nil || id < 256 {
		d.skip("template of no records that can be", 1, m.place)
		return
	}
	if old := m.templates[id]; old != nil {
		d.columns -= old.room()
		delete(m.templates, id)
	}
	if d.columns+t.room() > maxColumns {
		d.skip(fmt.Sprintf("template too many: %d fields are kept", maxColumns), 1, m.place)
		return
	}
	d.columns += t.room()
	m.templates[id] = t
	for _, c := range t.columns {
		d.read[c.slot] = d.read[c.slot] || !t.options
	}
	d.release(m, id, t)
}

// release reads the data sets that have waited for a template.
func (d *decoder) release(m *message, id uint16, t *template) {
	waiting := m.held[id]
	d.held -= m.heldBytes[id]
	delete(m.held, id)
	delete(m.heldBytes, id)
	for i := range waiting {
		d.data(&waiting[i].message, t, waiting[i].data)
	}
}

func allZero(b []byte) bool {
	for _, digit := range b {
		if digit != 0 {
			return false
		}
	}
	return true
}
