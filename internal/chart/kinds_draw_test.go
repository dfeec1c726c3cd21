package chart_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/png"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sentinel/internal/chart"
)

// odd are charts of every kind, in these units, around one text, one value and one moment, which may be anything.
func odd(text string, v float64, at int64, n int, units ...chart.Unit) map[string]chart.Chart {
	n = max(n, 0)
	timeline := chart.Timeline{Title: text, Subtitle: text, ValueAxis: text, Start: at, Step: at / 7, Name: text, BehindName: text}
	contacts := chart.Contacts{Title: text, ValueAxis: text, Undated: n%2 == 0}
	histogram := chart.Histogram{Title: text, ValueAxis: text, CountAxis: text, Edges: []float64{v}, Marks: []chart.Mark{{At: v, Label: text}, {At: 1, Label: text}}}
	ranking := chart.Ranking{Title: text, CategoryAxis: text, ValueAxis: text}
	graph := chart.Graph{Title: text, Unit: text, Nodes: []chart.Node{{Label: text, Group: chart.Suspect}, {Label: text, Group: chart.Group(n - 1)}}}
	pairs := chart.Pairs{Title: text, CategoryAxis: text, ValueAxis: text, Before: text, After: text}
	world := chart.World{Title: text, Unit: text, Countries: []chart.Country{{Code: "DE", Name: text, Value: v, Note: text}, {Code: text, Value: v}}}
	for i := range n {
		x := v * float64(i)
		timeline.Values, timeline.Behind = append(timeline.Values, x), append(timeline.Behind, v)
		timeline.Spans = append(timeline.Spans, chart.Span{From: at, To: at + int64(i)*timeline.Step, Label: text})
		contacts.Points = append(contacts.Points, chart.Contact{At: at * int64(i), Value: x, Label: text, Marked: i%3 == 0})
		histogram.Edges, histogram.Counts = append(histogram.Edges, v+float64(i+1)), append(histogram.Counts, x)
		ranking.Rows = append(ranking.Rows, chart.Rank{Label: text, Value: x, Marked: i%2 == 0})
		graph.Nodes = append(graph.Nodes, chart.Node{Label: fmt.Sprint(text, i)})
		graph.Edges = append(graph.Edges, chart.Edge{From: i, To: i*7%(n+5) - 1, Weight: v, Marked: i%4 == 0})
		pairs.Pairs = append(pairs.Pairs, chart.Pair{Label: text, Before: x, After: v})
		world.Beside = append(world.Beside, chart.Bar{Label: text, Value: v, Note: text})
	}
	week := chart.Week{Title: text, ValueAxis: text}
	week.Values[3][n%24], week.Values[6][23] = v, float64(n)
	sideways := pairs
	sideways.Horizontal = true
	unweighed := graph
	unweighed.Unit = ""
	all := map[string]chart.Chart{"graph": graph, "graph without unit": unweighed, "week": week}
	if n%8 == 0 { // it is long to read back
		all["world"] = world
	}
	for _, unit := range units {
		timeline.Unit, contacts.Unit, histogram.Unit, ranking.Unit, pairs.Unit, sideways.Unit = unit, unit, unit, unit, unit, unit
		for name, c := range map[string]chart.Chart{
			"timeline": timeline, "contacts": contacts, "histogram": histogram, "ranking": ranking, "pairs": pairs, "sideways": sideways,
		} {
			all[fmt.Sprint(name, " ", unit)] = c
		}
	}
	return all
}

// checkKind holds a chart's drawings to what a reader needs: all inside the picture, no text on top of another, no
// small print, nothing that a page or a terminal would take for more than text.
func checkKind(t *testing.T, name string, c chart.Chart, width int) {
	t.Helper()
	var b bytes.Buffer
	if err := c.SVG(&b); err != nil {
		t.Fatal(err)
	}
	d := readSVG(t, b.Bytes())
	if d.desc == "" && !strings.Contains(name, "bars") {
		t.Errorf("%s: is not described", name)
	}
	picture := image.Rectangle{Max: d.size}
	for _, s := range slices.Concat(d.boxes, d.dots, d.paths, d.texts) {
		if !s.In(picture.Inset(-1)) {
			t.Errorf("%s: %q at %v is cut off by the picture %v", name, s.text, s.Rectangle, picture)
		}
	}
	slices.SortFunc(d.texts, func(a, b shape) int { return cmp.Compare(a.Min.Y, b.Min.Y) })
	for i, s := range d.texts {
		if s.size < 13 {
			t.Errorf("%s: %q is %d pixels high", name, s.text, s.size)
		}
		for _, o := range d.texts[i+1:] {
			if s.Overlaps(o.Rectangle) {
				t.Errorf("%s: %q at %v overlaps %q at %v", name, s.text, s.Rectangle, o.text, o.Rectangle)
			}
		}
	}
	checkText(t, name, c.Text(width), width)
	for _, theme := range []chart.Theme{chart.Light, chart.Dark} {
		option, err := json.Marshal(c.ECharts(theme))
		if err != nil {
			t.Errorf("%s: option: %v", name, err)
		}
		checkTemplates(t, name, option)
	}
}

// clockTemplates are those that ticks of time are printed by.
var clockTemplates = regexp.MustCompile(`\{(yyyy|MMM|d|HH|mm|ss|SSS)\}`)

