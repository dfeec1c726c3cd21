package chart

import (
	"strings"
	"unicode"
)

// wide are the characters that take two cells of a terminal (Unicode Standard Annex 11, W and F), by
// blocks; unassigned ones among them do not get here.
var wide = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x1100, Hi: 0x115f, Stride: 1}, // Hangul Jamo
		{Lo: 0x231a, Hi: 0x231b, Stride: 1}, // from here to 0x2b55: emoji among the symbols
		{Lo: 0x2329, Hi: 0x232a, Stride: 1},
		{Lo: 0x23e9, Hi: 0x23f3, Stride: 1},
		{Lo: 0x25fd, Hi: 0x25fe, Stride: 1},
		{Lo: 0x2600, Hi: 0x27bf, Stride: 1},
		{Lo: 0x2b1b, Hi: 0x2b1c, Stride: 1},
		{Lo: 0x2b50, Hi: 0x2b55, Stride: 5},
		{Lo: 0x2e80, Hi: 0x303e, Stride: 1}, // CJK
		{Lo: 0x3041, Hi: 0xa4cf, Stride: 1},
		{Lo: 0xa960, Hi: 0xa97c, Stride: 1},
		{Lo: 0xac00, Hi: 0xd7a3, Stride: 1}, // Hangul
		{Lo: 0xf900, Hi: 0xfaff, Stride: 1},
		{Lo: 0xfe10, Hi: 0xfe19, Stride: 1},
		{Lo: 0xfe30, Hi: 0xfe6f, Stride: 1},
		{Lo: 0xff01, Hi: 0xff60, Stride: 1}, // full-width forms
		{Lo: 0xffe0, Hi: 0xffe6, Stride: 1},
	},
	R32: []unicode.Range32{
		{Lo: 0x16fe0, Hi: 0x18df2, Stride: 1},
		{Lo: 0x1aff0, Hi: 0x1b2fb, Stride: 1},
		{Lo: 0x1d300, Hi: 0x1d376, Stride: 1},
		{Lo: 0x1f000, Hi: 0x1faff, Stride: 1}, // emoji
		{Lo: 0x20000, Hi: 0x3fffd, Stride: 1},
	},
}

// cells is how many cells of a terminal a cleaned text takes. Symbols whose width terminals dispute
// count as wide: a line may then end early, never late.
func cells(s string) int {
	n := 0
	for _, r := range s {
		switch {
		case unicode.In(r, unicode.Mn, unicode.Me):
		case unicode.Is(wide, r):
			n += 2
		default:
			n++
		}
	}
	return n
}

// cut shortens a text to n cells.
func cut(s string, n int) string {
	return shorten(s, float64(n), func(s string) float64 { return float64(cells(s)) })
}

// pad cuts or fills a text to n cells, filling at its right.
func pad(s string, n int) string {
	s = cut(s, n)
	return s + strings.Repeat(" ", n-cells(s))
}

// padLeft fills a text that has no more than n cells, at its left.
func padLeft(s string, n int) string {
	return strings.Repeat(" ", n-cells(s)) + s
}
