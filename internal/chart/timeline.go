package chart

import (
	"cmp"
	"fmt"
	"io"
	"slices"
)

// Timeline is values over time, in steps of equal length.
type Timeline struct {
	Title, Subtitle string
	ValueAxis       string // what a value counts, such as "Flows"
	Unit            Unit   // of the values
	Start           int64  // of the first step, in microseconds since the epoch, UTC
	Step            int64  // length of a step, in microseconds
	Values          []float64
	Behind          []float64 // a second series, drawn behind the first and in its steps, such as the baseline's; may be empty
	Name            string    // what the first series is, for the legend that a second one makes needed
	BehindName      string    // and the second
	Spans           []Span    // times that are marked, such as when a finding happened
	Undated         bool      // the clock has no date: it counts from midnight of day 1
}

// Span is a marked time, in microseconds since the epoch. A moment has From and To alike.
type Span struct {
	From, To int64
	Label    string
}

// The bounds of a timeline. What lies beyond is left out, and the drawing says so.
const (
	maxSteps = 2000
	maxSpans = 40
)

func (c Timeline) cleaned() (_ Timeline, remarks remarks) {
	c.Title, c.Subtitle, c.ValueAxis = clean(c.Title), clean(c.Subtitle), clean(c.ValueAxis)
	c.Name, c.BehindName = clean(c.Name), clean(c.BehindName)
	c.Step = min(max(c.Step, 1), longestStep)
	c.Start = min(max(c.Start, -farthest), farthest)
	c.Values, remarks = drawnValues(c.Values, maxSteps), remarks.more(len(c.Values)-maxSteps, "step")
	c.Behind = drawnValues(c.Behind, len(c.Values))
	remarks = remarks.more(len(c.Spans)-maxSpans, "marked time")
	var spans []Span
	for _, m := range c.Spans[:min(len(c.Spans), maxSpans)] {
		if m.To >= c.Start && m.From <= c.end() && m.From <= m.To {
			spans = append(spans, Span{max(m.From, c.Start), min(m.To, c.end()), clean(m.Label)})
		}
	}
	c.Spans = spans
	return c, remarks
}

// Times beyond these, which are in the years 5138 and 3168 before, overflow no sum.
const (
	farthest    = 100_000_000_000_000_000
	longestStep = farthest / maxSteps
)

// end is the end of the last step.
func (c Timeline) end() int64 { return c.Start + c.Step*int64(max(len(c.Values), 1)) }

// drawnValues are the first n values as they are drawn.
func drawnValues(values []float64, n int) []float64 {
	var list []float64
	for _, v := range values[:min(len(values), n)] {
		list = append(list, drawn(v))
	}
	return list
}

// SVG implements Chart.
func (c Timeline) SVG(w io.Writer) error { return c.scene().svg(w) }

// PNG implements Chart.
func (c Timeline) PNG(w io.Writer) error { return c.scene().png(w) }

func (c Timeline) scene() scene {
	c, remarks := c.cleaned()
	s, y := newSketch(c.Title, c.Subtitle)
	s.desc = c.describe()
	all := slices.Concat(c.Values, c.Behind)
	_, largest := extent(slices.Values(all))
	up := fromZero(largest, planeTicks, c.Unit, whole(all))
	var keys []key
	if len(c.Behind) > 0 {
		keys = []key{{c.BehindName, muted}, {c.Name, accent}}
	}
	p := s.planeBelow(y, clock(c.Start, c.end(), planeTicksX, c.Undated), up, c.ValueAxis, keys...)
	if len(c.Values) == 0 {
		s.noData(p.left, p.top, p.right, p.bottom)
		return s.finish(p.bottom, remarks.String())
	}
	p, unmarked := s.spans(c, p)
	remarks = remarks.more(unmarked, "marked time")
	s.grid(p)
	s.series(c, p)
	s.zones(c, p)
	return s.finish(s.ground(p, clockAxis(c.Undated)), remarks.String())
}

// series draws the values: alone as an area, before others as a line.
func (s *sketch) series(c Timeline, p plane) {
	if len(c.Behind) == 0 {
		s.draw(area{closed(p, c.stairs(p, c.Values))}, accent, "")
		return
	}
	behind := c.stairs(p, c.Behind)
	s.draw(area{closed(p, behind)}, grid, "")
	s.draw(stroke{behind, 1.5}, muted, "")
	s.draw(stroke{c.stairs(p, c.Values), 2}, accent, "")
}

// stairs goes along the values, each as wide as its step.
func (c Timeline) stairs(p plane, values []float64) []point {
	var points []point
	for i, v := range values {
		points = append(points, p.at(c.time(i), v), p.at(c.time(i+1), v))
	}
	return points
}

// time is when step i begins.
func (c Timeline) time(i int) float64 { return float64(c.Start + c.Step*int64(i)) }

// closed is the ring between a line and the ground.
func closed(p plane, line []point) []point {
	ring := append([]point{{line[0].x, p.bottom}}, line...)
	return append(ring, point{line[len(line)-1].x, p.bottom})
}

// mostZones is how many places of a timeline have a tip of their own.
const mostZones = 120