// checkTemplates finds braces in the texts of an option, which ECharts would take for templates.
func checkTemplates(t *testing.T, name string, option []byte) {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(option))
	for {
		token, err := dec.Token()
		if err != nil {
			return
		}
		if s, ok := token.(string); ok && strings.ContainsAny(clockTemplates.ReplaceAllString(s, ""), "{}") {
			t.Errorf("%s: option holds the template %q", name, s)
		}
	}
}

func TestKinds(t *testing.T) {
	for name, c := range samples() {
		checkKind(t, name, c, 132)
		for _, width := range []int{0, 1, 7, 30, 80} {
			checkText(t, name, c.Text(width), width)
		}
	}
}

func TestOddKinds(t *testing.T) {
	for _, s := range hostile {
		for name, c := range odd(s, 123.4, monday, 8, chart.Bytes) {
			checkKind(t, fmt.Sprintf("%s of %.20q", name, s), c, 60)
		}
	}
	for _, v := range []float64{0, -1, math.NaN(), math.Inf(1), math.Inf(-1), math.MaxFloat64, -math.MaxFloat64, math.SmallestNonzeroFloat64, 1e-300, 1e15, 0.001} {
		for _, at := range []int64{math.MaxInt64, math.MinInt64} {
			for name, c := range odd("label", v, at, 8, chart.Count, chart.Bytes, chart.Seconds) {
				checkKind(t, fmt.Sprintf("%s of %g at %d", name, v, at), c, 60)
			}
		}
	}
	for _, n := range []int{0, 1, 2, 61, 700, 2500} {
		for name, c := range odd("label", 3, monday, n, chart.Seconds) {
			checkKind(t, fmt.Sprintf("%s of %d", name, n), c, 60)
		}
	}
	for name, c := range odd("label", 3, monday, 8, chart.Count) {
		if err := c.SVG(fullDisk{}); !errors.Is(err, errFull) {
			t.Errorf("%s: SVG: %v", name, err)
		}
		if err := c.PNG(fullDisk{}); !errors.Is(err, errFull) {
			t.Errorf("%s: PNG: %v", name, err)
		}
	}
}

func FuzzKinds(f *testing.F) {
	for i, s := range hostile {
		f.Add(s, float64(i)*1.7, monday*int64(i), uint8(i), 10*i)
	}
	f.Add("label", math.NaN(), int64(math.MinInt64), uint8(70), 80)
	f.Add("", 1e300, int64(math.MaxInt64), uint8(200), 3)
	f.Fuzz(func(t *testing.T, text string, v float64, at int64, n uint8, width int) {
		for name, c := range odd(text, v, at, int(n)%40, chart.Unit(n%3)) {
			checkKind(t, name, c, width%300)
		}
	})
}

func TestKindGoldens(t *testing.T) {
	for name, c := range samples() {
		var b bytes.Buffer
		if err := c.SVG(&b); err != nil {
			t.Fatal(err)
		}
		if most := map[bool]int{true: 90_000, false: 31_000}[name == "world"]; b.Len() > most {
			t.Errorf("%s: %d bytes of SVG, want %d at most", name, b.Len(), most)
		}
		option, err := json.MarshalIndent(c.ECharts(chart.Dark), "", " ")
		if err != nil {
			t.Fatal(err)
		}
		if len(option) > 200_000 {
			t.Errorf("%s: an option of %d bytes", name, len(option))
		}
		if name != "graph-large" && name != "contacts-log" { // long, and no other than their like
			golden(t, name+".svg", b.Bytes())
			golden(t, name+"-80.txt", []byte(c.Text(80)))
		}
		if name == "world" || name == "graph" || name == "timeline-beside" {
			golden(t, name+".json", option)
		}
	}
}

func TestKindsAreDeterministic(t *testing.T) {
	for _, name := range []string{"world", "graph-large", "timeline-beside"} {
		var first, second bytes.Buffer
		if err := errors.Join(samples()[name].PNG(&first), samples()[name].PNG(&second)); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(first.Bytes(), second.Bytes()) {
			t.Errorf("%s: two PNGs differ", name)
		}
	}
}

func TestKindPNGs(t *testing.T) {
	for name, c := range samples() {
		var picture, svg bytes.Buffer
		if err := errors.Join(c.PNG(&picture), c.SVG(&svg)); err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(&picture)
		if err != nil {
			t.Fatal(err)
		}
		d := readSVG(t, svg.Bytes())
		if got, want := img.Bounds().Size(), magnified(image.Rectangle{Max: d.size}).Size(); got != want {
			t.Errorf("%s: PNG is %v, want %v", name, got, want)
		}
		for _, dot := range d.dots {
			r := magnified(dot.Rectangle)
			if got := hex(img.At((r.Min.X+r.Max.X)/2, (r.Min.Y+r.Max.Y)/2)); got != dot.fill && len(d.dots) < 100 {
				t.Errorf("%s: dot at %v is %s, want %s", name, dot.Rectangle, got, dot.fill)
			}
		}
		for _, s := range d.texts {
			if !anyInk(img, magnified(s.Rectangle), s.fill) {
				t.Errorf("%s: %q is not written at %v", name, s.text, s.Rectangle)
			}
		}
	}
}
