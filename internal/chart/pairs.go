package chart

import (
	"cmp"
	"io"
	"slices"
)

// Pairs is two values per key side by side, such as before and after.
type Pairs struct {
	Title, Subtitle string
	CategoryAxis    string // what a pair stands for
	ValueAxis       string // what a bar's length stands for, with the unit
	Unit            Unit   // of the values
	Before, After   string // what the two are, for the legend
	Horizontal      bool   // a pair is a row, as for countries; otherwise a column, as for hours
	Pairs           []Pair // in the order of drawing
}

// Pair is the two values of one key.
type Pair struct {
	Label         string
	Before, After float64
}

// Top gives the chart of the n pairs with the largest value of either, largest first and equal ones in their old
// order, and of the rest as one pair named others, which adds them up. A rest of one pair keeps its own name.
func (c Pairs) Top(n int, others string) Pairs {
	n = max(n, 0)
	c.Pairs = slices.Clone(c.Pairs)
	slices.SortStableFunc(c.Pairs, func(a, b Pair) int { return cmp.Compare(b.larger(), a.larger()) })
	if len(c.Pairs) <= n+1 {
		return c
	}
	rest := Pair{Label: others}
	for _, p := range c.Pairs[n:] {
		rest.Before = drawn(rest.Before + drawn(p.Before))
		rest.After = drawn(rest.After + drawn(p.After))
	}
	c.Pairs = append(c.Pairs[:n], rest)
	return c
}

func (p Pair) larger() float64 { return max(drawn(p.Before), drawn(p.After)) }

// maxPairs bounds how many pairs are drawn.
const maxPairs = 60

func (c Pairs) cleaned() (_ Pairs, remarks remarks) {
	c.Title, c.Subtitle = clean(c.Title), clean(c.Subtitle)
	c.CategoryAxis, c.ValueAxis = clean(c.CategoryAxis), clean(c.ValueAxis)
	c.Before, c.After = clean(c.Before), clean(c.After)
	remarks = remarks.more(len(c.Pairs)-maxPairs, "pair")
	c.Pairs = slices.Clone(c.Pairs[:min(len(c.Pairs), maxPairs)])
	for i, p := range c.Pairs {
		c.Pairs[i] = Pair{clean(p.Label), drawn(p.Before), drawn(p.After)}
	}
	return c, remarks
}

// values yields both values of each pair.
func (c Pairs) values(yield func(float64) bool) {
	for _, p := range c.Pairs {
		if !yield(p.Before) || !yield(p.After) {
			return
		}
	}
}

// SVG implements Chart.
func (c Pairs) SVG(w io.Writer) error { return c.scene().svg(w) }

// PNG implements Chart.
func (c Pairs) PNG(w io.Writer) error { return c.scene().png(w) }

func (c Pairs) scene() scene {
	c, remarks := c.cleaned()
	s, y := newSketch(c.Title, c.Subtitle)
	s.desc = c.describe()
	if len(c.Pairs) == 0 {
		s.noData(marginX, y, pictureWidth-marginX, y+planeHeight)
		return s.finish(y+planeHeight, remarks.String())
	}
	_, largest := extent(c.values)
	scale := fromZero(largest, planeTicks, c.Unit, wholeSeq(c.values))
	if c.Horizontal {
		return s.finish(s.pairRows(c, y, scale), remarks.String())
	}
	return s.finish(s.pairColumns(c, y, scale), remarks.String())
}

// pairRow is the height of a pair, in pixels.
const pairRow = 40.0

// pairRows draws a pair a row, the earlier value on top, and returns where the drawing ends.
func (s *sketch) pairRows(c Pairs, y float64, across ruler) float64 {
	label := func(i int) string { return s.fit(c.Pairs[i].Label, rowLabelMax, labelStyle) }
	note := func(i int) string { return c.Unit.Print(c.Pairs[i].larger()) }
	left := marginX + s.widest(len(c.Pairs), labelStyle, label) + gap
	right := pictureWidth - marginX - s.widest(len(c.Pairs), noteStyle, note) - gap
	s.legend(y+10, c.keys()...)
	y += 24
	p := plane{left, right, y, y + pairRow*float64(len(c.Pairs)), across, ruler{}}
	for _, t := range across.ticks[1:] {
		s.fill(p.x(t.at), p.top, p.x(t.at)+1, p.bottom, grid)
	}
	for i, pair := range c.Pairs {
		top := p.top + pairRow*float64(i) + 5
		s.writeBeside(label(i), left-gap, top+(pairRow-10)/2, end, labelStyle)
		for j, b := range pair.bars(c) {
			y0 := top + 15*float64(j)
			tip := max(p.x(b.value), left+seen(b.value))
			s.draw(rect(left, y0, tip, y0+14), b.shade, b.tip)
			s.writeBeside(c.Unit.Print(b.value), tip+gap, y0+7, start, smallStyle)
		}
	}
	bottom := s.ground(p, c.ValueAxis)
	s.fill(left-2, p.top, left, p.bottom, base)
	return bottom
}

