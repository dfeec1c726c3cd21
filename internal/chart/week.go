package chart

import (
	"fmt"
	"io"
	"strings"
)

// Week is a heat map of the hours of a week.
type Week struct {
	Title, Subtitle string
	ValueAxis       string         // what a value counts, such as "Flows"
	Values          [7][24]float64 // by day, Monday first, and hour, UTC
}

// weekdays are the names of the rows.
var weekdays = [7]string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}

// weekRow is the height of a day, in pixels.
const weekRow = 44.0

func (c Week) cleaned() Week {
	c.Title, c.Subtitle, c.ValueAxis = clean(c.Title), clean(c.Subtitle), clean(c.ValueAxis)
	for d := range c.Values {
		for h, v := range c.Values[d] {
			c.Values[d][h] = drawn(v)
		}
	}
	return c
}

// values yields the value of each hour.
func (c Week) values(yield func(float64) bool) {
	for _, hours := range c.Values {
		for _, v := range hours {
			if !yield(v) {
				return
			}
		}
	}
}

// SVG implements Chart.
func (c Week) SVG(w io.Writer) error { return c.scene().svg(w) }

// PNG implements Chart.
func (c Week) PNG(w io.Writer) error { return c.scene().png(w) }

func (c Week) scene() scene {
	c = c.cleaned()
	s, y := newSketch(c.Title, c.Subtitle)
	s.desc = c.describe()
	steps := newSteps(c.values, bySquare)
	left := marginX + s.widest(len(weekdays), labelStyle, func(i int) string { return weekdays[i] }) + gap
	pitch := (pictureWidth - marginX - left) / 24
	for d, hours := range c.Values {
		top := y + weekRow*float64(d)
		s.writeBeside(weekdays[d], left-gap, top+weekRow/2, end, labelStyle)
		for h, v := range hours {
			x := left + pitch*float64(h)
			s.draw(rect(x, top, x+pitch-2, top+weekRow-2), steps.shade(v), c.tip(d, h))
		}
	}
	y += weekRow * 7
	for h := range 24 {
		s.write(fmt.Sprintf("%02d", h), left+pitch*(float64(h)+0.5)-1, y+20, middle, tickStyle)
	}
	y += 20 + axisTitleGap
	s.write("Hour of the day (UTC)", (left+pictureWidth-marginX)/2, y, middle, axisStyle)
	y += 40
	keys := append([]key{{"0", land}}, steps.labels()...)
	return s.finish(s.scaleLegend(c.ValueAxis, keys, left, y), "")
}

func (c Week) tip(d, h int) string {
	return fmt.Sprintf("%s %02d: %s", weekdays[d], h, Number(c.Values[d][h]))
}

func (c Week) describe() string {
	d, h := c.peak()
	if c.Values[d][h] == 0 {
		return "no data"
	}
	return fmt.Sprintf("Hours of the week, Monday first. The fullest is %s o'clock.", c.tip(d, h))
}

// peak is the hour with the largest value.
func (c Week) peak() (d, h int) {
	for i, hours := range c.Values {
		for j, v := range hours {
			if v > c.Values[d][h] {
				d, h = i, j
			}
		}
	}
	return d, h
}

// ECharts implements Chart.
func (c Week) ECharts(t Theme) Option {
	c = c.cleaned()
	o := t.option(c.Title + ". " + c.describe())
	steps := newSteps(c.values, bySquare)
	var hours []string
	data := []any{}
	for h := range 24 {
		hours = append(hours, fmt.Sprintf("%02d", h))
	}
	for d := range weekdays {
		for h, v := range c.Values[d] {
			data = append(data, t.in(steps.shade(v), tipped([]any{h, d, v}, c.tip(d, h))))
		}
	}
	o["xAxis"] = t.categories("Hour of the day (UTC)", hours)
	up := t.categories("", weekdays[:])
	up["inverse"] = true
	o["yAxis"] = up
	o["series"] = []any{object{"type": "heatmap", "data": data, "itemStyle": object{"borderWidth": 1, "borderColor": paper.hex(t)}}}
	o["visualMap"] = t.pieces(steps, 2)
	return o
}

// pieces is the legend of a scale, for the values in that dimension of the data.
func (t Theme) pieces(s steps, dimension int) object {
	list := []any{}
	for _, k := range s.labels() {
		list = append(list, object{"gte": s.bounds[k.fill-scale1], "label": k.label, "color": k.fill.hex(t)})
	}
	for i := range len(list) - 1 {
		list[i].(object)["lt"] = list[i+1].(object)["gte"]
	}
	return object{
		"type": "piecewise", "dimension": dimension, "pieces": list, "outOfRange": object{"color": land.hex(t)},
		"orient": "horizontal", "left": "center", "top": 0, "textStyle": object{"color": ink.hex(t)},
	}
}

// weekBlocks are the shades of a scale in text, from none on.
var weekBlocks = []rune(" ·░▒▓██")

// Text implements Chart: a line a day, an hour one to three cells.
func (c Week) Text(width int) string {
	c = c.cleaned()
	t := &text{width: max(width, 0)}
	t.add(c.Title)
	t.add(c.Subtitle)
	if t.Len() > 0 {
		t.WriteByte('\n')
	}
	steps := newSteps(c.values, bySquare)
	cell := min(max((t.width-4)/24, 1), 3)
	hours := "    "
	for h := 0; h < 24; h += 6 / cell {
		hours += pad(fmt.Sprintf("%02d", h), 6/cell*cell)
	}
	for d, values := range c.Values {
		line := weekdays[d] + " "
		for _, v := range values {
			step := 0
			if v > 0 {
				step = 1 + int(steps.shade(v)-scale1)
			}
			line += strings.Repeat(string(weekBlocks[step]), cell)
		}
		t.add(line)
	}
	t.add(hours)
	if d, h := c.peak(); c.Values[d][h] > 0 {
		t.add("most: " + c.tip(d, h))
	}
	return t.String()
}
