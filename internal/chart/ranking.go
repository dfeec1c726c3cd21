package chart

import (
	"cmp"
	"io"
	"strings"
)

// Ranking is one value each of many, such as hosts, with some of them pointed out. The values are on a logarithmic
// axis where they span more than two decades, and then are dots; on an axis from 0 they are bars.
type Ranking struct {
	Title, Subtitle string
	CategoryAxis    string // who is ranked, such as "Host"
	ValueAxis       string // by what
	Unit            Unit   // of the values
	Rows            []Rank // in the order of drawing, largest first
}

// Rank is one of them.
type Rank struct {
	Label  string
	Value  float64
	Note   string // the number as printed; where empty, as the unit prints it
	Marked bool
}

// maxRanks bounds how many rows are drawn; the marked ones among all come first.
const maxRanks = 40

func (c Ranking) cleaned() (_ Ranking, remarks remarks) {
	c.Title, c.Subtitle = clean(c.Title), clean(c.Subtitle)
	c.CategoryAxis, c.ValueAxis = clean(c.CategoryAxis), clean(c.ValueAxis)
	rows := foremost(c.Rows)
	for i, r := range rows {
		rows[i] = Rank{clean(r.Label), drawn(r.Value), clean(cmp.Or(r.Note, c.Unit.Print(drawn(r.Value)))), r.Marked}
	}
	remarks = remarks.more(len(c.Rows)-len(rows), "row")
	c.Rows = rows
	return c, remarks
}

// foremost keeps as many rows as are drawn: every marked one there is room for, then the first ones.
func foremost(rows []Rank) []Rank {
	kept := 0
	for _, r := range rows {
		if r.Marked {
			kept++
		}
	}
	others, kept := maxRanks-min(kept, maxRanks), 0
	var list []Rank
	for _, r := range rows {
		if r.Marked && kept < maxRanks {
			kept++
			list = append(list, r)
		} else if !r.Marked && others > 0 {
			others--
			list = append(list, r)
		}
	}
	return list
}

// SVG implements Chart.
func (c Ranking) SVG(w io.Writer) error { return c.scene().svg(w) }

// PNG implements Chart.
func (c Ranking) PNG(w io.Writer) error { return c.scene().png(w) }

// values yields the value of each row.
func (c Ranking) values(yield func(float64) bool) {
	for _, r := range c.Rows {
		if !yield(r.Value) {
			return
		}
	}
}

func (c Ranking) scene() scene {
	c, remarks := c.cleaned()
	least, largest := extent(c.values)
	if !spansDecades(least, largest) || len(c.Rows) == 0 {
		b := c.bars()
		b.desc, b.remark = c.describe(), remarks.String()
		return b.scene()
	}
	s, y := newSketch(c.Title, c.Subtitle)
	s.desc = c.describe()
	return s.finish(s.lollipops(c, y), remarks.String())
}

// bars are the rows as bars.
func (c Ranking) bars() Bars {
	b := Bars{
		Title: c.Title, Subtitle: c.Subtitle, CategoryAxis: c.CategoryAxis, ValueAxis: c.ValueAxis, Horizontal: true, unit: c.Unit,
	}
	for _, r := range c.Rows {
		b.Bars = append(b.Bars, Bar{Label: r.Label, Value: r.Value, Note: r.Note, shade: r.shade()})
	}
	return b
}

func (r Rank) shade() shade {
	if r.Marked {
		return marked
	}
	return accent
}

// lollipops draws the rows as dots on a logarithmic axis and returns where the drawing ends. A row of 0 has no dot.
func (s *sketch) lollipops(c Ranking, y float64) float64 {
	label := func(i int) string { return s.fit(c.Rows[i].Label, rowLabelMax, strongStyle) }
	note := func(i int) string { return s.fit(c.Rows[i].Note, rowNoteMax, noteStyle) }
	category := s.fit(c.CategoryAxis, rowLabelMax, axisStyle)
	left := marginX + max(s.widest(len(c.Rows), strongStyle, label), s.face(axisStyle).width(category)) + gap
	if category != "" {
		y += 12
		s.write(category, left-gap, y, end, axisStyle)
	}
	pitch := min(max(rowsHeight/float64(len(c.Rows)), rowMin), rowMax)
	across := valueRuler(c.values, planeTicks, c.Unit)
	top := y + 12
	p := plane{left, pictureWidth - marginX - s.widest(len(c.Rows), noteStyle, note) - 2*gap, top, top + pitch*float64(len(c.Rows)), across, ruler{}}
	for _, t := range across.ticks {
		s.fill(p.x(t.at), p.top, p.x(t.at)+1, p.bottom, grid)
	}
	for i, r := range c.Rows {
		centre := point{p.left, p.top + pitch*(float64(i)+0.5)}
		if r.Value > 0 {
			centre.x = p.x(r.Value)
			s.fill(p.left, centre.y-1, centre.x, centre.y+1, r.shade())
			s.draw(disc{centre, 6}, r.shade(), r.Label+": "+r.Note)
		}
		s.writeBeside(label(i), p.left-gap, centre.y, end, labelStyleOf(r.shade()))
		s.writeBeside(note(i), centre.x+gap+4, centre.y, start, noteStyle)
	}
	return s.ground(p, strings.TrimSpace(c.ValueAxis+" (logarithmic)"))
}

func (c Ranking) describe() string {
	if len(c.Rows) == 0 {
		return "no data"
	}
	var about []string
	for i, r := range c.Rows {
		if r.Marked || i == 0 {
			about = append(about, r.Label+": "+r.Note)
		}
	}
	return strings.Join(about[:min(len(about), 5)], "; ")
}

// ECharts implements Chart.
func (c Ranking) ECharts(t Theme) Option {
	c, _ = c.cleaned()
	o := t.option(c.Title + ". " + c.describe())
	var names []string
	up, divisor := t.rulerAxis(c.ValueAxis, c.Unit, c.values)
	data := []any{}
	for _, r := range c.Rows {
		names = append(names, r.Label)
		data = append(data, t.in(r.shade(), tipped(rounded(r.Value/divisor), r.Label+": "+r.Note)))
	}
	o["xAxis"], o["yAxis"] = t.categories(c.CategoryAxis, names), up
	o["series"] = []any{object{"type": "bar", "data": data, "barMaxWidth": 24}}
	return o.sideways()
}

// Text implements Chart: marked rows have a sign before their label.
func (c Ranking) Text(width int) string {
	c, remarks := c.cleaned()
	b := c.bars()
	for i, r := range c.Rows {
		if r.Marked {
			b.Bars[i].Label = "▸ " + r.Label
		}
	}
	t := &text{width: max(width, 0)}
	t.add(remarks.String())
	return b.Text(width) + t.String()
}
