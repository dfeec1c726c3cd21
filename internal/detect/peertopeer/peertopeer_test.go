package peertopeer_test

import (
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"testing"

	"sentinel/internal/detect/detecttest"
	"sentinel/internal/detect/peertopeer"
	"sentinel/internal/finding"
	"sentinel/internal/flow"
	"sentinel/internal/synth"
)

func host(i int) netip.Addr { return netip.AddrFrom4([4]byte{10, 0, 0, byte(i)}) }

const (
	hosts  = 40
	server = 200
	hour   = 3600
)

// habit is a day on which every host uses the server, and some print.
func habit() []flow.Flow {
	var flows []flow.Flow
	for h := 1; h <= hosts; h++ {
		for i := range 24 {
			flows = append(flows, talk(h, server, 443, i*hour+h))
		}
	}
	for h := 1; h <= 3; h++ {
		flows = append(flows, talk(h, 30, 9100, h*hour), talk(h, 30, 9100, (h+5)*hour))
	}
	return flows
}

func talk(from, to int, port uint16, second int) flow.Flow {
	return flow.Flow{Start: int64(second) * 1e6, SrcIP: host(from), DstIP: host(to), Proto: flow.TCP, DstPort: port, UpBytes: 700, DownBytes: 900}
}

func silent(from, to int, port uint16, second int) flow.Flow {
	f := talk(from, to, port, second)
	f.UpBytes, f.DownBytes = 60, 0
	return f
}

// mesh has every one of the hosts talk to every other.
func mesh(members ...int) []flow.Flow {
	var flows []flow.Flow
	for _, a := range members {
		for _, b := range members {
			if a != b {
				flows = append(flows, talk(a, b, 443, 9*hour+a), talk(a, b, 443, 12*hour+b))
			}
		}
	}
	return flows
}

// fan has one host contact others, one after the other.
func fan(from int, port uint16, second int, to ...int) []flow.Flow {
	var flows []flow.Flow
	for i, h := range to {
		flows = append(flows, talk(from, h, port, second+60*i))
	}
	return flows
}

func run(t *testing.T, test, base []flow.Flow, params map[string]float64) []finding.Finding {
	t.Helper()
	return detecttest.Run(t, peertopeer.Detector, detecttest.Capture{Flows: test, Base: base, Params: params}).Findings
}

func TestWhatIsFoundAndHowSevere(t *testing.T) {
	var scan, star, printers []flow.Flow
	for h := 1; h <= hosts; h++ {
		scan = append(scan, silent(5, h, 445, 9*hour+h))
		star = append(star, talk(h, 90, 443, 8*hour+h))
	}
	scan = append(scan, talk(5, 7, 445, 9*hour), talk(5, 9, 445, 9*hour), talk(5, 11, 445, 9*hour))
	for h := 11; h <= 14; h++ {
		printers = append(printers, talk(h, 91, 9100, 8*hour+h), talk(h, 92, 9100, 8*hour+h))
	}
	for _, test := range []struct {
		name  string
		added []flow.Flow
		want  finding.Severity // Info: nothing at all
		title string
	}{
		{"an ordinary day", nil, finding.Info, ""},
		{"five hosts talk to each other", mesh(4, 8, 15, 16, 23), finding.High, "5 internal hosts, none of them a server"},
		{"one administers many", fan(6, 445, 9*hour, 7, 8, 9, 10, 11), finding.High, "10.0.0.6 begins to contact 5 internal hosts"},
		{"one contacts many", fan(6, 443, 9*hour, 7, 8, 9, 10, 11), finding.Medium, "10.0.0.6 begins to contact 5 internal hosts"},
		{"a chain from host to host", slices.Concat(fan(6, 3389, 9*hour, 7), fan(7, 3389, 10*hour, 8), fan(8, 3389, 11*hour, 9)), finding.High, "4 internal hosts"},
		{"one pair", fan(6, 443, 9*hour, 7), finding.Info, ""},
		{"a new server", star, finding.Low, "begin to contact 10.0.0.90, which was no server"},
		{"two new printers", printers, finding.Low, "6 internal hosts"},
		{"a scan", scan, finding.Info, ""},
		{"talk that nobody answers", []flow.Flow{silent(3, 4, 443, hour), silent(4, 5, 443, hour), silent(5, 3, 443, hour)}, finding.Info, ""},
		{"new use of the server", fan(41, 443, hour, server), finding.Info, ""},
	} {
		found := run(t, slices.Concat(habit(), test.added), habit(), nil)
		if test.want == finding.Info {
			if len(found) > 0 {
				t.Errorf("%s: %s", test.name, found[0].Title)
			}
			continue
		}
		if len(found) != 1 || found[0].Severity != test.want || !strings.Contains(found[0].Title, test.title) {
			t.Errorf("%s: %+v, want one, %s", test.name, found, test.want)
		}
	}
}

