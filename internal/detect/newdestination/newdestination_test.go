package newdestination_test

import (
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"testing"

	"sentinel/internal/detect/detecttest"
	"sentinel/internal/detect/newdestination"
	"sentinel/internal/finding"
	"sentinel/internal/flow"
	"sentinel/internal/synth"
)

func host(i int) netip.Addr { return netip.AddrFrom4([4]byte{10, 0, 0, byte(i)}) }

// Servers in countries on which databases agree (synth's networks).
var (
	america  = netip.MustParseAddr("52.0.0.7")
	portugal = netip.MustParseAddr("193.136.1.1")
	mongolia = netip.MustParseAddr("49.0.128.5")
	bolivia  = netip.MustParseAddr("179.58.3.3")
	laos     = netip.MustParseAddr("115.84.64.9")
	nepal    = netip.MustParseAddr("36.252.1.1")
)

const hour = 3600

func visit(from int, to netip.Addr, second int) flow.Flow {
	return flow.Flow{Start: int64(second) * 1e6, SrcIP: host(from), DstIP: to, Proto: flow.TCP, DstPort: 443, UpBytes: 700, DownBytes: 9_000}
}

// habit is a day of forty hosts that deal with 30 servers each, in two countries.
func habit() []flow.Flow {
	var flows []flow.Flow
	for h := 1; h <= 40; h++ {
		for i := range 15 {
			flows = append(flows, visit(h, offset(america, h+i), hour*(8+i%8)), visit(h, offset(portugal, h+i), hour*(9+i%8)))
		}
	}
	return flows
}

func offset(a netip.Addr, by int) netip.Addr {
	four := a.As4()
	four[3] += byte(by)
	return netip.AddrFrom4(four)
}

func visits(times int, from int, to ...netip.Addr) []flow.Flow {
	var flows []flow.Flow
	for _, server := range to {
		for i := range times {
			flows = append(flows, visit(from, server, 9*hour+60*i))
		}
	}
	return flows
}

func run(t *testing.T, test, base []flow.Flow, params map[string]float64) []finding.Finding {
	t.Helper()
	return detecttest.Run(t, newdestination.Detector, detecttest.Capture{Flows: test, Base: base, Params: params}).Findings
}

func TestWhatIsFoundAndHowSevere(t *testing.T) {
	var dead, ports, popular []flow.Flow
	for _, f := range slices.Concat(visits(12, 3, mongolia, bolivia, laos, nepal), visits(12, 5, mongolia, bolivia, laos, nepal)) {
		f.UpBytes, f.DownBytes = 60, 0
		dead = append(dead, f)
	}
	for h := range 5 {
		f := visit(h+1, america, 9*hour)
		f.DstPort = 4444
		ports = append(ports, f)
		popular = append(popular, visit(h+1, mongolia, 9*hour))
	}
	for _, test := range []struct {
		name  string
		added []flow.Flow
		want  finding.Severity // Info: nothing
		title string
	}{
		{"an ordinary day", nil, finding.Info, ""},
		{"two hosts in three new countries", slices.Concat(visits(12, 3, mongolia, bolivia, laos), visits(12, 5, mongolia, bolivia, laos)),
			finding.High, "10.0.0.3, 10.0.0.5 contact Bolivia, Laos, Mongolia, where the network never had any business, 72 times"},
		{"one host in four new countries", visits(3, 3, mongolia, bolivia, laos, nepal), finding.Medium, "10.0.0.3 contacts Bolivia, Laos, Mongolia, Nepal"},
		{"one host in two new countries", visits(3, 3, mongolia, bolivia), finding.Low, "10.0.0.3 contacts Bolivia, Mongolia"},
		{"one host in one new country", visits(40, 3, mongolia), finding.Info, ""},
		{"hosts in a new country each", slices.Concat(visits(3, 3, mongolia), visits(3, 4, bolivia), visits(3, 5, laos)), finding.Info, ""},
		{"five hosts in one new country", popular, finding.Low, "5 hosts contact Mongolia"},
		{"five hosts use a new port", ports, finding.Low, "5 hosts use tcp 4444, which nobody used before"},
		{"countries that do not answer", dead, finding.Info, ""},
		{"more of the usual", visits(50, 3, america, portugal), finding.Info, ""},
	} {
		found := run(t, slices.Concat(habit(), test.added), habit(), nil)
		if test.want == finding.Info {
			if len(found) > 0 {
				t.Errorf("%s: %s", test.name, found[0].Title)
			}
			continue
		}
		if len(found) != 1 || found[0].Severity != test.want || !strings.HasPrefix(found[0].Title, test.title) {
			t.Errorf("%s: %+v, want one, %s", test.name, found, test.want)
		}
	}
}

