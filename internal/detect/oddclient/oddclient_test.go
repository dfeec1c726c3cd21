package oddclient_test

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"

	"sentinel/internal/detect/detecttest"
	"sentinel/internal/detect/oddclient"
	"sentinel/internal/finding"
	"sentinel/internal/flow"
	"sentinel/internal/synth"
)

const day = 86_400.0 // seconds

// people are a day of ordinary clients, and where they go.
func people(t *testing.T, seed uint64) (flows []flow.Flow, server flow.Flow) {
	t.Helper()
	flows, _ = detecttest.Day(t, synth.Options{Kind: synth.Servers, Seed: seed, Day: 1, Flows: 20_000, Attacks: []synth.Attack{}})
	return flows, flows[0]
}

var midnight = synthMidnight()

func synthMidnight() int64 {
	capture, err := synth.Day(synth.Options{Kind: synth.Servers, Day: 1, Flows: 1_000})
	if err != nil {
		panic(err)
	}
	return capture.Truth().Start.UnixMicro()
}

func addr(i int) netip.Addr { return netip.AddrFrom4([4]byte{203, 0, 113, byte(i)}) }

// visits adds flows of a client at such seconds of the day.
func visits(like flow.Flow, client netip.Addr, seconds []float64) (flows []flow.Flow) {
	for _, second := range seconds {
		f := like
		f.SrcIP, f.Start = client, midnight+int64(second*1e6)
		flows = append(flows, f)
	}
	return flows
}

// clock are count moments, steady but for a share of jitter.
func clock(from, period, jitter float64, count int) (seconds []float64) {
	source := rand.New(rand.NewPCG(1, uint64(count)))
	for i := range count {
		seconds = append(seconds, from+period*(float64(i)+jitter*source.Float64()))
	}
	return seconds
}

// random are count moments between two.
func random(from, to float64, count int, seed uint64) (seconds []float64) {
	source := rand.New(rand.NewPCG(2, seed))
	for range count {
		seconds = append(seconds, from+(to-from)*source.Float64())
	}
	slices.Sort(seconds)
	return seconds
}

func run(t *testing.T, flows []flow.Flow, params map[string]float64) []finding.Finding {
	t.Helper()
	return detecttest.Run(t, oddclient.Detector, detecttest.Capture{Flows: flows, Params: params}).Findings
}

func titles(findings []finding.Finding) (list []string) {
	for _, f := range findings {
		list = append(list, fmt.Sprintf("%s %.2f p=%.2g %s", f.Severity, f.Score, f.PValue, f.Title))
	}
	return list
}

func TestFindsPlantedClients(t *testing.T) {
	for _, name := range []string{"client-clockwork", "client-sleepless", "client-restless"} {
		flows, truth := detecttest.Day(t, synth.Options{Kind: synth.Servers, Seed: 5, Day: 1, Flows: 30_000, Attacks: []synth.Attack{{Name: name}}})
		found := run(t, flows, nil)
		if len(found) != 1 || found[0].Severity < finding.Medium {
			t.Fatalf("planted: %s\nfound: %v", truth.Attacks[0].Sentence, titles(found))
		}
		hosts := slices.SortedFunc(slices.Values(found[0].Hosts), netip.Addr.Compare)
		if !slices.Equal(hosts, truth.Attacks[0].Hosts) {
			t.Errorf("%s: found %v, planted %v", name, hosts, truth.Attacks[0].Hosts)
		}
	}
}

// Companies behind one address are among the ordinary clients: hardly a pause by day.
func TestOrdinaryClientsAreQuiet(t *testing.T) {
	for seed := range uint64(3) {
		flows, _ := detecttest.Day(t, synth.Options{Kind: synth.Servers, Seed: seed, Flows: 60_000, Attacks: []synth.Attack{}})
		result := detecttest.Run(t, oddclient.Detector, detecttest.Capture{Flows: flows})
		if len(result.Findings) > 0 || result.Tests < 200 {
			t.Errorf("seed %d: %d tests, %v", seed, result.Tests, titles(result.Findings))
		}
	}
}

func TestHarmlessTimingIsQuiet(t *testing.T) {
	flows, server := people(t, 1)
	network := append(random(6*3600, day, 3_000, 1), random(0, 6*3600, 150, 2)...) // a mobile network: few come by night
	flows = append(flows, visits(server, addr(1), network)...)
	flows = append(flows, visits(server, addr(2), random(9*3600, 17*3600, 800, 3))...)
	flows = append(flows, visits(server, addr(3), clock(40_000, 600, 0.05, 15))...) // too few to judge
	if found := run(t, flows, nil); len(found) > 0 {
		t.Error(titles(found))
	}
}

