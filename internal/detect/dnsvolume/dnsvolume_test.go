package dnsvolume_test

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"

	"sentinel/internal/detect"
	"sentinel/internal/detect/detecttest"
	"sentinel/internal/detect/dnsvolume"
	"sentinel/internal/finding"
	"sentinel/internal/flow"
	"sentinel/internal/synth"
)

func addr(text string) netip.Addr { return netip.MustParseAddr(text) }

func host(i int) netip.Addr { return addr(fmt.Sprintf("192.168.104.%d", i)) }

var resolver = addr("192.168.104.250")

// ask is questions of one length, spread over some hours from an hour of the day on.
func ask(src, dst netip.Addr, from, hours float64, count int, length, answer int64) []flow.Flow {
	var flows []flow.Flow
	for k := range count {
		at := (from + hours*float64(k)/float64(count)) * 3600e6
		flows = append(flows, flow.Flow{Start: detecttest.Midnight + int64(at), SrcIP: src, DstIP: dst, Proto: flow.UDP, DstPort: 53, UpBytes: length, DownBytes: answer})
	}
	return flows
}

// office is a day of hosts 1 to n, which ask 200 to 300 questions of 130 bytes each.
func office(n int) []flow.Flow {
	var flows []flow.Flow
	for i := 1; i <= n; i++ {
		flows = append(flows, ask(host(i), resolver, 8, 10, 200+5*i, 130+int64(i%5), 300)...)
	}
	return flows
}

func run(t *testing.T, capture detecttest.Capture) *detect.Result {
	t.Helper()
	return detecttest.Run(t, dnsvolume.Detector, capture)
}

func TestFinds(t *testing.T) {
	for name, c := range map[string]struct {
		extra    []flow.Flow
		base     []flow.Flow
		evidence string // of the test that fired
	}{
		"all day":                 {ask(host(3), resolver, 0, 24, 4_000, 220, 300), nil, "z_peers"},
		"one hour":                {ask(host(3), resolver, 14, 0.9, 900, 220, 300), nil, "z_peers_hour"},
		"longer questions":        {ask(host(3), resolver, 0, 24, 600, 230, 300), nil, "z_peers_length"},
		"against the baseline":    {ask(host(3), resolver, 8, 10, 900, 130, 300), office(20), "z_growth"},
		"hour of the baseline":    {ask(host(3), resolver, 14, 0.9, 500, 130, 300), office(20), "z_growth_hour"},
		"server that none asks":   {ask(host(3), addr("192.0.2.53"), 0, 24, 4_000, 220, 300), nil, "z_peers"},
		"over TCP":                {overTCP(ask(host(3), resolver, 0, 24, 4_000, 220, 300)), nil, "z_peers"},
		"without any answer seen": {silenced(ask(host(3), resolver, 0, 24, 4_000, 220, 0)), nil, "z_peers"},
	} {
		t.Run(name, func(t *testing.T) {
			flows := append(office(20), c.extra...)
			if c.extra[0].DownBytes == 0 {
				flows = silenced(flows)
			}
			found := detecttest.Severe(run(t, detecttest.Capture{Flows: flows, Base: c.base}), finding.Medium)
			if len(found) != 1 || found[0].SrcIP != host(3) {
				t.Fatalf("findings %v, want one about %s", found, host(3))
			}
			if z := evidence(found[0], c.evidence); z < 3.5 {
				t.Errorf("%s is %v, want 3.5 or more: %s", c.evidence, z, found[0].Title)
			}
		})
	}
}

func overTCP(flows []flow.Flow) []flow.Flow {
	for i := range flows {
		flows[i].Proto = flow.TCP
	}
	return flows
}

func silenced(flows []flow.Flow) []flow.Flow {
	for i := range flows {
		flows[i].DownBytes = 0
	}
	return flows
}

func evidence(f finding.Finding, name string) float64 {
	i := slices.IndexFunc(f.Evidence, func(e finding.Evidence) bool { return e.Name == name })
	if i < 0 {
		return 0
	}
	return f.Evidence[i].Value
}

