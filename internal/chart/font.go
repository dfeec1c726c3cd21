package chart

import (
	"sync"
	"unicode"

	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// style is how a text is set: its size in pixels, its weight and its shade.
type style struct {
	size float64
	bold bool
	ink  shade
}

// The two fonts, in the binary, parsed once. Liberation Sans covers Latin, Greek, Cyrillic and Hebrew, and is
// as wide, letter by letter, as the Arial and Helvetica that an SVG viewer sets in its place.
var (
	regular = sync.OnceValue(func() *sfnt.Font { return parse(liberationsansregular.TTF) })
	bold    = sync.OnceValue(func() *sfnt.Font { return parse(liberationsansbold.TTF) })
)

func parse(ttf []byte) *sfnt.Font {
	f, err := opentype.Parse(ttf)
	if err != nil {
		panic(err) // the font is part of the binary
	}
	return f
}

// typeface measures and draws one style. It is not safe for concurrent use.
type typeface struct {
	font *sfnt.Font
	face font.Face
	buf  sfnt.Buffer
	em   fixed.Int26_6
}

func newTypeface(s style) *typeface {
	t := &typeface{font: regular(), em: fixed.Int26_6(s.size * 64)}
	if s.bold {
		t.font = bold()
	}
	// At 72 dots per inch a point is a pixel. Without hinting a text is as wide as its outline says.
	face, err := opentype.NewFace(t.font, &opentype.FaceOptions{Size: s.size, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		panic(err) // the size is ours
	}
	t.face = face
	return t
}

// has tells whether the font has a glyph for r.
func (t *typeface) has(r rune) bool {
	i, err := t.font.GlyphIndex(&t.buf, r)
	return err == nil && i != 0
}

// advance is the width of one rune. A character that the font lacks counts as a square, which is about how
// wide an SVG viewer sets it in another font; a combining mark goes onto the letter before it.
func (t *typeface) advance(r rune) fixed.Int26_6 {
	switch {
	case t.has(r):
		a, _ := t.face.GlyphAdvance(r)
		return a
	case unicode.Is(unicode.M, r):
		return 0
	}
	return t.em
}

func (t *typeface) width(s string) float64 {
	var w fixed.Int26_6
	for _, r := range s {
		w += t.advance(r)
	}
	return float64(w) / 64
}

// capHeight is the height of a capital letter, by which a line of text is centred.
func (t *typeface) capHeight() float64 {
	return float64(t.face.Metrics().CapHeight) / 64
}
