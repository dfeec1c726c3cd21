package chart

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// Contacts is single events over time, as dots; their values are on a logarithmic axis where they span more than two
// decades.
type Contacts struct {
	Title, Subtitle string
	ValueAxis       string // what a value is, such as "Bytes sent"
	Unit            Unit   // of the values
	Points          []Contact
	Undated         bool // the clock has no date: it counts from midnight of day 1
}

// Contact is one event.
type Contact struct {
	At     int64 // microseconds since the epoch, UTC
	Value  float64
	Label  string // shown where a pointer rests on it; may be empty
	Marked bool
}

// maxDots bounds how many contacts are drawn; of more, evenly as many. mostTips is how many may have a tip each.
const (
	maxDots  = 1000
	mostTips = 250
)

func (c Contacts) cleaned() (_ Contacts, remarks remarks) {
	c.Title, c.Subtitle, c.ValueAxis = clean(c.Title), clean(c.Subtitle), clean(c.ValueAxis)
	remarks = remarks.more(len(c.Points)-maxDots, "contact")
	points := thinned(c.Points, maxDots)
	for i, p := range points {
		points[i] = Contact{min(max(p.At, -farthest), farthest), drawn(p.Value), clean(p.Label), p.Marked}
	}
	c.Points = points
	return c, remarks
}

// thinned takes n of the elements at even distances, the first and the last among them.
func thinned[T any](list []T, n int) []T {
	if len(list) <= n {
		return slices.Clone(list)
	}
	thin := make([]T, n)
	for i := range thin {
		thin[i] = list[i*(len(list)-1)/(n-1)]
	}
	return thin
}

// SVG implements Chart.
func (c Contacts) SVG(w io.Writer) error { return c.scene().svg(w) }

// PNG implements Chart.
func (c Contacts) PNG(w io.Writer) error { return c.scene().png(w) }

// span is the time of the first and of the last contact.
func (c Contacts) span() (first, last int64) {
	for i, p := range c.Points {
		if i == 0 {
			first, last = p.At, p.At
		}
		first, last = min(first, p.At), max(last, p.At)
	}
	return first, last
}

// values yields the value of each contact.
func (c Contacts) values(yield func(float64) bool) {
	for _, p := range c.Points {
		if !yield(p.Value) {
			return
		}
	}
}

func (c Contacts) scene() scene {
	c, remarks := c.cleaned()
	s, y := newSketch(c.Title, c.Subtitle)
	s.desc = c.describe()
	first, last := c.span()
	up := valueRuler(c.values, planeTicks, c.Unit)
	edge := max((last-first)/100, 1) // so that no dot lies on the border
	p := s.planeBelow(y, clock(first-edge, last+edge, planeTicksX, c.Undated), up, c.ValueAxis)
	if len(c.Points) == 0 {
		s.noData(p.left, p.top, p.right, p.bottom)
		return s.finish(p.bottom, remarks.String())
	}
	s.grid(p)
	bottom := s.ground(p, clockAxis(c.Undated))
	s.dots(c, p)
	return s.finish(bottom, remarks.String())
}

// valueRuler is logarithmic where the values span decades, and else begins at 0.
func valueRuler(values func(func(float64) bool), n int, u Unit) ruler {
	least, largest := extent(values)
	if spansDecades(least, largest) {
		return logarithmic(least, largest, n, u)
	}
	return fromZero(largest, n, u, wholeSeq(values))
}

// dots draws the contacts, those that are marked on top.
func (s *sketch) dots(c Contacts, p plane) {
	radius := 4.0
	if len(c.Points) > mostTips {
		radius = 3
	}
	for _, on := range []bool{false, true} {
		for _, at := range c.Points {
			if at.Marked != on {
				continue
			}
			x := shape{form: disc{p.at(float64(at.At), at.Value), radius}, fill: accent}
			if on {
				x = shape{form: disc{p.at(float64(at.At), at.Value), radius + 1}, fill: marked}
			}
			if len(c.Points) <= mostTips || on {
				x.tip = c.tip(at)
			}
			s.shapes = append(s.shapes, x)
		}
	}
}

