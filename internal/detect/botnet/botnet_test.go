package botnet_test

import (
	"fmt"
	"math"
	"net/netip"
	"reflect"
	"slices"
	"testing"

	"sentinel/internal/detect"
	"sentinel/internal/detect/beacon"
	"sentinel/internal/detect/botnet"
	"sentinel/internal/detect/detecttest"
	"sentinel/internal/finding"
	"sentinel/internal/flow"
	"sentinel/internal/synth"
)

var controller = netip.MustParseAddr("198.51.100.7")

func host(i int) netip.Addr { return netip.AddrFrom4([4]byte{10, 0, 0, byte(i)}) }

// ordered is a day with one botnet of six hosts and two servers.
func ordered(t *testing.T) ([]flow.Flow, synth.Truth) {
	return detecttest.Day(t, synth.Options{Kind: synth.Judge, Seed: 5, Flows: 60_000, Devices: 60, Attacks: []synth.Attack{{Name: "botnet"}}})
}

func TestHit(t *testing.T) {
	flows, truth := ordered(t)
	severe := detecttest.Severe(detecttest.Run(t, botnet.Detector, detecttest.Capture{Flows: flows}), finding.High)
	if len(severe) != 1 {
		t.Fatalf("%d findings, want the group as one: %v", len(severe), severe)
	}
	if !slices.Equal(severe[0].Hosts, truth.Attacks[0].Hosts) {
		t.Errorf("names %v, planted were %v", severe[0].Hosts, truth.Attacks[0].Hosts)
	}
	if want := len(truth.Attacks[0].Hosts) * len(truth.Attacks[0].Destinations); len(severe[0].Pairs) != want {
		t.Errorf("%d pairs, want %d", len(severe[0].Pairs), want)
	}
}

func TestBeaconsOfTheGroupBecomePartOfIt(t *testing.T) {
	flows, truth := ordered(t)
	result := detecttest.Run(t, botnet.Detector, detecttest.Capture{Flows: flows, Configure: func(config *detect.Config) {
		config.Detectors = []detect.Detector{botnet.Detector, beacon.Detector}
	}})
	for _, f := range detecttest.Severe(result, finding.Medium) {
		if f.Detector == "beacon" && slices.Contains(truth.Attacks[0].Hosts, f.SrcIP) {
			t.Errorf("beside the group: %s", f.Title)
		}
		if f.Detector == "botnet" && !slices.Contains(f.Also, "beacon") {
			t.Errorf("the group took in %v, want beacons", f.Also)
		}
	}
}

func TestQuiet(t *testing.T) {
	for _, profile := range []synth.Profile{synth.Original, synth.Office} {
		flows, _ := detecttest.Day(t, synth.Options{Seed: 6, Day: 1, Flows: 60_000, Profile: profile})
		result := detecttest.Run(t, botnet.Detector, detecttest.Capture{Flows: flows, Columns: detecttest.Office})
		if severe := detecttest.Severe(result, finding.Medium); len(severe) > 0 {
			t.Errorf("%s: %v on a clean day", profile, severe)
		}
	}
}

// clocks makes flows of hosts, each at its own phase of a period in seconds, and of 120 hosts that do something else.
func clocks(hosts int, period float64, contacts int, to netip.Addr) []flow.Flow {
	var flows []flow.Flow
	for h := range hosts {
		for i := range contacts {
			at := period * (float64(i) + 0.13*float64(h) + 0.03*math.Sin(float64(7*i+h)))
			flows = append(flows, call(h+1, to, at))
		}
	}
	for h := 100; h < 220; h++ {
		flows = append(flows, call(h, netip.MustParseAddr("203.0.113.9"), float64(h)))
	}
	return flows
}

func call(from int, to netip.Addr, at float64) flow.Flow {
	return flow.Flow{Start: int64(at * 1e6), SrcIP: host(from), DstIP: to, Proto: flow.TCP, DstPort: 443, UpBytes: 900, DownBytes: 1_200}
}

func run(t *testing.T, flows, base []flow.Flow, params map[string]float64) []finding.Finding {
	t.Helper()
	return detecttest.Severe(detecttest.Run(t, botnet.Detector, detecttest.Capture{Flows: flows, Base: base, Params: params}), finding.Medium)
}

