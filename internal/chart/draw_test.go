package chart_test

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"sentinel/internal/chart"
)

var update = flag.Bool("update", false, "rewrite the expected results")

// golden compares a result with testdata/name.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; run with -update and read the diff. Got:\n%s", path, got)
	}
}

func svgOf(t testing.TB, c chart.Bars) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := c.SVG(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pngOf(t testing.TB, c chart.Bars) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := c.PNG(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestSVGGolden(t *testing.T) {
	golden(t, "countries.svg", svgOf(t, countries()))
	golden(t, "hours.svg", svgOf(t, hours(1)))
}

// drawing is what an SVG shows.
type drawing struct {
	size  image.Point
	desc  string
	tips  []string
	boxes []shape
	dots  []shape
	paths []shape // as large as the boxes around them
	texts []shape
}

type shape struct {
	image.Rectangle
	fill string
	size int
	text string
}

// allowed are the elements and attributes that a drawing is made of.
var allowed = map[string][]string{
	"svg":    {"xmlns", "viewBox", "role", "font-family"},
	"title":  nil,
	"desc":   nil,
	"g":      {"fill", "stroke", "stroke-width", "stroke-linejoin", "fill-rule", "pointer-events", "paint-order", "font-size", "font-weight", "text-anchor"},
	"rect":   {"x", "y", "width", "height", "fill"},
	"circle": {"cx", "cy", "r"},
	"path":   {"d"},
	"text":   {"x", "y", "textLength", "lengthAdjust"},
}

// readSVG parses a drawing and fails on anything that does not belong into one.
func readSVG(t testing.TB, svg []byte) drawing {
	t.Helper()
	var d drawing
	var open []xml.StartElement
	group := map[string]string{}
	dec := xml.NewDecoder(bytes.NewReader(svg))
	for {
		token, err := dec.Token()
		if token == nil {
			if err.Error() != "EOF" {
				t.Fatalf("parse SVG: %v", err)
			}
			return d
		}
		switch token := token.(type) {
		case xml.StartElement:
			attributes := attributesOf(t, token)
			if token.Name.Local == "g" {
				group = attributes
			} else if token.Name.Local != "svg" {
				d.add(t, token.Name.Local, attributes, group)
			} else if _, err := fmt.Sscanf(attributes["viewBox"], "0 0 %d %d", &d.size.X, &d.size.Y); err != nil {
				t.Fatal(err)
			}
			open = append(open, token)
		case xml.CharData:
			d.read(t, string(token), open)
		case xml.EndElement:
			open = open[:len(open)-1]
			if token.Name.Local == "g" {
				group = map[string]string{}
			}
		default:
			t.Fatalf("SVG holds %T", token)
		}
	}
}

// add takes in an element of a group.
func (d *drawing) add(t testing.TB, name string, attributes, group map[string]string) {
	t.Helper()
	for k, v := range group {
		attributes[k] = v
	}
	switch s := shapeOf(attributes); name {
	case "rect":
		d.boxes = append(d.boxes, s)
	case "circle":
		d.dots = append(d.dots, s)
	case "path":
		s.Rectangle = pathBounds(t, attributes["d"])
		d.paths = append(d.paths, s)
	case "text":
		d.texts = append(d.texts, s)
	}
}

// read takes in text, which lies in the last of the open elements.
func (d *drawing) read(t testing.TB, s string, open []xml.StartElement) {
	t.Helper()
	if strings.ContainsFunc(strings.ReplaceAll(s, "\n", ""), func(r rune) bool { return !unicode.IsPrint(r) }) {
		t.Fatalf("text %q holds what cannot be printed", s)
	}
	if len(open) == 0 || strings.TrimSpace(s) == "" {
		return
	}
	switch name := open[len(open)-1].Name.Local; {
	case name == "text":
		d.texts[len(d.texts)-1].text = strings.TrimSpace(s)
	case name == "title" && len(open) > 2:
		d.tips = append(d.tips, s)
	case name == "desc":
		d.desc = s
	}
}

var (
	pathCommand = regexp.MustCompile(`([MlhvzC])([^MlhvzC]*)`)
	pathNumber  = regexp.MustCompile(`-?[0-9.]+`)
)

// pathBounds follows a path and returns the box around it.
func pathBounds(t testing.TB, path string) image.Rectangle {
	t.Helper()
	var x, y float64
	lo, hi := [2]float64{math.Inf(1), math.Inf(1)}, [2]float64{math.Inf(-1), math.Inf(-1)}
	for _, command := range pathCommand.FindAllStringSubmatch(path, -1) {
		var v []float64
		for _, n := range pathNumber.FindAllString(command[2], -1) {
			f, err := strconv.ParseFloat(n, 64)
			if err != nil {
				t.Fatalf("path holds %q", n)
			}
			v = append(v, f)
		}
		switch command[1] + strconv.Itoa(len(v)) {
		case "M2":
			x, y = v[0], v[1]
		case "l2":
			x, y = x+v[0], y+v[1]
		case "h1":
			x += v[0]
		case "v1":
			y += v[0]
		case "C6":
			x, y = v[4], v[5] // the control points of a ribbon lie at the heights of its ends
		case "z0":
		default:
			t.Fatalf("path holds %q", command[0])
		}
		lo, hi = [2]float64{min(lo[0], x), min(lo[1], y)}, [2]float64{max(hi[0], x), max(hi[1], y)}
	}
	return image.Rect(int(lo[0]), int(lo[1]), int(math.Ceil(hi[0])), int(math.Ceil(hi[1])))
}

func attributesOf(t testing.TB, e xml.StartElement) map[string]string {
	t.Helper()
	names, ok := allowed[e.Name.Local]
	if !ok {
		t.Fatalf("SVG holds the element %q", e.Name.Local)
	}
	values := map[string]string{}
	for _, a := range e.Attr {
		if !slices.Contains(names, a.Name.Local) {
			t.Fatalf("<%s> has the attribute %q", e.Name.Local, a.Name.Local)
		}
		values[a.Name.Local] = a.Value
	}
	return values
}

// shapeOf is the room that an element takes. A text's reaches from its base line to the height of its
// capitals.
func shapeOf(a map[string]string) shape {
	number := func(name string) int {
		v, _ := strconv.ParseFloat(a[name], 64)
		return int(v)
	}
	x, y := number("x"), number("y")
	fill := a["fill"]
	if at := strings.IndexByte(fill, '#'); at >= 0 {
		fill = strings.TrimSuffix(fill[at:], ")") // as where no page sets the property
	}
	s := shape{image.Rect(x, y, x+number("width"), y+number("height")), fill, number("font-size"), ""}
	if r := number("r"); r > 0 {
		s.Rectangle = image.Rect(number("cx")-r, number("cy")-r, number("cx")+r, number("cy")+r)
	}
	if s.size > 0 {
		width := number("textLength")
		x -= map[string]int{"": 0, "middle": width / 2, "end": width}[a["text-anchor"]]
		s.Rectangle = image.Rect(x, y-s.size*7/10, x+width, y)
	}
	return s
}

const (
	accent = "#3470a8"
	muted  = "#8a94a0"
)

// bars are the boxes that stand for values.
func (d drawing) bars() []shape {
	return slices.DeleteFunc(slices.Clone(d.boxes), func(s shape) bool { return s.fill != accent && s.fill != muted })
}

// TestLayout holds every chart to what a reader needs: all inside the picture, nothing on top of another,
// no small print.
func TestLayout(t *testing.T) {
	for name, c := range charts() {
		d := readSVG(t, svgOf(t, c))
		picture := image.Rectangle{Max: d.size}
		for _, s := range slices.Concat(d.boxes, d.texts) {
			if !s.In(picture) {
				t.Errorf("%s: %q at %v is cut off by the picture %v", name, s.text, s, picture)
			}
		}
		slices.SortFunc(d.texts, func(a, b shape) int { return cmp.Compare(a.Min.Y, b.Min.Y) })
		for i, s := range d.texts {
			if s.size < 12 || s.text == "" {
				t.Errorf("%s: %q is %d pixels high", name, s.text, s.size)
			}
			for _, o := range d.texts[i+1:] {
				if o.Min.Y > s.Max.Y {
					break
				}
				if s.Overlaps(o.Rectangle) {
					t.Errorf("%s: %q at %v overlaps %q at %v", name, s.text, s.Rectangle, o.text, o.Rectangle)
				}
			}
			for _, b := range d.bars() {
				if s.Overlaps(b.Rectangle) {
					t.Errorf("%s: %q at %v overlaps a bar at %v", name, s.text, s.Rectangle, b.Rectangle)
				}
			}
		}
	}
}

func TestDrawingShows(t *testing.T) {
	for _, test := range []struct {
		chart string
		bars  int
		texts []string
	}{
		{"countries", 26, []string{"Connections per country", "connections", "country of destination", "Congo, the Democratic Republic of the (CD)", "Unknown", "others", "412,345", "0", "500,000"}},
		{"hours", 14, []string{"00", "23", "hour of the day (UTC)", "118,442", "6,847", "120,000"}},
		{"hours x 20", 14, []string{"2,368,840", "2,188,400"}},
		{"none in rows", 0, []string{"none", "no data", "flows", "host"}},
		{"none in columns", 0, []string{"no data", "flows", "host"}},
		{"zero in columns", 0, []string{"a", "b", "0", "1"}},
		{"invalid in rows", 1, []string{"-5", "NaN", "2"}},
		{"huge in columns", 3, []string{"1,000,000,000,000,000", "1"}},
		{"largest in rows", 1, []string{"max", "inf", "1e+300"}},
		{"500 in rows", 499, []string{"host-499.example"}},
		{"500 in columns", 499, []string{"1,006"}},
		{"1200 rows", 999, []string{"host-999.example", "200 more bars are not drawn"}},
		{"hostile 0 in rows", 2, []string{"<script>alert(1)</script>"}},
		{"hostile 3 in rows", 2, []string{"[31mred[0m]0;title"}},
		{"hostile 4 in rows", 2, []string{"line break tab end"}},
		{"hostile 5 in rows", 2, []string{"gnp.exe"}},
		{"hostile 6 in rows", 2, []string{"bad \ufffd\ufffd\ufffd\ufffd utf-8 \ufffd\ufffd\ufffd"}},
		{"hostile 8 in rows", 2, []string{"z\u0301\u0316"}},
		{"hostile 11 in rows", 2, []string{"x"}},
	} {
		d := readSVG(t, svgOf(t, charts()[test.chart]))
		var shown []string
		for _, s := range d.texts {
			shown = append(shown, s.text)
		}
		for _, want := range test.texts {
			if !slices.Contains(shown, want) {
				t.Errorf("%s: does not show %q, only %q", test.chart, want, shown)
			}
		}
		if got := len(d.bars()); got != test.bars {
			t.Errorf("%s: %d bars, want %d", test.chart, got, test.bars)
		}
	}
}

func TestBarsAreToScale(t *testing.T) {
	c := chart.Bars{Horizontal: true, Bars: []chart.Bar{{Label: "a", Value: 1000}, {Label: "b", Value: 250, Muted: true}, {Label: "c", Value: 1e-9}}}
	bars := readSVG(t, svgOf(t, c)).bars()
	if a, b := bars[0].Dx(), bars[1].Dx(); b < a/4-1 || b > a/4+1 || a < 600 {
		t.Errorf("bars of 1000 and 250 are %d and %d pixels long", a, b)
	}
	if bars[0].fill != accent || bars[1].fill != muted {
		t.Errorf("bars are %s and %s", bars[0].fill, bars[1].fill)
	}
	if bars[2].Dx() != 2 {
		t.Errorf("the smallest bar is %d pixels long, want 2", bars[2].Dx())
	}
	c.Horizontal = false
	bars = readSVG(t, svgOf(t, c)).bars()
	if a, b := bars[0].Dy(), bars[1].Dy(); b != a/4 || a != 440 {
		t.Errorf("columns of 1000 and 250 are %d and %d pixels high", a, b)
	}
}

func TestTicks(t *testing.T) {
	for _, test := range []struct {
		largest float64
		want    string
	}{
		{0, "0 1"},
		{1, "0 1"},
		{3, "0 1 2 3"},
		{0.3, "0 0.05 0.1 0.15 0.2 0.25 0.3"},
		{0.07, "0 0.01 0.02 0.03 0.04 0.05 0.06 0.07"},
		{0.7, "0 0.1 0.2 0.3 0.4 0.5 0.6 0.7"},
		{2.5, "0 0.5 1 1.5 2 2.5"},
		{13, "0 2 4 6 8 10 12 14"},
		{7300, "0 1,000 2,000 3,000 4,000 5,000 6,000 7,000 8,000"},
		{1e6, "0 200,000 400,000 600,000 800,000 1,000,000"},
		{0.0007, "0 0.0001 0.0002 0.0003 0.0004 0.0005 0.0006 0.0007"},
	} {
		d := readSVG(t, svgOf(t, chart.Bars{Bars: []chart.Bar{{Value: test.largest}}}))
		var got []string
		for _, s := range d.texts {
			got = append(got, s.text)
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("ticks for %v: %s, want %s", test.largest, strings.Join(got, " "), test.want)
		}
	}
}

// TestPNGShowsWhatSVGShows compares the two pixel by shape.
func TestPNGShowsWhatSVGShows(t *testing.T) {
	for name, c := range charts() {
		d := readSVG(t, svgOf(t, c))
		if d.size.Y > 20000 {
			continue // slow to read back, and no other than the shorter ones
		}
		img, err := png.Decode(bytes.NewReader(pngOf(t, c)))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if size := img.Bounds().Size(); size != magnified(image.Rectangle{Max: d.size}).Size() || size.X != 1600 {
			t.Errorf("%s: PNG is %v, SVG %v", name, size, d.size)
		}
		for i := range d.texts {
			d.texts[i].Rectangle = magnified(d.texts[i].Rectangle)
		}
		for _, b := range d.bars() {
			b.Rectangle = magnified(b.Rectangle)
			if got := img.At((b.Min.X+b.Max.X)/2, (b.Min.Y+b.Max.Y)/2); hex(got) != b.fill {
				t.Fatalf("%s: bar at %v is %s, want %s", name, b.Rectangle, hex(got), b.fill)
			}
		}
		for _, s := range d.texts {
			first, last := s.Rectangle, s.Rectangle
			first.Max.X -= s.Dx() * 3 / 5
			last.Min.X += s.Dx() * 3 / 5
			if !anyInk(img, first, s.fill) || !anyInk(img, last, s.fill) {
				t.Errorf("%s: %q is not written all over %v", name, s.text, s.Rectangle)
			}
		}
	}
}

// magnified is a place of the SVG in the PNG.
func magnified(r image.Rectangle) image.Rectangle {
	at := func(v int) int { return int(math.Round(float64(v) * 4 / 3)) }
	return image.Rect(at(r.Min.X), at(r.Min.Y), at(r.Max.X), at(r.Max.Y))
}

func hex(c color.Color) string {
	r, g, b, _ := c.RGBA()
	return "#" + strconv.FormatUint(uint64(1<<24|r>>8<<16|g>>8<<8|b>>8), 16)[1:]
}

// anyInk tells whether a pixel in r has the colour fill, or nearly so.
func anyInk(img image.Image, r image.Rectangle, fill string) bool {
	want, _ := strconv.ParseUint(fill[1:3], 16, 8)
	for y := r.Min.Y - 3; y < r.Max.Y+4; y++ { // a low or high sign may have no part between
		for x := r.Min.X; x < r.Max.X; x++ {
			if c, _, _, _ := img.At(x, y).RGBA(); uint64(c>>8) < want+0x40 {
				return true
			}
		}
	}
	return false
}

func TestPictureSizes(t *testing.T) {
	for name, want := range map[string]image.Point{
		"countries": {1600, 1124}, "hours": {1600, 916}, "none in rows": {1600, 676}, "one in rows": {1600, 337},
	} {
		config, err := png.DecodeConfig(bytes.NewReader(pngOf(t, charts()[name])))
		if got := image.Pt(config.Width, config.Height); err != nil || got != want {
			t.Errorf("%s: %v, %v, want %v", name, got, err, want)
		}
	}
}

func TestDrawingsAreDeterministic(t *testing.T) {
	for _, name := range []string{"countries", "hours", "500 in columns", "hostile 12 in rows"} {
		first, second := charts()[name], charts()[name]
		if !bytes.Equal(pngOf(t, first), pngOf(t, second)) {
			t.Errorf("%s: two PNGs differ", name)
		}
		if !bytes.Equal(svgOf(t, first), svgOf(t, second)) {
			t.Errorf("%s: two SVGs differ", name)
		}
	}
	if bytes.Equal(pngOf(t, hours(1)), pngOf(t, hours(2))) {
		t.Error("different charts are drawn alike")
	}
}

var errFull = errors.New("disk full")

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errFull }

func TestWriteErrors(t *testing.T) {
	if err := hours(1).PNG(fullDisk{}); !errors.Is(err, errFull) {
		t.Errorf("PNG: %v", err)
	}
	if err := hours(1).SVG(fullDisk{}); !errors.Is(err, errFull) {
		t.Errorf("SVG: %v", err)
	}
}

func BenchmarkPNG(b *testing.B) {
	for _, bench := range []struct {
		name  string
		chart chart.Bars
	}{{"countries", countries()}, {"hours", hours(1)}, {"500 rows", many(500, true)}, {"500 columns", many(500, false)}} {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			var w bytes.Buffer
			for b.Loop() {
				w.Reset()
				if err := bench.chart.PNG(&w); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(w.Len()), "bytes/picture")
		})
	}
}
