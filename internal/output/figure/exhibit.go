package figure

import (
	"strings"

	"sentinel/internal/chart"
	"sentinel/internal/finding"
	"sentinel/internal/report"
)

// exhibits tell how each kind of exhibit is drawn.
var exhibits = map[finding.ExhibitKind]func(*report.Report, finding.Exhibit) chart.Chart{
	finding.Contacts: contacts,
	finding.Gaps:     gaps,
	finding.Ranking:  ranking,
}

// Exhibit draws one exhibit of a finding; it is nil where the kind has no picture.
func Exhibit(r *report.Report, e finding.Exhibit) chart.Chart {
	if draw := exhibits[e.Kind]; draw != nil {
		return draw(r, e)
	}
	return nil
}

func contacts(r *report.Report, e finding.Exhibit) chart.Chart {
	c := chart.Contacts{Title: e.Title, ValueAxis: e.YAxis, Unit: chart.Bytes, Undated: r.Undated}
	for _, p := range e.Points {
		c.Points = append(c.Points, chart.Contact{At: int64(p.X), Value: p.Y, Label: p.Label, Marked: p.Marked})
	}
	return c
}

func gaps(_ *report.Report, e finding.Exhibit) chart.Chart {
	// The ticks say that they are seconds.
	h := chart.Histogram{Title: e.Title, ValueAxis: "Time from one contact to the next", CountAxis: e.YAxis, Unit: chart.Seconds}
	for i, p := range e.Points {
		h.Edges = append(h.Edges, p.X)
		if i+1 < len(e.Points) {
			h.Counts = append(h.Counts, p.Y)
		}
		if p.Marked {
			h.Marks = append(h.Marks, chart.Mark{At: p.X, Label: p.Label})
		}
	}
	return h
}

// ranking draws rows, so what goes across is the value.
func ranking(_ *report.Report, e finding.Exhibit) chart.Chart {
	c := chart.Ranking{Title: e.Title, CategoryAxis: e.YAxis, ValueAxis: e.XAxis, Unit: unitOf(e.XAxis)}
	for _, p := range e.Points {
		c.Rows = append(c.Rows, chart.Rank{Label: p.Label, Value: p.Y, Marked: p.Marked})
	}
	return c
}

// unitOf reads the unit from an axis's text.
func unitOf(axis string) chart.Unit {
	switch text := strings.ToLower(axis); {
	case strings.Contains(text, "byte"):
		return chart.Bytes
	case strings.Contains(text, "second"):
		return chart.Seconds
	}
	return chart.Count
}
