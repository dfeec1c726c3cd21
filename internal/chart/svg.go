package chart

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
)

// fontFamily names the font of the PNG, then fonts of like widths that people have.
const fontFamily = "Liberation Sans, Arimo, Arial, Helvetica, DejaVu Sans Condensed, sans-serif"

// SVG draws the chart as a document that stands alone or inside HTML: it has no script, no style
// attribute and no reference, so the strictest Content-Security-Policy lets it through. Each text carries
// its length, so that it fits in whatever font the viewer has.
func (c Bars) SVG(w io.Writer) error {
	s := c.scene()
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%[1]d" height="%[2]d" viewBox="0 0 %[1]d %[2]d" role="img" font-family="%[3]s">`+"\n",
		s.width, s.height, fontFamily)
	fmt.Fprintf(&b, "<title>%s</title>\n", escape(s.title))
	fmt.Fprintf(&b, `<rect width="%d" height="%d" fill="#%06x"/>`+"\n", s.width, s.height, rgb[paper])
	for _, x := range s.boxes {
		if !x.Empty() {
			fmt.Fprintf(&b, `<rect x="%d" y="%d" width="%d" height="%d" fill="#%06x"/>`+"\n",
				x.Min.X, x.Min.Y, x.Dx(), x.Dy(), rgb[x.shade])
		}
	}
	for _, l := range s.texts {
		writeText(&b, l)
	}
	b.WriteString("</svg>\n")
	if _, err := b.WriteTo(w); err != nil {
		return fmt.Errorf("write chart as SVG: %w", err)
	}
	return nil
}

func writeText(b *bytes.Buffer, l line) {
	attributes := ""
	if l.style.bold {
		attributes += ` font-weight="bold"`
	}
	switch l.anchor {
	case middle:
		attributes += ` text-anchor="middle"`
	case end:
		attributes += ` text-anchor="end"`
	}
	fmt.Fprintf(b, `<text x="%d" y="%d" font-size="%g"%s fill="#%06x" textLength="%.1f" lengthAdjust="spacingAndGlyphs">%s</text>`+"\n",
		l.x, l.y, l.style.size, attributes, rgb[l.style.ink], l.width, escape(l.text))
}

func escape(s string) string {
	var b bytes.Buffer
	// A bytes.Buffer takes every write.
	_ = xml.EscapeText(&b, []byte(s))
	return b.String()
}
