package chart

import (
	"cmp"
	"image"
	"math"
)

// scene is a laid-out chart: shapes, the later on top of the earlier, below lines of text, in pixels. Both PNG and SVG
// are written from it and decide nothing.
type scene struct {
	width, height int
	title, desc   string // for those who cannot see the picture
	shapes        []shape
	texts         []line
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
	titleStyle    = style{size: 26, bold: true, ink: ink}
	subtitleStyle = style{size: 17, ink: dim}
	axisStyle     = style{size: 16, ink: dim}
	tickStyle     = style{size: 15, ink: dim}
	labelStyle    = style{size: 16, ink: ink}
	strongStyle   = style{size: 16, bold: true, ink: ink}
	noteStyle     = style{size: 15, ink: ink}
	smallStyle    = style{size: 14, ink: ink}
)

// The measures that charts share, in pixels.
const (
	pictureWidth = 1200
	marginX      = 36
	marginTop    = 30
	marginBottom = 28
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
	s.draw(rect(x0, y0, x1, y1), c, "")
}

// draw puts a shape on top of the others.
func (s *sketch) draw(f form, c shade, tip string) {
	s.shapes = append(s.shapes, shape{form: f, fill: c, tip: tip})
}

func rect(x0, y0, x1, y1 float64) box {
	return box{image.Rect(pixel(x0), pixel(y0), pixel(x1), pixel(y1))}
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
	s, y := newSketch(c.Title, c.Subtitle)
	s.desc = cmp.Or(c.desc, c.describe())
	if c.Horizontal {
		y = s.rows(c, y)
	} else {
		y = s.columns(c, y)
	}
	return s.finish(y, remark)
}

// newSketch begins a scene with title and subtitle and returns where the chart below them begins.
func newSketch(title, subtitle string) (s *sketch, y float64) {
	const room = pictureWidth - 2*marginX
	s = &sketch{scene: scene{width: pictureWidth, title: title}, faces: map[style]*typeface{}}
	y = marginTop
	if title != "" {
		y += 22
		s.write(s.fit(title, room, titleStyle), marginX, y, start, titleStyle)
		y += 8
	}
	if subtitle != "" {
		y += 20
		s.write(s.fit(subtitle, room, subtitleStyle), marginX, y, start, subtitleStyle)
		y += 5
	}
	return s, y + 16
}

// finish ends a scene at y, below what the chart leaves out.
func (s *sketch) finish(y float64, remark string) scene {
	if remark != "" {
		y += 30
		s.write(s.fit(remark, pictureWidth-2*marginX, axisStyle), marginX, y, start, axisStyle)
	}
	s.height = pixel(y + marginBottom)
	return s.scene
}

// noData says inside an empty frame that there is nothing to draw.
func (s *sketch) noData(x0, y0, x1, y1 float64) {
	s.fill(x0, y0, x1, y0+1, grid)
	s.fill(x1-1, y0, x1, y1, grid)
	s.fill(x0, y0, x0+2, y1, base)
	s.fill(x0, y1-2, x1, y1, base)
	s.writeBeside("no data", (x0+x1)/2, (y0+y1)/2, middle, subtitleStyle)
}
