package detect_test

import (
	"context"
	"math"
	"net/netip"
	"testing"

	"sentinel/internal/detect"
	"sentinel/internal/detect/detecttest"
	"sentinel/internal/finding"
	"sentinel/internal/flow"
)

var (
	host   = netip.MustParseAddr("192.168.1.5")
	server = netip.MustParseAddr("198.51.100.7")
)

// saying is a detector that always says the same.
func saying(id string, findings ...finding.Finding) detect.Detector {
	return detect.Detector{ID: id, Attack: []string{"T1000"}, Judge: func(context.Context, *detect.Case) (detect.Verdict, error) {
		return detect.Verdict{Findings: findings, Tests: len(findings), Looked: "nothing"}, nil
	}}
}

func about(p, score float64, src, dst netip.Addr) finding.Finding {
	f := finding.Finding{ID: finding.Key("x", src, dst, score), PValue: p, SrcIP: src, DstIP: dst, DstPort: 443, Proto: "tcp", Pairs: []finding.Pair{{SrcIP: src, DstIP: dst}}}
	f.Weigh(score)
	return f
}

func run(t *testing.T, configure func(*detect.Config), detectors ...detect.Detector) *detect.Result {
	t.Helper()
	flows := []flow.Flow{{Start: 1, SrcIP: host, DstIP: server, Proto: flow.TCP, DstPort: 443, UpBytes: 1000, DownBytes: 1000}}
	return detecttest.Run(t, detect.Detector{}, detecttest.Capture{Flows: flows, Configure: func(config *detect.Config) {
		config.Detectors = detectors
		if configure != nil {
			configure(config)
		}
	}})
}

func TestRunCompletesFindings(t *testing.T) {
	found := run(t, nil, saying("one", about(math.NaN(), 0.7, host, server))).Findings
	if len(found) != 1 {
		t.Fatalf("%d findings", len(found))
	}
	f := found[0]
	if f.Detector != "one" || len(f.Attack) != 1 || len(f.Hosts) != 1 || f.Hosts[0] != host || len(f.Filters) != 4 {
		t.Errorf("%+v", f)
	}
}

func TestChanceIsControlledOverTheWholeRun(t *testing.T) {
	noisy := saying("noisy", about(0.03, 0.7, host, server))
	noisy.Judge = func(context.Context, *detect.Case) (detect.Verdict, error) {
		return detect.Verdict{Findings: []finding.Finding{about(0.03, 0.7, host, server), about(1e-9, 0.7, server, host)}, Tests: 1000}, nil
	}
	result := run(t, nil, noisy, saying("rule", about(math.NaN(), 0.5, host, host)))
	if len(result.Findings) != 2 || result.Rejected != 1 || result.Tests != 1001 {
		t.Errorf("%d findings, %d rejected, %d tests; want the sure one and the rule", len(result.Findings), result.Rejected, result.Tests)
	}
	if got := result.ExpectedFalse(); math.Abs(got-0.05) > 1e-9 {
		t.Errorf("%v expected false, want 0.05 for one finding with a p-value", got)
	}
}

func TestOnePhenomenonIsOneFinding(t *testing.T) {
	first, second := saying("first", about(math.NaN(), 0.5, host, server)), saying("second", about(math.NaN(), 0.5, host, server))
	result := run(t, nil, first, second)
	if len(result.Findings) != 1 || result.Findings[0].Detector != "first" || len(result.Findings[0].Also) != 1 {
		t.Errorf("%+v", result.Findings)
	}
	weak := saying("weak", about(math.NaN(), 0.1, host, server))
	if result := run(t, nil, weak, second); len(result.Findings) != 2 {
		t.Errorf("a finding below low covers another: %+v", result.Findings)
	}
	everywhere := about(math.NaN(), 0.5, host, netip.Addr{})
	if result := run(t, nil, saying("wide", everywhere), second); len(result.Findings) != 1 {
		t.Errorf("a finding about all destinations of a host does not cover one: %+v", result.Findings)
	}
	severe := saying("severe", about(math.NaN(), 0.9, host, server))
	if result := run(t, nil, first, severe); len(result.Findings) != 2 || result.Findings[0].Detector != "severe" {
		t.Errorf("a finding hides a more severe one: %+v", result.Findings)
	}
}

func TestAllowedFindingsAreCountedAndNotShown(t *testing.T) {
	allow := func(config *detect.Config) {
		config.Allowed = func(f finding.Finding) (string, bool) { return "known", f.DstIP == server }
	}
	result := run(t, allow, saying("one", about(math.NaN(), 0.7, host, server), about(math.NaN(), 0.7, server, host)))
	if len(result.Findings) != 1 || len(result.Allowed) != 1 {
		t.Errorf("%d findings, %d allowed", len(result.Findings), len(result.Allowed))
	}
}

func TestWhoCannotJudgeSaysWhy(t *testing.T) {
	column, relative := saying("column"), saying("relative")
	column.Columns, relative.Relative = []string{"duration"}, true
	result := run(t, nil, column, relative)
	for i, want := range []string{"the input has no duration", "it needs a baseline: --baseline CAPTURE"} {
		if result.Ran[i].Void != want {
			t.Errorf("%s: %q, want %q", result.Ran[i].ID, result.Ran[i].Void, want)
		}
	}
}

func TestRoles(t *testing.T) {
	var flows []flow.Flow
	resolver, printer := netip.MustParseAddr("192.168.1.1"), netip.MustParseAddr("192.168.1.2")
	for i := range byte(20) {
		client := netip.AddrFrom4([4]byte{192, 168, 1, 100 + i})
		flows = append(flows, flow.Flow{Start: 1, SrcIP: client, DstIP: resolver, Proto: flow.UDP, DstPort: 53, UpBytes: 60, DownBytes: 120})
		flows = append(flows, flow.Flow{Start: 1, SrcIP: client, DstIP: printer, Proto: flow.TCP, DstPort: 9100, UpBytes: 60}) // never answers
	}
	detecttest.Run(t, detect.Detector{ID: "roles", Judge: func(_ context.Context, c *detect.Case) (detect.Verdict, error) {
		network := c.Test.Network
		if !network.Is(resolver, detect.Resolver) || !network.Is(resolver, detect.Server) || network.Is(printer, detect.Server) {
			t.Error("who answers many is a server, who does not is none")
		}
		if network.Hosts != 20 || !network.Is(flows[0].SrcIP, detect.Client) || network.Is(flows[2].SrcIP, detect.Server) {
			t.Errorf("%d hosts; who only opens flows is a client", network.Hosts)
		}
		return detect.Verdict{}, nil
	}}, detecttest.Capture{Flows: flows})
}

func TestScorable(t *testing.T) {
	for address, want := range map[string]bool{
		"224.0.0.251": false, "255.255.255.255": false, "169.254.1.1": false, "ff02::fb": false, "fe80::1": false, "127.0.0.1": false, "198.51.100.7": true, "192.168.1.9": true,
	} {
		if got := detect.Scorable(netip.MustParseAddr(address), "tcp", 443); got != want {
			t.Errorf("%s: %t", address, got)
		}
	}
	if detect.Scorable(server, "udp", 5353) {
		t.Error("mDNS counts")
	}
}
