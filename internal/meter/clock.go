package meter

import "time"

// clock is the time of the capture: the latest of its packets.
type clock struct {
	now     int64
	due     int64 // when the wheel turns next
	started bool
}

const (
	// jump is how far back in time a packet must lie behind another to count: capturing on several queues or interfaces
	// mixes up packets by less.
	jump = int64(time.Second / time.Microsecond)
	// Times outside of these are those of a clock that was not set, or of damage.
	sensibleFrom = int64(631152000e6)  // 1990-01-01
	sensibleTill = int64(4102444800e6) // 2100-01-01
)

// tell follows the clock to the time of a packet, unless that is a little before the latest.
func (m *Meter) tell(now int64) {
	if now < sensibleFrom || now >= sensibleTill {
		m.counts.Strange++
	}
	c, w := &m.clock, &m.wheel
	behind := c.now - now
	switch {
	case !c.started:
		c.started = true
		w.hand = now / w.tick
	case behind > max(w.idle[0], w.idle[1]):
		m.counts.Back++
		w.hand = now / w.tick // flows of that time can end again; those that are open wait until the hand comes to them
	case behind > 0:
		if behind > jump {
			m.counts.Back++
		}
		return
	default:
		m.turn(now)
	}
	c.now = now
	c.due = (now/w.tick + 1) * w.tick
	m.lookups.expire(now)
}
