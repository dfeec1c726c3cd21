package chart

import (
	"image"
	"math"
)

// shade is one of the few colours that a chart uses.
type shade int

const (
	paper shade = iota
	ink         // what is to be read
	dim         // what explains it
	grid
	base // the line that bars stand on
	accent
	muted
	shades
)

// rgb are the shades' colours. Dim on paper has a contrast of 6 to 1, ink 14 to 1.
var rgb = [shades]uint32{
	paper:  0xffffff,
	ink:    0x1f2933,
	dim:    0x56626f,
	grid:   0xe4e8ec,
	base:   0x97a3b0,
	accent: 0x3470a8,
	muted:  0xb4bcc5,
}

// scene is a laid-out chart: filled boxes below lines of text, in pixels. Both PNG and SVG are written
// from it and decide nothing.
type scene struct {
	width, height int
	title         string // for those who cannot see the picture
	boxes         []box
	texts         []line
}

type box struct {
	image.Rectangle
	shade shade
}

// line is a text on paper: its anchor is at x, its base line at y, in whole pixels.
type line struct {
	text   string
	style  style
	anchor anchor
	x, y   int
	width  float64
}

// anchor is the part of a text that its x means.
type anchor int

const (
	start anchor = iota
	middle
	end
)

// The styles of a chart's texts.
var (
	titleStyle    = style{size: 34, bold: true, ink: ink}
	subtitleStyle = style{size: 21, ink: dim}
	axisStyle     = style{size: 19, ink: dim}
	tickStyle     = style{size: 18, ink: dim}
	labelStyle    = style{size: 20, ink: ink}
	noteStyle     = style{size: 19, ink: ink}
)

// The measures that rows and columns share, in pixels.
const (
	pictureWidth = 1600
	marginX      = 48
	marginTop    = 40
	marginBottom = 36
	gap          = 10 // between a bar and its texts
)

// sketch is a scene in the making.
type sketch struct {
	scene
	faces map[style]*typeface
}

func (s *sketch) face(st style) *typeface {
	t := s.faces[st]
	if t == nil {
		t = newTypeface(st)
		s.faces[st] = t
	}
	return t
}

func (s *sketch) measure(st style) func(string) float64 { return s.face(st).width }

// fit shortens a text to room pixels.
func (s *sketch) fit(text string, room float64, st style) string {
	return shorten(text, room, s.measure(st))
}

// widest is the width of the widest of n texts.
func (s *sketch) widest(n int, st style, text func(int) string) float64 {
	var w float64
	for i := range n {
		w = max(w, s.face(st).width(text(i)))
	}
	return w
}

func (s *sketch) fill(x0, y0, x1, y1 float64, c shade) {
	r := image.Rect(pixel(x0), pixel(y0), pixel(x1), pixel(y1))
	s.boxes = append(s.boxes, box{r, c})
}

// write sets a text whose base line is at y.
func (s *sketch) write(text string, x, y float64, a anchor, st style) {
	if text == "" {
		return
	}
	s.texts = append(s.texts, line{text, st, a, pixel(x), pixel(y), s.face(st).width(text)})
}

// writeBeside sets a text whose capitals are centred on y.
func (s *sketch) writeBeside(text string, x, y float64, a anchor, st style) {
	s.write(text, x, y+s.face(st).capHeight()/2, a, st)
}

func pixel(v float64) int { return int(math.Round(v)) }

// scene lays the chart out.
func (c Bars) scene() scene {
	c, remark := c.cleaned()
	s := &sketch{scene: scene{width: pictureWidth, title: c.Title}, faces: map[style]*typeface{}}
	y := s.header(c)
	if c.Horizontal {
		y = s.rows(c, y)
	} else {
		y = s.columns(c, y)
	}
	if remark != "" {
		y += 34
		s.write(remark, marginX, y, start, axisStyle)
	}
	s.height = pixel(y + marginBottom)
	return s.scene
}

// header sets title and subtitle and returns where the chart below them begins.
func (s *sketch) header(c Bars) float64 {
	const room = pictureWidth - 2*marginX
	y := float64(marginTop)
	if c.Title != "" {
		y += 28
		s.write(s.fit(c.Title, room, titleStyle), marginX, y, start, titleStyle)
		y += 10
	}
	if c.Subtitle != "" {
		y += 24
		s.write(s.fit(c.Subtitle, room, subtitleStyle), marginX, y, start, subtitleStyle)
		y += 6
	}
	return y + 20
}

// noData says inside an empty frame that there is nothing to draw.
func (s *sketch) noData(x0, y0, x1, y1 float64) {
	s.fill(x0, y0, x1, y0+1, grid)
	s.fill(x1-1, y0, x1, y1, grid)
	s.fill(x0, y0, x0+2, y1, base)
	s.fill(x0, y1-2, x1, y1, base)
	s.writeBeside("no data", (x0+x1)/2, (y0+y1)/2, middle, subtitleStyle)
}
