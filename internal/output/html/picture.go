package html

import (
	"bytes"
	"html/template"

	"sentinel/internal/chart"
)

// picture is a chart as part of the page.
type picture struct {
	Drawing template.HTML
	Wide    bool // needs the width of the page: on a small screen it scrolls
}

// drawn draws a chart; nil where there is none.
func drawn(c chart.Chart, wide bool) *picture {
	if c == nil {
		return nil
	}
	var svg bytes.Buffer
	// A bytes.Buffer takes every write.
	_ = c.SVG(&svg)
	return &picture{template.HTML(svg.String()), wide} //nolint:gosec // the chart escapes its texts
}