func TestGroupsAndWhatIsNone(t *testing.T) {
	four := clocks(4, 300, 30, controller)
	visited := slices.Clone(four)
	for h := 20; h < 24; h++ {
		visited = append(visited, call(h, controller, float64(77*h)))
	}
	for _, test := range []struct {
		name        string
		flows, base []flow.Flow
		want        int
	}{
		{"four hosts in one rhythm", four, nil, 1},
		{"new against the baseline", four, clocks(0, 300, 0, controller), 1},
		{"known to the baseline", four, four, 0},
		{"two hosts are no group", clocks(2, 300, 30, controller), nil, 0},
		{"others use it without rhythm", visited, nil, 0},
		{"too few contacts", clocks(4, 300, 6, controller), nil, 0},
		{"multicast stays on the link", clocks(4, 300, 30, netip.MustParseAddr("239.1.2.3")), nil, 0},
		{"nothing but one flow", four[:1], nil, 0},
		{"all in one second", clocks(4, 0.001, 30, controller), nil, 0},
	} {
		if got := run(t, test.flows, test.base, nil); len(got) != test.want {
			t.Errorf("%s: %d findings, want %d: %v", test.name, len(got), test.want, got)
		}
	}
}

func TestPeriodsApartAreNoGroup(t *testing.T) {
	var flows []flow.Flow
	for h, period := range []float64{60, 200, 700, 1_500} {
		for i := range 30 {
			flows = append(flows, call(h+1, controller, float64(i)*period))
		}
	}
	flows = append(flows, clocks(0, 1, 0, controller)...)
	if got := run(t, flows, nil, nil); len(got) != 0 {
		t.Errorf("%v, want nothing", got)
	}
	wide := map[string]float64{"period_window": 10}
	if got := run(t, flows, nil, wide); len(got) != 1 {
		t.Errorf("%v, want one finding where the window holds all periods", got)
	}
}

func TestParameters(t *testing.T) {
	four := clocks(4, 300, 30, controller)
	two := append(slices.Clone(four), clocks(4, 900, 20, netip.MustParseAddr("192.0.2.40"))...)
	two = append(two, call(30, controller, 10), call(31, controller, 20))
	for _, test := range []struct {
		name   string
		value  float64
		flows  []flow.Flow
		before int
		after  int
	}{
		{"min_hosts", 5, four, 1, 0},
		{"min_contacts", 31, four, 1, 0},
		{"min_periodicity", 1, four, 1, 0},
		{"max_prevalence", 0.01, four, 1, 0},
		{"min_devotion", 0.9, slices.Concat(four, []flow.Flow{call(30, controller, 10)}), 1, 0},
		{"min_devotion", 0.6, two, 1, 1},
	} {
		if got := run(t, test.flows, nil, nil); len(got) != test.before {
			t.Errorf("%s: %d findings at the defaults, want %d", test.name, len(got), test.before)
		}
		if got := run(t, test.flows, nil, map[string]float64{test.name: test.value}); len(got) != test.after {
			t.Errorf("%s %v: %d findings, want %d", test.name, test.value, len(got), test.after)
		}
	}
}

// Two destinations of the same hosts are one finding, unless the overlap asked for is more than there is.
func TestOverlap(t *testing.T) {
	other := netip.MustParseAddr("192.0.2.40")
	var second []flow.Flow
	for _, f := range clocks(5, 300, 30, other) {
		if f.SrcIP != host(1) && f.DstIP == other {
			second = append(second, f)
		}
	}
	flows := slices.Concat(clocks(4, 300, 30, controller), second)
	if got := run(t, flows, nil, nil); len(got) != 1 || len(got[0].Hosts) != 5 {
		t.Errorf("%v, want one group of five hosts", got)
	}
	if got := run(t, flows, nil, map[string]float64{"min_overlap": 0.9}); len(got) != 2 {
		t.Errorf("%d groups, want two", len(got))
	}
}

func TestSameForAnyOrderAndThreads(t *testing.T) {
	flows, _ := ordered(t)
	first := detecttest.Run(t, botnet.Detector, detecttest.Capture{Flows: flows})
	second := detecttest.Run(t, botnet.Detector, detecttest.Capture{Flows: detecttest.Shuffled(flows), Threads: 2})
	if !reflect.DeepEqual(first.Findings, second.Findings) {
		t.Errorf("shuffled: %v\nbefore: %v", second.Findings, first.Findings)
	}
}

func TestExplain(t *testing.T) {
	result := detecttest.Run(t, botnet.Detector, detecttest.Capture{Flows: clocks(4, 300, 30, controller), Explain: host(2)})
	if len(result.Lines) != 1 || !result.Lines[0].Fired {
		t.Errorf("lines %s, want one that fired", fmt.Sprint(result.Lines))
	}
}
