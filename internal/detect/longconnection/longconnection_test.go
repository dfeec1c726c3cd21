package longconnection_test

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"

	"sentinel/internal/detect"
	"sentinel/internal/detect/detecttest"
	"sentinel/internal/detect/longconnection"
	"sentinel/internal/finding"
	"sentinel/internal/flow"
	"sentinel/internal/synth"
)

func addr(text string) netip.Addr { return netip.MustParseAddr(text) }

func host(i int) netip.Addr { return addr(fmt.Sprintf("192.168.104.%d", i)) }

var server = addr("203.0.113.7")

const minute = 60_000_000

// open is connections that follow each other without a gap, of so many minutes each.
func open(src, dst netip.Addr, port uint16, count int, minutes int64) []flow.Flow {
	var flows []flow.Flow
	for k := range int64(count) {
		flows = append(flows, flow.Flow{
			Start: detecttest.Midnight + 60*minute + k*minutes*minute, Duration: minutes * minute, SrcIP: src, DstIP: dst, Proto: flow.TCP, DstPort: port,
			UpBytes: 20_000, DownBytes: 30_000, State: flow.Established,
		})
	}
	return flows
}

// office is twenty hosts that browse all day.
func office() []flow.Flow {
	var flows []flow.Flow
	for i := 1; i <= 20; i++ {
		for k := range int64(20) {
			flows = append(flows, flow.Flow{
				Start: detecttest.Midnight + k*70*minute, Duration: 20_000_000, SrcIP: host(i), DstIP: addr("198.51.100.1"), Proto: flow.TCP, DstPort: 443,
				UpBytes: 2_000, DownBytes: 9_000, State: flow.Established,
			})
		}
	}
	return flows
}

func run(t *testing.T, capture detecttest.Capture) *detect.Result {
	t.Helper()
	capture.Columns = detecttest.Office
	return detecttest.Run(t, longconnection.Detector, capture)
}

func TestFinds(t *testing.T) {
	for name, flows := range map[string][]flow.Flow{
		"one flow":            open(host(3), server, 443, 1, 7*60),
		"cut every half hour": open(host(3), server, 443, 14, 30),
		"cut every 5 minutes": open(host(3), server, 443, 84, 5),
	} {
		t.Run(name, func(t *testing.T) {
			found := run(t, detecttest.Capture{Flows: append(office(), flows...)}).Findings
			if len(found) != 1 || found[0].Severity != finding.High || found[0].Title != "192.168.104.3 kept a connection to 203.0.113.7 tcp 443 open for 7 h" {
				t.Errorf("findings %v, want one of high severity", found)
			}
		})
	}
}

func TestStaysQuiet(t *testing.T) {
	long := open(host(3), server, 443, 1, 7*60)
	var push []flow.Flow
	for i := 1; i <= 3; i++ {
		push = append(push, open(host(i), server, 993, 1, 8*60+int64(i))...)
	}
	refused := open(host(3), server, 443, 1, 7*60)
	refused[0].State = flow.Unanswered
	for name, capture := range map[string]detecttest.Capture{
		"browsing":      {Flows: office()},
		"popular":       {Flows: append(office(), open(host(3), addr("198.51.100.1"), 443, 1, 7*60)...)},
		"inside":        {Flows: append(office(), open(host(3), host(99), 443, 1, 7*60)...)},
		"SSH":           {Flows: append(office(), open(host(3), server, 22, 1, 12*60)...)},
		"push":          {Flows: append(office(), push...)},
		"baseline":      {Flows: append(office(), long...), Base: append(office(), long...)},
		"unanswered":    {Flows: append(office(), refused...)},
		"with pauses":   {Flows: append(office(), paused(open(host(3), server, 443, 14, 30))...)},
		"from outside":  {Flows: append(office(), open(server, host(3), 443, 1, 7*60)...)},
		"an hour or so": {Flows: append(office(), open(host(3), server, 443, 1, 70)...)},
	} {
		t.Run(name, func(t *testing.T) {
			for _, f := range detecttest.Severe(run(t, capture), finding.Medium) {
				t.Errorf("%s: %s %v", f.Severity, f.Title, f.Modifiers)
			}
		})
	}
}

// paused leaves half of the time between connections free.
func paused(flows []flow.Flow) []flow.Flow {
	for i := range flows {
		flows[i].Duration /= 2
	}
	return flows
}

func TestNeedsDuration(t *testing.T) {
	result := detecttest.Run(t, longconnection.Detector, detecttest.Capture{Flows: office()})
	if result.Ran[0].Void == "" {
		t.Error("judged without durations")
	}
}

func TestGeneratedDays(t *testing.T) {
	clean, _ := detecttest.Day(t, synth.Options{Seed: 8, Flows: 30_000, Profile: synth.Office})
	flows, truth := detecttest.Day(t, synth.Options{
		Seed: 8, Flows: 30_000, Day: 1, Profile: synth.Office, Kind: synth.Judge, Attacks: []synth.Attack{{Name: "long-connection"}},
	})
	for name, base := range map[string][]flow.Flow{"with baseline": clean, "without": nil} {
		found := detecttest.Severe(run(t, detecttest.Capture{Flows: flows, Base: base}), finding.Medium)
		if len(found) != 1 || found[0].SrcIP != truth.Attacks[0].Hosts[0] {
			t.Errorf("%s: findings %v, want one about %v", name, found, truth.Attacks[0].Hosts)
		}
	}
	if found := detecttest.Severe(run(t, detecttest.Capture{Flows: clean}), finding.Medium); len(found) > 0 {
		t.Errorf("clean day: %v", found)
	}
}

func TestParams(t *testing.T) {
	flows := append(office(), open(host(3), server, 443, 1, 7*60)...)
	for value, want := range map[float64]int{1: 1, 8: 0} {
		if found := run(t, detecttest.Capture{Flows: flows, Params: map[string]float64{"min_hours": value}}).Findings; len(found) != want {
			t.Errorf("min_hours=%v: %d findings, want %d", value, len(found), want)
		}
	}
}

func TestExplain(t *testing.T) {
	flows := append(office(), append(open(host(3), server, 443, 1, 7*60), open(host(4), server, 443, 1, 40)...)...)
	for asked, fired := range map[netip.Addr]bool{host(3): true, host(4): false} {
		lines := run(t, detecttest.Capture{Flows: flows, Explain: asked}).Lines
		if len(lines) == 0 || slices.ContainsFunc(lines, func(l detect.Line) bool { return l.Fired }) != fired {
			t.Errorf("lines of %s: %+v, want one that fired: %t", asked, lines, fired)
		}
	}
}

func TestSteady(t *testing.T) {
	flows := append(office(), open(host(3), server, 443, 14, 30)...)
	flows = append(flows, open(host(4), server, 443, 1, 500)...)
	detecttest.Steady(t, longconnection.Detector, detecttest.Capture{Flows: flows, Base: office(), Columns: detecttest.Office})
}

func TestEdges(t *testing.T) { detecttest.Edges(t, longconnection.Detector) }
