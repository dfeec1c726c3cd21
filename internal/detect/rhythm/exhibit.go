package rhythm

import (
	"math"
	"slices"

	"sentinel/internal/finding"
	"sentinel/internal/stat"
)

// Exhibits show the contacts over time and how their gaps are distributed.
func (c Contacts) Exhibits() []finding.Exhibit {
	points := make([]finding.Point, len(c.Starts))
	for i, start := range c.Starts {
		points[i] = finding.Point{X: float64(start), Y: c.Sizes[i]}
	}
	return []finding.Exhibit{
		{Kind: finding.Contacts, Title: "Contacts over time", XAxis: "Time (UTC)", YAxis: "Bytes sent", Points: finding.Thinned(points)},
		{Kind: finding.Gaps, Title: "Gaps between contacts", XAxis: "Seconds", YAxis: "Gaps", Points: histogram(c.Gaps())},
	}
}

const bins = 40

// histogram counts gaps in bins of equal width. A few that are far longer than the rest, as after a night, are counted
// in the last bin, which would else leave one bar for all others.
func histogram(gaps []float64) []finding.Point {
	if len(gaps) == 0 {
		return nil
	}
	slices.Sort(gaps)
	low, high := gaps[0], gaps[len(gaps)-1]
	if far := 4 * stat.Quantile(gaps, 0.95); high > far {
		high = far
	}
	width := max((high-low)/bins, math.Max(low, 1)*1e-3)
	points := make([]finding.Point, bins+1)
	for i := range points {
		points[i].X = low + float64(i)*width
	}
	for _, gap := range gaps {
		points[min(int((gap-low)/width), bins-1)].Y++
	}
	return points
}
