package chart

import (
	"io"
)

func (c World) bars() Bars {
	b := Bars{Title: c.Title, Subtitle: c.Subtitle, ValueAxis: c.Unit, Horizontal: true}
	for _, x := range c.Countries {
		b.Bars = append(b.Bars, Bar{Label: x.Name, Value: x.Value, Note: x.Note})
	}
	return b
}
func (c Graph) bars() Bars {
	b := Bars{Title: c.Title, Subtitle: c.Subtitle, ValueAxis: c.Unit, Horizontal: true}
	for _, v := range c.Edges {
		b.Bars = append(b.Bars, Bar{Label: c.Nodes[v.From].Label + " to " + c.Nodes[v.To].Label, Value: v.Weight})
	}
	return b
}

// SVG implements Chart.
func (c World) SVG(w io.Writer) error { return c.bars().SVG(w) }

// PNG implements Chart.
func (c World) PNG(w io.Writer) error { return c.bars().PNG(w) }

// Text implements Chart.
func (c World) Text(width int) string { return c.bars().Text(width) }

// ECharts implements Chart.
func (c World) ECharts(t Theme) Option { return c.bars().ECharts(t) }

// SVG implements Chart.
func (c Graph) SVG(w io.Writer) error { return c.bars().SVG(w) }

// PNG implements Chart.
func (c Graph) PNG(w io.Writer) error { return c.bars().PNG(w) }

// Text implements Chart.
func (c Graph) Text(width int) string { return c.bars().Text(width) }

// ECharts implements Chart.
func (c Graph) ECharts(t Theme) Option { return c.bars().ECharts(t) }
