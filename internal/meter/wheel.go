package meter

import (
	"time"

	"sentinel/internal/flow"
)

// wheel is a timing wheel (Varghese and Lauck, 1987): flows lie in buckets by the tick in which they may end. A packet
// does not move its flow; when the hand comes to a bucket, flows that had packets since go to a later one.
type wheel struct {
	idle    [2]int64 // microseconds without packets, of TCP the second
	tick    int64    // microseconds
	hand    int64    // tick up to which flows have ended
	buckets []uint32 // heads of lists
}

const (
	shortestTick = int64(time.Second / time.Microsecond)
	mostBuckets  = 2048
	// afterClose is how long packets belong to a connection that is closed: those that were on their way.
	afterClose = int64(5 * time.Second / time.Microsecond)
)

func newWheel(idle [2]int64) wheel {
	longest := max(idle[0], idle[1], afterClose)
	tick := max(shortestTick, longest/(mostBuckets-4)+1)
	return wheel{idle: idle, tick: tick, buckets: make([]uint32, longest/tick+4)}
}

// patience is how long a flow may be idle.
func (w *wheel) patience(r *record) int64 {
	switch {
	case r.marks&closed != 0:
		return afterClose
	case r.proto == flow.TCP:
		return w.idle[1]
	}
	return w.idle[0]
}

// plan is the tick in which to look at a flow: the one after that in which it may end.
func (w *wheel) plan(r *record) int64 {
	tick := (r.last+w.patience(r))/w.tick + 1
	return min(max(tick, w.hand+1), w.hand+int64(len(w.buckets))-1)
}

func (w *wheel) put(t *table, ref uint32, r *record) {
	d := t.details(ref)
	d.bucket = uint16(w.plan(r) % int64(len(w.buckets)))
	head := &w.buckets[d.bucket]
	d.prev, d.next = 0, *head
	if *head != 0 {
		t.details(*head).prev = ref
	}
	*head = ref
}

func (w *wheel) take(t *table, ref uint32) {
	d := t.details(ref)
	if d.prev == 0 {
		w.buckets[d.bucket] = d.next
	} else {
		t.details(d.prev).next = d.next
	}
	if d.next != 0 {
		t.details(d.next).prev = d.prev
	}
}

// turn moves the hand to a time and ends the flows that are over by then.
func (m *Meter) turn(now int64) {
	w := &m.wheel
	target := now / w.tick
	if target-w.hand > int64(len(w.buckets)) {
		w.hand = target - int64(len(w.buckets)) // every bucket comes up once
	}
	for w.hand < target {
		w.hand++
		head := &w.buckets[w.hand%int64(len(w.buckets))]
		ref := *head
		*head = 0
		for ref != 0 {
			r := m.table.at(ref)
			next := m.table.details(ref).next
			if over(now-r.last, w.patience(r)) {
				m.close(ref, r)
			} else {
				w.put(&m.table, ref, r)
			}
			ref = next
		}
	}
}

// over tells whether packets so far apart belong to different flows, also where the clock went back.
func over(apart, patience int64) bool { return apart > patience || -apart > patience }

// spare ends the flow that is next to its end. There is one.
func (m *Meter) spare() {
	w := &m.wheel
	for tick := w.hand + 1; ; tick++ {
		head := &w.buckets[tick%int64(len(w.buckets))]
		for *head != 0 {
			ref := *head
			r := m.table.at(ref)
			w.take(&m.table, ref)
			if w.plan(r) > tick {
				w.put(&m.table, ref, r)
				continue
			}
			m.close(ref, r)
			m.counts.Early++
			return
		}
	}
}
