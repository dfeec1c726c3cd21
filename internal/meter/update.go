package meter

import (
	"unsafe"

	"sentinel/internal/flow"
	"sentinel/internal/packet"
	"sentinel/internal/prefetch"
)

// ahead is how many packets are looked up before they are counted: more than the loads that a core has under way at
// once, and few enough for what they load to stay in the nearest cache.
const ahead = 32

// Add counts the packets of a block.
func (m *Meter) Add(b *Block) {
	c := cursor{block: b}
	var refs [ahead]uint32
	for rest := b.entries; len(rest) > 0; {
		group := rest[:min(ahead, len(rest))]
		m.touch(group, &refs)
		m.stale = false
		for i := range group {
			m.packet(&group[i], refs[i%ahead], &c)
			c.entry++
		}
		rest = rest[len(group):]
	}
}

// touch finds the records that packets may belong to, and asks for them, so that all come from memory together and not
// one after another.
func (m *Meter) touch(group []entry, refs *[ahead]uint32) {
	slots := m.table.slots
	mask := uint32(len(slots) - 1)
	var lines [ahead]uintptr
	for i := range group {
		lines[i%ahead] = uintptr(unsafe.Pointer(&slots[group[i].hash&mask]))
	}
	prefetch.Lines(lines[:len(group)])
	for i := range group {
		hash := group[i].hash
		at := hash & mask
		for slots[at].hash != hash && slots[at].ref != 0 {
			at = (at + 1) & mask
		}
		refs[i%ahead], lines[i%ahead] = slots[at].ref, 0
		if ref := slots[at].ref; ref != 0 {
			lines[i%ahead] = uintptr(unsafe.Pointer(m.table.at(ref)))
		}
	}
	prefetch.Lines(lines[:len(group)])
}

// packet counts one packet.
func (m *Meter) packet(e *entry, likely uint32, c *cursor) {
	if e.Time == 0 {
		e.Time = m.clock.now
	}
	if e.Time < m.clock.now || e.Time >= m.clock.due {
		m.tell(e.Time)
	} else {
		m.clock.now = e.Time
	}
	if e.Marks != 0 {
		m.mark(e)
	}
	if e.Marks&packet.Continued != 0 || m.stale {
		likely = 0
	}
	ref, r, dir := m.table.find(e, likely)
	if ref != 0 {
		if m.ends(ref, r, e, dir) {
			ref, r, dir = m.renew(ref, r, e)
		}
	} else {
		ref, r, dir = m.open(e)
	}
	if e.Proto == flow.TCP && e.Flags&^r.flags[dir]&(packet.SYN|packet.FIN|packet.RST) != 0 {
		dir = m.signal(ref, r, e, dir)
	}
	r.flags[dir] |= e.Flags
	if !r.count(dir, e.IPBytes, e.Payload) {
		m.settle(ref, r, e, dir)
	}
	if e.Time >= r.last {
		r.last = e.Time
	} else {
		d := m.table.details(ref)
		d.start = min(d.start, e.Time)
	}
	if e.Payload != 0 && (e.service != 0 || e.signs != 0 || r.marks&gathering != 0) {
		m.inspect(ref, r, e, dir, c)
	}
}

// settle adds a packet to the details, with all before it.
func (m *Meter) settle(ref uint32, r *record, e *entry, dir int) {
	d := m.table.details(ref)
	r.settle(d)
	r.marks |= settled
	d.packets[dir]++
	d.bytes[dir] += uint64(e.IPBytes)
	d.payload[dir] += uint64(e.Payload)
}

// ends tells whether a packet begins a new flow between ends that have one.
func (m *Meter) ends(ref uint32, r *record, e *entry, dir int) bool {
	if over(e.Time-r.last, m.wheel.patience(r)) {
		return true
	}
	if m.active > 0 && e.Time-m.table.details(ref).start > m.active {
		return true
	}
	// A SYN after the close opens the next connection, unless it is the first one again.
	return r.marks&closed != 0 && e.Proto == flow.TCP && e.Flags&(packet.SYN|packet.ACK) == packet.SYN &&
		(dir == down || e.Sequence != m.table.details(ref).isn)
}

// open begins a flow with its first packet.
func (m *Meter) open(e *entry) (ref uint32, r *record, dir int) {
	if m.table.used >= m.most {
		m.spare()
	}
	ref, r = m.table.add(e.hash)
	d := m.table.details(ref)
	r.ends, r.proto, r.last, d.start = e.Ends, e.Proto, e.Time, e.Time
	reversed := false
	d.opener, reversed = orient(e)
	if reversed {
		r.ends, dir = reverse(&e.Ends), down
	}
	switch {
	case e.signs&query != 0:
		r.marks |= request
	case e.signs&answer != 0:
		r.marks |= volunteer
	}
	if d.opener == bySYN && dir == up {
		d.isn = e.Sequence
	}
	m.wheel.put(&m.table, ref, r)
	if name := m.lookups.names.of(&r.ends); name != "" {
		m.notes.of(d).resolved = name
	}
	return ref, r, dir
}

// renew ends a flow and begins the next between the same ends. One that goes on keeps its opener and its names.
func (m *Meter) renew(oldRef uint32, old *record, e *entry) (uint32, *record, int) {
	goesOn := old.marks&closed == 0 && !over(e.Time-old.last, m.wheel.patience(old))
	m.end(oldRef, old)
	ref, r, dir := m.open(e)
	if !goesOn {
		return ref, r, dir
	}
	d, before := m.table.details(ref), m.table.details(oldRef)
	if r.ends != old.ends {
		r.flip(d)
		dir = 1 - dir
	}
	d.opener, d.service = before.opener, before.service
	m.notes.copy(d, before)
	return ref, r, dir
}

// signal follows a connection of TCP through its opening and closing. It returns the direction of the packet anew.
func (m *Meter) signal(ref uint32, r *record, e *entry, dir int) int {
	if d := m.table.details(ref); e.Flags&packet.SYN != 0 && d.opener != bySYN {
		if bySender := e.Flags&packet.ACK == 0; bySender == (dir == down) {
			r.flip(d)
			dir = 1 - dir
		}
		d.opener = bySYN
		if dir == up {
			d.isn = e.Sequence
		}
	}
	fins := r.flags[1-dir] & (r.flags[dir] | e.Flags) & packet.FIN
	if r.marks&closed == 0 && (fins|e.Flags&packet.RST) != 0 {
		r.marks |= closed
		r.last = max(r.last, e.Time)
		m.wheel.take(&m.table, ref)
		m.wheel.put(&m.table, ref, r)
	}
	return dir
}

// mark counts what is special about a packet, and finds the ports of a fragment.
func (m *Meter) mark(e *entry) {
	if e.Marks&packet.Tunnelled != 0 {
		m.counts.Tunnelled++
	}
	if e.Marks&packet.Cut != 0 {
		m.counts.Headless++
	}
	switch {
	case e.Marks&packet.Fragmented != 0:
		m.fragments.keep(e)
	case e.Marks&packet.Continued != 0:
		m.fragments.complete(e)
	}
}

// end takes a flow out of the wheel and closes it.
func (m *Meter) end(ref uint32, r *record) {
	m.wheel.take(&m.table, ref)
	m.close(ref, r)
}

// close takes a flow out of the table. It waits to be taken by the user of the meter.
func (m *Meter) close(ref uint32, r *record) {
	m.stale = true
	m.table.remove(ref, hashOf(&r.ends, r.proto))
	m.ended.push(&m.table, ref)
}
