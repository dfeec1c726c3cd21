package rhythm

import (
	"time"

	"sentinel/internal/engine"
)

// Contacts are the moments at which a host reached out, and how much it sent each time. Flows that begin
// within a second of each other are one contact: a program opens several at once.
type Contacts struct {
	Starts []int64 // microseconds since the epoch
	Sizes  []float64
}

// ContactsOf joins the flows of a channel that begin less than apart from each other.
func ContactsOf(r engine.Rhythm, apart time.Duration) Contacts {
	var c Contacts
	for i, start := range r.Starts {
		last := len(c.Starts) - 1
		if last >= 0 && start-c.Starts[last] < apart.Microseconds() {
			c.Sizes[last] += float64(r.Ups[i])
			continue
		}
		c.Starts = append(c.Starts, start)
		c.Sizes = append(c.Sizes, float64(r.Ups[i]))
	}
	return c
}

// Gaps are the seconds between contacts.
func (c Contacts) Gaps() []float64 {
	gaps := make([]float64, 0, len(c.Starts))
	for i := 1; i < len(c.Starts); i++ {
		gaps = append(gaps, float64(c.Starts[i]-c.Starts[i-1])/1e6)
	}
	return gaps
}

// Resolution is the coarsest step, in seconds, that all starts are multiples of.
func Resolution(starts []int64) float64 {
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

// ActiveHours counts the hours in which there was a contact.
func (c Contacts) ActiveHours() int {
	hours := map[int64]bool{}
	for _, start := range c.Starts {
		hours[start/time.Hour.Microseconds()] = true
	}
	return len(hours)
}
