package chart

// The measures of a chart of rows, in pixels.
const (
	rowMin      = 24.0 // from one row to the next
	rowMax      = 34.0
	rowsHeight  = 620.0 // what few rows grow to fill
	rowLabelMax = 320.0
	rowNoteMax  = 240.0
	rowTicks    = 8
)

// rows draws a bar a row below y and returns where the drawing ends.
func (s *sketch) rows(c Bars, y float64) float64 {
	labels, notes := s.rowTexts(c)
	labelWidth := 0.0
	for i, b := range c.Bars {
		labelWidth = max(labelWidth, s.face(labelStyleOf(b.shade)).width(labels[i]))
	}
	category := s.fit(c.CategoryAxis, rowLabelMax, axisStyle)
	labelWidth = max(labelWidth, s.face(axisStyle).width(category))
	x0 := marginX + labelWidth + gap

	if category != "" {
		y += 16
		s.write(category, x0-gap, y, end, axisStyle)
	}
	y += 12
	if len(c.Bars) == 0 {
		s.noData(x0, y, pictureWidth-marginX, y+320)
		return s.rowAxisTitle(c, x0, pictureWidth-marginX, y+320)
	}

	pitch := min(max(rowsHeight/float64(len(c.Bars)), rowMin), rowMax)
	bottom := y + pitch*float64(len(c.Bars)) + 4
	plot := s.rowScale(c, notes, x0)
	s.rowGrid(plot, x0, y, bottom)
	for i, b := range c.Bars {
		centre := y + 2 + pitch*(float64(i)+0.5)
		tip := x0 + plot.length(b.Value)
		s.draw(rect(x0, centre-pitch*0.36, tip, centre+pitch*0.36), barShade(b), "")
		s.writeBeside(labels[i], x0-gap, centre, end, labelStyleOf(b.shade))
		s.writeBeside(notes[i], tip+gap, centre, start, noteStyle)
	}
	s.fill(x0-2, y, x0, bottom, base)
	return s.rowAxisTitle(c, x0, x0+plot.pixels, bottom+28)
}

func (s *sketch) rowTexts(c Bars) (labels, notes []string) {
	for _, b := range c.Bars {
		labels = append(labels, s.fit(b.Label, rowLabelMax, labelStyleOf(b.shade)))
		notes = append(notes, s.fit(b.Note, rowNoteMax, noteStyle))
	}
	return labels, notes
}

// scale maps values to pixels along an axis.
type scale struct {
	axis
	pixels float64
}

// length is a bar's length in pixels; a value above 0 is always seen.
func (s scale) length(v float64) float64 {
	if v == 0 {
		return 0
	}
	return max(v/s.top()*s.pixels, 2)
}

// rowScale makes the bars as long as room for every note, and for the last tick, allows.
func (s *sketch) rowScale(c Bars, notes []string, x0 float64) scale {
	a := c.axis(rowTicks)
	last := s.face(tickStyle).width(a.label(a.steps))
	// A tick label needs room to both sides, or it would run into the next one.
	for n := rowTicks; n > 1 && (last+2*gap)*float64(a.steps+1) > pictureWidth-marginX-x0; n-- {
		a = c.axis(n - 1)
		last = s.face(tickStyle).width(a.label(a.steps))
	}
	room := pictureWidth - marginX - x0
	pixels := room - last/2
	for i, b := range c.Bars {
		if b.Value > 0 && notes[i] != "" {
			free := room - gap - s.face(noteStyle).width(notes[i])
			pixels = min(pixels, free*(a.top()/b.Value))
		}
	}
	return scale{a, pixels}
}

// rowGrid draws a light line and a number at every tick.
func (s *sketch) rowGrid(plot scale, x0, top, bottom float64) {
	for i := range plot.steps + 1 {
		x := x0 + plot.pixels*float64(i)/float64(plot.steps)
		if i > 0 {
			s.fill(x-1, top, x, bottom, grid)
		}
		s.write(plot.label(i), x, bottom+24, middle, tickStyle)
	}
}

// rowAxisTitle names the value axis below its ticks, which end at y.
func (s *sketch) rowAxisTitle(c Bars, x0, x1, y float64) float64 {
	if c.ValueAxis == "" {
		return y
	}
	y += 30
	s.write(s.fit(c.ValueAxis, x1-x0, axisStyle), (x0+x1)/2, y, middle, axisStyle)
	return y
}

// labelStyleOf sets what is marked in bold, for those who do not see its colour.
func labelStyleOf(c shade) style {
	if c == marked {
		return strongStyle
	}
	return labelStyle
}

func barShade(b Bar) shade {
	switch {
	case b.shade != none:
		return b.shade
	case b.Muted:
		return muted
	}
	return accent
}
