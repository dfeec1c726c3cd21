package chart_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"

	"sentinel/internal/chart"
)

// monday is 2026-03-02 00:00 UTC in microseconds, and the rest lengths of time.
const (
	monday = int64(1772409600) * second
	second = int64(1e6)
	minute = 60 * second
)

// random makes the same numbers every time.
func random() *rand.Rand { return rand.New(rand.NewPCG(7, 11)) }

// busy is how much happens at an hour of a working day, 0 to 1.
func busy(hour float64) float64 {
	morning, afternoon := (hour-10.5)/2.3, (hour-15)/2
	return 0.03 + math.Exp(-morning*morning) + 0.8*math.Exp(-afternoon*afternoon)
}

// samples are a chart of each kind as a report would have it.
func samples() map[string]chart.Chart {
	return map[string]chart.Chart{
		"countries": countries(), "hours": hours(1), "world": sampleWorld(), "week": sampleWeek(), "timeline": sampleTimeline(false),
		"timeline-beside": sampleTimeline(true), "contacts": sampleContacts(), "contacts-log": sampleUploads(), "gaps": sampleGaps(),
		"gaps-log": sampleWideGaps(), "ranking": sampleRanking(), "ranking-log": sampleWideRanking(), "graph": sampleGraph(12, 4), "graph-large": sampleGraph(90, 8),
		"peers": samplePeers(),
		"pairs": samplePairs(true), "pairs-columns": samplePairs(false),
	}
}

func sampleWorld() chart.World {
	w := chart.World{Title: "Where connections went", Subtitle: "day.parquet, 1,037,830 flows, 2026-03-02 00:00:00 to 23:59:59 UTC", Unit: "flows"}
	r := random()
	for i, code := range strings.Fields("US DE NL IE GB FR SG SE JP CA BR IN AU CH PL ES IT PT FI NO ZA CD KR CI CN IR GH PE TR OM HK MT LU XK GF TW UA MX AR") {
		v := math.Round(400000 * math.Pow(0.72, float64(i)) * (0.6 + r.Float64()))
		w.Countries = append(w.Countries, chart.Country{Code: code, Name: "Country " + code, Value: v + 1, Note: chart.Number(v + 1)})
	}
	w.Countries = append(w.Countries, chart.Country{Code: "AQ", Name: "Antarctica", Value: 3, Note: "3"})
	w.Beside = []chart.Bar{{Label: "Unknown or private", Value: 81234, Note: "81,234", Muted: true}}
	return w
}

func sampleWeek() chart.Week {
	w := chart.Week{Title: "Connections by hour and day of the week", Subtitle: "week.parquet, 5,037,830 flows", ValueAxis: "Flows"}
	r := random()
	for d := range 7 {
		for h := range 24 {
			v := 9000 * busy(float64(h)) * (0.8 + 0.4*r.Float64())
			if d > 4 {
				v *= 0.04
			}
			w.Values[d][h] = math.Round(v)
		}
	}
	w.Values[6][3] = 0
	return w
}

func sampleTimeline(beside bool) chart.Timeline {
	c := chart.Timeline{
		Title: "Connections over time", Subtitle: "day.parquet, 1,037,830 flows, 2026-03-02 00:00:00 to 23:59:59 UTC", ValueAxis: "Flows per 5 min",
		Start: monday, Step: 5 * minute, Name: "This capture", BehindName: "Baseline",
		Spans: []chart.Span{
			{From: monday, To: monday + 1430*minute, Label: "192.0.2.17 contacts cdn.example.com every 60 s"},
			{From: monday + 610*minute, To: monday + 625*minute, Label: "192.0.2.23 scans 254 hosts on tcp/445"},
			{From: monday + 1380*minute, To: monday + 1381*minute, Label: "198.51.100.9 uploads 4.2 GB to 203.0.113.80"},
		},
	}
	r := random()
	for i := range 288 {
		v := 6000 * busy(float64(i)/12)
		c.Values = append(c.Values, math.Round(v*(0.85+0.3*r.Float64())))
		if beside {
			c.Behind = append(c.Behind, math.Round(v*(0.75+0.3*r.Float64())))
		}
	}
	return c
}

func sampleContacts() chart.Contacts {
	c := chart.Contacts{Title: "Contacts of 192.0.2.17 with cdn.example.com", ValueAxis: "Bytes sent", Unit: chart.Bytes}
	r := random()
	for i := range 200 {
		p := chart.Contact{At: monday + int64(i)*7*minute + r.Int64N(30*second), Value: float64(480 + r.IntN(60))}
		if i == 140 {
			p.Marked, p.Value, p.Label = true, 900, "the largest"
		}
		c.Points = append(c.Points, p)
	}
	return c
}

func sampleUploads() chart.Contacts {
	c := chart.Contacts{Title: "Uploads of 192.0.2.23", ValueAxis: "Bytes sent", Unit: chart.Bytes}
	r := random()
	for i := range 500 {
		c.Points = append(c.Points, chart.Contact{At: monday + int64(i)*12*minute, Value: math.Exp(7 + 3*r.NormFloat64()), Marked: i%97 == 50})
	}
	return c
}

