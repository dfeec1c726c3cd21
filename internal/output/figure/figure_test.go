package figure_test

import (
	"fmt"
	"net/netip"
	"reflect"
	"strings"
	"testing"

	"sentinel/internal/chart"
	"sentinel/internal/finding"
	"sentinel/internal/output/figure"
	"sentinel/internal/report"
)

const minute = int64(60e6)

var (
	client = netip.MustParseAddr("192.0.2.10")
	server = netip.MustParseAddr("192.0.2.53")
	victim = netip.MustParseAddr("192.0.2.80")
)

// sample is a report with something in every section that is drawn.
func sample() *report.Report {
	r := &report.Report{
		Inputs:  []report.Input{{Path: "captures/day.parquet"}},
		Summary: report.Summary{Flows: 1500, First: 0, Last: 600 * minute},
		Countries: []report.Country{
			{Code: "DE", Name: "Germany", Flows: 900}, {Code: "", Name: "", Flows: 400}, {Code: "SG", Name: "Singapore", Flows: 200},
		},
		Hours:    []report.Hour{{Hour: 0, Flows: 1000}, {Hour: 9, Flows: 500}},
		Week:     &report.Week{},
		Timeline: &report.Timeline{Start: 0, Step: 5 * minute, Flows: []int64{700, 0, 800}},
		Edges:    []report.Edge{{SrcIP: client, DstIP: server, Flows: 30}, {SrcIP: client, DstIP: victim, Flows: 7}, {SrcIP: victim, DstIP: server, Flows: 2}},
		Beside: &report.Beside{
			Countries: []report.Country{{Code: "FR", Name: "France", Flows: 1000}, {Code: "DE", Name: "Germany", Flows: 100}},
			Hours:     []report.Hour{{Hour: 9, Flows: 450}},
		},
		Detection: &report.Detection{Servers: []netip.Addr{victim}, Resolvers: []netip.Addr{server}},
		Findings: []finding.Finding{
			{Title: "a beacon", Severity: finding.High, SrcIP: client, First: 0, Last: 590 * minute, Pairs: []finding.Pair{{SrcIP: client, DstIP: victim}}},
			{Title: "a scan", Severity: finding.Medium, SrcIP: client, First: 2 * minute, Last: 3 * minute},
			{Title: "a trifle", Severity: finding.Low, SrcIP: server, First: 2 * minute, Last: 3 * minute, Pairs: []finding.Pair{{SrcIP: client, DstIP: server}}},
		},
	}
	r.Week.Flows[6][23] = 12
	return r
}

func TestWorld(t *testing.T) {
	w := figure.World(sample())
	want := []chart.Country{{Code: "DE", Name: "Germany", Value: 900, Note: "900"}, {Code: "SG", Name: "Singapore", Value: 200, Note: "200"}}
	if !reflect.DeepEqual(w.Countries, want) {
		t.Errorf("countries are %v", w.Countries)
	}
	if len(w.Beside) != 1 || w.Beside[0].Value != 400 || w.Beside[0].Label != "Unknown or private" {
		t.Errorf("beside the map is %v", w.Beside)
	}
}

func TestWeek(t *testing.T) {
	if w := figure.Week(sample()); w.Values[6][23] != 12 || w.Values[0][0] != 0 {
		t.Errorf("values are %v", w.Values)
	}
}

func TestTimeline(t *testing.T) {
	line := figure.Timeline(sample())
	if line.ValueAxis != "Flows per 5 min" || !reflect.DeepEqual(line.Values, []float64{700, 0, 800}) || line.Step != 5*minute {
		t.Errorf("timeline is %+v", line)
	}
	want := []chart.Span{{From: 2 * minute, To: 3 * minute, Label: "a scan"}, {From: 0, To: 590 * minute, Label: "a beacon"}}
	if !reflect.DeepEqual(line.Spans, want) {
		t.Errorf("spans are %v, want the short one first and no trifle", line.Spans)
	}
}

func TestEdges(t *testing.T) {
	graph := figure.Edges(sample())
	nodes := []chart.Node{{Label: "192.0.2.10", Group: chart.Suspect}, {Label: "192.0.2.53", Group: chart.Server}, {Label: "192.0.2.80", Group: chart.Server}}
	edges := []chart.Edge{{From: 0, To: 1, Weight: 30}, {From: 0, To: 2, Weight: 7, Marked: true}, {From: 2, To: 1, Weight: 2}}
	if !reflect.DeepEqual(graph.Nodes, nodes) || !reflect.DeepEqual(graph.Edges, edges) {
		t.Errorf("nodes are %v, edges %v", graph.Nodes, graph.Edges)
	}
}

func TestPeers(t *testing.T) {
	far := netip.MustParseAddr("203.0.113.7")
	r := sample()
	r.Summary.Internal.Networks = []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}
	f := finding.Finding{SrcIP: client, Hosts: []netip.Addr{client}, Pairs: []finding.Pair{{SrcIP: client, DstIP: server}, {SrcIP: client, DstIP: far}, {SrcIP: client}, {SrcIP: far, DstIP: client}}}
	want := chart.Graph{
		Title: "Who with whom",
		Nodes: []chart.Node{{Label: "192.0.2.10", Group: chart.Suspect}, {Label: "203.0.113.7", Group: chart.External}, {Label: "192.0.2.53", Group: chart.Server}},
		Edges: []chart.Edge{{From: 0, To: 2, Weight: 1}, {From: 0, To: 1, Weight: 1}, {From: 1, To: 0, Weight: 1}},
	}
	if got := figure.Peers(r, f); !reflect.DeepEqual(got, want) {
		t.Errorf("peers are %+v, want %+v", got, want)
	}
	f.Pairs = f.Pairs[2:]
	if got := figure.Peers(r, f); got != nil {
		t.Errorf("of one pair, %+v is drawn", got)
	}
}

