package chart

import (
	"math"
	"strings"
)

// Option is an option object of Apache ECharts 6, ready to be marshalled as JSON: it holds no function, and its
// numbers are formatted where that matters. It has no title, which a page writes as a heading. Tips are drawn on the
// canvas and not as HTML; braces, which ECharts takes for templates, are parentheses in all texts.
type Option map[string]any

type object = map[string]any

// option is what all kinds have in common; description is for those who cannot see the picture.
func (t Theme) option(description string) Option {
	return Option{
		"animation": false,
		"aria":      object{"enabled": true, "label": object{"description": plain(description)}},
		"grid":      object{"left": 12, "right": 24, "top": 36, "bottom": 8, "outerBoundsMode": "same", "outerBoundsContain": "all"},
		"textStyle": object{"color": ink.hex(t), "fontFamily": fontFamily},
		"tooltip": object{
			"trigger": "item", "renderMode": "richText", "confine": true,
			"backgroundColor": paper.hex(t), "borderColor": base.hex(t), "textStyle": object{"color": ink.hex(t)},
		},
		"useUTC": true,
	}
}

// plain takes from a text what ECharts would read as a template.
func plain(s string) string { return templates.Replace(s) }

var templates = strings.NewReplacer("{", "(", "}", ")")

// tipped is a data item with a value and the text that a pointer on it shows.
func tipped(value any, tip string) object {
	return object{"value": value, "tooltip": object{"formatter": plain(tip)}}
}

// in gives a data item a colour of its own.
func (t Theme) in(s shade, item object) object {
	item["itemStyle"] = object{"color": s.hex(t)}
	return item
}

// axis is an axis of that type and name.
func (t Theme) axis(kind, name string) object {
	return object{
		"type": kind, "name": plain(name), "nameLocation": "middle", "nameGap": 32,
		"nameTextStyle": object{"color": dim.hex(t)}, "axisLabel": object{"color": dim.hex(t), "hideOverlap": true},
		"axisLine": object{"lineStyle": object{"color": base.hex(t)}}, "splitLine": object{"lineStyle": object{"color": grid.hex(t)}},
	}
}

// valueAxis is an axis of numbers whose name stands at its end. Bytes and seconds are in the unit that suits the
// largest, by which all values must be divided.
func (t Theme) valueAxis(name string, u Unit, largest float64) (axis object, divisor float64) {
	divisor, prefix := u.scaled(largest)
	if prefix != "" {
		name += " (" + prefix + ")"
	}
	axis = t.axis("value", name)
	axis["nameLocation"], axis["nameGap"] = "end", 12
	axis["nameTextStyle"] = object{"color": dim.hex(t), "align": "left"}
	return axis, divisor
}

// categories is an axis of names; the longest are cut where they would take the chart's room.
func (t Theme) categories(name string, names []string) object {
	axis := t.axis("category", name)
	plains := make([]string, len(names))
	for i, n := range names {
		plains[i] = plain(n)
	}
	axis["data"] = plains
	label := axis["axisLabel"].(object)
	label["width"], label["overflow"] = 220, "truncate"
	return axis
}

// sideways turns an option with a category axis below into one of rows, the first on top.
func (o Option) sideways() Option {
	o["xAxis"], o["yAxis"] = o["yAxis"], o["xAxis"]
	category, value := o["yAxis"].(object), o["xAxis"].(object)
	category["inverse"] = true
	delete(category, "name")
	value["nameLocation"], value["nameGap"] = "middle", 32
	value["nameTextStyle"].(object)["align"] = "center"
	return o
}

// rounded keeps JSON short: a value to 6 significant digits.
func rounded(v float64) float64 {
	if v == 0 {
		return 0
	}
	scale := math.Pow(10, 5-math.Floor(math.Log10(math.Abs(v))))
	if math.IsInf(scale, 0) || scale == 0 {
		return v
	}
	if scale > 1 {
		return math.Round(v*scale) / scale
	}
	return math.Round(v)
}

// ECharts implements Chart.
func (c Bars) ECharts(t Theme) Option {
	c, _ = c.cleaned()
	var names []string
	var data []any
	for _, b := range c.Bars {
		names = append(names, b.Label)
		data = append(data, t.in(barShade(b), tipped(b.Value, tipOf(b, c.unit))))
	}
	o := t.option(c.Title)
	o["xAxis"] = t.categories(c.CategoryAxis, names)
	o["yAxis"], _ = t.valueAxis(c.ValueAxis, c.unit, c.largest())
	o["series"] = []any{object{"type": "bar", "name": plain(c.ValueAxis), "data": data, "barMaxWidth": 60}}
	if c.Horizontal {
		return o.sideways()
	}
	return o
}
