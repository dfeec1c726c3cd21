package chart

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"

	"golang.org/x/image/math/fixed"
)

// PNG draws the chart as a picture 1600 pixels wide. Its height follows the number of rows.
func (c Bars) PNG(w io.Writer) error {
	// Large areas of few colours pack well at any level, so the fastest will do.
	enc := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := enc.Encode(w, c.scene().raster()); err != nil {
		return fmt.Errorf("write chart as PNG: %w", err)
	}
	return nil
}

// levels is how many steps lead from paper to the colour of a text.
const levels = 32

// palette holds every shade, then the steps from paper to each shade that texts have.
var palette = func() color.Palette {
	var p color.Palette
	for s := range shades {
		p = append(p, mix(s, levels))
	}
	for _, s := range []shade{ink, dim} {
		for l := 1; l <= levels; l++ {
			p = append(p, mix(s, l))
		}
	}
	return p
}()

// mix is the colour level steps from paper to the shade.
func mix(s shade, level int) color.RGBA {
	part := func(shift int) uint8 {
		from, to := int(rgb[paper]>>shift&0xff), int(rgb[s]>>shift&0xff)
		return uint8(from + (to-from)*level/levels)
	}
	return color.RGBA{part(16), part(8), part(0), 0xff}
}

// firstLevel is the index before the steps of a text's shade.
func firstLevel(s shade) int {
	if s == dim {
		return int(shades) + levels - 1
	}
	return int(shades) - 1
}

// raster draws the scene with one byte a pixel: a picture of few colours is small and quick to pack.
func (s scene) raster() *image.Paletted {
	img := image.NewPaletted(image.Rect(0, 0, s.width, s.height), palette)
	for _, b := range s.boxes {
		fillBox(img, b)
	}
	faces := map[style]*typeface{}
	for _, l := range s.texts {
		if faces[l.style] == nil {
			faces[l.style] = newTypeface(l.style)
		}
		faces[l.style].draw(img, l)
	}
	return img
}

func fillBox(img *image.Paletted, b box) {
	r := b.Intersect(img.Rect)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		row := img.Pix[img.PixOffset(r.Min.X, y):img.PixOffset(r.Max.X, y)]
		for i := range row {
			row[i] = uint8(b.shade)
		}
	}
}

// draw sets a text; what little shows of a grid line below a letter's soft edge gives way to it.
func (t *typeface) draw(img *image.Paletted, l line) {
	before := firstLevel(l.style.ink)
	dot := fixed.P(l.x, l.y)
	switch width := fixed.Int26_6(l.width * 64); l.anchor {
	case middle:
		dot.X -= width / 2
	case end:
		dot.X -= width
	}
	for _, r := range l.text {
		advance := t.advance(r)
		if !t.has(r) {
			frame(img, dot, advance, uint8(before+levels))
		} else if dr, mask, at, _, ok := t.face.Glyph(dot, r); ok {
			stamp(img, dr, mask.(*image.Alpha), at, before)
		}
		dot.X += advance
	}
}

// frame draws the empty box that stands for a character that the font lacks.
func frame(img *image.Paletted, dot fixed.Point26_6, width fixed.Int26_6, index uint8) {
	inset := width / 8
	r := image.Rect((dot.X + inset).Round(), (dot.Y - width*3/4).Round(), (dot.X + width - inset).Round(), dot.Y.Round())
	for x := r.Min.X; x < r.Max.X; x++ {
		img.SetColorIndex(x, r.Min.Y, index)
		img.SetColorIndex(x, r.Max.Y-1, index)
	}
	for y := r.Min.Y; y < r.Max.Y; y++ {
		img.SetColorIndex(r.Min.X, y, index)
		img.SetColorIndex(r.Max.X-1, y, index)
	}
}

// stamp puts a glyph's mask into dr, in the palette's steps after the index before.
func stamp(img *image.Paletted, dr image.Rectangle, mask *image.Alpha, at image.Point, before int) {
	shown := dr.Intersect(img.Rect)
	for y := shown.Min.Y; y < shown.Max.Y; y++ {
		from := mask.PixOffset(at.X+shown.Min.X-dr.Min.X, at.Y+y-dr.Min.Y)
		to := img.PixOffset(shown.Min.X, y)
		for i := range shown.Dx() {
			if level := (int(mask.Pix[from+i])*levels + 127) / 255; level > 0 {
				img.Pix[to+i] = uint8(before + level)
			}
		}
	}
}
