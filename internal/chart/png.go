package chart

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"math"

	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// pngWidth is how many pixels of a PNG a scene's width becomes.
const pngWidth = 1600

// magnification is a scene's pixel in those of a PNG.
const magnification = float64(pngWidth) / pictureWidth

// PNG draws the chart as a picture 1600 pixels wide. Its height follows the number of rows.
func (c Bars) PNG(w io.Writer) error { return c.scene().png(w) }

func (s scene) png(w io.Writer) error {
	// Large areas of few colours pack well at any level, so the fastest will do.
	enc := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := enc.Encode(w, indexed(s.raster())); err != nil {
		return fmt.Errorf("write chart as PNG: %w", err)
	}
	return nil
}

func (s shade) rgba() color.RGBA {
	v := colours[s].theme[Light]
	return color.RGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 0xff}
}

// raster draws the scene.
func (s scene) raster() *image.RGBA {
	size := func(n int) int { return int(math.Round(float64(n) * magnification)) }
	c := &canvas{RGBA: image.NewRGBA(image.Rect(0, 0, size(s.width), size(s.height))), z: vector.NewRasterizer(0, 0)}
	draw.Draw(c.RGBA, c.Rect, image.NewUniform(paper.rgba()), image.Point{}, draw.Src)
	for _, x := range s.shapes {
		if !x.form.nothing() {
			x.form.trace(c, x.fill, x.edge)
		}
	}
	faces := map[style]*typeface{}
	for _, l := range s.texts {
		if faces[l.style] == nil {
			magnified := l.style
			magnified.size *= magnification
			faces[l.style] = newTypeface(magnified)
		}
		faces[l.style].draw(c.RGBA, l)
	}
	return c.RGBA
}

// canvas is a picture in the making.
type canvas struct {
	*image.RGBA
	z    *vector.Rasterizer
	clip image.Rectangle // what z covers
}

// tracer is a form that draws itself.
type tracer interface {
	trace(c *canvas, fill, edge shade)
}

// around begins a drawing that lies within these points and a margin.
func (c *canvas) around(margin float64, points ...point) {
	lo, hi := point{math.Inf(1), math.Inf(1)}, point{math.Inf(-1), math.Inf(-1)}
	for _, p := range points {
		lo = point{min(lo.x, p.x-margin), min(lo.y, p.y-margin)}
		hi = point{max(hi.x, p.x+margin), max(hi.y, p.y+margin)}
	}
	c.clip = image.Rect(
		int(lo.x*magnification)-1, int(lo.y*magnification)-1, int(hi.x*magnification)+2, int(hi.y*magnification)+2,
	).Intersect(c.Rect)
	c.z.Reset(c.clip.Dx(), c.clip.Dy())
}

func (c *canvas) place(p point) (x, y float32) {
	return float32(p.x*magnification - float64(c.clip.Min.X)), float32(p.y*magnification - float64(c.clip.Min.Y))
}

func (c *canvas) ring(points []point) {
	c.z.MoveTo(c.place(points[0]))
	for _, p := range points[1:] {
		c.z.LineTo(c.place(p))
	}
	c.z.ClosePath()
}

// paint fills what was drawn since around.
func (c *canvas) paint(s shade) {
	if !c.clip.Empty() && s != none {
		c.z.Draw(c.RGBA, c.clip, image.NewUniform(s.rgba()), image.Point{})
	}
}

func (x box) trace(c *canvas, fill, edge shade) {
	at := func(v int) int { return int(math.Round(float64(v) * magnification)) }
	r := image.Rect(at(x.Min.X), at(x.Min.Y), at(x.Max.X), at(x.Max.Y))
	// What is seen in the scene is seen in the picture.
	r.Max = image.Pt(max(r.Max.X, r.Min.X+1), max(r.Max.Y, r.Min.Y+1))
	if edge != none {
		draw.Draw(c.RGBA, r, image.NewUniform(edge.rgba()), image.Point{}, draw.Src)
		r = r.Inset(1)
	}
	if fill != none {
		draw.Draw(c.RGBA, r, image.NewUniform(fill.rgba()), image.Point{}, draw.Src)
	}
}

