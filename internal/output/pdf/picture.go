package pdf

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"io"

	"codeberg.org/go-pdf/fpdf"
)

// drawing is what can be drawn as a picture.
type drawing interface{ PNG(io.Writer) error }

// tallest bounds a picture, so that it leaves room for a heading on its page.
const tallest = 200

// picture sets a drawing in a width, or narrower where it would be too tall.
func (s *sheet) picture(d drawing, width float64) {
	name, size := s.register(d, width)
	if s.Err() {
		return
	}
	s.need(size.Ht + 3)
	y := s.GetY() + 1
	s.ImageOptions(name, margin, y, size.Wd, size.Ht, false, fpdf.ImageOptions{ImageType: "PNG"}, 0, "")
	s.SetY(y + size.Ht + 2)
}

// register makes a picture part of the document, and gives its size on the page, in a width of at most so much.
func (s *sheet) register(d drawing, most float64) (name string, size fpdf.SizeType) {
	var drawn bytes.Buffer
	if err := d.PNG(&drawn); err != nil {
		s.SetError(fmt.Errorf("drawing a picture for PDF: %w", err))
		return "", size
	}
	s.drawn++
	bounds, err := widen(&drawn, s.drawn)
	if err != nil {
		s.SetError(fmt.Errorf("reading a picture for PDF: %w", err))
		return "", size
	}
	name = fmt.Sprintf("picture %d", s.drawn)
	s.RegisterImageOptionsReader(name, fpdf.ImageOptions{ImageType: "PNG"}, &drawn)
	width, height := float64(bounds.Dx()), float64(bounds.Dy())
	scale := min(most/width, tallest/height)
	return name, fpdf.SizeType{Wd: width * scale, Ht: height * scale}
}

// widen adds blank columns at the right. The library stores pictures in the order of their widths, and those of one
// width in any order: so that the same report gives the same bytes, no two may be of one width.
func widen(picture *bytes.Buffer, columns int) (image.Rectangle, error) {
	decoded, err := png.Decode(picture)
	if err != nil {
		return image.Rectangle{}, err
	}
	drawn, ok := decoded.(*image.Paletted)
	if !ok {
		return image.Rectangle{}, fmt.Errorf("expected a picture with a palette, got %T", decoded)
	}
	wider := image.NewPaletted(drawn.Rect, drawn.Palette)
	wider.Rect.Max.X += columns
	wider.Stride += columns
	wider.Pix = make([]uint8, wider.Stride*drawn.Rect.Dy()) // the first colour is that of the paper
	for y := range drawn.Rect.Dy() {
		copy(wider.Pix[y*wider.Stride:], drawn.Pix[y*drawn.Stride:][:drawn.Stride])
	}
	picture.Reset()
	encoder := png.Encoder{CompressionLevel: png.BestSpeed}
	return wider.Rect, encoder.Encode(picture, wider)
}
