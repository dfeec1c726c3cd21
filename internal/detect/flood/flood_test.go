package flood_test

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"sentinel/internal/detect/detecttest"
	"sentinel/internal/detect/flood"
	"sentinel/internal/finding"
	"sentinel/internal/flow"
	"sentinel/internal/synth"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC).UnixMicro()

var server = netip.MustParseAddr("192.168.1.200")

func host(i int) netip.Addr    { return netip.AddrFrom4([4]byte{192, 168, 1, byte(i)}) }
func outside(i int) netip.Addr { return netip.AddrFrom4([4]byte{203, 0, 113, byte(i)}) }

// stream is count flows from some hosts in turn, a time apart, from some second after noon.
func stream(from func(int) netip.Addr, hosts, count int, second, gap float64, up, down int64) (flows []flow.Flow) {
	for i := range count {
		flows = append(flows, flow.Flow{
			Start: noon + int64((second+gap*float64(i))*1e6), SrcIP: from(1 + i%hosts), DstIP: server, Proto: flow.TCP, DstPort: 443, UpBytes: up, DownBytes: down,
		})
	}
	return flows
}

// calm is two hours of ordinary use, a flow every ten seconds.
func calm() []flow.Flow { return stream(host, 20, 720, 0, 10, 900, 5_000) }

func run(t *testing.T, flows []flow.Flow, params map[string]float64) []finding.Finding {
	t.Helper()
	return detecttest.Run(t, flood.Detector, detecttest.Capture{Flows: flows, Params: params}).Findings
}

func titles(findings []finding.Finding) (list []string) {
	for _, f := range findings {
		list = append(list, fmt.Sprintf("%s %.2f %s", f.Severity, f.Score, f.Title))
	}
	return list
}

func TestFindsPlantedFloods(t *testing.T) {
	for _, test := range []struct {
		kind   synth.Kind
		attack string
	}{{synth.Judge, "flood"}, {synth.Servers, "flood-public"}} {
		day, truth := detecttest.Day(t, synth.Options{Kind: test.kind, Seed: 5, Day: 1, Flows: 30_000, Attacks: []synth.Attack{{Name: test.attack}}})
		found := detecttest.Severe(detecttest.Run(t, flood.Detector, detecttest.Capture{Flows: day}), finding.Low)
		planted := truth.Attacks[0]
		if len(found) != 1 || found[0].DstIP != planted.Destinations[0] || found[0].Severity < finding.High || len(found[0].Hosts) != len(planted.Hosts) {
			t.Fatalf("planted: %s\nfound: %v", planted.Sentence, titles(found))
		}
		if f := found[0]; abs(f.First-planted.First.UnixMicro()) > 10e6 || abs(f.Last-planted.Last.UnixMicro()) > 10e6 {
			t.Errorf("%s: from %d to %d, planted from %d to %d", test.attack, f.First, f.Last, planted.First.UnixMicro(), planted.Last.UnixMicro())
		}
	}
}

func abs(x int64) int64 { return max(x, -x) }

func TestOrdinaryDaysAreQuiet(t *testing.T) {
	for _, options := range []synth.Options{
		{Kind: synth.Clean, Seed: 3, Flows: 50_000},
		{Kind: synth.Clean, Profile: synth.Office, Seed: 4, Flows: 50_000},
		{Kind: synth.Servers, Seed: 3, Flows: 50_000, Attacks: []synth.Attack{}},
	} {
		day, _ := detecttest.Day(t, options)
		if found := run(t, day, nil); len(found) > 0 {
			t.Errorf("%s %s: %v", options.Kind, options.Profile, titles(found))
		}
	}
}

func TestVisitorsAreNotAccused(t *testing.T) {
	flows := append(calm(), stream(outside, 5, 3_000, 3_600, 0.02, 60, 0)...)
	found := run(t, flows, nil)
	if len(found) != 1 || len(found[0].Hosts) != 5 || found[0].Severity < finding.High {
		t.Fatal(titles(found))
	}
	for _, source := range found[0].Hosts {
		if source.String() < "203.0.113" {
			t.Errorf("accuses %s", source)
		}
	}
}

// The same rate of flows says less where they are answered, and nothing where it is usual.
func TestWhatIsAnsweredOrUsualWeighsLess(t *testing.T) {
	failing := run(t, append(calm(), stream(host, 5, 3_000, 3_600, 0.02, 60, 0)...), nil)
	answered := run(t, append(calm(), stream(host, 5, 3_000, 3_600, 0.02, 900, 5_000)...), nil)
	usual := run(t, stream(host, 5, 40_000, 0, 0.18, 60, 0), nil)
	if len(failing) != 1 || len(answered) != 1 || answered[0].Score > failing[0].Score-0.2 {
		t.Errorf("failing: %v, answered: %v", titles(failing), titles(answered))
	}
	if len(usual) != 0 {
		t.Errorf("the usual rate: %v", titles(usual))
	}
}

