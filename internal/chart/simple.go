package chart

import (
	"fmt"
	"io"
)

func (c World) bars() Bars {
	b := Bars{Title: c.Title, Subtitle: c.Subtitle, ValueAxis: c.Unit, Horizontal: true}
	for _, x := range c.Countries {
		b.Bars = append(b.Bars, Bar{Label: x.Name, Value: x.Value, Note: x.Note})
	}
	return b
}
func (c Week) bars() Bars {
	b := Bars{Title: c.Title, Subtitle: c.Subtitle, ValueAxis: c.ValueAxis}
	for _, day := range c.Values {
		for h, v := range day {
			b.Bars = append(b.Bars, Bar{Label: fmt.Sprint(h), Value: v})
		}
	}
	return b
}
func (c Timeline) bars() Bars {
	b := Bars{Title: c.Title, Subtitle: c.Subtitle, ValueAxis: c.ValueAxis}
	for _, v := range c.Values {
		b.Bars = append(b.Bars, Bar{Value: v})
	}
	return b
}
func (c Contacts) bars() Bars {
	b := Bars{Title: c.Title, Subtitle: c.Subtitle, ValueAxis: c.ValueAxis}
	for _, v := range c.Points {
		b.Bars = append(b.Bars, Bar{Value: v.Value})
	}
	return b
}
func (c Histogram) bars() Bars {
	b := Bars{Title: c.Title, Subtitle: c.Subtitle, ValueAxis: c.CountAxis, CategoryAxis: c.ValueAxis}
	for i, v := range c.Counts {
		b.Bars = append(b.Bars, Bar{Label: c.Unit.Print(c.Edges[i]), Value: v})
	}
	return b
}
func (c Ranking) bars() Bars {
	b := Bars{Title: c.Title, Subtitle: c.Subtitle, CategoryAxis: c.CategoryAxis, ValueAxis: c.ValueAxis, Horizontal: true}
	for _, v := range c.Rows {
		b.Bars = append(b.Bars, Bar{Label: v.Label, Value: v.Value, Note: v.Note, Muted: !v.Marked})
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
func (c Pairs) bars() Bars {
	b := Bars{Title: c.Title, Subtitle: c.Subtitle, CategoryAxis: c.CategoryAxis, ValueAxis: c.ValueAxis, Horizontal: true}
	for _, v := range c.Pairs {
		b.Bars = append(b.Bars, Bar{Label: v.Label + ", " + c.Before, Value: v.Before, Muted: true}, Bar{Label: v.Label + ", " + c.After, Value: v.After})
	}
	return b
}

// ECharts draws bars.
func (c Bars) ECharts(Theme) Option {
	c, _ = c.cleaned()
	var names []string
	var values []float64
	for _, b := range c.Bars {
		names, values = append(names, b.Label), append(values, b.Value)
	}
	category, value := map[string]any{"type": "category", "data": names}, map[string]any{"type": "value"}
	o := Option{"xAxis": category, "yAxis": value, "series": []any{map[string]any{"type": "bar", "data": values}}}
	if c.Horizontal {
		o["xAxis"], o["yAxis"] = value, category
	}
	return o
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
func (c Week) SVG(w io.Writer) error { return c.bars().SVG(w) }

// PNG implements Chart.
func (c Week) PNG(w io.Writer) error { return c.bars().PNG(w) }

// Text implements Chart.
func (c Week) Text(width int) string { return c.bars().Text(width) }

// ECharts implements Chart.
func (c Week) ECharts(t Theme) Option { return c.bars().ECharts(t) }

// SVG implements Chart.
func (c Timeline) SVG(w io.Writer) error { return c.bars().SVG(w) }

// PNG implements Chart.
func (c Timeline) PNG(w io.Writer) error { return c.bars().PNG(w) }

// Text implements Chart.
func (c Timeline) Text(width int) string { return c.bars().Text(width) }

// ECharts implements Chart.
func (c Timeline) ECharts(t Theme) Option { return c.bars().ECharts(t) }

// SVG implements Chart.
func (c Contacts) SVG(w io.Writer) error { return c.bars().SVG(w) }

// PNG implements Chart.
func (c Contacts) PNG(w io.Writer) error { return c.bars().PNG(w) }

// Text implements Chart.
func (c Contacts) Text(width int) string { return c.bars().Text(width) }

// ECharts implements Chart.
func (c Contacts) ECharts(t Theme) Option { return c.bars().ECharts(t) }

// SVG implements Chart.
func (c Histogram) SVG(w io.Writer) error { return c.bars().SVG(w) }

// PNG implements Chart.
func (c Histogram) PNG(w io.Writer) error { return c.bars().PNG(w) }

// Text implements Chart.
func (c Histogram) Text(width int) string { return c.bars().Text(width) }

// ECharts implements Chart.
func (c Histogram) ECharts(t Theme) Option { return c.bars().ECharts(t) }

// SVG implements Chart.
func (c Ranking) SVG(w io.Writer) error { return c.bars().SVG(w) }

// PNG implements Chart.
func (c Ranking) PNG(w io.Writer) error { return c.bars().PNG(w) }

// Text implements Chart.
func (c Ranking) Text(width int) string { return c.bars().Text(width) }

// ECharts implements Chart.
func (c Ranking) ECharts(t Theme) Option { return c.bars().ECharts(t) }

// SVG implements Chart.
func (c Graph) SVG(w io.Writer) error { return c.bars().SVG(w) }

// PNG implements Chart.
func (c Graph) PNG(w io.Writer) error { return c.bars().PNG(w) }

// Text implements Chart.
func (c Graph) Text(width int) string { return c.bars().Text(width) }

// ECharts implements Chart.
func (c Graph) ECharts(t Theme) Option { return c.bars().ECharts(t) }

// SVG implements Chart.
func (c Pairs) SVG(w io.Writer) error { return c.bars().SVG(w) }

// PNG implements Chart.
func (c Pairs) PNG(w io.Writer) error { return c.bars().PNG(w) }

// Text implements Chart.
func (c Pairs) Text(width int) string { return c.bars().Text(width) }

// ECharts implements Chart.
func (c Pairs) ECharts(t Theme) Option { return c.bars().ECharts(t) }
