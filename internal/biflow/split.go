package biflow

import (
	"cmp"
	"math"
	"slices"
	"time"

	"sentinel/internal/flow"
	"sentinel/internal/packet"
)

// part is one conversation, of the several that the same ends may have one after the other: what went from a to b and
// what from b to a, each added up.
type part struct {
	start, end int64
	sides      [2]record
}

// joined is a flow before it is known who opened it.
type joined struct {
	key key
	part
}

func (p *part) has(side marks) bool { return p.sides[side&backward].marks&seen != 0 }

// How records of one direction continue each other. Exporters cut long flows at their active timeout, of which 60 s is
// the shortest in use, and end flows that are idle, after 15 s unless told otherwise. A conversation that begins anew on
// the same ends, as NTP does each minute or DNS from a fixed port, has short records with long gaps.
const (
	slack     = int64(time.Second / time.Microsecond)      // jitter of clocks and of timeouts
	cutLength = int64(55 * time.Second / time.Microsecond) // what an active timeout cuts lasted that long
	cutGap    = int64(15 * time.Second / time.Microsecond)
	// A record that was cut is as dense as what continues it: the gap between is no more than so many of its own.
	denseGaps = 3
)

// split takes the records between two ends out of the table and makes conversations of them. Records that overlap, or nearly, are one; so are those of
// one direction that continue each other, and two directions that are nearest to each other within the idle time.
// What it returns is valid until the next call.
func (j *Joiner) split(c *conversation) []part {
	j.parts = j.parts[:0]
	records := j.gather(c)
	for i := range records {
		r := &records[i]
		if last := len(j.parts) - 1; last >= 0 && j.belongs(&j.parts[last], r, records[i+1:], c.key.proto) {
			j.join(&j.parts[last], r)
			continue
		}
		j.parts = append(j.parts, part{start: r.start, end: r.end})
		j.join(&j.parts[len(j.parts)-1], r)
	}
	return j.parts
}

// gather takes the records of a conversation out of the table, by their start.
func (j *Joiner) gather(c *conversation) []record {
	j.chain = j.table.take(c, j.chain[:0])
	switch records := j.chain; len(records) {
	case 0, 1:
	case 2: // nearly always: one of each direction, the later one first
		if byStart(records[1], records[0]) <= 0 {
			records[0], records[1] = records[1], records[0]
		}
	default:
		slices.Reverse(records)
		slices.SortStableFunc(records, byStart)
	}
	return j.chain
}

// byStart has what opens a connection first where clocks are too coarse to tell.
func byStart(a, b record) int {
	return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(b.opens(), a.opens()))
}

// opens is 1 for a SYN without its answer.
func (r *record) opens() int {
	if r.flags&(packet.SYN|packet.ACK) == packet.SYN {
		return 1
	}
	return 0
}

// belongs tells whether a record belongs to the latest conversation; next are the records after it.
func (j *Joiner) belongs(p *part, r *record, next []record, proto flow.Proto) bool {
	gap := r.start - p.end
	same := &p.sides[r.marks&backward]
	if proto == flow.TCP && opensAnew(p, r) {
		return false
	}
	if gap <= slack {
		return true
	}
	if gap > j.idle {
		return false
	}
	if !p.has(r.marks) {
		return !nearerTo(r, next, gap)
	}
	if proto == flow.TCP {
		return continuesTCP(p, r)
	}
	return continues(same, r, gap)
}

// opensAnew tells whether a TCP connection begins with r after the one in p: it has a SYN, and that direction had gone
// beyond its own before, or the other direction had ended.
func opensAnew(p *part, r *record) bool {
	if r.flags&packet.SYN == 0 {
		return false
	}
	if same := &p.sides[r.marks&backward]; same.marks&seen != 0 {
		return r.start >= same.end && r.start > same.start && same.flags&(packet.ACK|packet.FIN|packet.RST) != 0
	}
	other := &p.sides[r.marks&backward^backward]
	return other.marks&hasFlags != 0 && other.flags&packet.SYN == 0 && r.start > other.end+slack
}

// nearerTo tells whether the record after r goes the other way and is nearer to it than the gap before it.
func nearerTo(r *record, next []record, gap int64) bool {
	return len(next) > 0 && (next[0].marks^r.marks)&backward != 0 && next[0].start-r.end < gap
}

// continuesTCP tells whether a connection goes on after a pause: nothing ended it, and r does not open one. Without
// flags, the same port again so soon is the same connection: a system waits longer before it uses one again (RFC 9293,
// 3.6.1).
func continuesTCP(p *part, r *record) bool {
	ended := (p.sides[0].flags | p.sides[1].flags) & packet.RST
	return ended == 0 && p.sides[r.marks&backward].flags&packet.FIN == 0 && r.flags&packet.SYN == 0
}

// continues tells whether what an exporter cut goes on with r.
func continues(former, r *record, gap int64) bool {
	if former.end-former.start >= cutLength && gap <= cutGap {
		return true
	}
	if former.packets < 2 || r.start-former.start < cutLength {
		return false
	}
	return gap <= denseGaps*(former.end-former.start)/(former.packets-1)
}

// join adds a record to a conversation.
func (j *Joiner) join(p *part, r *record) {
	p.end = max(p.end, r.end)
	side := &p.sides[r.marks&backward]
	if side.marks&seen == 0 {
		*side = *r
		side.marks |= seen
		return
	}
	side.end = max(side.end, r.end)
	side.packets = sum(side.packets, r.packets)
	side.bytes = sum(side.bytes, r.bytes)
	side.payload = sum(side.payload, r.payload)
	side.flags |= r.flags
	side.marks |= r.marks
	side.text = j.table.texts.merge(side.text, r.text)
}

// sum adds counts, which are not below zero, and stops at what 64 bits hold.
func sum(a, b int64) int64 {
	if a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}

// merge fills what the former words lack and gives their index.
func (t *texts) merge(former, later uint32) uint32 {
	if former == 0 || later == 0 {
		return former | later
	}
	l := t.take(later)
	f := &t.words[former-1]
	f.state = cmp.Or(l.state, f.state) // how it went is known at the end
	f.opener = cmp.Or(f.opener, l.opener)
	f.service = cmp.Or(f.service, l.service)
	f.name = cmp.Or(f.name, l.name)
	f.ja4 = cmp.Or(f.ja4, l.ja4)
	return former
}