func TestStaysQuiet(t *testing.T) {
	chatty := ask(host(3), resolver, 0, 24, 1_500, 130, 300)
	var crawl []flow.Flow
	for i := range 100 {
		crawl = append(crawl, ask(host(60), addr(fmt.Sprintf("198.51.100.%d", i+1)), 0, 24, 60, 220, 300)...)
	}
	for name, capture := range map[string]detecttest.Capture{
		"nothing":          {Flows: office(20)},
		"chatty":           {Flows: append(office(20), chatty...)},
		"chatty before":    {Flows: append(office(20), chatty...), Base: append(office(20), chatty...)},
		"resolver":         {Flows: append(office(20), ask(resolver, addr("192.0.2.1"), 0, 24, 9_000, 220, 300)...)},
		"recursive":        {Flows: append(office(20), crawl...)},
		"scan of port 53":  {Flows: append(office(20), ask(host(3), addr("198.51.100.9"), 0, 24, 9_000, 220, 0)...)},
		"from outside":     {Flows: append(office(20), ask(addr("192.0.2.77"), resolver, 0, 24, 9_000, 220, 300)...)},
		"all ask the same": {Flows: eachAsks(20)},
	} {
		t.Run(name, func(t *testing.T) {
			for _, f := range detecttest.Severe(run(t, capture), finding.Medium) {
				t.Errorf("%s: %s %v", f.Severity, f.Title, f.Modifiers)
			}
		})
	}
}

func eachAsks(n int) []flow.Flow {
	var flows []flow.Flow
	for i := 1; i <= n; i++ {
		flows = append(flows, ask(host(i), resolver, 0, 24, 4_000+i, 220, 300)...)
	}
	return flows
}

func TestGeneratedDays(t *testing.T) {
	clean, _ := detecttest.Day(t, synth.Options{Seed: 6, Flows: 30_000})
	day := synth.Options{Seed: 6, Flows: 30_000, Day: 1, Kind: synth.Judge, Attacks: []synth.Attack{{Name: "dns-volume"}, {Name: "dns-burst"}}}
	flows, truth := detecttest.Day(t, day)
	for name, base := range map[string][]flow.Flow{"with baseline": clean, "without": nil} {
		found := detecttest.Severe(run(t, detecttest.Capture{Flows: flows, Base: base}), finding.Medium)
		if len(found) != 3 {
			t.Errorf("%s: %d findings, want 3: %v", name, len(found), found)
		}
		for _, planted := range truth.Attacks {
			for _, host := range planted.Hosts {
				if !slices.ContainsFunc(found, func(f finding.Finding) bool { return f.SrcIP == host }) {
					t.Errorf("%s: %s by %s is not found", name, planted.Name, host)
				}
			}
		}
	}
	if found := detecttest.Severe(run(t, detecttest.Capture{Flows: clean}), finding.Medium); len(found) > 0 {
		t.Errorf("clean day: %v", found)
	}
}

func TestParams(t *testing.T) {
	much := append(office(20), ask(host(3), resolver, 0, 24, 4_000, 220, 300)...)
	var many []flow.Flow
	for i := range 60 {
		many = append(many, ask(host(3), addr(fmt.Sprintf("198.51.100.%d", i+1)), 0, 24, 60, 220, 300)...)
	}
	for name, c := range map[string]struct {
		flows         []flow.Flow
		value         float64
		before, after int
	}{
		"min_bytes":   {much, 2e6, 1, 0},
		"min_z":       {much, 99, 1, 0},
		"min_peers":   {much, 1_000, 1, 0},
		"max_servers": {append(office(20), many...), 100, 0, 1},
	} {
		before := run(t, detecttest.Capture{Flows: c.flows}).Findings
		after := run(t, detecttest.Capture{Flows: c.flows, Params: map[string]float64{name: c.value}}).Findings
		if len(before) != c.before || len(after) != c.after {
			t.Errorf("%s=%v: %d findings, then %d, want %d and %d", name, c.value, len(before), len(after), c.before, c.after)
		}
	}
}

func TestExplain(t *testing.T) {
	flows := append(office(20), ask(host(3), resolver, 0, 24, 4_000, 220, 300)...)
	for asked, fired := range map[netip.Addr]bool{host(3): true, host(4): false} {
		lines := run(t, detecttest.Capture{Flows: flows, Explain: asked}).Lines
		if len(lines) == 0 || slices.ContainsFunc(lines, func(l detect.Line) bool { return l.Fired }) != fired {
			t.Errorf("lines of %s: %+v, want one that fired: %t", asked, lines, fired)
		}
	}
}

func TestSteady(t *testing.T) {
	flows := append(office(20), ask(host(3), resolver, 0, 24, 4_000, 220, 300)...)
	detecttest.Steady(t, dnsvolume.Detector, detecttest.Capture{Flows: flows, Base: office(20)})
}

func TestEdges(t *testing.T) { detecttest.Edges(t, dnsvolume.Detector) }