// TestManyPeers names the first of a side, and counts the others.
func TestManyPeers(t *testing.T) {
	f := finding.Finding{SrcIP: client, DstIP: server, Hosts: []netip.Addr{client}}
	target := netip.MustParseAddr("198.51.100.1")
	for range 220 {
		f.Pairs = append(f.Pairs, finding.Pair{SrcIP: client, DstIP: target})
		target = target.Next()
	}
	graph, ok := figure.Peers(sample(), f).(chart.Graph)
	if last := graph.Nodes[len(graph.Nodes)-1]; !ok || len(graph.Nodes) != 22 || last != (chart.Node{Label: "200 more", Group: chart.Several}) || graph.Edges[219].To != 21 {
		t.Errorf("%d nodes, the last %+v", len(graph.Nodes), last)
	}
}

func TestBeside(t *testing.T) {
	hours := figure.HoursBeside(sample())
	if len(hours.Pairs) != 24 || hours.Pairs[9] != (chart.Pair{Label: "09", Before: 450, After: 500}) || hours.Pairs[0].Before != 0 {
		t.Errorf("hours are %v", hours.Pairs)
	}
	want := []chart.Pair{{Label: "France (FR)", Before: 1000}, {Label: "Germany (DE)", Before: 100, After: 900}, {Label: "Unknown or private", After: 400}, {Label: "Singapore (SG)", After: 200}}
	if got := figure.CountriesBeside(sample()).Pairs; !reflect.DeepEqual(got, want) {
		t.Errorf("countries are %v", got)
	}
}

// TestManyCountriesBeside keeps the sums where the smallest are folded.
func TestManyCountriesBeside(t *testing.T) {
	r := sample()
	for i := range 40 {
		r.Countries = append(r.Countries, report.Country{Code: fmt.Sprintf("%c%c", 'A'+i%26, 'a'+i/26), Name: "x", Flows: int64(i)})
	}
	pairs := figure.CountriesBeside(r).Pairs
	sum, last := 0.0, pairs[len(pairs)-1]
	for _, p := range pairs {
		sum += p.After
	}
	if len(pairs) != 16 || last.Label != "29 other countries" || sum != 1500+39*40/2 {
		t.Errorf("%d pairs, the last %v, %v flows in all", len(pairs), last, sum)
	}
}

func TestEmptyReport(t *testing.T) {
	r := &report.Report{}
	for name, c := range map[string]chart.Chart{
		"world": figure.World(r), "week": figure.Week(r), "timeline": figure.Timeline(r), "edges": figure.Edges(r),
		"hours": figure.HoursBeside(r), "countries": figure.CountriesBeside(r),
	} {
		var b strings.Builder
		if err := c.SVG(&b); err != nil || b.Len() == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestExhibit(t *testing.T) {
	r := &report.Report{Undated: true}
	for _, test := range []struct {
		exhibit finding.Exhibit
		want    chart.Chart
	}{
		{
			finding.Exhibit{Kind: finding.Contacts, Title: "t", XAxis: "Time (UTC)", YAxis: "Bytes sent", Points: []finding.Point{{X: 5e6, Y: 700, Label: "l", Marked: true}}},
			chart.Contacts{Title: "t", ValueAxis: "Bytes sent", Unit: chart.Bytes, Undated: true, Points: []chart.Contact{{At: 5e6, Value: 700, Label: "l", Marked: true}}},
		},
		{
			finding.Exhibit{Kind: finding.Gaps, Title: "t", XAxis: "Seconds", YAxis: "Gaps", Points: []finding.Point{{X: 55, Y: 3}, {X: 60, Y: 9, Marked: true, Label: "period"}, {X: 65}}},
			chart.Histogram{
				Title: "t", ValueAxis: "Time from one contact to the next", CountAxis: "Gaps", Unit: chart.Seconds,
				Edges: []float64{55, 60, 65}, Counts: []float64{3, 9}, Marks: []chart.Mark{{At: 60, Label: "period"}},
			},
		},
		{
			finding.Exhibit{Kind: finding.Ranking, Title: "t", XAxis: "Bytes", YAxis: "Host", Points: []finding.Point{{Label: "192.0.2.1", Y: 9, Marked: true}, {Label: "192.0.2.2", Y: 1}}},
			chart.Ranking{Title: "t", CategoryAxis: "Host", ValueAxis: "Bytes", Unit: chart.Bytes, Rows: []chart.Rank{{Label: "192.0.2.1", Value: 9, Marked: true}, {Label: "192.0.2.2", Value: 1}}},
		},
		{finding.Exhibit{Kind: "unheard of"}, nil},
	} {
		if got := figure.Exhibit(r, test.exhibit); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s is drawn as %+v, want %+v", test.exhibit.Kind, got, test.want)
		}
	}
}
