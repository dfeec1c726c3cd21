package exfil_test

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"sentinel/internal/detect"
	"sentinel/internal/detect/detecttest"
	"sentinel/internal/detect/exfil"
	"sentinel/internal/finding"
	"sentinel/internal/flow"
	"sentinel/internal/synth"
)

func addr(text string) netip.Addr { return netip.MustParseAddr(text) }

func host(i int) netip.Addr { return addr(fmt.Sprintf("192.168.104.%d", i)) }

// receiver is in a network of its own, which nothing else here contacts.
var receiver = addr("203.0.113.7")

// upload is flows of 100 kB up, spread over four hours of the morning.
func upload(src, dst netip.Addr, port uint16, bytes, down int64) []flow.Flow {
	var flows []flow.Flow
	const piece = 100_000
	for sent := int64(0); sent < bytes; sent += piece {
		at := int64(9*3600e6) + int64(4*3600e6)*sent/bytes
		flows = append(flows, flow.Flow{Start: detecttest.Midnight + at, SrcIP: src, DstIP: dst, Proto: flow.TCP, DstPort: port, UpBytes: piece, DownBytes: down})
	}
	return flows
}

// office is a day of hosts 1 to n: each sends about 1 MB to a server that all use, and 200 kB to one of its own.
func office(n int) []flow.Flow {
	var flows []flow.Flow
	for i := 1; i <= n; i++ {
		own := addr(fmt.Sprintf("2001:db8:0:%x::1", i))
		for k := range int64(20 + i) {
			at := detecttest.Midnight + (8*3600+k*1_700)*1e6
			flows = append(flows,
				flow.Flow{Start: at, SrcIP: host(i), DstIP: addr("198.51.100.1"), Proto: flow.TCP, DstPort: 443, UpBytes: 40_000, DownBytes: 300_000},
				flow.Flow{Start: at, SrcIP: host(i), DstIP: own, Proto: flow.TCP, DstPort: 443, UpBytes: 8_000, DownBytes: 90_000})
		}
	}
	return flows
}

func run(t *testing.T, capture detecttest.Capture) *detect.Result {
	t.Helper()
	return detecttest.Run(t, exfil.Detector, capture)
}

func TestFindsAnUpload(t *testing.T) {
	found := run(t, detecttest.Capture{Flows: append(office(20), upload(host(3), receiver, 443, 40e6, 2_000)...)}).Findings
	if len(found) != 1 {
		t.Fatalf("%d findings, want 1: %v", len(found), found)
	}
	f := found[0]
	want := "192.168.104.3 uploaded 40 MB to 203.0.113.7 tcp 443, which nobody else contacts, 161 times its peers"
	if f.Title != want || f.Severity < finding.High || f.SrcIP != host(3) || !strings.Contains(f.Explanation, "z 10.") {
		t.Errorf("%s %q by %s: %s\nwant %q", f.Severity, f.Title, f.SrcIP, f.Explanation, want)
	}
}

func TestOneFindingForOneReceiver(t *testing.T) {
	flows := append(office(20), upload(host(3), receiver, 443, 40e6, 2_000)...)
	flows = append(flows, upload(host(3), receiver.Next(), 443, 30e6, 2_000)...)
	flows = append(flows, upload(host(9), receiver, 443, 20e6, 2_000)...)
	found := run(t, detecttest.Capture{Flows: flows}).Findings
	if len(found) != 1 || !slices.Equal(found[0].Hosts, []netip.Addr{host(3), host(9)}) || len(found[0].Pairs) != 3 {
		t.Errorf("findings %v, want one of two hosts and three pairs", found)
	}
}

func TestStaysQuiet(t *testing.T) {
	planted := upload(host(3), receiver, 443, 40e6, 2_000)
	for name, capture := range map[string]detecttest.Capture{
		"nothing":       {Flows: office(20)},
		"download":      {Flows: append(office(20), upload(host(3), receiver, 443, 40e6, 1_000_000)...)},
		"call":          {Flows: append(office(20), upload(host(3), receiver, 443, 40e6, 110_000)...)},
		"inside":        {Flows: append(office(20), upload(host(3), host(99), 443, 40e6, 2_000)...)},
		"DNS":           {Flows: append(office(20), upload(host(3), receiver, 53, 40e6, 2_000)...)},
		"multicast":     {Flows: append(office(20), upload(host(3), addr("239.255.255.250"), 1900, 40e6, 0)...)},
		"popular":       {Flows: append(office(20), upload(host(3), addr("198.51.100.2"), 443, 40e6, 2_000)...)},
		"baseline":      {Flows: append(office(20), planted...), Base: append(office(20), planted...)},
		"backup":        {Flows: append(office(20), upload(host(50), receiver, 443, 40e6, 2_000)...)},
		"server":        {Flows: append(append(office(20), asked(host(60))...), upload(host(60), receiver, 51_000, 40e6, 2_000)...)},
		"many at once":  {Flows: append(office(20), eachUploads(20)...)},
		"from outside":  {Flows: append(office(20), upload(addr("198.51.100.99"), receiver, 443, 40e6, 2_000)...)},
		"less than min": {Flows: append(office(20), upload(host(3), receiver, 443, 0.9e6, 2_000)...)},
	} {
		t.Run(name, func(t *testing.T) {
			for _, f := range detecttest.Severe(run(t, capture), finding.Medium) {
				t.Errorf("%s: %s %v", f.Severity, f.Title, f.Modifiers)
			}
		})
	}
}

