package chart

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"strconv"
)

// fontFamily names the font of the PNG, then fonts of like widths that people have.
const fontFamily = "Liberation Sans, Arimo, Arial, Helvetica, DejaVu Sans Condensed, sans-serif"

// SVG draws the chart as a document that stands alone or inside HTML: it has no script, no style
// attribute, no id and no reference, so the strictest Content-Security-Policy lets it through and any number of them
// stand on a page. It is as wide as its place. Each text carries its length, so that it fits in whatever font the
// viewer has; colours are custom properties (Theme.CSS), with light ones where they are not set.
func (c Bars) SVG(w io.Writer) error { return c.scene().svg(w) }

func (s scene) svg(w io.Writer) error {
	b := &markup{}
	b.printf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" font-family="%s">`+"\n", s.width, s.height, fontFamily)
	b.printf("<title>%s</title>\n", escape(s.title))
	if s.desc != "" {
		b.printf("<desc>%s</desc>\n", escape(s.desc))
	}
	b.printf(`<rect width="%d" height="%d" fill="%s"/>`+"\n", s.width, s.height, paper.css())
	for _, x := range s.shapes {
		b.shape(x)
	}
	for _, l := range s.texts {
		b.text(l)
	}
	b.group("")
	b.WriteString("</svg>\n")
	if _, err := b.WriteTo(w); err != nil {
		return fmt.Errorf("write chart as SVG: %w", err)
	}
	return nil
}

// markup is a document in the making.
type markup struct {
	bytes.Buffer
	open string // attributes of the group that is open
}

func (b *markup) printf(format string, values ...any) { fmt.Fprintf(b, format, values...) }

// group opens a group with these attributes, unless it is open; none closes it. What follows one another and looks
// alike so has its attributes written once.
func (b *markup) group(attributes string) {
	if b.open == attributes {
		return
	}
	if b.open != "" {
		b.WriteString("</g>\n")
	}
	if attributes != "" {
		b.printf("<g%s>\n", attributes)
	}
	b.open = attributes
}

// writer is a form that writes itself as an element and leaves it open for a title.
type writer interface {
	// element begins the element and returns its name.
	element(b *markup) string
	// paint are the attributes that give the form these colours.
	paint(fill, edge shade) string
	// nothing tells whether there is nothing to see.
	nothing() bool
}

func (b *markup) shape(x shape) {
	if x.form.nothing() {
		return
	}
	b.group(x.form.paint(x.fill, x.edge))
	name := x.form.element(b)
	if x.tip == "" {
		b.WriteString("/>\n")
		return
	}
	b.printf("><title>%s</title></%s>\n", escape(x.tip), name)
}

// filled are the attributes of a form that is an area. A form of no colour still has its tip.
func filled(fill, edge shade) string {
	switch {
	case fill == none && edge == none:
		return ` fill="none" pointer-events="all"`
	case edge == none:
		return ` fill="` + fill.css() + `"`
	}
	return ` fill="` + fill.css() + `" stroke="` + edge.css() + `"`
}

func (x box) nothing() bool                 { return x.Empty() }
func (x box) paint(fill, edge shade) string { return filled(fill, edge) }

func (x box) element(b *markup) string {
	b.printf(`<rect x="%d" y="%d" width="%d" height="%d"`, x.Min.X, x.Min.Y, x.Dx(), x.Dy())
	return "rect"
}

func (d disc) nothing() bool                 { return d.radius <= 0 }
func (d disc) paint(fill, edge shade) string { return filled(fill, edge) }

func (d disc) element(b *markup) string {
	b.printf(`<circle cx="%s" cy="%s" r="%s"`, tenths(d.centre.x), tenths(d.centre.y), tenths(d.radius))
	return "circle"
}

func (a area) nothing() bool                 { return len(a) == 0 }
func (a area) paint(fill, edge shade) string { return filled(fill, edge) + ` fill-rule="evenodd"` }

func (a area) element(b *markup) string {
	b.WriteString(`<path d="`)
	for _, ring := range a {
		b.path(ring)
		b.WriteByte('z')
	}
	b.WriteByte('"')
	return "path"
}

func (l stroke) nothing() bool { return len(l.points) < 2 }

func (l stroke) paint(fill, _ shade) string {
	return ` fill="none" stroke="` + fill.css() + `" stroke-width="` + tenths(l.width) + `" stroke-linejoin="round"`
}

func (l stroke) element(b *markup) string {
	b.WriteString(`<path d="`)
	b.path(l.points)
	b.WriteByte('"')
	return "path"
}

// path goes from point to point in steps, which are shorter to write than places. What falls on the point before is
// left out.
func (b *markup) path(points []point) {
	x, y := 0, 0
	for i, p := range points {
		px, py := inTenths(p.x), inTenths(p.y)
		switch dx, dy := px-x, py-y; {
		case i == 0:
			b.printf("M%s %s", tenths(p.x), tenths(p.y))
		case dx == 0 && dy == 0:
		case dy == 0:
			b.WriteString("h" + printTenths(dx))
		case dx == 0:
			b.WriteString("v" + printTenths(dy))
		default:
			b.WriteString("l" + printTenths(dx))
			if dy > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(printTenths(dy))
		}
		x, y = px, py
	}
}

func inTenths(v float64) int { return int(math.Round(v * 10)) }

// tenths prints a number with one decimal at most.
func tenths(v float64) string { return printTenths(inTenths(v)) }

func printTenths(n int) string { return strconv.FormatFloat(float64(n)/10, 'f', -1, 64) }

func (b *markup) text(l line) {
	attributes := fmt.Sprintf(` font-size="%g" fill="%s"`, l.style.size, l.style.ink.css())
	if l.style.bold {
		attributes += ` font-weight="bold"`
	}
	switch l.anchor {
	case middle:
		attributes += ` text-anchor="middle"`
	case end:
		attributes += ` text-anchor="end"`
	}
	b.group(attributes)
	b.printf(`<text x="%d" y="%d" textLength="%.1f" lengthAdjust="spacingAndGlyphs">%s</text>`+"\n", l.x, l.y, l.width, escape(l.text))
}

func escape(s string) string {
	var b bytes.Buffer
	// A bytes.Buffer takes every write.
	_ = xml.EscapeText(&b, []byte(s))
	return b.String()
}