func (c Contacts) tip(p Contact) string {
	tip := printMoment(p.At, c.Undated) + ", " + c.Unit.Print(p.Value)
	if p.Label != "" {
		tip += ", " + p.Label
	}
	return tip
}

func (c Contacts) describe() string {
	if len(c.Points) == 0 {
		return "no data"
	}
	first, last := c.span()
	_, largest := extent(c.values)
	return fmt.Sprintf("%s contacts from %s to %s. The largest is %s.", Number(float64(len(c.Points))),
		printMoment(first, c.Undated), printMoment(last, c.Undated), c.Unit.Print(largest))
}

// ECharts implements Chart.
func (c Contacts) ECharts(t Theme) Option {
	c, _ = c.cleaned()
	o := t.option(c.Title + ". " + c.describe())
	o["xAxis"] = t.clockAxis(c.Undated)
	up, divisor := t.rulerAxis(c.ValueAxis, c.Unit, c.values)
	o["yAxis"] = up
	data := []any{}
	for _, p := range c.Points {
		value := p.Value / divisor
		if up["type"] == "log" {
			value = max(value, up["min"].(float64))
		}
		item, s := tipped([]any{float64(p.At) / 1000, rounded(value)}, c.tip(p)), accent
		if p.Marked {
			s = marked
		}
		data = append(data, t.in(s, item))
	}
	o["series"] = []any{object{"type": "scatter", "symbolSize": 7, "data": data}}
	return o
}

// rulerAxis is an axis of numbers, logarithmic where the drawing's is.
func (t Theme) rulerAxis(name string, u Unit, values func(func(float64) bool)) (axis object, divisor float64) {
	least, largest := extent(values)
	if !spansDecades(least, largest) {
		return t.valueAxis(name, u, largest)
	}
	// No prefix suits all decades.
	axis, divisor = t.valueAxis(name+map[Unit]string{Bytes: " (B)", Seconds: " (s)"}[u], Count, largest)
	r := logarithmic(least, largest, planeTicks, u)
	axis["type"], axis["min"], axis["max"] = "log", r.lo, r.hi
	return axis, divisor
}

// textRows is how many lines of a terminal a chart with dots takes.
const textRows = 8

// Text implements Chart: a dot for a contact, a larger one for several, a diamond where one is marked.
func (c Contacts) Text(width int) string {
	c, remarks := c.cleaned()
	t := &text{width: max(width, 0)}
	t.add(c.Title)
	t.add(c.Subtitle)
	if t.Len() > 0 {
		t.WriteByte('\n')
	}
	if len(c.Points) == 0 {
		t.add("no data")
		return t.String()
	}
	t.dots(c)
	first, last := c.span()
	t.add(printMoment(first, c.Undated) + " to " + printMoment(last, c.Undated))
	t.add(remarks.String())
	return t.String()
}

func (t *text) dots(c Contacts) {
	up := valueRuler(c.values, textTicks, c.Unit)
	first, last := c.span()
	across := clock(first, last, planeTicksX, c.Undated)
	bottom, top := c.Unit.Print(up.lo), c.Unit.Print(up.hi)
	ticks := max(cells(bottom), cells(top))
	columns := t.width - ticks - 2
	if columns < barCellsMin {
		return
	}
	var signs [textRows][]rune
	for row := range signs {
		signs[row] = []rune(strings.Repeat(" ", columns))
	}
	for _, p := range c.Points {
		row := textRows - 1 - int(up.at(p.Value)*(textRows-1)+0.5)
		column := int(across.at(float64(p.At)) * float64(columns-1))
		switch at := &signs[row][column]; {
		case p.Marked || *at == '◆':
			*at = '◆'
		case *at == ' ':
			*at = '·'
		default:
			*at = '•'
		}
	}
	t.add(c.ValueAxis)
	for row, line := range signs {
		label := ""
		switch row {
		case 0:
			label = top
		case textRows - 1:
			label = bottom
		}
		t.add(padLeft(label, ticks) + " │" + string(line))
	}
	t.add(strings.Repeat(" ", ticks) + " └" + strings.Repeat("─", columns))
}
