package dnsvolume

import (
	"maps"
	"slices"

	"sentinel/internal/finding"
)

// exhibits set a host beside the others that ask for themselves, and its hours side by side.
func (q *questions) exhibits(a *asker) []finding.Exhibit {
	return []finding.Exhibit{q.ranking(a), a.course()}
}

func (q *questions) ranking(about *asker) finding.Exhibit {
	var points []finding.Point
	for _, src := range q.order {
		if a := q.askers[src]; !a.resolver && a.up > 0 {
			points = append(points, finding.Point{Label: src.String(), Y: a.up, Marked: a == about})
		}
	}
	return finding.Exhibit{
		Kind: finding.Ranking, Title: "Bytes of DNS questions of each host", XAxis: "Bytes", YAxis: "Host", Points: finding.Largest(points),
	}
}

// course is the questions of a host, hour by hour.
func (a *asker) course() finding.Exhibit {
	var points []finding.Point
	for _, hour := range slices.Sorted(maps.Keys(a.hours)) {
		points = append(points, finding.Point{X: float64(hour), Y: a.hours[hour], Marked: hour == a.busiest})
	}
	return finding.Exhibit{
		Kind: finding.Contacts, Title: "Bytes of its DNS questions, hour by hour", XAxis: "Time (UTC)", YAxis: "Bytes sent", Points: finding.Thinned(points),
	}
}