// A log server never answers; that it gets more at times is no flood of the first kind.
func TestLogServerNeverAnswers(t *testing.T) {
	flows := append(stream(host, 20, 720, 0, 10, 400, 0), stream(host, 20, 600, 3_600, 0.1, 400, 0)...)
	for i := range flows {
		flows[i].Proto, flows[i].DstPort = flow.UDP, 514
	}
	if found := run(t, flows, nil); len(found) > 0 && found[0].Severity >= finding.Medium {
		t.Error(titles(found))
	}
}

// A program that retries at a service that is gone is one host's trouble.
func TestRetriesAreNoAttack(t *testing.T) {
	dead := stream(host, 1, 1_000, 3_600, 0.2, 60, 54)
	for i := range dead {
		dead[i].DstPort = 8080
	}
	if found := run(t, append(calm(), dead...), nil); len(found) != 1 || found[0].Severity >= finding.Medium {
		t.Error(titles(found))
	}
}

func TestScanOfPortsIsNoFlood(t *testing.T) {
	scan := stream(host, 1, 2_000, 3_600, 0.02, 60, 0)
	for i := range scan {
		scan[i].DstPort = uint16(i + 1)
	}
	if found := run(t, append(calm(), scan...), nil); len(found) != 0 {
		t.Error(titles(found))
	}
}

func TestBaselineTellsWhatIsUsual(t *testing.T) {
	flows := append(calm(), stream(host, 5, 3_000, 3_600, 0.02, 60, 0)...)
	known := detecttest.Run(t, flood.Detector, detecttest.Capture{Flows: flows, Base: flows}).Findings
	if len(known) != 1 || known[0].Severity >= finding.Medium {
		t.Error(titles(known))
	}
}

func TestParametersAreHonoured(t *testing.T) {
	flows := append(calm(), stream(host, 5, 3_000, 3_600, 0.02, 60, 0)...)
	short := stream(outside, 5, 3_000, 0, 0.001, 60, 0)
	for _, test := range []struct {
		name  string
		flows []flow.Flow
		value float64
	}{
		{"min_rate", flows, 60}, {"min_flows", flows, 4_000}, {"min_z", flows, 20}, {"sure_rate", short, 2_000},
	} {
		if found := run(t, test.flows, nil); len(found) != 1 {
			t.Errorf("%s at its default: %v", test.name, titles(found))
		}
		if found := run(t, test.flows, map[string]float64{test.name: test.value}); len(found) != 0 {
			t.Errorf("%s = %v: %v", test.name, test.value, titles(found))
		}
	}
	mixed := append(flows, stream(host, 5, 1_500, 3_600, 0.04, 900, 5_000)...) // a third is answered
	least, most := run(t, mixed, map[string]float64{"min_failed": 0.5}), run(t, mixed, map[string]float64{"min_failed": 0.9})
	if len(least) != 1 || len(most) != 1 || least[0].Score <= most[0].Score {
		t.Errorf("min_failed = 0.5: %v, 0.9: %v", titles(least), titles(most))
	}
}

func TestSmallAndStrangeCaptures(t *testing.T) {
	for name, flows := range map[string][]flow.Flow{
		"no flows": nil, "ten flows in an instant": stream(host, 1, 10, 0, 0, 60, 0), "a hundred in a second": stream(host, 5, 100, 0, 0.01, 60, 0),
	} {
		if found := run(t, flows, nil); len(found) != 0 {
			t.Errorf("%s: %v", name, titles(found))
		}
	}
	instant := stream(outside, 50, 2_000, 0, 0, 60, 0)
	if found := run(t, instant, nil); len(found) != 1 || found[0].Severity < finding.High {
		t.Errorf("two thousand at once: %v", titles(found))
	}
}

func TestExplainsSilence(t *testing.T) {
	flows := append(calm(), stream(host, 5, 250, 3_600, 0.1, 60, 0)...)
	result := detecttest.Run(t, flood.Detector, detecttest.Capture{Flows: flows, Explain: server})
	if len(result.Findings) != 0 || len(result.Lines) != 1 || result.Lines[0].Fired {
		t.Errorf("%v, %+v", titles(result.Findings), result.Lines)
	}
}

func TestOrderAndThreadsDoNotMatter(t *testing.T) {
	day, _ := detecttest.Day(t, synth.Options{Kind: synth.Servers, Seed: 7, Day: 1, Flows: 30_000})
	detecttest.Steady(t, flood.Detector, detecttest.Capture{Flows: day})
}

func TestEdges(t *testing.T) { detecttest.Edges(t, flood.Detector) }
