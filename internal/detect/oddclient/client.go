package oddclient

import (
	"fmt"
	"math"
	"net/netip"

	"sentinel/internal/detect"
	"sentinel/internal/detect/rhythm"
	"sentinel/internal/engine"
)

// client is one visitor of the public servers, and the timing of its visits.
type client struct {
	addr        netip.Addr
	visits      int
	first, last int64
	rhythm      rhythm.Rhythm // of its flows, or of its visits where those are more regular
	rest        float64       // hours, the longest time without a visit
	night       float64       // visits in its quietest six hours of the day over those of an even day
	clockwork   bool
	sleepless   bool
	p           float64
}

const (
	dayMicros  = int64(24 * 3600e6)
	leastGaps  = 20 // below which a rhythm is not judged
	swift      = 30 // seconds between visits below which people cannot have read what they asked for
	nightHours = 6
)

// clientOf measures the visits of a source.
func clientOf(visits engine.Visits, scene *detect.Scene) *client {
	starts := visits.Starts
	n := len(starts)
	one := &client{addr: visits.SrcIP, visits: n, first: starts[0], last: starts[n-1], rhythm: rhythm.Rhythm{P: 0.5}}
	step := rhythm.Resolution(starts)
	flows, joined := gaps(starts, 1), gaps(starts, 1_000_000)
	for _, view := range [][]float64{flows, joined} {
		if len(view) < leastGaps {
			continue
		}
		if r := rhythm.Measure(view, step); r.Periodicity > one.rhythm.Periodicity || one.rhythm.Period == 0 {
			one.rhythm = r
		}
	}
	one.rhythm.P = min(1, 2*one.rhythm.P) // the better of two views
	one.rest = longestRest(starts, scene.First, scene.Last)
	one.night = quietest(starts)
	return one
}

// gaps are the seconds between starts that are at least apart microseconds from the one before.
func gaps(starts []int64, apart int64) []float64 {
	var list []float64
	before := starts[0]
	for _, start := range starts[1:] {
		if start-before >= apart {
			list = append(list, float64(start-before)/1e6)
			before = start
		}
	}
	return list
}

// longestRest is the longest time without a start, in hours. What lies before the first and after the last counts
// together: a night that the ends of the capture cut.
func longestRest(starts []int64, from, to int64) float64 {
	longest := starts[0] - from + to - starts[len(starts)-1]
	for i := 1; i < len(starts); i++ {
		longest = max(longest, starts[i]-starts[i-1])
	}
	return float64(longest) / 3600e6
}

// quietest is how many starts fall into the six hours of the day with the fewest, over what an even day has.
func quietest(starts []int64) float64 {
	var hours [24]int
	for _, start := range starts {
		hours[(start%dayMicros+dayMicros)%dayMicros/3600e6]++
	}
	fewest := len(starts)
	for from := range 24 {
		count := 0
		for i := range nightHours {
			count += hours[(from+i)%24]
		}
		fewest = min(fewest, count)
	}
	return float64(fewest) / float64(len(starts)) * 24 / nightHours
}

// regularBy tells whether its visits follow a clock that people do not.
func (one *client) regularBy(c *detect.Case) bool {
	return one.rhythm.Periodicity >= c.Param("min_periodicity") && one.rhythm.Period >= 1
}

func (one *client) regular() bool { return one.clockwork }

// kind names what is odd most.
func (one *client) kind() string {
	switch {
	case one.clockwork && one.rhythm.Period < swift:
		return "restless"
	case one.clockwork:
		return "clockwork"
	}
	return "sleepless"
}

func (one *client) explain(c *detect.Case, people *crowd) {
	if !c.Asked(one.addr) {
		return
	}
	c.Explain(one.addr, detect.Line{What: "visits: periodicity", Value: one.rhythm.Periodicity, Threshold: c.Param("min_periodicity"), Fired: one.clockwork,
		Why: fmt.Sprintf("%d visits, median gap %.3g s (a second at least), chance %.2g", one.visits, one.rhythm.Period, one.rhythm.P)})
	why := fmt.Sprintf("others rest %.1f h; its quietest six hours have %.0f %% of an even day's visits, %.0f %% are the least", math.Exp(people.rest.Median),
		100*one.night, 100*c.Param("min_night"))
	if !people.nights {
		why = "the capture is shorter than 20 hours, or its clients do not sleep: nobody stands out"
	}
	c.Explain(one.addr, detect.Line{What: "longest rest, hours", Value: one.rest, Threshold: c.Param("max_rest"), Fired: one.sleepless, Why: why})
}