func (d disc) trace(c *canvas, fill, edge shade) {
	draw := func(radius float64, s shade) {
		c.around(radius, d.centre)
		c.circle(d.centre, radius)
		c.paint(s)
	}
	if edge != none {
		draw(d.radius+0.5, edge)
		draw(d.radius-0.5, fill)
		return
	}
	draw(d.radius, fill)
}

// circle is one of 24 corners, clockwise: at the sizes of dots no eye tells it from a round one.
func (c *canvas) circle(centre point, radius float64) {
	const corners = 24
	var ring [corners]point
	for i := range ring {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / corners)
		ring[i] = point{centre.x + radius*cos, centre.y + radius*sin}
	}
	c.ring(ring[:])
}

func (a area) trace(c *canvas, fill, edge shade) {
	if fill != none {
		c.around(0, flat(a)...)
		for _, ring := range a {
			c.ring(ring)
		}
		c.paint(fill)
	}
	if edge == none {
		return
	}
	for _, ring := range a {
		stroke{append(ring[:len(ring):len(ring)], ring[0]), 1}.trace(c, edge, none)
	}
}

func flat(a area) (points []point) {
	for _, ring := range a {
		points = append(points, ring...)
	}
	return points
}

// trace draws every piece of the line with a round joint, all winding alike, so that they add up to one.
func (l stroke) trace(c *canvas, fill, _ shade) {
	half := l.width / 2
	c.around(half, l.points...)
	for i := 1; i < len(l.points); i++ {
		p, q := l.points[i-1], l.points[i]
		length := p.distance(q)
		if length == 0 {
			continue
		}
		n := point{(q.y - p.y) / length * half, (p.x - q.x) / length * half}
		c.ring([]point{{p.x + n.x, p.y + n.y}, {q.x + n.x, q.y + n.y}, {q.x - n.x, q.y - n.y}, {p.x - n.x, p.y - n.y}})
		if i > 1 && half > 0.75 {
			c.circle(p, half)
		}
	}
	c.paint(fill)
}

// draw sets a text.
func (t *typeface) draw(img *image.RGBA, l line) {
	paint := image.NewUniform(l.style.ink.rgba())
	dot := fixed.Point26_6{X: fixed.Int26_6(float64(l.x) * magnification * 64), Y: fixed.Int26_6(float64(l.y) * magnification * 64)}
	switch width := fixed.Int26_6(l.width * magnification * 64); l.anchor {
	case middle:
		dot.X -= width / 2
	case end:
		dot.X -= width
	}
	for _, r := range l.text {
		advance := t.advance(r)
		if !t.has(r) {
			frame(img, dot, advance, l.style.ink.rgba())
		} else if dr, mask, at, _, ok := t.face.Glyph(dot, r); ok {
			draw.DrawMask(img, dr, paint, image.Point{}, mask, at, draw.Over)
		}
		dot.X += advance
	}
}

// frame draws the empty box that stands for a character that the font lacks.
func frame(img *image.RGBA, dot fixed.Point26_6, width fixed.Int26_6, c color.RGBA) {
	inset := width / 8
	r := image.Rect((dot.X + inset).Round(), (dot.Y - width*3/4).Round(), (dot.X + width - inset).Round(), dot.Y.Round())
	for x := r.Min.X; x < r.Max.X; x++ {
		img.SetRGBA(x, r.Min.Y, c)
		img.SetRGBA(x, r.Max.Y-1, c)
	}
	for y := r.Min.Y; y < r.Max.Y; y++ {
		img.SetRGBA(r.Min.X, y, c)
		img.SetRGBA(r.Max.X-1, y, c)
	}
}
