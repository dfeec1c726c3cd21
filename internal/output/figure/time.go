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
	line.Spans = spans(r)
	return line
}

// spans are when findings of some weight happened. Those that last no more than half of the capture come first, as the
// others tell less about time.
func spans(r *report.Report) []chart.Span {
	var short, long []chart.Span
	for _, f := range r.Findings {
		span := chart.Span{From: f.First, To: f.Last, Label: f.Title}
		switch {
		case f.Severity < finding.Medium:
		case f.Last-f.First > (r.Summary.Last-r.Summary.First)/2:
			long = append(long, span)
		default:
			short = append(short, span)
		}
	}
	return append(short, long...)
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