func sampleGaps() chart.Histogram {
	c := chart.Histogram{
		Title: "Time between contacts", ValueAxis: "Time from one contact to the next", CountAxis: "Gaps", Unit: chart.Seconds,
		Marks: []chart.Mark{{At: 60.4, Label: "median 60 s"}},
	}
	for i := range 30 {
		c.Edges = append(c.Edges, 45+float64(i))
		c.Counts = append(c.Counts, math.Round(300*math.Exp(-math.Pow((float64(i)-15)/4, 2))))
	}
	c.Edges = append(c.Edges, 75)
	return c
}

func sampleWideGaps() chart.Histogram {
	c := chart.Histogram{Title: "Time between contacts", ValueAxis: "Time from one contact to the next", CountAxis: "Gaps", Unit: chart.Seconds}
	for i := range 24 {
		c.Edges = append(c.Edges, math.Pow(10, float64(i)/4-1))
		c.Counts = append(c.Counts, float64(i*i%37))
	}
	c.Edges = append(c.Edges, 1e5)
	c.Marks = []chart.Mark{{At: 3600, Label: "1 h"}, {At: 4000, Label: "close to it"}}
	return c
}

func sampleRanking() chart.Ranking {
	c := chart.Ranking{Title: "What hosts sent to the internet", CategoryAxis: "Host", ValueAxis: "Bytes sent", Unit: chart.Bytes}
	for i := range 15 {
		c.Rows = append(c.Rows, chart.Rank{Label: fmt.Sprintf("192.0.2.%d", 10+i), Value: 4.2e9 / float64(i+1), Marked: i == 0})
	}
	return c
}

func sampleWideRanking() chart.Ranking {
	c := sampleRanking()
	c.Rows = nil
	for i := range 50 {
		c.Rows = append(c.Rows, chart.Rank{Label: fmt.Sprintf("192.0.2.%d", 10+i), Value: 4.2e9 / math.Pow(1.4, float64(i)), Marked: i == 1 || i == 47})
	}
	return c
}

func sampleGraph(clients, servers int) chart.Graph {
	c := chart.Graph{Title: "Who talks to whom inside", Subtitle: "day.parquet, 1,037,830 flows", Unit: "flows"}
	for i := range clients {
		c.Nodes = append(c.Nodes, chart.Node{Label: fmt.Sprintf("192.0.2.%d", 20+i)})
	}
	for i := range servers {
		c.Nodes = append(c.Nodes, chart.Node{Label: fmt.Sprintf("198.51.100.%d", 2+i), Group: chart.Server})
	}
	r := random()
	for i := range clients {
		for s := range servers {
			if r.IntN(servers) < 2 {
				c.Edges = append(c.Edges, chart.Edge{From: i, To: clients + s, Weight: math.Round(math.Exp(2 + 5*r.Float64()))})
			}
		}
	}
	c.Nodes[3].Group = chart.Suspect
	for i := range 6 {
		c.Edges = append(c.Edges, chart.Edge{From: 3, To: 4 + i, Weight: float64(200 + 10*i), Marked: true})
	}
	c.Nodes = append(c.Nodes, chart.Node{Label: "203.0.113.80", Group: chart.External})
	c.Edges = append(c.Edges, chart.Edge{From: 3, To: len(c.Nodes) - 1, Weight: 900, Marked: true})
	return c
}

// samplePeers is a graph without weights.
func samplePeers() chart.Graph {
	c := chart.Graph{Title: "Who with whom", Nodes: []chart.Node{{Label: "192.0.2.20", Group: chart.Suspect}, {Label: "192.0.2.21", Group: chart.Suspect}}}
	for i := range 20 {
		c.Nodes = append(c.Nodes, chart.Node{Label: fmt.Sprintf("198.51.100.%d", 2+i), Group: chart.External})
		c.Edges = append(c.Edges, chart.Edge{From: i % 2, To: 2 + i, Weight: 1})
	}
	c.Nodes = append(c.Nodes, chart.Node{Label: "180 others", Group: chart.Several})
	c.Edges = append(c.Edges, chart.Edge{From: 0, To: len(c.Nodes) - 1, Weight: 1})
	return c
}

func samplePairs(horizontal bool) chart.Pairs {
	c := chart.Pairs{
		Title: "Beside the baseline", ValueAxis: "Flows", Before: "Baseline", After: "This capture", Horizontal: horizontal,
	}
	r := random()
	if horizontal {
		for _, b := range countries().Bars[:12] {
			c.Pairs = append(c.Pairs, chart.Pair{Label: b.Label, Before: math.Round(b.Value * (0.5 + r.Float64())), After: b.Value})
		}
		return c
	}
	c.CategoryAxis = "Hour of the day (UTC)"
	for h := range 24 {
		v := math.Round(80000 * busy(float64(h)))
		c.Pairs = append(c.Pairs, chart.Pair{Label: fmt.Sprintf("%02d", h), Before: math.Round(v * (0.7 + 0.4*r.Float64())), After: v})
	}
	return c
}
