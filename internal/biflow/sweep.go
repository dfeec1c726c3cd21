package biflow

import (
	"math"
	"slices"
	"time"

	"sentinel/internal/packet"
)

// longest is how long a half may be that still mirrors one that ended before: the longest active timeout in use, 30 min
// (Cisco's default).
const longest = 30 * time.Minute

// sweep hands over what is finished, and makes room: first what nothing can be added to any more, then, where that is
// too little, the oldest.
func (j *Joiner) sweep() {
	late := min(2*j.late, math.MaxInt64/4)
	f := flush{waiting: j.latest - late - j.idle, closed: j.latest - late - slack}
	f.before = f.waiting - micros(longest)
	if j.oldest < f.closed {
		j.flush(f)
	}
	if j.table.held <= j.limit/2 {
		return
	}
	if j.limit < j.most {
		j.limit = min(2*j.limit, j.most)
		return
	}
	f.before = j.median()
	j.flush(f)
	if j.table.held > j.most/4*3 { // all ended at once
		f.before = math.MaxInt64
		j.flush(f)
	}
}

// median is a time before which about half of the held conversations had a record that ended.
func (j *Joiner) median() int64 {
	const samples = 3000
	var ends []int64
	for index := 0; index < j.table.conversations.len; index += 1 + j.table.conversations.len/samples {
		ends = append(ends, j.table.conversations.at(uint32(index)).first.end)
	}
	slices.Sort(ends)
	return ends[len(ends)/2]
}

// flush says what is finished, by when it ended.
type flush struct {
	before  int64 // any conversation
	closed  int64 // a TCP connection that was closed
	waiting int64 // where the other direction of what ended later may still come
}

// flush finishes conversations and keeps the others, each direction as one half.
func (j *Joiner) flush(f flush) {
	j.oldest = math.MaxInt64
	for index := range uint32(j.table.conversations.len) {
		c := j.table.conversations.at(index)
		switch {
		case c.held == 0:
			continue
		case c.held == 1 && c.first.end >= f.before: // it stays as it is
			j.oldest = min(j.oldest, c.first.end)
			continue
		}
		parts := j.split(c)
		for i := range parts {
			part := &parts[i]
			switch {
			case part.end < f.before, part.end < f.closed && part.closed():
				if part.end >= f.waiting && part.alone() {
					j.early++
				}
				j.finish(&c.key, part)
			default:
				j.retain(index, part)
			}
		}
		if c.held == 0 {
			j.table.remove(index, j.table.slot(index))
		}
	}
}

// alone tells whether there is one direction only.
func (p *part) alone() bool { return !p.has(forward) || !p.has(backward) }

// closed tells whether both ends closed their connection, or one cut it off: nothing follows.
func (p *part) closed() bool {
	a, b := &p.sides[0], &p.sides[1]
	return a.marks&b.marks&seen != 0 && (a.flags&b.flags&packet.FIN != 0 || (a.flags|b.flags)&packet.RST != 0)
}

// retain puts a conversation back.
func (j *Joiner) retain(index uint32, p *part) {
	j.oldest = min(j.oldest, p.end)
	for i := range p.sides {
		if side := &p.sides[i]; side.marks&seen != 0 {
			j.table.add(index, side)
		}
	}
}