func TestFleetsAreToldApart(t *testing.T) {
	flows, server := people(t, 1)
	for i := range 3 {
		flows = append(flows, visits(server, addr(1+i), clock(float64(7*i), 300, 0.05, 280))...)
	}
	flows = append(flows, visits(server, addr(10), clock(40_000, 60, 0.05, 200))...)
	found := run(t, flows, nil)
	if len(found) != 2 || len(found[0].Hosts)+len(found[1].Hosts) != 4 {
		t.Error(titles(found))
	}
}

// Where many clients are programs, one more is nothing.
func TestServersForProgramsAreWeighedDown(t *testing.T) {
	flows, server := people(t, 1)
	few := append(slices.Clone(flows), visits(server, addr(1), clock(0, 300, 0.05, 280))...)
	many := few
	for i := range 40 {
		many = append(many, visits(server, addr(2+i), clock(float64(i), 300, 0.05, 280))...)
	}
	one, fleet := run(t, few, nil), run(t, many, nil)
	if len(one) != 1 || len(fleet) != 1 || fleet[0].Score >= one[0].Score {
		t.Errorf("one: %v, many: %v", titles(one), titles(fleet))
	}
	known := detecttest.Run(t, oddclient.Detector, detecttest.Capture{Flows: few, Base: few}).Findings
	if len(known) != 1 || known[0].Severity >= finding.Medium {
		t.Errorf("odd in the baseline too: %v", titles(known))
	}
}

func TestParametersAreHonoured(t *testing.T) {
	flows, server := people(t, 1)
	jittered := append(slices.Clone(flows), visits(server, addr(1), clock(0, 300, 0.4, 100))...)
	sleepless := append(slices.Clone(flows), visits(server, addr(1), random(0, day, 600, 4))...)
	for _, test := range []struct {
		name  string
		flows []flow.Flow
		value float64
	}{
		{"min_visits", jittered, 101}, {"min_clients", jittered, 500}, {"min_periodicity", jittered, 0.95},
		{"max_rest", sleepless, 0.1}, {"min_night", sleepless, 0.99},
	} {
		if found := run(t, test.flows, nil); len(found) != 1 {
			t.Errorf("%s at its default: %v", test.name, titles(found))
		}
		if found := run(t, test.flows, map[string]float64{test.name: test.value}); len(found) != 0 {
			t.Errorf("%s = %v: %v", test.name, test.value, titles(found))
		}
	}
}

func TestSmallAndStrangeCaptures(t *testing.T) {
	flows, server := people(t, 1)
	instant := slices.Clone(flows)
	for i := range instant {
		instant[i].Start = midnight
	}
	morning := slices.DeleteFunc(slices.Clone(flows), func(f flow.Flow) bool { return f.Start > midnight+12*3600e6 })
	inside := slices.Clone(flows)
	for i := range inside {
		inside[i].SrcIP = netip.AddrFrom4([4]byte{10, 0, byte(i % 50), byte(i % 200)})
	}
	for name, flows := range map[string][]flow.Flow{
		"no flows": nil, "ten flows": flows[:10], "all at once": instant, "half a day": append(morning, visits(server, addr(1), random(0, 12*3600, 400, 5))...),
		"one client": visits(server, addr(1), clock(0, 60, 0.05, 1_000)), "clients of the network itself": inside,
	} {
		if found := run(t, flows, nil); len(found) != 0 {
			t.Errorf("%s: %v", name, titles(found))
		}
	}
}

func TestExplainsSilence(t *testing.T) {
	flows, server := people(t, 1)
	flows = append(flows, visits(server, addr(2), random(9*3600, 17*3600, 800, 3))...)
	result := detecttest.Run(t, oddclient.Detector, detecttest.Capture{Flows: flows, Explain: addr(2)})
	if len(result.Findings) != 0 || len(result.Lines) != 2 || result.Lines[0].Fired || result.Lines[1].Fired {
		t.Errorf("%v, %+v", titles(result.Findings), result.Lines)
	}
}

func TestOrderAndThreadsDoNotMatter(t *testing.T) {
	flows, _ := detecttest.Day(t, synth.Options{Kind: synth.Servers, Seed: 7, Day: 1, Flows: 30_000})
	detecttest.Steady(t, oddclient.Detector, detecttest.Capture{Flows: flows})
}

func TestEdges(t *testing.T) { detecttest.Edges(t, oddclient.Detector) }
