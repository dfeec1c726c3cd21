package chart

import (
	"fmt"
	"strings"
)

// Theme is a set of colours.
type Theme int

// The themes.
const (
	Light Theme = iota
	Dark
)

// CSS is the theme's colours as declarations of custom properties, which an SVG inside HTML takes its colours from.
// Without them it is light.
func (t Theme) CSS() string {
	var b strings.Builder
	for s := paper; s < shades; s++ {
		fmt.Fprintf(&b, "%s:%s;", s.property(), s.hex(t))
	}
	return b.String()
}

// shade is one of the few colours that a chart uses.
type shade int

const (
	none  shade = iota
	paper       // what everything is drawn on
	ink         // what is to be read
	dim         // what explains it
	grid
	base   // the line that bars stand on
	accent // what the chart is about
	muted  // what is not one of its kind, and what was before
	marked // what a reader should look at
	server
	external
	span // behind a marked time
	land // without a value
	coast
	scale1 // a little; each step up to scale6 stands out more from paper
	scale2
	scale3
	scale4
	scale5
	scale6
	shades
)

// scaleSteps is how many shades a scale has.
const scaleSteps = int(scale6-scale1) + 1

// colours are the shades by theme. Texts stand out from paper by 4.5 to 1 at least, and all that means something by 3
// to 1; grid, span and land need not. The colours of groups differ for the colour-blind too.
var colours = [shades]struct {
	name  string
	theme [2]uint32
}{
	paper:    {"paper", [2]uint32{0xffffff, 0x14191f}},
	ink:      {"ink", [2]uint32{0x1f2933, 0xe6ebf0}},
	dim:      {"dim", [2]uint32{0x56626f, 0xa6b2be}},
	grid:     {"grid", [2]uint32{0xe4e8ec, 0x2a323b}},
	base:     {"base", [2]uint32{0x7b8794, 0x7b8794}},
	accent:   {"accent", [2]uint32{0x3470a8, 0x5f9fd8}},
	muted:    {"muted", [2]uint32{0x8a94a0, 0x76828f}},
	marked:   {"marked", [2]uint32{0xc4460a, 0xf28c4f}},
	server:   {"server", [2]uint32{0x0b7a6f, 0x3dbaa9}},
	external: {"external", [2]uint32{0x7d55a6, 0xb898e0}},
	span:     {"span", [2]uint32{0xfdecd8, 0x3d2d1c}},
	land:     {"land", [2]uint32{0xe9edf1, 0x262e37}},
	coast:    {"coast", [2]uint32{0x8a94a0, 0x66727f}},
	scale1:   {"scale-1", [2]uint32{0x6496c8, 0x4479ad}},
	scale2:   {"scale-2", [2]uint32{0x447db5, 0x5c93c7}},
	scale3:   {"scale-3", [2]uint32{0x2c659e, 0x79acdb}},
	scale4:   {"scale-4", [2]uint32{0x1d4f84, 0x9ac3e8}},
	scale5:   {"scale-5", [2]uint32{0x133a68, 0xbcdaf3}},
	scale6:   {"scale-6", [2]uint32{0x0b2748, 0xe2f1fc}},
}

func (s shade) property() string { return "--chart-" + colours[s].name }

func (s shade) hex(t Theme) string { return fmt.Sprintf("#%06x", colours[s].theme[t]) }

// css is the shade as the value of an attribute: the page's colour, or the light one.
func (s shade) css() string {
	if s == none {
		return "none"
	}
	return "var(" + s.property() + "," + s.hex(Light) + ")"
}
