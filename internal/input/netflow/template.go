package netflow

import "encoding/binary"

// variable is the length of a field that says its length itself (RFC 7011, 7).
const variable = 0xffff

// column is a field of a record that is looked at; of records that vary in length, every field is a column.
type column struct {
	element
	offset, length uint16
}

// template says what records of a data set look like.
type template struct {
	columns []column
	size    int  // of a record; where it varies, the least
	varies  bool // holds fields that say their length themselves
	options bool // its records tell of the exporter, not of flows
}

// room is what the template takes of maxColumns.
func (t *template) room() int { return len(t.columns) + perTemplate }

// layout collects the fields of a template.
type layout struct {
	template
	all []column
}

// add appends a field, unless it has no length: so no template costs more for a record than the record has bytes. Fields
// too long for what they should hold are passed over.
func (l *layout) add(e element, length uint16) {
	switch length {
	case 0:
		return
	case variable:
		l.varies = true
		l.size++
	default:
		if e.read != nil && length > 8 {
			e = element{}
		}
		l.size += int(length)
	}
	l.all = append(l.all, column{e, uint16(min(l.size-int(length), variable)), length})
}

// finish gives the template, or nil where no record can have that size.
func (l *layout) finish() *template {
	if l.size == 0 || l.size > maxDatagram {
		return nil
	}
	if l.varies {
		l.columns = l.all
		return &l.template
	}
	for _, c := range l.all {
		if c.slot != unread {
			l.columns = append(l.columns, c)
		}
	}
	return &l.template
}

// next cuts the first record off data into r and gives the rest; ok is false where there is none.
func (t *template) next(data []byte, r *record) (rest []byte, ok bool) {
	if len(data) < t.size {
		return nil, false
	}
	r.clear()
	if t.varies {
		return t.nextVarying(data, r)
	}
	for i := range t.columns {
		c := &t.columns[i]
		r.put(&c.element, data[c.offset:c.offset+c.length])
	}
	return data[t.size:], true
}

func (t *template) nextVarying(data []byte, r *record) (rest []byte, ok bool) {
	for i := range t.columns {
		c := &t.columns[i]
		length := int(c.length)
		if c.length == variable {
			length, data, ok = varyingLength(data)
			if !ok {
				return nil, false
			}
		}
		if len(data) < length {
			return nil, false
		}
		if c.slot != unread && (c.read == nil || length <= 8) {
			r.put(&c.element, data[:length])
		}
		data = data[length:]
	}
	return data, true
}

// varyingLength takes the length off a field of variable length: one byte, or 255 and two.
func varyingLength(data []byte) (length int, rest []byte, ok bool) {
	if len(data) < 1 {
		return 0, nil, false
	}
	if data[0] < 255 {
		return int(data[0]), data[1:], true
	}
	if len(data) < 3 {
		return 0, nil, false
	}
	return int(binary.BigEndian.Uint16(data[1:])), data[3:], true
}

// fields are the field specifiers of a template that are still to be read.
type fields struct {
	version uint16
	data    []byte
}

// next reads one specifier: number, length and, in IPFIX, perhaps an enterprise (RFC 7011, 3.2).
func (f *fields) next() (k key, length uint16, ok bool) {
	if len(f.data) < 4 {
		return key{}, 0, false
	}
	k.number, length = binary.BigEndian.Uint16(f.data), binary.BigEndian.Uint16(f.data[2:])
	f.data = f.data[4:]
	if f.version == 10 && k.number&0x8000 != 0 {
		if len(f.data) < 4 {
			return key{}, 0, false
		}
		k.number &^= 0x8000
		k.enterprise = binary.BigEndian.Uint32(f.data)
		f.data = f.data[4:]
	}
	return k, length, true
}

// take reads n specifiers into l.
func (f *fields) take(n int, l *layout, find func(uint16, key) element) bool {
	for range n {
		k, length, ok := f.next()
		if !ok {
			return false
		}
		l.add(find(f.version, k), length)
	}
	return true
}

// scopeOf finds what a scope of an options template of NetFlow v9 is, which has numbers of its own (RFC 3954, 6.1).
func scopeOf(version uint16, k key) element {
	if version != 9 {
		return elementOf(version, k)
	}
	if k.number == 2 {
		return element{inputInterface, number}
	}
	return element{}
}
