package unusualport_test

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"sentinel/internal/detect"
	"sentinel/internal/detect/detecttest"
	"sentinel/internal/detect/unusualport"
	"sentinel/internal/finding"
	"sentinel/internal/flow"
	"sentinel/internal/synth"
)

func addr(text string) netip.Addr { return netip.MustParseAddr(text) }

func host(i int) netip.Addr { return addr(fmt.Sprintf("192.168.104.%d", i)) }

var server = addr("203.0.113.7")

// talk is flows ten minutes apart.
func talk(src, dst netip.Addr, port uint16, count int, down int64) []flow.Flow {
	var flows []flow.Flow
	for k := range int64(count) {
		flows = append(flows, flow.Flow{
			Start: detecttest.Midnight + 3600e6 + k*600e6, SrcIP: src, DstIP: dst, Proto: flow.TCP, DstPort: port, UpBytes: 2_000, DownBytes: down,
		})
	}
	return flows
}

// office is twenty hosts that browse.
func office() []flow.Flow {
	var flows []flow.Flow
	for i := 1; i <= 20; i++ {
		flows = append(flows, talk(host(i), addr("198.51.100.1"), 443, 20, 9_000)...)
	}
	return flows
}

func run(t *testing.T, capture detecttest.Capture) *detect.Result {
	t.Helper()
	return detecttest.Run(t, unusualport.Detector, capture)
}

func TestFinds(t *testing.T) {
	control := talk(host(3), server, 4444, 60, 7_000)
	var scan []flow.Flow
	for i := 1; i <= 200; i++ {
		scan = append(scan, talk(host(9), addr(fmt.Sprintf("198.51.100.%d", i)), 4444, 1, 0)...)
	}
	for name, capture := range map[string]detecttest.Capture{
		"alone":              {Flows: append(office(), control...)},
		"beside a scan":      {Flows: append(append(office(), control...), scan...)},
		"against a baseline": {Flows: append(office(), control...), Base: office()},
	} {
		t.Run(name, func(t *testing.T) {
			found := detecttest.Severe(run(t, capture), finding.Medium)
			if len(found) != 1 || found[0].Title != "192.168.104.3 uses 203.0.113.7 tcp 4444, 60 times, a port that nobody else uses" {
				t.Errorf("findings %v, want one", found)
			}
		})
	}
}

func TestManyPortsAreOneFinding(t *testing.T) {
	flows := office()
	for port := uint16(40_000); port < 40_010; port++ {
		flows = append(flows, talk(host(3), server, port, 80, 7_000)...)
	}
	found := run(t, detecttest.Capture{Flows: flows}).Findings
	if len(found) != 1 || !strings.Contains(found[0].Title, "uses 10 ports") || found[0].Severity >= finding.Medium {
		t.Errorf("findings %v, want one of low severity", found)
	}
}

func TestStaysQuiet(t *testing.T) {
	control := talk(host(3), server, 4444, 60, 7_000)
	answers := append(office(), eachAsks(host(60))...)
	for name, capture := range map[string]detecttest.Capture{
		"browsing":       {Flows: office()},
		"failed":         {Flows: append(office(), talk(host(3), server, 4444, 60, 0)...)},
		"usual":          {Flows: append(office(), append(control, talk(host(4), server, 4444, 60, 7_000)...)...)},
		"common service": {Flows: append(office(), talk(host(3), server, 25, 90, 7_000)...)},
		"inside":         {Flows: append(office(), talk(host(3), host(99), 4444, 60, 7_000)...)},
		"baseline":       {Flows: append(office(), control...), Base: append(office(), control...)},
		"answers":        {Flows: append(answers, talk(host(60), server, 51_000, 60, 7_000)...)},
		"from outside":   {Flows: append(office(), talk(server, host(3), 4444, 60, 7_000)...)},
	} {
		t.Run(name, func(t *testing.T) {
			for _, f := range detecttest.Severe(run(t, capture), finding.Medium) {
				t.Errorf("%s: %s %v", f.Severity, f.Title, f.Modifiers)
			}
		})
	}
}

// eachAsks makes a server of a host.
func eachAsks(server netip.Addr) []flow.Flow {
	var flows []flow.Flow
	for i := 1; i <= 20; i++ {
		flows = append(flows, talk(host(i), server, 443, 1, 7_000)...)
	}
	return flows
}

func TestGeneratedDays(t *testing.T) {
	clean, _ := detecttest.Day(t, synth.Options{Seed: 9, Flows: 30_000, Profile: synth.Office})
	flows, truth := detecttest.Day(t, synth.Options{
		Seed: 9, Flows: 30_000, Day: 1, Profile: synth.Office, Kind: synth.Judge, Attacks: []synth.Attack{{Name: "unusual-port"}, {Name: "scan-vertical"}},
	})
	for name, base := range map[string][]flow.Flow{"with baseline": clean, "without": nil} {
		found := detecttest.Severe(run(t, detecttest.Capture{Flows: flows, Base: base, Columns: detecttest.Office}), finding.Medium)
		if len(found) != 1 || found[0].SrcIP != truth.Attacks[0].Hosts[0] {
			t.Errorf("%s: findings %v, want one about %v", name, found, truth.Attacks[0].Hosts)
		}
	}
	if found := detecttest.Severe(run(t, detecttest.Capture{Flows: clean, Columns: detecttest.Office}), finding.Medium); len(found) > 0 {
		t.Errorf("clean day: %v", found)
	}
}

func TestParams(t *testing.T) {
	control := append(office(), talk(host(3), server, 4444, 60, 7_000)...)
	both := append(slices.Clone(control), talk(host(4), server, 4444, 60, 7_000)...)
	var ports []flow.Flow
	for port := range uint16(3) {
		ports = append(ports, talk(host(3), addr(fmt.Sprintf("203.0.113.%d", 20+port)), 40_000+port, 80, 7_000)...)
	}
	for name, c := range map[string]struct {
		flows         []flow.Flow
		value         float64
		before, after int
	}{
		"min_flows": {control, 100, 1, 0},
		"max_share": {both, 0.1, 0, 2},
		"min_hosts": {control, 100, 1, 0},
		"max_ports": {append(office(), ports...), 2, 3, 1},
	} {
		before := run(t, detecttest.Capture{Flows: c.flows}).Findings
		after := run(t, detecttest.Capture{Flows: c.flows, Params: map[string]float64{name: c.value}}).Findings
		if len(before) != c.before || len(after) != c.after {
			t.Errorf("%s=%v: %d findings, then %d, want %d and %d", name, c.value, len(before), len(after), c.before, c.after)
		}
	}
}

func TestExplain(t *testing.T) {
	flows := append(office(), append(talk(host(3), server, 4444, 60, 7_000), talk(host(4), server, 5555, 3, 7_000)...)...)
	for asked, fired := range map[netip.Addr]bool{host(3): true, host(4): false} {
		lines := run(t, detecttest.Capture{Flows: flows, Explain: asked}).Lines
		if len(lines) == 0 || slices.ContainsFunc(lines, func(l detect.Line) bool { return l.Fired }) != fired {
			t.Errorf("lines of %s: %+v, want one that fired: %t", asked, lines, fired)
		}
	}
}

func TestSteady(t *testing.T) {
	flows := append(office(), talk(host(3), server, 4444, 60, 7_000)...)
	flows = append(flows, talk(host(3), server.Next(), 4444, 60, 7_000)...)
	detecttest.Steady(t, unusualport.Detector, detecttest.Capture{Flows: flows, Base: office()})
}

func TestEdges(t *testing.T) { detecttest.Edges(t, unusualport.Detector) }
