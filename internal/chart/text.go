package chart

import "strings"

// Text draws the chart for a terminal of that many cells: no line is wider, and none holds a control
// character but its end. A chart of columns shows its values by the axis alone, and is drawn in rows where
// it finds no room.
func (c Bars) Text(width int) string {
	c, remark := c.cleaned()
	t := &text{width: max(width, 0)}
	t.add(c.Title)
	t.add(c.Subtitle)
	if t.Len() > 0 {
		t.WriteByte('\n')
	}
	switch {
	case len(c.Bars) == 0:
		t.add("no data")
	case c.Horizontal || !t.columns(c):
		t.rows(c)
	}
	t.add(remark)
	return t.String()
}

// text is a drawing in the making.
type text struct {
	strings.Builder
	width int
}

// add appends a line, cut to the width; an empty one is none.
func (t *text) add(s string) {
	if s = cut(strings.TrimRight(s, " "), t.width); s != "" {
		t.WriteString(s)
		t.WriteByte('\n')
	}
}

// What labels and notes may take of the width, and the shortest bars worth drawing, in cells.
const (
	labelShare  = 0.4
	noteShare   = 0.3
	noteCells   = 12
	barCellsMin = 5
)

// rows draws label, bar and note on a line each.
func (t *text) rows(c Bars) {
	labels, notes := cells(c.CategoryAxis), 0
	for _, b := range c.Bars {
		labels, notes = max(labels, cells(b.Label)), max(notes, cells(b.Note))
	}
	labels = min(labels, int(labelShare*float64(t.width)))
	notes = min(notes, max(int(noteShare*float64(t.width)), noteCells))
	bars := t.width - labels - notes - 4
	if bars < barCellsMin {
		bars = 0
	}
	if head := c.CategoryAxis + c.ValueAxis; head != "" {
		t.add(pad(c.CategoryAxis, labels) + "  " + c.ValueAxis)
	}
	for _, b := range c.Bars {
		line := pad(b.Label, labels) + "  "
		if bars > 0 {
			line += pad(rowBar(b, c.largest(), bars), bars) + "  "
		}
		note := cut(b.Note, notes)
		t.add(line + strings.Repeat(" ", notes-cells(note)) + note)
	}
}

// The blocks that fill one to eight eighths of a cell, from its left and from its bottom.
var (
	leftEighths  = []rune(" ▏▎▍▌▋▊▉█")
	lowerEighths = []rune(" ▁▂▃▄▅▆▇█")
)

// mutedBlock fills a cell of a muted bar, which has no finer steps.
const mutedBlock = '░'

// rowBar draws a bar from left to right, to an eighth of a cell.
func rowBar(b Bar, largest float64, width int) string {
	var s strings.Builder
	for i := range width {
		s.WriteRune(block(b, eighths(b, largest, width)-8*i, leftEighths))
	}
	return strings.TrimRight(s.String(), " ")
}

// eighths is the bar's length where top has that many cells; a value above 0 is always seen.
func eighths(b Bar, top float64, width int) int {
	if b.Value == 0 {
		return 0
	}
	return max(int(b.Value/top*float64(8*width)+0.5), 1)
}

// block fills n eighths of a cell.
func block(b Bar, n int, set []rune) rune {
	n = min(max(n, 0), 8)
	if b.Muted && n > 0 {
		return mutedBlock
	}
	return set[n]
}

// The measures of a drawing in columns, in cells.
const (
	textTicks      = 4
	cellsPerTick   = 2
	columnCellsMax = 8
)

// columns draws a bar a column above its label; it reports false, and draws nothing, where the width is
// less than a cell a bar.
func (t *text) columns(c Bars) bool {
	a := c.axis(textTicks)
	ticks := 0
	for i := range a.steps + 1 {
		ticks = max(ticks, cells(a.label(i)))
	}
	// The last column needs no gap behind it.
	pitch := min((t.width-ticks-2+1)/len(c.Bars), columnCellsMax)
	if t.width-ticks-2 < len(c.Bars) {
		return false
	}
	pitch = max(pitch, 1)
	bar := max(pitch-1, 1)

	t.add(c.ValueAxis)
	height := a.steps * cellsPerTick
	for level := height; level > 0; level-- {
		line := strings.Repeat(" ", ticks) + " │"
		if level%cellsPerTick == 0 {
			line = padLeft(a.label(level/cellsPerTick), ticks) + " ┤"
		}
		for _, b := range c.Bars {
			r := block(b, eighths(b, a.top(), height)-8*(level-1), lowerEighths)
			line += strings.Repeat(string(r), bar) + strings.Repeat(" ", pitch-bar)
		}
		t.add(line)
	}
	t.add(padLeft(a.label(0), ticks) + " └" + strings.Repeat("─", pitch*len(c.Bars)-(pitch-bar)))
	t.add(strings.Repeat(" ", ticks+2) + columnLabels(c.Bars, pitch, t.width-ticks-2))
	if c.CategoryAxis != "" {
		t.add(strings.Repeat(" ", ticks+2) + c.CategoryAxis)
	}
	return true
}

// columnLabels sets every label, or every n-th as room allows, below its bar.
func columnLabels(bars []Bar, pitch, width int) string {
	room, widest := max(pitch-1, columnCellsMax), 0
	for _, b := range bars {
		widest = max(widest, cells(cut(b.Label, room)))
	}
	every := widest/pitch + 1
	var line string
	for i := 0; i < len(bars); i += every {
		label := cut(bars[i].Label, room)
		if i*pitch+cells(label) > width {
			break
		}
		line = pad(line, i*pitch+max(pitch-1-cells(label), 0)/2) + label
	}
	return line
}
