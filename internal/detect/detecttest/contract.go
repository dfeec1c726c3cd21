package detecttest

import (
	"fmt"
	"math"
	"net/netip"
	"regexp"
	"testing"

	"sentinel/internal/detect"
	"sentinel/internal/finding"
	"sentinel/internal/flow"
)

// Steady fails where the findings depend on the order of the rows or the number of threads, or are none at all.
func Steady(t *testing.T, detector detect.Detector, capture Capture) {
	t.Helper()
	want := Run(t, detector, capture)
	if len(want.Findings) == 0 {
		t.Fatal("nothing is found, so nothing is compared")
	}
	sound(t, want)
	capture.Flows, capture.Base = Shuffled(capture.Flows), Shuffled(capture.Base)
	capture.Lookups, capture.Before = Shuffled(capture.Lookups), Shuffled(capture.Before)
	for _, capture.Threads = range []int{1, 2} {
		if got := Run(t, detector, capture); fmt.Sprint(got.Findings) != fmt.Sprint(want.Findings) {
			t.Errorf("shuffled, on %d threads:\n%v\nwant\n%v", capture.Threads, got.Findings, want.Findings)
		}
	}
}

// Edges runs a detector on captures at the edge of sense: it must say nothing severe and nothing senseless.
func Edges(t *testing.T, detector detect.Detector) {
	t.Helper()
	for name, capture := range edges() {
		t.Run(name, func(t *testing.T) {
			capture.Columns = Office
			result := Run(t, detector, capture)
			sound(t, result)
			for _, f := range Severe(result, finding.Medium) {
				t.Errorf("%s: %s", f.Severity, f.Title)
			}
		})
	}
}

var snake = regexp.MustCompile(`^[a-z0-9]+(_[a-z0-9]+)*$`)

// sound fails where a finding lacks what every finding has.
func sound(t *testing.T, result *detect.Result) {
	t.Helper()
	ids := map[string]bool{}
	for _, f := range result.Findings {
		switch {
		case f.ID == "" || ids[f.ID]:
			t.Errorf("ID %q is empty or there twice", f.ID)
		case f.Title == "" || f.Explanation == "" || f.Remedy == "":
			t.Errorf("%s lacks words: %+v", f.ID, f)
		case !(f.Score >= 0 && f.Score <= 1), f.First > f.Last, f.First == 0:
			t.Errorf("%s has score %v from %d to %d", f.Title, f.Score, f.First, f.Last)
		case len(f.Hosts) == 0 || len(f.Pairs) == 0:
			t.Errorf("%s names nobody", f.Title)
		}
		ids[f.ID] = true
		for _, e := range f.Evidence {
			if !snake.MatchString(e.Name) || math.IsNaN(e.Value) || math.IsInf(e.Value, 0) {
				t.Errorf("%s: evidence %s is %v", f.Title, e.Name, e.Value)
			}
		}
	}
}

// edges are captures of little, of one moment, of one direction, and of nobody's own network.
func edges() map[string]Capture {
	host, server := netip.MustParseAddr("192.168.104.1"), netip.MustParseAddr("192.0.2.1")
	exchange := func(i int, change func(*flow.Flow)) flow.Flow {
		f := flow.Flow{
			Start: Midnight + int64(i)*60e6, SrcIP: host, DstIP: server, Proto: flow.TCP, DstPort: 443,
			UpBytes: 900, DownBytes: 4_000, UpPackets: 8, DownPackets: 9,
		}
		change(&f)
		return f
	}
	some := func(count int, change func(*flow.Flow)) Capture {
		var flows []flow.Flow
		for i := range count {
			flows = append(flows, exchange(i, change))
		}
		return Capture{Flows: flows}
	}
	return map[string]Capture{
		"no flows":             {},
		"one flow":             some(1, func(*flow.Flow) {}),
		"ten flows":            some(10, func(*flow.Flow) {}),
		"one host":             some(300, func(*flow.Flow) {}),
		"one second":           some(50, func(f *flow.Flow) { f.Start = Midnight + f.Start%1_000_000 }),
		"one side":             some(200, func(f *flow.Flow) { f.DownBytes, f.DownPackets = 0, 0 }),
		"no internal address":  some(200, func(f *flow.Flow) { f.SrcIP = netip.MustParseAddr("198.51.100.1") }),
		"only itself":          some(200, func(f *flow.Flow) { f.DstIP = host }),
		"multicast":            some(200, func(f *flow.Flow) { f.DstIP = netip.MustParseAddr("224.0.0.251"); f.UpBytes = 1e9 }),
		"no bytes":             some(200, func(f *flow.Flow) { f.UpBytes, f.DownBytes = 0, 0 }),
		"empty baseline":       {Flows: some(200, func(*flow.Flow) {}).Flows, Base: []flow.Flow{}},
		"baseline of one flow": {Flows: some(200, func(*flow.Flow) {}).Flows, Base: some(1, func(*flow.Flow) {}).Flows},
	}
}
