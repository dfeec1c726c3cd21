package beacon

import (
	"time"

	"sentinel/internal/engine"
)

// contacts are the moments at which a host reached out, and how much it sent each time. Flows that begin
// within a second of each other are one contact: a program opens several at once.
type contacts struct {
	starts []int64 // microseconds since the epoch
	sizes  []float64
}

func contactsOf(r engine.Rhythm, apart time.Duration) contacts {
	var c contacts
	for i, start := range r.Starts {
		last := len(c.starts) - 1
		if last >= 0 && start-c.starts[last] < apart.Microseconds() {
			c.sizes[last] += float64(r.Ups[i])
			continue
		}
		c.starts = append(c.starts, start)
		c.sizes = append(c.sizes, float64(r.Ups[i]))
	}
	return c
}

// gaps are the seconds between contacts.
func (c contacts) gaps() []float64 {
	gaps := make([]float64, 0, len(c.starts))
	for i := 1; i < len(c.starts); i++ {
		gaps = append(gaps, float64(c.starts[i]-c.starts[i-1])/1e6)
	}
	return gaps
}

// resolution is the coarsest step, in seconds, that all starts are multiples of.
func resolution(starts []int64) float64 {
	for _, step := range []time.Duration{time.Second, 100 * time.Millisecond, 10 * time.Millisecond, time.Millisecond} {
		if multiplesOf(starts, step.Microseconds()) {
			return step.Seconds()
		}
	}
	return time.Microsecond.Seconds()
}

func multiplesOf(starts []int64, step int64) bool {
	for _, start := range starts {
		if start%step != 0 {
			return false
		}
	}
	return true
}

// activeHours counts the hours in which there was a contact.
func (c contacts) activeHours() int {
	hours := map[int64]bool{}
	for _, start := range c.starts {
		hours[start/time.Hour.Microseconds()] = true
	}
	return len(hours)
}
