package bruteforce

import (
	"fmt"
	"math"
	"net/netip"
	"slices"

	"sentinel/internal/detect"
	"sentinel/internal/detect/rhythm"
)

// episode is the attempts of one host at one service.
type episode struct {
	src      netip.Addr
	attempts []connection
	busiest  int     // attempts within the busiest half hour
	alike    float64 // share of the connections meanwhile that are attempts
	size     float64 // bytes of an attempt, both ways, the median
	targets  []netip.Addr
	success  *connection // that may have got in
	clock    bool        // they follow a clock
	hours    int         // of the day in which there are attempts
	peers    int64       // other hosts that connect as often
	before   int64       // connections in the baseline
}

const (
	halfHour   = int64(1800e6) // microseconds
	clockwork  = 0.8           // periodicity of a program's timer
	slowClock  = 30.0          // seconds; monitors are no faster, tools that guess are
	leastTries = 5             // at one address before a success there is one
)

// episodeOf looks for attempts among the connections of a host, which are in the order of their start.
func episodeOf(c *detect.Case, src netip.Addr, service login, all []connection) (*episode, bool) {
	attempts := alikeOnes(all, c.Param("max_bytes"), c.Param("max_spread"))
	e := &episode{src: src}
	from, to := e.busiestTime(attempts)
	meanwhile := 0
	for _, each := range all {
		if len(attempts) > 0 && each.start >= from && each.start <= to {
			meanwhile++
		}
	}
	e.alike = float64(e.busiest) / float64(max(meanwhile, 1))
	fired := float64(e.busiest) >= c.Param("min_attempts") && e.alike >= c.Param("min_alike")
	if c.Asked(src) {
		c.Explain(src, detect.Line{What: "alike connections to " + service.name + " within half an hour", Value: float64(e.busiest), Threshold: c.Param("min_attempts"), Fired: fired,
			Why: fmt.Sprintf("%.0f %% of its connections meanwhile are of one size, %.0f %% are the least; %d connections in all", 100*e.alike, 100*c.Param("min_alike"), len(all))})
	}
	if !fired {
		return nil, false
	}
	e.measure(attempts)
	e.success = e.later(all, c.Param("success_factor"))
	return e, true
}

// alikeOnes are the connections of the commonest size: those within the window of sizes that holds most.
func alikeOnes(all []connection, most, spread float64) []connection {
	var small []connection
	for _, each := range all {
		if float64(each.up) <= most && float64(each.down) <= most {
			small = append(small, each)
		}
	}
	sizes := make([]float64, len(small))
	for i, each := range small {
		sizes[i] = each.size()
	}
	slices.Sort(sizes)
	best, low := 0, 0.0
	for i, j := 0, 0; j < len(sizes); j++ {
		for sizes[j] > sizes[i]*(1+spread) {
			i++
		}
		if j-i+1 > best {
			best, low = j-i+1, sizes[i]
		}
	}
	return slices.DeleteFunc(small, func(a connection) bool { return a.size() < low || a.size() > low*(1+spread) })
}

// busiestTime finds the half hour of most attempts.
func (e *episode) busiestTime(attempts []connection) (from, to int64) {
	for i, j := 0, 0; j < len(attempts); j++ {
		for attempts[j].start-attempts[i].start > halfHour {
			i++
		}
		if j-i+1 > e.busiest {
			e.busiest, from, to = j-i+1, attempts[i].start, attempts[j].start
		}
	}
	return from, to
}

func (e *episode) measure(attempts []connection) {
	e.attempts = attempts
	sizes := make([]float64, len(attempts))
	hours, targets := map[int64]bool{}, map[netip.Addr]bool{}
	var gaps []float64
	var starts []int64
	for i, each := range attempts {
		sizes[i] = each.size()
		hours[each.start/3600e6], targets[each.dst] = true, true
		if len(starts) > 0 && each.start-starts[len(starts)-1] < 1e6 {
			continue
		}
		if len(starts) > 0 {
			gaps = append(gaps, float64(each.start-starts[len(starts)-1])/1e6)
		}
		starts = append(starts, each.start)
	}
	slices.Sort(sizes)
	e.size, e.hours = sizes[len(sizes)/2], len(hours)
	for target := range targets {
		e.targets = append(e.targets, target)
	}
	slices.SortFunc(e.targets, netip.Addr.Compare)
	if len(gaps) >= 8 {
		paced := rhythm.Measure(gaps, rhythm.Resolution(starts))
		e.clock = paced.Periodicity >= clockwork && paced.Period >= slowClock
	}
}

// later finds the first connection that follows attempts at the same address and is unlike them, if the host had
// none such before: then it knew the password.
func (e *episode) later(all []connection, factor float64) *connection {
	tries, last := map[netip.Addr]int{}, map[netip.Addr]int64{}
	next := 0
	knew := map[netip.Addr]bool{}
	for _, each := range all {
		if next < len(e.attempts) && each == e.attempts[next] {
			tries[each.dst]++
			last[each.dst] = each.start
			next++
			continue
		}
		if each.size() < factor*e.size {
			continue
		}
		if tries[each.dst] < leastTries {
			knew[each.dst] = true
		} else if !knew[each.dst] && each.start-last[each.dst] <= 2*halfHour {
			return &each
		}
	}
	return nil
}

// span are the seconds from the first to the last attempt.
func (e *episode) span() float64 {
	return float64(e.attempts[len(e.attempts)-1].start-e.attempts[0].start) / 1e6
}

// perMinute is the mean rate of the attempts.
func (e *episode) perMinute() float64 {
	return float64(len(e.attempts)) / math.Max(e.span()/60, 1.0/60)
}
