package biflow

import (
	"math"
	"time"

	"sentinel/internal/flow"
	"sentinel/internal/packet"
)

// Joiner makes flows of halves. It is used from one goroutine. Which halves belong together does not depend on the
// order in which they come, as long as no more than Options.Most are held at once.
type Joiner struct {
	idle     int64 // microseconds
	most     int
	table    table
	limit    int // halves at which it looks for what is finished
	latest   int64
	oldest   int64 // end of any half since the last sweep
	late     int64 // how far a half ended before one that came earlier, at most
	mirrored bool  // some halves had another direction
	sampled  bool
	early    int64
	finished bool
	parts    []part       // of the conversation at hand
	chain    []record     // likewise
	done     slab[joined] // finished, from taken on
	taken    int
	cursor   int // conversations of the table that are done, after Finish
}

// firstLimit is how many halves are held before the first look for finished ones: small enough to stay near the
// processor, large enough that looking costs little.
const firstLimit = 1 << 16

// New makes a Joiner that holds nothing.
func New(options Options) *Joiner {
	options = options.filled()
	return &Joiner{
		idle: micros(options.Idle), most: options.Most, limit: min(firstLimit, options.Most),
		latest: math.MinInt64, oldest: math.MaxInt64, table: newTable(),
	}
}

// Add takes a half, in whatever order they come, and keeps nothing of where it lies. Flows may be there for Drain
// afterwards.
func (j *Joiner) Add(half *Half) {
	var key key
	direction := key.set(&half.Flow)
	end := half.Start + max(half.Duration, 0)
	if end < half.Start { // more than 64 bits hold
		end = half.Start
	}
	j.clock(end)
	up := record{
		start: half.Start, end: end, packets: max(half.UpPackets, 0), bytes: max(half.UpBytes, 0), payload: max(half.UpPayload, 0),
		flags: half.Flags, marks: direction,
	}
	if half.State != "" || half.Opener != "" || half.Service != "" || half.Name != "" || half.JA4 != "" {
		up.text = j.table.texts.keep(words{half.State, half.Opener, half.Service, half.Name, half.JA4})
	}
	if half.HasFlags {
		up.marks |= hasFlags
	}
	if half.Opener != "" {
		up.marks |= told
	}
	index, slot := j.table.find(&key)
	bothWays := half.DownPackets != 0 || half.DownBytes != 0
	if !bothWays && key.proto == flow.TCP && up.isWhole() && j.complete(index, slot, &up) {
		return
	}
	if j.table.add(index, &up) {
		j.mirrored = true
	}
	if bothWays {
		j.addDown(index, half, up)
	}
	if j.table.held >= j.limit {
		j.sweep()
	}
}

// complete finishes a connection at once where r is the other direction of the one record that is held of it, and both
// saw it from its beginning to its end. Most connections are such, and need not wait.
func (j *Joiner) complete(index uint32, slot uint64, r *record) bool {
	c := j.table.conversations.at(index)
	former := &c.first
	if c.held != 1 || !former.isWhole() || (former.marks^r.marks)&backward == 0 || former.start > r.end || r.start > former.end {
		return false
	}
	j.mirrored = true
	j.chain = j.table.take(c, j.chain[:0])
	p := part{start: min(former.start, r.start)}
	j.join(&p, &j.chain[0])
	j.join(&p, r)
	j.finish(&c.key, &p)
	j.table.remove(index, slot)
	return true
}

// isWhole tells whether a record has both the beginning and the end of a TCP connection.
func (r *record) isWhole() bool { return r.flags&(packet.SYN|packet.FIN) == packet.SYN|packet.FIN }

// addDown adds the other direction of a record that counts both.
func (j *Joiner) addDown(index uint32, half *Half, up record) {
	down := record{
		start: up.start, end: up.end, packets: max(half.DownPackets, 0), bytes: max(half.DownBytes, 0), payload: max(half.DownPayload, 0),
		flags: half.DownFlags, marks: up.marks&backward ^ backward,
	}
	if half.DownFlags != 0 {
		down.marks |= hasFlags
	}
	j.table.add(index, &down)
	j.mirrored = true
}

// clock follows how far the halves have come, and in what disorder.
func (j *Joiner) clock(end int64) {
	j.latest = max(j.latest, end)
	j.oldest = min(j.oldest, end)
	j.late = max(j.late, j.latest-end)
}

// Finish says that no half comes any more: Drain gives the rest.
func (j *Joiner) Finish() { j.finished = true }

// Drain fills dst with flows that are finished and returns how many: 0 where more halves, or Finish, must come first.
// The order depends on that of the halves only.
func (j *Joiner) Drain(dst []flow.Flow) int {
	n := 0
	for ; n < len(dst); n++ {
		if j.taken == j.done.len && !j.refill() {
			break
		}
		j.judge(j.done.at(uint32(j.taken)), &dst[n])
		j.taken++
	}
	return n
}

// refill takes the next conversation of the table, once there is nothing to wait for.
func (j *Joiner) refill() bool {
	j.done.clear()
	j.taken = 0
	if !j.finished {
		return false
	}
	for ; j.done.len == 0 && j.cursor < j.table.conversations.len; j.cursor++ {
		c := j.table.conversations.at(uint32(j.cursor))
		parts := j.split(c)
		for i := range parts {
			j.finish(&c.key, &parts[i])
		}
	}
	return j.done.len > 0
}

// finish puts a conversation, to which nothing is added any more, where Drain finds it.
func (j *Joiner) finish(k *key, p *part) {
	index := j.done.push()
	*j.done.at(index) = joined{*k, *p}
}

// Sampled says that the halves count one in so many packets, whose silence means nothing: no flow is unanswered.
func (j *Joiner) Sampled() { j.sampled = true }

// Early is how many halves went alone, before their time, because more than Options.Most had come.
func (j *Joiner) Early() int64 { return j.early }

// micros are the microseconds of a duration.
func micros(d time.Duration) int64 { return d.Microseconds() }