func TestGeneratedDays(t *testing.T) {
	options := synth.Options{Kind: synth.Judge, Seed: 5, Day: 1, Flows: 40_000, Attacks: []synth.Attack{{Name: "peer-to-peer"}, {Name: "scan-horizontal"}}}
	flows, truth := detecttest.Day(t, options)
	base, _ := detecttest.Day(t, synth.Options{Seed: 5, Flows: 40_000})
	severe := detecttest.Severe(detecttest.Run(t, peertopeer.Detector, detecttest.Capture{Flows: flows, Base: base}), finding.Medium)
	if len(severe) != 1 || !slices.Equal(severe[0].Hosts, truth.Attacks[0].Hosts) {
		t.Errorf("%v, want one finding about %v", severe, truth.Attacks[0].Hosts)
	}
	clean, _ := detecttest.Day(t, synth.Options{Seed: 5, Day: 1, Flows: 40_000})
	if found := run(t, clean, base, nil); len(found) > 0 {
		t.Errorf("on a clean day: %s", found[0].Title)
	}
	again := detecttest.Run(t, peertopeer.Detector, detecttest.Capture{Flows: detecttest.Shuffled(flows), Base: detecttest.Shuffled(base), Threads: 2})
	if got := detecttest.Severe(again, finding.Medium); !reflect.DeepEqual(got, severe) {
		t.Errorf("shuffled: %v\nbefore: %v", got, severe)
	}
}

// A network whose hosts always find new neighbours makes nothing of some more.
func TestChurnIsNoNews(t *testing.T) {
	neighbours := func(shift int) []flow.Flow {
		flows := habit()
		for h := 1; h <= hosts; h++ {
			flows = append(flows, talk(h, 1+(h*7+shift)%hosts, 7680, 9*hour), talk(h, 1+(h*11+shift+3)%hosts, 7680, 10*hour))
		}
		return flows
	}
	if found := run(t, neighbours(5), neighbours(0), nil); len(found) > 0 {
		t.Errorf("%s", found[0].Title)
	}
}

func TestEdges(t *testing.T) {
	outside := talk(1, 2, 443, 0)
	outside.SrcIP, outside.DstIP = netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("198.51.100.1")
	result := detecttest.Run(t, peertopeer.Detector, detecttest.Capture{Flows: []flow.Flow{outside}, Base: []flow.Flow{outside}})
	if result.Ran[0].Void == "" {
		t.Error("judges a capture without internal addresses")
	}
	if result := detecttest.Run(t, peertopeer.Detector, detecttest.Capture{Flows: mesh(1, 2, 3)}); result.Ran[0].Void == "" {
		t.Error("judges without a baseline")
	}
	for name, flows := range map[string][]flow.Flow{"one flow": {talk(1, 2, 443, 0)}, "to itself": {talk(1, 1, 443, 0)}} {
		if found := run(t, flows, flows, nil); len(found) > 0 {
			t.Errorf("%s: %s", name, found[0].Title)
		}
	}
}

func TestParameters(t *testing.T) {
	five := mesh(4, 8, 15, 16, 23)
	noisy := append(mesh(4, 8), silent(4, 30, 1, 0), silent(4, 31, 1, 0), silent(4, 32, 1, 0), silent(4, 33, 1, 0))
	for _, test := range []struct {
		name   string
		value  float64
		added  []flow.Flow
		before finding.Severity
		after  finding.Severity
	}{
		{"min_edges", 30, five, finding.High, finding.Info},
		{"min_flows", 3, five, finding.High, finding.Info},
		{"max_dead", 0.9, noisy, finding.Info, finding.Low},
		{"fan_out", 6, fan(6, 443, 9*hour, 7, 8, 9, 10, 11), finding.Medium, finding.Low},
	} {
		for value, want := range map[float64]finding.Severity{peertopeer.Detector.Defaults()[test.name]: test.before, test.value: test.after} {
			found := run(t, slices.Concat(habit(), test.added), habit(), map[string]float64{test.name: value})
			got := finding.Info
			if len(found) > 0 {
				got = found[0].Severity
			}
			if got != want {
				t.Errorf("%s %v: %s, want %s", test.name, value, got, want)
			}
		}
	}
}

// What counts as one session decides how many new pairs the baseline leads to expect.
func TestSession(t *testing.T) {
	var pairs []flow.Flow
	for h := 1; h < hosts; h++ {
		pairs = append(pairs, talk(h, h+1, 7680, 9*hour), talk(h, h+1, 7680, 12*hour))
	}
	base := append(habit(), pairs...)
	test := slices.Concat(base, mesh(1, 20, 30))
	if found := run(t, test, base, nil); len(found) != 1 {
		t.Errorf("%d findings, want one where no pair was a session", len(found))
	}
	if found := run(t, test, base, map[string]float64{"session": 4}); len(found) != 0 {
		t.Errorf("%s, want nothing where every pair is a session", found[0].Title)
	}
}

func TestExplain(t *testing.T) {
	result := detecttest.Run(t, peertopeer.Detector, detecttest.Capture{Flows: append(habit(), mesh(4, 8, 15)...), Base: habit(), Explain: host(8)})
	if len(result.Lines) != 1 || result.Lines[0].Value != 2 || !result.Lines[0].Fired {
		t.Errorf("lines %v, want two new hosts", result.Lines)
	}
}
