package figure

import (
	"fmt"

	"sentinel/internal/chart"
	"sentinel/internal/finding"
	"sentinel/internal/report"
)

// The names of the two captures of a comparison.
const (
	baseline = "Baseline"
	capture  = "This capture"
)

// Week draws the flows by day of the week and hour.
func Week(r *report.Report) chart.Week {
	week := chart.Week{Title: "Connections by hour and day of the week", Subtitle: subtitle(r), ValueAxis: "Flows"}
	if r.Week == nil {
		return week
	}
	for day, hours := range r.Week.Flows {
		for hour, flows := range hours {
			week.Values[day][hour] = float64(flows)
		}
	}
	return week
}

// Timeline draws the flows over time and marks when findings happened.
func Timeline(r *report.Report) chart.Timeline {
	line := chart.Timeline{
		Title: "Connections over time", Subtitle: subtitle(r), ValueAxis: "Flows", Name: capture, Undated: r.Undated,
	}
	if r.Timeline == nil {
		return line
	}
	line.Start, line.Step = r.Timeline.Start, r.Timeline.Step
	line.ValueAxis = "Flows per " + chart.Seconds.Print(float64(line.Step)/1e6)
	for _, flows := range r.Timeline.Flows {
		line.Values = append(line.Values, float64(flows))
	}
	for _, f := range r.Findings {
		if f.Severity >= finding.Medium {
			line.Spans = append(line.Spans, chart.Span{From: f.First, To: f.Last, Label: f.Title})
		}
	}
	return line
}

// HoursBeside sets the hours of the day beside those of the baseline.
func HoursBeside(r *report.Report) chart.Pairs {
	pairs := chart.Pairs{
		Title: "Connections by hour of the day, beside the baseline", Subtitle: subtitle(r),
		CategoryAxis: "Hour of the day (UTC)", ValueAxis: "Flows", Before: baseline, After: capture,
	}
	for hour := range 24 {
		pairs.Pairs = append(pairs.Pairs, chart.Pair{Label: fmt.Sprintf("%02d", hour)})
	}
	for _, hour := range r.Hours {
		pairs.Pairs[hour.Hour].After = float64(hour.Flows)
	}
	if r.Beside == nil {
		return pairs
	}
	for _, hour := range r.Beside.Hours {
		pairs.Pairs[hour.Hour].Before = float64(hour.Flows)
	}
	return pairs
}
