package chart

import (
	"cmp"
	"image"
	"slices"
)

// The measures of a chart of columns, in pixels.
const (
	columnsHeight  = 440.0 // of the longest bar's axis
	columnTicks    = 8
	columnMax      = 120.0 // from one column to the next
	columnLabelMin = 70.0  // what a label may take, though its neighbours then go unnamed
	columnNoteMax  = 180.0
	noteSizeMin    = 12
	noteLift       = 8 // from a bar to the note above it
	noteApart      = 3 // to each side of a note
)

// columns draws a bar a column below y and returns where the drawing ends.
func (s *sketch) columns(c Bars, y float64) float64 {
	plot := scale{c.axis(columnTicks), columnsHeight}
	ticks := s.widest(plot.steps+1, tickStyle, plot.label)
	x0, x1 := marginX+ticks+gap, float64(pictureWidth-marginX)
	if c.ValueAxis != "" {
		y += 14
		s.write(s.fit(c.ValueAxis, pictureWidth-2*marginX, axisStyle), marginX, y, start, axisStyle)
	}
	top := y + 40 // room for the note of a bar that reaches the axis's end
	bottom := top + plot.pixels
	if len(c.Bars) == 0 {
		s.noData(x0, top, x1, bottom)
	} else {
		s.columnGrid(plot, x0, x1, bottom)
		s.columnBars(c, plot, x0, x1, bottom)
		s.fill(x0, bottom, x1, bottom+2, base)
	}
	y = bottom + 30
	if c.CategoryAxis != "" {
		y += 34
		s.write(s.fit(c.CategoryAxis, x1-x0, axisStyle), (x0+x1)/2, y, middle, axisStyle)
	}
	return y
}

// columnGrid draws a light line and a number at every tick.
func (s *sketch) columnGrid(plot scale, x0, x1, bottom float64) {
	for i := range plot.steps + 1 {
		y := bottom - plot.pixels*float64(i)/float64(plot.steps)
		if i > 0 {
			s.fill(x0, y, x1, y+1, grid)
		}
		s.writeBeside(plot.label(i), x0-gap, y, end, tickStyle)
	}
}

// columnBars draws the bars, their notes, and every label or every n-th, as room allows.
func (s *sketch) columnBars(c Bars, plot scale, x0, x1, bottom float64) {
	pitch := min((x1-x0)/float64(len(c.Bars)), columnMax)
	first := (x0 + x1 - pitch*float64(len(c.Bars)-1)) / 2
	centre := func(i int) float64 { return first + pitch*float64(i) }
	var bars []box
	for i, b := range c.Bars {
		half := max(pitch*0.36, 0.5)
		bar := rect(centre(i)-half, bottom-plot.length(b.Value), centre(i)+half, bottom)
		s.draw(bar, barShade(b), tipOf(b, c.unit))
		bars = append(bars, bar)
	}
	s.columnNotes(c, bars, x0)

	label := func(i int) string {
		return s.fit(c.Bars[i].Label, max(pitch-gap, columnLabelMin), labelStyle)
	}
	every := 1 + int((s.widest(len(c.Bars), labelStyle, label)+gap-1)/pitch)
	for i := 0; i < len(c.Bars); i += every {
		s.write(label(i), centre(i), bottom+28, middle, labelStyle)
	}
}

// columnNotes sets the notes above their bars, in the largest size in which none touches another bar or
// note. Where no size is small enough, it leaves out those of the smaller bars.
func (s *sketch) columnNotes(c Bars, bars []box, x0 float64) {
	for st := noteStyle; st.size >= noteSizeMin; st.size-- {
		if notes, all := s.placeNotes(c, bars, x0, st); all {
			s.texts = append(s.texts, notes...)
			return
		}
	}
	notes, _ := s.placeNotes(c, bars, x0, noteStyle)
	s.texts = append(s.texts, notes...)
}

// placeNotes finds room for the notes, those of the largest bars first, and tells whether all have it.
func (s *sketch) placeNotes(c Bars, bars []box, x0 float64, st style) (notes []line, all bool) {
	order := make([]int, len(bars))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(c.Bars[j].Value, c.Bars[i].Value) })
	var taken []image.Rectangle
	all = true
	for _, i := range order {
		note := s.fit(c.Bars[i].Note, columnNoteMax, st)
		if note == "" {
			continue
		}
		width := s.face(st).width(note)
		middleX := float64(bars[i].Min.X+bars[i].Max.X) / 2
		x, y := min(max(middleX, x0+width/2), pictureWidth-marginX-width/2), bars[i].Min.Y-noteLift
		room := image.Rect(pixel(x-width/2)-noteApart, y-int(st.size), pixel(x+width/2)+noteApart, y+noteLift/2)
		if touchesBar(room, bars, i) || slices.ContainsFunc(taken, room.Overlaps) {
			all = false
			continue
		}
		taken = append(taken, room)
		notes = append(notes, line{note, st, middle, pixel(x), y, width})
	}
	return notes, all
}

// touchesBar tells whether r overlaps a neighbour of bar i.
func touchesBar(r image.Rectangle, bars []box, i int) bool {
	for j := i - 1; j >= 0 && bars[j].Max.X > r.Min.X; j-- {
		if r.Overlaps(bars[j].Rectangle) {
			return true
		}
	}
	for j := i + 1; j < len(bars) && bars[j].Min.X < r.Max.X; j++ {
		if r.Overlaps(bars[j].Rectangle) {
			return true
		}
	}
	return false
}

// tipOf says what a column stands for, whose label or note may have found no room.
func tipOf(b Bar, u Unit) string { return b.Label + ": " + cmp.Or(b.Note, u.Print(b.Value)) }
