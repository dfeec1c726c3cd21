package icmptunnel_test

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"sentinel/internal/detect"
	"sentinel/internal/detect/detecttest"
	"sentinel/internal/detect/icmptunnel"
	"sentinel/internal/finding"
	"sentinel/internal/flow"
	"sentinel/internal/synth"
)

func addr(text string) netip.Addr { return netip.MustParseAddr(text) }

func host(i int) netip.Addr { return addr(fmt.Sprintf("192.168.104.%d", i)) }

var outside = addr("192.0.2.9")

// echoes are flows a minute apart, of so many packets of one size each way.
func echoes(src, dst netip.Addr, flows int, packets, size int64) []flow.Flow {
	proto := flow.ICMP
	if dst.Is6() {
		proto = flow.ICMPv6
	}
	var list []flow.Flow
	for k := range int64(flows) {
		list = append(list, flow.Flow{
			Start: detecttest.Midnight + k*60e6, Duration: (packets - 1) * 1e6, SrcIP: src, DstIP: dst, Proto: proto,
			UpBytes: packets * size, DownBytes: packets * size, UpPackets: packets, DownPackets: packets,
		})
	}
	return list
}

func pings() []flow.Flow {
	var flows []flow.Flow
	for i := range 8 {
		flows = append(flows, echoes(host(1), host(100+i), 50, 1, 84)...)
	}
	return flows
}

// change returns the flows, each changed.
func change(flows []flow.Flow, by func(*flow.Flow)) []flow.Flow {
	for i := range flows {
		by(&flows[i])
	}
	return flows
}

func run(t *testing.T, capture detecttest.Capture) *detect.Result {
	t.Helper()
	if capture.Columns == nil {
		capture.Columns = detecttest.Office
	}
	return detecttest.Run(t, icmptunnel.Detector, capture)
}

func TestFinds(t *testing.T) {
	uncounted := func(f *flow.Flow) { f.UpPackets, f.DownPackets = 0, 0 }
	for name, c := range map[string]struct {
		flows   []flow.Flow
		columns flow.Set
	}{
		"tunnel":            {echoes(host(3), outside, 100, 30, 1_000), detecttest.Office},
		"IPv6":              {echoes(addr("fd00::3"), addr("2001:db8::9"), 100, 30, 1_000), detecttest.Office},
		"without packets":   {change(echoes(host(3), outside, 100, 30, 1_000), uncounted), flow.NewSet("duration")},
		"without durations": {echoes(host(3), outside, 100, 30, 1_000), flow.NewSet()},
	} {
		t.Run(name, func(t *testing.T) {
			found := run(t, detecttest.Capture{Flows: append(pings(), c.flows...), Columns: c.columns}).Findings
			if len(found) != 1 || found[0].SrcIP != c.flows[0].SrcIP || found[0].Severity < finding.Medium {
				t.Fatalf("findings %v, want one about %s", found, c.flows[0].SrcIP)
			}
			if c.columns["up_packets"] != strings.Contains(found[0].Title, "a packet") {
				t.Error(found[0].Title)
			}
		})
	}
}

func TestStaysQuiet(t *testing.T) {
	tunnel := echoes(host(3), outside, 100, 10, 1_000)
	silent := func(f *flow.Flow) { f.DownBytes, f.DownPackets = 0, 0 }
	var all []flow.Flow
	for i := range 20 {
		all = append(all, echoes(host(i+1), outside, 100, 10, 1_000)...)
	}
	for name, capture := range map[string]detecttest.Capture{
		"pings":           {Flows: pings()},
		"ping all day":    {Flows: append(pings(), echoes(host(3), outside, 1_400, 60, 84)...)},
		"the same, bare":  {Flows: append(pings(), echoes(host(3), outside, 1_400, 60, 84)...), Columns: flow.NewSet()},
		"one large":       {Flows: append(pings(), echoes(host(3), outside, 5, 4, 1_500)...)},
		"error messages":  {Flows: append(pings(), change(echoes(host(3), outside, 100, 5, 576), silent)...)},
		"inside":          {Flows: append(pings(), echoes(host(3), host(9), 10, 30, 1_000)...)},
		"baseline":        {Flows: append(pings(), tunnel...), Base: append(pings(), tunnel...)},
		"everybody":       {Flows: all},
		"from outside":    {Flows: append(pings(), echoes(outside, host(3), 100, 30, 1_000)...)},
		"another service": {Flows: append(pings(), change(echoes(host(3), outside, 100, 30, 1_000), func(f *flow.Flow) { f.Proto = flow.UDP })...)},
	} {
		t.Run(name, func(t *testing.T) {
			for _, f := range detecttest.Severe(run(t, capture), finding.Medium) {
				t.Errorf("%s: %s %v", f.Severity, f.Title, f.Modifiers)
			}
		})
	}
}

func TestGeneratedDays(t *testing.T) {
	clean, _ := detecttest.Day(t, synth.Options{Seed: 7, Flows: 30_000, Profile: synth.Office})
	flows, truth := detecttest.Day(t, synth.Options{
		Seed: 7, Flows: 30_000, Day: 1, Profile: synth.Office, Kind: synth.Judge, Attacks: []synth.Attack{{Name: "icmp-tunnel"}},
	})
	for name, base := range map[string][]flow.Flow{"with baseline": clean, "without": nil} {
		found := run(t, detecttest.Capture{Flows: flows, Base: base}).Findings
		if len(found) != 1 || found[0].SrcIP != truth.Attacks[0].Hosts[0] || found[0].Severity < finding.Medium {
			t.Errorf("%s: findings %v, want one about %v", name, found, truth.Attacks[0].Hosts)
		}
	}
	if found := run(t, detecttest.Capture{Flows: clean}).Findings; len(found) > 0 {
		t.Errorf("clean day: %v", found)
	}
}

func TestParams(t *testing.T) {
	tunnel := append(pings(), echoes(host(3), outside, 100, 2, 1_000)...)
	for name, value := range map[string]float64{"min_bytes": 10e6, "min_z": 99, "min_peers": 1_000} {
		params := map[string]float64{name: value}
		if name == "min_peers" {
			params["min_z"] = 99 // what is usual cannot be told of so few
		}
		before := run(t, detecttest.Capture{Flows: tunnel}).Findings
		after := run(t, detecttest.Capture{Flows: tunnel, Params: params}).Findings
		changed := len(before) != len(after) || before[0].Score != after[0].Score
		if changed != (name != "min_peers") {
			t.Errorf("%v: findings %v, then %v", params, before, after)
		}
	}
}

func TestExplain(t *testing.T) {
	flows := append(pings(), echoes(host(3), outside, 100, 30, 1_000)...)
	for asked, fired := range map[netip.Addr]bool{host(3): true, host(1): false} {
		lines := run(t, detecttest.Capture{Flows: flows, Explain: asked}).Lines
		if len(lines) == 0 || slices.ContainsFunc(lines, func(l detect.Line) bool { return l.Fired }) != fired {
			t.Errorf("lines of %s: %+v, want one that fired: %t", asked, lines, fired)
		}
	}
}

func TestSteady(t *testing.T) {
	flows := append(pings(), echoes(host(3), outside, 100, 30, 1_000)...)
	detecttest.Steady(t, icmptunnel.Detector, detecttest.Capture{Flows: flows, Base: pings(), Columns: detecttest.Office})
}

func TestEdges(t *testing.T) { detecttest.Edges(t, icmptunnel.Detector) }