func (c Pairs) keys() []key { return []key{{c.Before, muted}, {c.After, accent}} }

// half is one bar of a pair.
type half struct {
	value float64
	shade shade
	tip   string
}

func (p Pair) bars(c Pairs) [2]half {
	return [2]half{
		{p.Before, muted, p.Label + ", " + c.Before + ": " + c.Unit.Print(p.Before)},
		{p.After, accent, p.Label + ", " + c.After + ": " + c.Unit.Print(p.After)},
	}
}

// pairColumns draws a pair a column, the earlier value at the left, and returns where the drawing ends.
func (s *sketch) pairColumns(c Pairs, y float64, up ruler) float64 {
	p := s.planeBelow(y, ruler{}, up, c.ValueAxis, c.keys()...)
	s.grid(p)
	pitch := min((p.right-p.left)/float64(len(c.Pairs)), columnMax)
	p.across = ruler{hi: (p.right - p.left) / pitch}
	room := max(pitch-gap, columnLabelMin)
	for i, pair := range c.Pairs {
		centre := p.left + pitch*(float64(i)+0.5)
		p.across.ticks = append(p.across.ticks, tick{at: float64(i) + 0.5, label: s.fit(pair.Label, room, tickStyle)})
		for j, b := range pair.bars(c) {
			x0 := centre + pitch*0.4*float64(j-1)
			s.draw(rect(x0, min(p.y(b.value), p.bottom-seen(b.value)), x0+pitch*0.38, p.bottom), b.shade, b.tip)
		}
	}
	return s.ground(p, c.CategoryAxis)
}

func (c Pairs) describe() string {
	if len(c.Pairs) == 0 {
		return "no data"
	}
	p := c.Pairs[0]
	return p.bars(c)[0].tip + "; " + p.bars(c)[1].tip
}

// ECharts implements Chart.
func (c Pairs) ECharts(t Theme) Option {
	c, _ = c.cleaned()
	o := t.option(c.Title + ". " + c.describe())
	_, largest := extent(c.values)
	up, divisor := t.valueAxis(c.ValueAxis, c.Unit, largest)
	var names []string
	before, after := []any{}, []any{}
	for _, p := range c.Pairs {
		names = append(names, p.Label)
		both := p.bars(c)
		before = append(before, tipped(rounded(p.Before/divisor), both[0].tip))
		after = append(after, tipped(rounded(p.After/divisor), both[1].tip))
	}
	o["xAxis"], o["yAxis"] = t.categories(c.CategoryAxis, names), up
	o["legend"] = object{"right": 12, "top": 0, "textStyle": object{"color": ink.hex(t)}}
	series := func(name string, s shade, data []any) object {
		return object{"type": "bar", "name": plain(name), "data": data, "itemStyle": object{"color": s.hex(t)}}
	}
	o["series"] = []any{series(c.Before, muted, before), series(c.After, accent, after)}
	if c.Horizontal {
		return o.sideways()
	}
	return o
}

// Text implements Chart: two rows a pair.
func (c Pairs) Text(width int) string {
	c, remarks := c.cleaned()
	b := Bars{Title: c.Title, Subtitle: c.Subtitle, CategoryAxis: c.CategoryAxis, ValueAxis: c.ValueAxis, Horizontal: true, unit: c.Unit}
	for _, p := range c.Pairs {
		b.Bars = append(b.Bars,
			Bar{Label: p.Label, Value: p.Before, Note: c.Unit.Print(p.Before), Muted: true},
			Bar{Value: p.After, Note: c.Unit.Print(p.After)})
	}
	t := &text{width: max(width, 0)}
	if len(c.Pairs) > 0 {
		t.add("░ " + c.Before + "  █ " + c.After)
	}
	t.add(remarks.String())
	return b.Text(width) + t.String()
}
