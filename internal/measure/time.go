package measure

import (
	"cmp"
	"slices"
	"time"

	"sentinel/internal/engine"
	"sentinel/internal/report"
)

var week = Measure{
	ID:    "week",
	Title: "Connections by weekday and hour",
	Doc:   "Flows that began in each hour of each day of the week, UTC, where the capture has dates and spans two days or more.",
	Attach: func(_ Config, folds *Folds) func(*report.Report) {
		result := &report.Week{}
		days := map[int64]bool{}
		folds.minutes = append(folds.minutes, func(minute engine.Minute) {
			start := time.UnixMicro(minute.Start).UTC()
			result.Flows[(int(start.Weekday())+6)%7][start.Hour()] += minute.Flows
			days[minute.Start/dayLength] = true
		})
		return func(r *report.Report) {
			if len(days) > 1 && !r.Undated {
				r.Week = result
			}
		}
	},
}

var dayLength = (24 * time.Hour).Microseconds()

// steps are the lengths that a timeline counts in, each a multiple of a minute.
var steps = []time.Duration{
	time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute,
	time.Hour, 2 * time.Hour, 4 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour, 7 * 24 * time.Hour,
}

// mostSteps is how many steps a timeline has at most, as long as the longest step allows.
const mostSteps = 300

var timeline = Measure{
	ID:    "timeline",
	Title: "Connections over time",
	Doc:   "Flows that began in each step of the capture; the step is as short as 300 of them allow.",
	Attach: func(_ Config, folds *Folds) func(*report.Report) {
		var minutes []engine.Minute
		folds.minutes = append(folds.minutes, func(minute engine.Minute) { minutes = append(minutes, minute) })
		return func(r *report.Report) { r.Timeline = timelineOf(minutes) }
	},
}

// timelineOf counts minutes, earliest first, in longer steps.
func timelineOf(minutes []engine.Minute) *report.Timeline {
	if len(minutes) == 0 {
		return nil
	}
	first, last := minutes[0].Start, minutes[len(minutes)-1].Start
	step := stepFor(first, last)
	start := floor(first, step)
	line := &report.Timeline{Start: start, Step: step, Flows: make([]int64, min(count(start, last, step)+1, maxSteps))}
	for _, minute := range minutes {
		if at := count(start, minute.Start, step); at < maxSteps {
			line.Flows[at] += minute.Flows
		}
	}
	return line
}

// maxSteps bounds a timeline even of a capture whose clock jumps by centuries; what lies beyond is left out.
const maxSteps = 10_000

func stepFor(first, last int64) int64 {
	for _, step := range steps {
		if count(floor(first, step.Microseconds()), last, step.Microseconds()) < mostSteps {
			return step.Microseconds()
		}
	}
	return steps[len(steps)-1].Microseconds()
}

// count is how many whole steps lie between two times, the later given last, however far they are apart.
func count(from, to, step int64) uint64 { return (uint64(to) - uint64(from)) / uint64(step) }

// floor rounds down to a multiple of step, before the epoch too.
func floor(at, step int64) int64 {
	if rest := at % step; rest < 0 {
		return at - rest - step
	}
	return at - at%step
}

// mostEdges is how many edges a report holds: more cannot be told apart in a picture, and make a long table.
const mostEdges = 200

var edges = Measure{
	ID:    "edges",
	Title: "Who talks to whom inside",
	Doc:   "Pairs of internal hosts by their flows; the 200 pairs with most of them.",
	Attach: func(config Config, folds *Folds) func(*report.Report) {
		var found []report.Edge
		count := 0
		folds.peersOf(config.Internal, func(peer engine.Peer) {
			count++
			found = append(found, report.Edge{SrcIP: peer.SrcIP, DstIP: peer.DstIP, Flows: peer.Flows, First: peer.First, Last: peer.Last})
			if len(found) >= 4*mostEdges {
				found = mostFlows(found)
			}
		})
		return func(r *report.Report) { r.Edges, r.EdgeCount = append([]report.Edge{}, mostFlows(found)...), count }
	},
}

// mostFlows keeps the edges with the most flows, of equal ones the first by address.
func mostFlows(found []report.Edge) []report.Edge {
	slices.SortFunc(found, func(a, b report.Edge) int {
		return cmp.Or(cmp.Compare(b.Flows, a.Flows), a.SrcIP.Compare(b.SrcIP), a.DstIP.Compare(b.DstIP))
	})
	return found[:min(len(found), mostEdges)]
}
