package chart_test

import (
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"

	"sentinel/internal/chart"
)

// countries is the chart of a day's countries: 25 of 31 and the others, one of them unknown.
func countries() chart.Bars {
	c := chart.Bars{
		Title:        "Connections per country",
		Subtitle:     "test8.parquet · 2026-03-02 00:00 to 23:59 UTC · 1,037,830 flows",
		CategoryAxis: "country of destination",
		ValueAxis:    "connections",
		Horizontal:   true,
	}
	names := `United States (US)|Germany (DE)|Netherlands (NL)|Ireland (IE)|United Kingdom (GB)|France (FR)|Unknown|
Sweden (SE)|Japan (JP)|Singapore (SG)|Canada (CA)|Brazil (BR)|India (IN)|Australia (AU)|Switzerland (CH)|Poland (PL)|
Spain (ES)|Italy (IT)|Portugal (PT)|Finland (FI)|Norway (NO)|South Africa (ZA)|Congo, the Democratic Republic of the (CD)|
Korea, Republic of (KR)|Côte d'Ivoire (CI)|China (CN)|Iran (IR)|Ghana (GH)|Peru (PE)|Türkiye (TR)|Oman (OM)`
	value := 412345
	for name := range strings.SplitSeq(strings.ReplaceAll(names, "\n", ""), "|") {
		v := float64(value)
		c.Bars = append(c.Bars, chart.Bar{Label: name, Value: v, Note: chart.Number(v), Muted: name == "Unknown"})
		value = value * 3 / 4
	}
	return c.Top(25, "others")
}

// hours is the chart of a day's hours, with nothing before 6 h and a quiet noon.
func hours(scale float64) chart.Bars {
	c := chart.Bars{
		Title:        "Connections per hour of the day",
		Subtitle:     "test8.parquet · 2026-03-02 · 1,037,830 flows",
		CategoryAxis: "hour of the day (UTC)",
		ValueAxis:    "connections",
	}
	flows := []float64{6: 18435, 74903, 114189, 118442, 117123, 101534, 8445, 92586, 109420, 102190, 93972, 62127, 39434, 6847, 23: 0}
	for h, v := range flows {
		b := chart.Bar{Label: fmt.Sprintf("%02d", h), Value: v * scale}
		if v > 0 {
			b.Note = chart.Number(b.Value)
		}
		c.Bars = append(c.Bars, b)
	}
	return c
}

// many is a chart of n bars.
func many(n int, horizontal bool) chart.Bars {
	c := chart.Bars{Title: "Flows per host", ValueAxis: "flows", CategoryAxis: "host", Horizontal: horizontal}
	for i := range n {
		v := float64(i * 7919 % 1009)
		c.Bars = append(c.Bars, chart.Bar{Label: fmt.Sprintf("host-%d.example", i), Value: v, Note: chart.Number(v)})
	}
	return c
}

// hostile are texts as a capture may hold them.
var hostile = []string{
	`<script>alert(1)</script>`,
	`"><img src=x onerror=alert(1)>`,
	`]]><svg onload="x">&amp;&#0;`,
	"\x1b[31mred\x1b[0m\x1b]0;title\x07",
	"line\r\nbreak\ttab\v\f\u0085\u2028end",
	"\u202egnp.exe\u2066\u200f\u061c",
	"bad \xff\xfe\xc0\xaf utf-8 \xed\xa0\x80",
	"\x00\ufffe\uffff\U0001ffff\ue000",
	"z" + strings.Repeat("\u0301\u0316", 500),
	strings.Repeat("A", 10000),
	strings.Repeat("漢字", 5000),
	strings.Repeat(" ", 10000) + "x",
	"日本語 العربية עברית ไทย 👩‍👩‍👧 é",
	"%s%d%!(EXTRA) {{.}} ${x}",
}

