package chart

import "io"

// Chart is what every kind of chart can do. Its values are data, so a drawing may be made any number of times,
// from several goroutines.
type Chart interface {
	// SVG draws the chart as a document that stands alone or inside HTML.
	SVG(w io.Writer) error
	// PNG draws the same picture, in light colours.
	PNG(w io.Writer) error
	// Text draws the chart for a terminal of that many cells.
	Text(width int) string
	// ECharts gives the chart as an option of Apache ECharts 6.
	ECharts(t Theme) Option
}

// Every kind is a Chart.
var _ = []Chart{Bars{}, World{}, Week{}, Timeline{}, Contacts{}, Histogram{}, Ranking{}, Graph{}, Pairs{}}
