package chart_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/width"

	"sentinel/internal/chart"
)

func TestTextGolden(t *testing.T) {
	for _, w := range []int{40, 80, 120} {
		golden(t, fmt.Sprintf("countries-%d.txt", w), []byte(countries().Text(w)))
		golden(t, fmt.Sprintf("hours-%d.txt", w), []byte(hours(1).Text(w)))
	}
}

// cells counts by Unicode's own table of East Asian widths.
func cells(s string) int {
	n := 0
	for _, r := range s {
		switch kind := width.LookupRune(r).Kind(); {
		case unicode.In(r, unicode.Mn, unicode.Me):
		case kind == width.EastAsianWide || kind == width.EastAsianFullwidth:
			n += 2
		default:
			n++
		}
	}
	return n
}

// checkText holds a drawing to its width and to printable characters.
func checkText(t *testing.T, name, text string, width int) {
	t.Helper()
	for line := range strings.SplitSeq(text, "\n") {
		if got := cells(line); got > max(width, 0) {
			t.Errorf("%s at width %d: %q takes %d cells", name, width, line, got)
		}
		if strings.ContainsFunc(line, func(r rune) bool { return !unicode.IsPrint(r) }) {
			t.Errorf("%s at width %d: %q holds what cannot be printed", name, width, line)
		}
		if strings.HasSuffix(line, " ") {
			t.Errorf("%s at width %d: %q ends in a blank", name, width, line)
		}
	}
}

func TestTextNeverExceedsWidth(t *testing.T) {
	for name, c := range charts() {
		for _, w := range []int{-16, 0, 1, 2, 3, 5, 8, 11, 13, 17, 19, 23, 29, 40, 41, 79, 80, 120, 200} {
			checkText(t, name, c.Text(w), w)
		}
	}
}

func TestText(t *testing.T) {
	for _, test := range []struct {
		name  string
		chart chart.Bars
		width int
		want  string
	}{
		{"no bars", chart.Bars{Title: "Countries"}, 40, "Countries\n\nno data\n"},
		{"nothing at all", chart.Bars{}, 40, "no data\n"},
		{"eighths of a cell", chart.Bars{Horizontal: true, Bars: []chart.Bar{{Label: "a", Value: 16, Note: "16"}, {Label: "b", Value: 5, Note: "5"}, {Label: "c", Value: 0.01, Note: "0"}, {Label: "d", Note: "0"}}}, 15,
			"a  ████████  16\nb  ██▌        5\nc  ▏          0\nd             0\n"},
		{"muted", chart.Bars{Horizontal: true, Bars: []chart.Bar{{Label: "a", Value: 2, Note: "2"}, {Label: "rest", Value: 1, Note: "1", Muted: true}}}, 18,
			"a     █████████  2\nrest  ░░░░░      1\n"},
		{"wide letters", chart.Bars{Horizontal: true, Bars: []chart.Bar{{Label: "漢字", Value: 2, Note: "2"}, {Label: "abcd", Value: 1, Note: "1"}}}, 17,
			"漢字  ████████  2\nabcd  ████      1\n"},
		{"no room for bars", chart.Bars{Horizontal: true, CategoryAxis: "host", ValueAxis: "flows", Bars: []chart.Bar{{Label: "192.0.2.1", Value: 1, Note: "12,345"}}}, 15,
			"host    flows\n192.0…  12,345\n"},
		{"columns", chart.Bars{Bars: []chart.Bar{{Label: "00", Value: 4}, {Label: "01"}, {Label: "02", Value: 1, Muted: true}, {Label: "03", Value: 1}}}, 16,
			"4 ┤██\n  │██\n3 ┤██\n  │██\n2 ┤██\n  │██\n1 ┤██    ░░ ██\n  │██    ░░ ██\n0 └───────────\n   00 01 02 03\n"},
		{"columns without room are rows", chart.Bars{Bars: []chart.Bar{{Label: "00", Value: 4, Note: "4"}, {Label: "01", Value: 4, Note: "4"}, {Label: "02", Value: 4, Note: "4"}}}, 5,
			"00  4\n01  4\n02  4\n"},
	} {
		if got := test.chart.Text(test.width); got != test.want {
			t.Errorf("%s:\n%s\nwant:\n%s", test.name, got, test.want)
		}
	}
}

func FuzzLabels(f *testing.F) {
	for i, s := range hostile {
		f.Add(s, s, s, float64(i), 10*i)
	}
	f.Fuzz(func(t *testing.T, title, label, note string, value float64, width int) {
		width %= 300
		c := chart.Bars{Title: title, Subtitle: label, CategoryAxis: note, ValueAxis: label, Bars: []chart.Bar{
			{Label: label, Value: value, Note: note}, {Label: note, Value: 1, Note: label, Muted: true}, {Label: title},
		}}
		for _, c.Horizontal = range []bool{false, true} {
			checkText(t, "fuzzed", c.Text(width), width)
			readSVG(t, svgOf(t, c))
		}
	})
}
