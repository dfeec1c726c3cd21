package meter

import (
	"cmp"
	"slices"

	"sentinel/internal/flow"
)

// queue is a list of flows that ended, in the order of their end, linked by next.
type queue struct{ first, last uint32 }

func (q *queue) push(t *table, ref uint32) {
	t.details(ref).next = 0
	if q.last == 0 {
		q.first = ref
	} else {
		t.details(q.last).next = ref
	}
	q.last = ref
}

func (q *queue) pop(t *table) (ref uint32, ok bool) {
	if q.first == 0 {
		return 0, false
	}
	ref = q.first
	if q.first = t.details(ref).next; q.first == 0 {
		q.last = 0
	}
	return ref, true
}

// Take fills dst from its start with flows that have ended, and returns how many there were.
func (m *Meter) Take(dst []flow.Flow) int {
	for i := range dst {
		ref, ok := m.ended.pop(&m.table)
		if !ok {
			if len(m.rest) == 0 {
				return i
			}
			ref, m.rest = m.rest[0], m.rest[1:]
		}
		m.tellFlow(&dst[i], m.table.at(ref), m.table.details(ref))
		m.table.release(ref)
	}
	return len(dst)
}

func (m *Meter) tellFlow(f *flow.Flow, r *record, d *details) {
	r.settle(d)
	n := m.notes.take(d)
	if n.gather != nil {
		m.gathers--
	}
	if r.proto == flow.TCP && d.opener != bySYN {
		m.counts.Midway++
	}
	if r.marks&volunteer != 0 {
		r.ends.SrcPort, r.ends.DstPort = answerTo(r.proto, r.ends.DstPort), r.ends.SrcPort
	}
	*f = flow.Flow{
		Start: d.start, Duration: r.last - d.start,
		SrcIP: address(r.ends.Src), DstIP: address(r.ends.Dst), Proto: r.proto, SrcPort: r.ends.SrcPort, DstPort: r.ends.DstPort,
		UpBytes: int64(d.bytes[up]), DownBytes: int64(d.bytes[down]),
		UpPackets: int64(d.packets[up]), DownPackets: int64(d.packets[down]),
		UpPayload: int64(d.payload[up]), DownPayload: int64(d.payload[down]),
		State: r.state(d), Service: patterns[d.service].name,
		Name: cmp.Or(n.name, n.resolved), JA4: n.ja4, Opener: openers[d.opener],
	}
}

// End ends all flows: there are no more packets. They can be taken.
func (m *Meter) End() {
	type dated struct {
		start int64
		ref   uint32
	}
	open := make([]dated, 0, m.table.used)
	for _, s := range m.table.slots {
		if s.ref != 0 {
			open = append(open, dated{m.table.details(s.ref).start, s.ref})
		}
	}
	slices.SortFunc(open, func(a, b dated) int {
		if a.start != b.start {
			return cmp.Compare(a.start, b.start)
		}
		return cmp.Compare(a.ref, b.ref)
	})
	m.rest = make([]uint32, len(open))
	for i, d := range open {
		m.rest[i] = d.ref
	}
	clear(m.table.slots)
	m.table.used = 0
	for len(m.lookups.asked) > 0 {
		m.lookups.drop()
	}
}
