package chart

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
)

// Histogram is a distribution: how many values lie in each bin. Bins of growing width that span more than two decades lie
// on a logarithmic axis.
type Histogram struct {
	Title, Subtitle string
	ValueAxis       string    // what is distributed, such as "Time between contacts"
	CountAxis       string    // what is counted, such as "Contacts"
	Unit            Unit      // of the values
	Edges           []float64 // of the bins, ascending: one more than there are counts
	Counts          []float64
	Marks           []Mark // values to point out, such as the period that was found
}

// Mark is a value pointed out on an axis.
type Mark struct {
	At    float64
	Label string
}

// The bounds of a histogram.
const (
	maxBins  = 500
	maxMarks = 8
)

// bin is one bar of a histogram.
type bin struct{ from, to, count float64 }

func (c Histogram) cleaned() (_ Histogram, bins []bin, remarks remarks) {
	c.Title, c.Subtitle, c.ValueAxis, c.CountAxis = clean(c.Title), clean(c.Subtitle), clean(c.ValueAxis), clean(c.CountAxis)
	n := min(len(c.Counts), max(len(c.Edges)-1, 0))
	remarks = remarks.more(n-maxBins, "bin")
	for i := range min(n, maxBins) {
		b := bin{c.Edges[i], c.Edges[i+1], drawn(c.Counts[i])}
		if finite(b.from) && finite(b.to) && b.from < b.to && (len(bins) == 0 || b.from >= bins[len(bins)-1].to) {
			bins = append(bins, b)
		}
	}
	remarks = remarks.more(len(c.Marks)-maxMarks, "mark")
	var marks []Mark
	for _, m := range c.Marks[:min(len(c.Marks), maxMarks)] {
		if len(bins) > 0 && m.At >= bins[0].from && m.At <= bins[len(bins)-1].to {
			marks = append(marks, Mark{m.At, clean(m.Label)})
		}
	}
	c.Marks = marks
	return c, bins, remarks
}

// finite tells whether a value can be placed on an axis.
func finite(v float64) bool { return math.Abs(v) <= maxValue }

// SVG implements Chart.
func (c Histogram) SVG(w io.Writer) error { return c.scene().svg(w) }

// PNG implements Chart.
func (c Histogram) PNG(w io.Writer) error { return c.scene().png(w) }

func (c Histogram) scene() scene {
	c, bins, remarks := c.cleaned()
	s, y := newSketch(c.Title, c.Subtitle)
	s.desc = c.describe(bins)
	if len(bins) == 0 {
		s.noData(marginX, y, pictureWidth-marginX, y+planeHeight)
		return s.finish(y+planeHeight, remarks.String())
	}
	_, largest := extent(counts(bins))
	p := s.planeBelow(y, c.across(bins), fromZero(largest, planeTicks, Count, wholeSeq(counts(bins))), c.CountAxis)
	if len(c.Marks) > 0 {
		p.top, p.bottom = p.top+20, p.bottom+20
	}
	s.grid(p)
	for _, b := range bins {
		x0, x1 := p.x(b.from), p.x(b.to)
		if x1-x0 > 4 {
			x1-- // neighbours are told apart
		}
		s.draw(rect(x0, min(p.y(b.count), p.bottom-seen(b.count)), max(x1, x0+1), p.bottom), accent, c.tip(b))
	}
	s.marks(c, p)
	return s.finish(s.ground(p, c.ValueAxis), remarks.String())
}

// across is the axis of the values.
func (c Histogram) across(bins []bin) ruler {
	lo, hi := bins[0].from, bins[len(bins)-1].to
	least := lo
	if lo == 0 {
		least = bins[0].to
	}
	if spansDecades(least, hi) && growing(bins) {
		return logarithmic(least, hi, planeTicksX, c.Unit)
	}
	return linear(lo, hi, planeTicksX, c.Unit)
}

// growing tells whether bins are made for a logarithmic axis. Those of one width would be a heap at its end.
func growing(bins []bin) bool {
	first, last := bins[0], bins[len(bins)-1]
	return last.to-last.from > 4*(first.to-first.from)
}

func counts(bins []bin) func(func(float64) bool) {
	return func(yield func(float64) bool) {
		for _, b := range bins {
			if !yield(b.count) {
				return
			}
		}
	}
}

// marks draws a line at each marked value and its label on top, unless the one before reaches there.
func (s *sketch) marks(c Histogram, p plane) {
	sorted := slices.SortedStableFunc(slices.Values(c.Marks), func(a, b Mark) int { return cmp.Compare(a.At, b.At) })
	free := 0.0
	for _, m := range sorted {
		x := p.x(m.At)
		s.draw(rect(x-1, p.top-6, x+1, p.bottom), marked, cmp.Or(m.Label, c.Unit.Print(m.At)))
		label := s.fit(m.Label, spanTextMax, smallStyle)
		half := s.face(smallStyle).width(label) / 2
		at := min(max(x, p.left+half), p.right-half)
		if at-half >= free {
			s.write(label, at, p.top-12, middle, smallStyle)
			free = at + half + tickApart
		}
	}
}

func (c Histogram) tip(b bin) string { return c.bounds(b) + ": " + Number(b.count) }

// bounds prints where a bin begins and ends.
func (c Histogram) bounds(b bin) string {
	width := b.to - b.from
	if b.from > 0 && width > b.from/4 {
		return c.Unit.Print(b.from) + " to " + c.Unit.Print(b.to)
	}
	return c.Unit.fine(b.from, width) + " to " + c.Unit.fine(b.to, width)
}

func (c Histogram) describe(bins []bin) string {
	if len(bins) == 0 {
		return "no data"
	}
	most := bins[0]
	for _, b := range bins {
		if b.count > most.count {
			most = b
		}
	}
	return fmt.Sprintf("From %s to %s. The fullest bin is %s.", c.Unit.Print(bins[0].from), c.Unit.Print(bins[len(bins)-1].to), c.tip(most))
}

// ECharts implements Chart: a column a bin, of equal width, its label the bin's lower edge.
func (c Histogram) ECharts(t Theme) Option {
	c, bins, _ := c.cleaned()
	o := t.option(c.Title + ". " + c.describe(bins))
	var names []string
	data := []any{}
	for _, b := range bins {
		item := tipped(b.count, c.tip(b))
		for _, m := range c.Marks {
			if m.At >= b.from && m.At < b.to {
				item = t.in(marked, tipped(b.count, c.tip(b)+", "+m.Label))
			}
		}
		names, data = append(names, strings.SplitN(c.bounds(b), " to ", 2)[0]), append(data, item)
	}
	_, largest := extent(counts(bins))
	o["xAxis"] = t.categories(c.ValueAxis, names)
	o["yAxis"], _ = t.valueAxis(c.CountAxis, Count, largest)
	o["series"] = []any{object{"type": "bar", "barCategoryGap": "4%", "data": data, "itemStyle": object{"color": accent.hex(t)}}}
	return o
}

// Text implements Chart: a row a bin.
func (c Histogram) Text(width int) string {
	c, bins, remarks := c.cleaned()
	b := Bars{Title: c.Title, Subtitle: c.Subtitle, CategoryAxis: c.ValueAxis, ValueAxis: c.CountAxis, Horizontal: true}
	for _, x := range bins {
		b.Bars = append(b.Bars, Bar{Label: c.bounds(x), Value: x.count, Note: Number(x.count)})
	}
	t := &text{width: max(width, 0)}
	for _, m := range c.Marks {
		t.add(c.Unit.Print(m.At) + "  " + m.Label)
	}
	t.add(remarks.String())
	return b.Text(width) + t.String()
}
