// Package chart is charts as data, drawn as PNG, SVG and text, and as options for ECharts.
//
// A chart is a struct that holds everything a drawing shows, in stated units, with nothing left to compute; Chart is what
// all of them can do. One scene of shapes and texts is laid out for SVG and PNG, so both show the same.
//
// A chart holds text that comes from captures. Every drawing shows it cleaned: control and formatting
// characters are gone, white space is one blank, and what does not fit ends in an ellipsis. Values may be anything: a
// negative, infinite or undefined one is drawn as 0. How much is drawn has bounds, and a drawing says what it leaves out.
package chart

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
)

// Bars is a bar chart as data: everything that a drawing shows, nothing left to compute.
type Bars struct {
	Title        string
	Subtitle     string // such as the file and its time span
	CategoryAxis string // what a bar stands for
	ValueAxis    string // what its length stands for, with the unit
	Horizontal   bool   // a bar is a row, as for countries; otherwise a column, as for hours
	Bars         []Bar  // in the order of drawing

	unit   Unit   // of the values
	desc   string // for those who cannot see the picture
	remark string // what is left out already
}

// Bar is one bar. A negative, infinite or undefined value is drawn as 0; the note stands as it is.
type Bar struct {
	Label string
	Value float64
	Note  string // the number as printed at the bar's end; may be empty
	Muted bool   // drawn in grey: a bar that is not one of its kind, such as "others"

	shade shade // in place of the usual one
}

// maxBars bounds the size of a picture; a drawing of more bars says how many it leaves out.
const maxBars = 1000

// Values beyond these would overflow a sum or a scale.
const (
	minValue = 1e-300
	maxValue = 1e300
)

// Top gives the chart of the n largest bars, largest first and equal ones in their old order, and of
// the rest as one muted bar named others, whose note is the sum as Number prints it. A rest of one bar
// keeps its own name.
func (c Bars) Top(n int, others string) Bars {
	n = max(n, 0)
	c.Bars = slices.Clone(c.Bars)
	slices.SortStableFunc(c.Bars, func(a, b Bar) int { return cmp.Compare(drawn(b.Value), drawn(a.Value)) })
	if len(c.Bars) <= n+1 {
		return c
	}
	rest := Bar{Label: others, Muted: true}
	for _, b := range c.Bars[n:] {
		rest.Value = drawn(rest.Value + drawn(b.Value))
	}
	rest.Note = Number(rest.Value)
	c.Bars = append(c.Bars[:n], rest)
	return c
}

// drawn is the value that a bar of value v is drawn with.
func drawn(v float64) float64 {
	if !(v >= minValue) || math.IsInf(v, 0) {
		return 0
	}
	return min(v, maxValue)
}

// cleaned is the chart as every drawing sees it: text cleaned, values drawable, bars bounded. The
// remark says how many bars were left out.
func (c Bars) cleaned() (_ Bars, remark string) {
	remark = c.remark
	c.Title, c.Subtitle = clean(c.Title), clean(c.Subtitle)
	c.CategoryAxis, c.ValueAxis = clean(c.CategoryAxis), clean(c.ValueAxis)
	if left := len(c.Bars) - maxBars; left > 0 {
		c.Bars = c.Bars[:maxBars]
		remark = fmt.Sprintf("%s more bars are not drawn", Number(float64(left)))
	}
	c.Bars = slices.Clone(c.Bars)
	for i, b := range c.Bars {
		c.Bars[i] = Bar{Label: clean(b.Label), Value: drawn(b.Value), Note: clean(b.Note), Muted: b.Muted, shade: b.shade}
	}
	return c, remark
}

// whole tells whether all values are whole numbers, so that half a step would make no sense.
func (c Bars) whole() bool { return wholeSeq(c.values) }

// describe names the largest bars.
func (c Bars) describe() string {
	if len(c.Bars) == 0 {
		return "no data"
	}
	order := slices.Clone(c.Bars)
	slices.SortStableFunc(order, func(a, b Bar) int { return cmp.Compare(b.Value, a.Value) })
	var most []string
	for _, b := range order[:min(len(order), 5)] {
		most = append(most, tipOf(b, c.unit))
	}
	return fmt.Sprintf("%d bars, the largest: %s.", len(c.Bars), strings.Join(most, "; "))
}

// axis is the scale of the bars, of n steps at most.
func (c Bars) axis(n int) axis { return unitAxis(c.largest(), n, c.unit, c.whole()) }

// values yields the value of each bar.
func (c Bars) values(yield func(float64) bool) {
	for _, b := range c.Bars {
		if !yield(b.Value) {
			return
		}
	}
}

func whole(values []float64) bool { return wholeSeq(slices.Values(values)) }

func wholeSeq(values func(yield func(float64) bool)) bool {
	for v := range values {
		if v != math.Trunc(v) {
			return false
		}
	}
	return true
}

// largest is the largest value of the bars.
func (c Bars) largest() float64 {
	var m float64
	for _, b := range c.Bars {
		m = max(m, b.Value)
	}
	return m
}