// charts are all charts that a layout must hold for.
func charts() map[string]chart.Bars {
	all := map[string]chart.Bars{
		"countries":   countries(),
		"hours":       hours(1),
		"hours x 20":  hours(20),
		"hours x 1e9": hours(1e9),
		"1200 rows":   many(1200, true),
	}
	wide := chart.Bar{Label: "wide", Value: 9e15, Note: chart.Number(9e15)}
	bars := map[string][]chart.Bar{
		"none":     nil,
		"one":      {{Label: "a", Value: 5, Note: "5"}},
		"zero":     {{Label: "a", Note: "0"}, {Label: "b", Note: "0"}},
		"huge":     {{Label: "a", Value: 1e15, Note: chart.Number(1e15)}, {Label: "b", Value: 1, Note: "1"}, {Label: "c", Value: 3e14, Note: chart.Number(3e14)}},
		"largest":  {{Label: "a", Value: math.MaxFloat64, Note: "max"}, {Label: "b", Value: math.Inf(1), Note: "inf"}},
		"denormal": {{Label: "a", Value: math.SmallestNonzeroFloat64}},
		"smallest": {{Label: "a", Value: math.SmallestNonzeroFloat64}, {Label: "b", Value: 2e-300, Note: "tiny"}},
		"ticks":    {{Label: strings.Repeat("wide label ", 9), Value: 8e15}},
		"edges":    append(append([]chart.Bar{wide}, make([]chart.Bar, 28)...), wide),
		"fraction": {{Label: "a", Value: 0.008091, Note: "0.008091"}, {Label: "b", Value: 0.3, Note: "0.3"}},
		"invalid":  {{Label: "a", Value: -5, Note: "-5"}, {Label: "b", Value: math.NaN(), Note: "NaN"}, {Label: "c", Value: 2, Note: "2"}},
		"500":      many(500, true).Bars,
		"alike":    slicesOf(40, chart.Bar{Label: "alike", Value: 1234567, Note: "1,234,567"}),
	}
	for i, s := range hostile {
		bars[fmt.Sprint("hostile ", i)] = []chart.Bar{{Label: s, Value: 3, Note: s}, {Label: "b", Value: 2, Note: "2"}, {Label: s, Note: s, Muted: true}}
	}
	for name, b := range bars {
		c := chart.Bars{Title: name, Subtitle: name, ValueAxis: "flows", CategoryAxis: "host", Bars: b}
		if strings.HasPrefix(name, "hostile") && len(b) > 0 {
			c.Title, c.Subtitle, c.CategoryAxis, c.ValueAxis = b[0].Label, b[0].Label, b[0].Label, b[0].Label
		}
		all[name+" in columns"] = c
		c.Horizontal = true
		all[name+" in rows"] = c
	}
	all["bare rows"] = chart.Bars{Horizontal: true, Bars: bars["one"]}
	all["bare columns"] = chart.Bars{Bars: bars["one"]}
	all["empty"] = chart.Bars{}
	return all
}

func slicesOf(n int, b chart.Bar) []chart.Bar {
	bars := make([]chart.Bar, n)
	for i := range bars {
		bars[i] = b
	}
	return bars
}

func TestTop(t *testing.T) {
	bar := func(label string, v float64) chart.Bar {
		return chart.Bar{Label: label, Value: v, Note: chart.Number(v)}
	}
	in := []chart.Bar{bar("a", 1), bar("b", 2000), bar("c", 1), bar("d", math.NaN()), bar("e", 3000)}
	others := func(v float64) chart.Bar {
		return chart.Bar{Label: "others", Value: v, Note: chart.Number(v), Muted: true}
	}
	for _, test := range []struct {
		name string
		n    int
		in   []chart.Bar
		want []chart.Bar
	}{
		{"the rest is one bar", 2, in, []chart.Bar{bar("e", 3000), bar("b", 2000), others(2)}},
		{"ties keep their order, undefined counts as nothing", 3, in, []chart.Bar{bar("e", 3000), bar("b", 2000), bar("a", 1), others(1)}},
		{"nothing but the rest", -1, in, []chart.Bar{others(5002)}},
		{"a rest of one keeps its name", 1, in[:2], []chart.Bar{bar("b", 2000), bar("a", 1)}},
		{"no rest", 9, in[:2], []chart.Bar{bar("b", 2000), bar("a", 1)}},
		{"no bars", 3, nil, nil},
		{"a sum stays finite", 0, []chart.Bar{bar("a", 1e300), bar("b", 1e300)}, []chart.Bar{others(1e300)}},
	} {
		before := fmt.Sprint(test.in)
		c := chart.Bars{Title: "t", Bars: test.in}.Top(test.n, "others")
		if c.Title != "t" || !reflect.DeepEqual(c.Bars, test.want) {
			t.Errorf("%s: got %v, want %v", test.name, c.Bars, test.want)
		}
		if fmt.Sprint(test.in) != before {
			t.Errorf("%s: changed the bars that it was given", test.name)
		}
	}
}

func TestNumber(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0", 7: "7", 999: "999", 1000: "1,000", 123456: "123,456", 1234567: "1,234,567", 1e15: "1,000,000,000,000,000",
		1e16: "1e+16", 0.5: "0.5", 0.125: "0.125", 999.9996: "1,000", 1234.5: "1,234", 0.0005: "0.0005", 1e300: "1e+300",
		-1234: "-1,234", -999: "-999", math.Inf(1): "+Inf",
	} {
		if got := chart.Number(v); got != want {
			t.Errorf("Number(%v) = %q, want %q", v, got, want)
		}
	}
	if got := chart.Number(math.NaN()); got != "NaN" {
		t.Errorf("Number(NaN) = %q", got)
	}
}
