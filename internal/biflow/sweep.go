package biflow

import (
	"math"
	"slices"
	"time"
)

// longest is how long a half may be that still mirrors one that ended before: the longest active timeout in use, 30 min
// (Cisco's default).
const longest = 30 * time.Minute

// sweep hands over what is finished, and makes room: first what nothing can be added to any more, then, where that is
// too little, the oldest.
func (j *Joiner) sweep() {
	waiting := j.latest - min(j.idle+2*j.late, math.MaxInt64/2)
	if past := waiting - micros(longest); j.oldest < past {
		j.flush(past, waiting)
	}
	if j.table.records.len <= j.limit/2 {
		return
	}
	if j.limit < j.most {
		j.limit = min(2*j.limit, j.most)
		return
	}
	j.flush(j.third(), waiting)
	if j.table.records.len > j.most/4*3 { // all ended at once
		j.flush(math.MaxInt64, waiting)
	}
}

// third is a time before which about a third of the halves ended.
func (j *Joiner) third() int64 {
	const samples = 3000
	var ends []int64
	for index := 0; index < j.table.records.len; index += 1 + j.table.records.len/samples {
		ends = append(ends, j.table.records.at(uint32(index)).end)
	}
	slices.Sort(ends)
	return ends[len(ends)/3]
}

// flush finishes the conversations that ended before a time and keeps the others, each direction as one half. Those that
// go alone though they ended when others still wait count as early.
func (j *Joiner) flush(before, waiting int64) {
	old, fresh := &j.table, newTable()
	j.oldest = math.MaxInt64
	for index := range uint32(old.conversations.len) {
		conversation := old.conversations.at(index)
		for _, part := range j.split(conversation) {
			if part.end >= before {
				j.retain(&fresh, &conversation.key, &part)
				continue
			}
			if part.end >= waiting && !(part.has(forward) && part.has(backward)) {
				j.early++
			}
			j.finish(conversation, &part)
		}
	}
	j.table = fresh
}

// retain puts a conversation into another table.
func (j *Joiner) retain(fresh *table, k *key, p *part) {
	index := fresh.find(k)
	j.oldest = min(j.oldest, p.end)
	for _, side := range p.sides {
		if side.marks&seen != 0 {
			if side.text != 0 {
				side.text = fresh.keep(j.table.texts[side.text-1])
			}
			fresh.add(index, side)
		}
	}
}
