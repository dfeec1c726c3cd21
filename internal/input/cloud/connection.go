package cloud

import "sentinel/internal/flow"

// defaultOpen bounds the flows that are open at once.
const defaultOpen = 2_000_000

// connections puts the tuples of flows together, from the beginning of each to its end.
type connections struct {
	open               map[ends]int // places in flows of those that go on
	flows              []connection // in the order of their beginning
	given              int          // how many of flows are done with
	most               int
	finished           bool
	witnesses          witnesses
	done               []flow.Flow // that have ended
	taken              int
	counted, uncounted int64 // tuples with and without numbers
}

// connection is a flow that goes on.
type connection struct {
	flow flow.Flow
	over bool // it has gone to done
}

func newConnections(most int) *connections {
	if most <= 0 {
		most = defaultOpen
	}
	return &connections{open: map[ends]int{}, most: most}
}

// add takes a tuple, else it tells why not.
func (c *connections) add(t tuple, reporter []byte) (reason string) {
	key := endsOf(&t.Flow)
	if !c.witnesses.believes(key, reporter) {
		return twice
	}
	if t.counted {
		c.counted++
	} else {
		c.uncounted++
	}
	place, known := c.open[key]
	if known && (t.step == begun || t.step == denied) {
		c.end(place) // its end was not told
		known = false
	}
	if !known {
		place = c.begin(key, t.Flow)
	}
	f := &c.flows[place].flow
	if known {
		f.Duration = max(f.Duration, t.Start-f.Start)
		f.UpPackets += t.UpPackets
		f.UpBytes += t.UpBytes
		f.DownPackets += t.DownPackets
		f.DownBytes += t.DownBytes
	}
	if t.step != begun {
		f.State = stateAfter(t.step, f)
	}
	if t.step == ended || t.step == denied {
		c.end(place)
	}
	return ""
}

// stateAfter is how a flow went as far as a step tells.
func stateAfter(s step, f *flow.Flow) flow.State {
	switch {
	case s == denied:
		return flow.Refused
	case f.DownPackets > 0 || f.DownBytes > 0:
		return flow.Established
	case f.UpPackets > 0 || f.UpBytes > 0:
		return flow.Unanswered
	}
	return flow.Other
}

// begin opens a flow. Azure tells which end did so.
func (c *connections) begin(key ends, f flow.Flow) (place int) {
	if len(c.open) >= c.most {
		c.endOldest()
	}
	f.State, f.Opener = flow.Other, flow.ByFirst
	place = len(c.flows)
	c.flows = append(c.flows, connection{flow: f})
	c.open[key] = place
	return place
}

// end gives a flow away.
func (c *connections) end(place int) {
	ending := &c.flows[place]
	ending.over = true
	c.done = append(c.done, ending.flow)
	delete(c.open, endsOf(&ending.flow))
	c.forget()
}

// endOldest gives away the flow that has been open for longest.
func (c *connections) endOldest() {
	for c.flows[c.given].over {
		c.given++
	}
	c.end(c.given)
}

// forget makes room once most of what is kept is done with.
func (c *connections) forget() {
	const few = 1024
	if len(c.flows) < few || len(c.open)*2 > len(c.flows) {
		return
	}
	kept := c.flows[:0]
	for _, connection := range c.flows {
		if !connection.over {
			c.open[endsOf(&connection.flow)] = len(kept)
			kept = append(kept, connection)
		}
	}
	c.flows, c.given = kept, 0
}

// Finish says that no tuple comes any more.
func (c *connections) Finish() { c.finished = true }

// Drain fills dst with flows that have ended, after Finish also with those that go on.
func (c *connections) Drain(dst []flow.Flow) int {
	n := copy(dst, c.done[c.taken:])
	if c.taken += n; c.taken == len(c.done) {
		c.done, c.taken = c.done[:0], 0
	}
	for ; c.finished && n < len(dst) && c.given < len(c.flows); c.given++ {
		if !c.flows[c.given].over {
			dst[n] = c.flows[c.given].flow
			n++
		}
	}
	return n
}