// asked is a flow of each of ten hosts to a server inside.
func asked(server netip.Addr) []flow.Flow {
	var flows []flow.Flow
	for i := 1; i <= 10; i++ {
		flows = append(flows, flow.Flow{Start: detecttest.Midnight, SrcIP: host(i), DstIP: server, Proto: flow.TCP, DstPort: 443, UpBytes: 900, DownBytes: 9_000})
	}
	return flows
}

func eachUploads(n int) []flow.Flow {
	var flows []flow.Flow
	for i := 1; i <= n; i++ {
		flows = append(flows, upload(host(i), addr(fmt.Sprintf("2001:db8:1:%x::1", i)), 443, 40e6, 2_000)...)
	}
	return flows
}

func TestBaselineRaisesWhatIsNew(t *testing.T) {
	flows := append(office(20), upload(host(3), receiver, 443, 8e6, 2_000)...)
	without := run(t, detecttest.Capture{Flows: flows}).Findings
	with := run(t, detecttest.Capture{Flows: flows, Base: office(20)}).Findings
	if len(without) != 1 || len(with) != 1 || with[0].Score <= without[0].Score {
		t.Errorf("without %v, with %v, want a higher score", without, with)
	}
}

func TestWithoutPeers(t *testing.T) {
	big := run(t, detecttest.Capture{Flows: append(office(1), upload(host(1), receiver, 443, 200e6, 2_000)...)})
	if found := detecttest.Severe(big, finding.Medium); len(found) != 1 {
		t.Errorf("200 MB of a host alone: %v, want a finding", big.Findings)
	}
	small := run(t, detecttest.Capture{Flows: append(office(1), upload(host(1), receiver, 443, 20e6, 2_000)...)})
	if found := detecttest.Severe(small, finding.Medium); len(found) != 0 {
		t.Errorf("20 MB of a host alone: %v, want none", found)
	}
}

func TestOneSided(t *testing.T) {
	flows := append(office(20), upload(host(3), receiver, 443, 40e6, 0)...)
	flows = append(flows, asked(host(60))...)
	for i := range flows {
		flows[i].DownBytes = 0
	}
	if found := run(t, detecttest.Capture{Flows: flows}).Findings; len(found) != 1 || found[0].SrcIP != host(3) {
		t.Errorf("findings %v, want the upload of %s", found, host(3))
	}
}

func TestGeneratedDays(t *testing.T) {
	clean, _ := detecttest.Day(t, synth.Options{Seed: 5, Flows: 30_000})
	day := synth.Options{Seed: 5, Flows: 30_000, Day: 1, Kind: synth.Judge, Attacks: []synth.Attack{{Name: "exfil"}, {Name: "exfil-slow"}}}
	flows, truth := detecttest.Day(t, day)
	for name, base := range map[string][]flow.Flow{"with baseline": clean, "without": nil} {
		found := detecttest.Severe(run(t, detecttest.Capture{Flows: flows, Base: base}), finding.Medium)
		if len(found) != 2 {
			t.Errorf("%s: %d findings, want 2: %v", name, len(found), found)
		}
		for _, planted := range truth.Attacks {
			if !slices.ContainsFunc(found, func(f finding.Finding) bool { return f.SrcIP == planted.Hosts[0] }) {
				t.Errorf("%s: %s by %s is not found", name, planted.Name, planted.Hosts[0])
			}
		}
	}
	if found := detecttest.Severe(run(t, detecttest.Capture{Flows: clean}), finding.Medium); len(found) > 0 {
		t.Errorf("clean day: %v", found)
	}
}

func TestParams(t *testing.T) {
	one := append(office(20), upload(host(3), receiver, 443, 40e6, 2_000)...)
	alone := append(office(1), upload(host(1), receiver, 443, 20e6, 2_000)...)
	for name, c := range map[string]struct {
		flows         []flow.Flow
		value         float64
		before, after int
	}{
		"min_bytes":   {one, 50e6, 1, 0},
		"min_z":       {one, 99, 1, 0},
		"min_peers":   {one, 1_000, 1, 0},
		"alone_bytes": {alone, 10e6, 0, 1},
	} {
		before := detecttest.Severe(run(t, detecttest.Capture{Flows: c.flows}), finding.Low)
		after := detecttest.Severe(run(t, detecttest.Capture{Flows: c.flows, Params: map[string]float64{name: c.value}}), finding.Low)
		if len(before) != c.before || len(after) != c.after {
			t.Errorf("%s=%v: %d findings, then %d, want %d and %d", name, c.value, len(before), len(after), c.before, c.after)
		}
	}
}

func TestExplain(t *testing.T) {
	flows := append(office(20), upload(host(3), receiver, 443, 40e6, 2_000)...)
	for asked, fired := range map[netip.Addr]bool{host(3): true, host(4): false} {
		lines := run(t, detecttest.Capture{Flows: flows, Explain: asked}).Lines
		if len(lines) == 0 || slices.ContainsFunc(lines, func(l detect.Line) bool { return l.Fired }) != fired {
			t.Errorf("lines of %s: %+v, want one that fired: %t", asked, lines, fired)
		}
	}
}

func TestSteady(t *testing.T) {
	flows := append(office(20), upload(host(3), receiver, 443, 40e6, 2_000)...)
	flows = append(flows, upload(host(9), receiver.Next(), 443, 20e6, 2_000)...)
	detecttest.Steady(t, exfil.Detector, detecttest.Capture{Flows: flows, Base: office(20)})
}

func TestEdges(t *testing.T) { detecttest.Edges(t, exfil.Detector) }