// zones lays invisible columns with tips over the drawing.
func (s *sketch) zones(c Timeline, p plane) {
	every := (len(c.Values) + mostZones - 1) / mostZones
	for i := 0; i < len(c.Values); i += every {
		next := min(i+every, len(c.Values))
		tip := printMoment(int64(c.time(i)), c.Undated) + ": "
		if every > 1 {
			tip += "at most "
		}
		tip += c.Unit.Print(slices.Max(c.Values[i:next]))
		if i < len(c.Behind) {
			tip += ", " + c.BehindName + " " + c.Unit.Print(slices.Max(c.Behind[i:min(next, len(c.Behind))]))
		}
		s.draw(rect(p.x(c.time(i)), p.top, p.x(c.time(next)), p.bottom), none, tip)
	}
}

func (c Timeline) describe() string {
	if len(c.Values) == 0 {
		return "no data"
	}
	peak := 0
	for i, v := range c.Values {
		if v > c.Values[peak] {
			peak = i
		}
	}
	return fmt.Sprintf("From %s to %s. The most is %s at %s.", printMoment(c.Start, c.Undated), printMoment(c.end(), c.Undated),
		c.Unit.Print(c.Values[peak]), printMoment(int64(c.time(peak)), c.Undated))
}

// ECharts implements Chart. The first series is the second one's foreground, as in the drawing; marked times are areas.
func (c Timeline) ECharts(t Theme) Option {
	c, _ = c.cleaned()
	o := t.option(c.Title + ". " + c.describe())
	_, largest := extent(slices.Values(slices.Concat(c.Values, c.Behind)))
	up, divisor := t.valueAxis(c.ValueAxis, c.Unit, largest)
	o["xAxis"], o["yAxis"] = t.clockAxis(c.Undated), up
	o["tooltip"].(object)["trigger"] = "axis"
	series := func(name string, s shade, values []float64) object {
		return object{
			"type": "line", "step": "end", "name": plain(name), "showSymbol": false, "data": c.moments(values, divisor),
			"lineStyle": object{"width": 1.5, "color": s.hex(t)}, "itemStyle": object{"color": s.hex(t)},
		}
	}
	first := series(cmp.Or(c.Name, c.ValueAxis), accent, c.Values)
	first["markArea"] = t.markedTimes(c)
	if len(c.Behind) == 0 {
		first["areaStyle"] = object{"color": accent.hex(t), "opacity": 0.7}
		o["series"] = []any{first}
		return o
	}
	behind := series(c.BehindName, muted, c.Behind)
	behind["areaStyle"] = object{"color": muted.hex(t), "opacity": 0.3}
	o["series"] = []any{behind, first}
	o["legend"] = object{"right": 12, "top": 0, "textStyle": object{"color": ink.hex(t)}}
	return o
}

// moments are the values as pairs of milliseconds and value. ECharts draws the step that leads to a point, so a value
// stands at the end of its own.
func (c Timeline) moments(values []float64, divisor float64) []any {
	data := []any{}
	for i, v := range values {
		if i == 0 {
			data = append(data, []any{c.time(0) / 1000, rounded(v / divisor)})
		}
		data = append(data, []any{c.time(i+1) / 1000, rounded(v / divisor)})
	}
	return data
}

// markedTimes are the short spans as areas with tips.
func (t Theme) markedTimes(c Timeline) object {
	data := []any{}
	for _, m := range c.Spans {
		if float64(m.To-m.From) > bandMost*float64(c.end()-c.Start) {
			continue
		}
		data = append(data, []any{
			object{"xAxis": float64(m.From) / 1000, "name": plain(m.Label), "tooltip": object{"formatter": plain(m.Label)}},
			object{"xAxis": float64(m.To) / 1000},
		})
	}
	return object{
		"data": data, "label": object{"show": false},
		"itemStyle": object{"color": marked.hex(t), "opacity": 0.15, "borderColor": marked.hex(t), "borderWidth": 1},
	}
}

// Text implements Chart: columns as wide as a step or, where that is more than the width has, as several of which each
// shows the largest.
func (c Timeline) Text(width int) string {
	c, remarks := c.cleaned()
	const room = 14 // for the ticks of the axis
	every := max((len(c.Values)+max(width-room, 1)-1)/max(width-room, 1), 1)
	b := Bars{Title: c.Title, Subtitle: c.Subtitle, ValueAxis: c.ValueAxis, CategoryAxis: clockAxis(c.Undated), unit: c.Unit}
	if every > 1 {
		b.ValueAxis += fmt.Sprintf(" (the most of %d steps)", every)
	}
	b.Bars = c.columns(c.Values, every)
	t := b.Text(width)
	if len(c.Behind) > 0 {
		b.Title, b.Subtitle = c.BehindName, ""
		b.Bars = c.columns(c.Behind, every)
		t += "\n" + b.Text(width)
	}
	return t + c.spanLines(width, remarks)
}

func (c Timeline) columns(values []float64, every int) (bars []Bar) {
	for i := 0; i < len(values); i += every {
		label, more := moments(int64(c.time(i)), float64(c.Step)/1e6*float64(every), c.Undated)
		if more != "" && c.end()-c.Start > 2*day.Microseconds() {
			label = more
		}
		bars = append(bars, Bar{Label: label, Value: slices.Max(values[i:min(i+every, len(values))])})
	}
	return bars
}

// spanLines lists the marked times, a line each, then what is left out.
func (c Timeline) spanLines(width int, remarks remarks) string {
	t := &text{width: max(width, 0)}
	for _, m := range c.Spans {
		t.add(printMoment(m.From, c.Undated) + " to " + printMoment(m.To, c.Undated) + "  " + m.Label)
	}
	t.add(remarks.String())
	return t.String()
}