// Where the baseline itself is full of countries that one host visits once, more of them are no news.
func TestChurnIsNoNews(t *testing.T) {
	far := []string{"88.198.0.1", "212.58.224.1", "90.0.0.1", "83.32.0.1", "81.224.0.1", "187.112.0.1", "79.0.0.1", "129.132.0.1", "133.242.0.1", "42.60.0.1"}
	base := habit()
	for i, text := range far {
		base = append(base, visit(i+1, netip.MustParseAddr(text), 10*hour))
	}
	base = append(base, visit(3, netip.MustParseAddr("128.214.0.1"), 10*hour), visit(3, netip.MustParseAddr("131.130.0.1"), 10*hour))
	if found := run(t, slices.Concat(habit(), visits(3, 3, mongolia, bolivia)), base, nil); len(found) > 0 {
		t.Errorf("%s", found[0].Title)
	}
}

func TestGeneratedDays(t *testing.T) {
	flows, truth := detecttest.Day(t, synth.Options{Kind: synth.Judge, Seed: 22, Day: 1, Flows: 60_000, Attacks: []synth.Attack{{Name: "new-destination"}}})
	base, _ := detecttest.Day(t, synth.Options{Seed: 22, Flows: 60_000})
	severe := detecttest.Severe(detecttest.Run(t, newdestination.Detector, detecttest.Capture{Flows: flows, Base: base}), finding.Medium)
	if len(severe) != 1 || !slices.Equal(severe[0].Hosts, truth.Attacks[0].Hosts) {
		t.Errorf("%v, want one finding about %v", severe, truth.Attacks[0].Hosts)
	}
	again := detecttest.Run(t, newdestination.Detector, detecttest.Capture{Flows: detecttest.Shuffled(flows), Base: detecttest.Shuffled(base), Threads: 2})
	if got := detecttest.Severe(again, finding.Medium); !reflect.DeepEqual(got, severe) {
		t.Errorf("shuffled: %v\nbefore: %v", got, severe)
	}
	clean, _ := detecttest.Day(t, synth.Options{Seed: 22, Day: 1, Flows: 60_000})
	for _, f := range run(t, clean, base, nil) {
		if f.Severity >= finding.Medium {
			t.Errorf("on a clean day: %s", f.Title)
		}
	}
}

func TestEdges(t *testing.T) {
	one := []flow.Flow{visit(1, america, 0)}
	link := visit(1, netip.MustParseAddr("224.0.0.251"), 0)
	for name, test := range map[string][2][]flow.Flow{
		"one flow each":        {one, one},
		"one flow of a day":    {one, habit()},
		"a day after one flow": {habit(), one},
		"multicast only":       {{link}, {link}},
	} {
		for _, f := range run(t, test[0], test[1], nil) {
			if f.Severity >= finding.Medium || f.PValue != f.PValue {
				t.Errorf("%s: %s, chance %v", name, f.Title, f.PValue)
			}
		}
	}
	if result := detecttest.Run(t, newdestination.Detector, detecttest.Capture{Flows: one}); result.Ran[0].Void == "" {
		t.Error("judges without a baseline")
	}
}

func TestParameters(t *testing.T) {
	three := slices.Concat(visits(12, 3, mongolia, bolivia, laos), visits(12, 5, mongolia, bolivia, laos))
	churning := append(habit(), visit(3, nepal, 9*hour), visit(3, netip.MustParseAddr("128.214.0.1"), 9*hour), visit(3, netip.MustParseAddr("131.130.0.1"), 9*hour))
	for _, test := range []struct {
		name   string
		value  float64
		added  []flow.Flow
		base   []flow.Flow
		before finding.Severity
		after  finding.Severity
	}{
		{"min_new", 7, three, habit(), finding.High, finding.Info},
		{"strong_new", 7, three, habit(), finding.High, finding.Low},
		{"prior", 100_000, visits(3, 3, mongolia, bolivia, laos, laos), churning, finding.Info, finding.Low},
	} {
		for value, want := range map[float64]finding.Severity{newdestination.Detector.Defaults()[test.name]: test.before, test.value: test.after} {
			found, got := run(t, slices.Concat(habit(), test.added), test.base, map[string]float64{test.name: value}), finding.Info
			if len(found) > 0 {
				got = found[0].Severity
			}
			if got != want {
				t.Errorf("%s %v: %s, want %s", test.name, value, got, want)
			}
		}
	}
}

func TestExplain(t *testing.T) {
	result := detecttest.Run(t, newdestination.Detector, detecttest.Capture{
		Flows: append(habit(), visits(2, 3, mongolia)...), Base: habit(), Explain: host(3),
	})
	if len(result.Lines) == 0 || result.Lines[0].Value != 1 || !strings.Contains(result.Lines[0].Why, "Mongolia") {
		t.Errorf("lines %v, want one new country", result.Lines)
	}
}
