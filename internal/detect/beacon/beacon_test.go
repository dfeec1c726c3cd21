package beacon_test

import (
	"math/rand/v2"
	"net/netip"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sentinel/internal/detect/beacon"
	"sentinel/internal/detect/detecttest"
	"sentinel/internal/finding"
	"sentinel/internal/flow"
	"sentinel/internal/synth"
)

const flows = 30_000

func TestFindsEveryKindOfBeacon(t *testing.T) {
	for _, name := range []string{"beacon", "beacon-jittered", "beacon-hours", "beacon-two-sleeps", "beacon-slow"} {
		t.Run(name, func(t *testing.T) {
			day, truth := detecttest.Day(t, synth.Options{Kind: synth.Judge, Seed: 5, Day: 1, Flows: flows, Attacks: []synth.Attack{{Name: name}}})
			found := detecttest.Severe(detecttest.Run(t, beacon.Detector, detecttest.Capture{Flows: day}), finding.Medium)
			if len(found) != 1 || found[0].SrcIP != truth.Attacks[0].Hosts[0] || found[0].DstIP != truth.Attacks[0].Destinations[0] {
				t.Fatalf("planted: %s\nfound: %v", truth.Attacks[0].Sentence, titles(found))
			}
		})
	}
}

func TestCleanDayIsQuiet(t *testing.T) {
	for seed := range uint64(3) {
		day, _ := detecttest.Day(t, synth.Options{Kind: synth.Clean, Seed: seed, Flows: flows})
		if found := detecttest.Severe(detecttest.Run(t, beacon.Detector, detecttest.Capture{Flows: day}), finding.Medium); len(found) > 0 {
			t.Errorf("seed %d: %v", seed, titles(found))
		}
	}
}

// Random contacts of one size are what RITA scores 0.85.
func TestRandomContactsOfOneSizeAreNoBeacon(t *testing.T) {
	source := rand.New(rand.NewPCG(1, 1))
	var day []flow.Flow
	for at := 0.0; at < 86_400; at += 60 * source.ExpFloat64() {
		day = append(day, contact(at, "192.168.1.5", "198.51.100.7"))
	}
	if found := detecttest.Run(t, beacon.Detector, detecttest.Capture{Flows: day}).Findings; len(found) > 0 {
		t.Error(titles(found))
	}
}

// Reports that a port is closed come at the pace of what they report; echoes may be a tunnel.
func TestReportsOfICMPAreNoBeacon(t *testing.T) {
	for _, proto := range []flow.Proto{flow.ICMP, flow.ICMPv6} {
		for code, want := range map[uint16]int{0: 1, 3: 0} {
			messages := every(300, "192.168.1.5", "198.51.100.7")
			for i := range messages {
				messages[i].Proto, messages[i].SrcPort, messages[i].DstPort = proto, 3, code
			}
			if found := detecttest.Run(t, beacon.Detector, detecttest.Capture{Flows: messages}).Findings; len(found) != want {
				t.Errorf("%s of code %d: %v, want %d findings", proto, code, titles(found), want)
			}
		}
	}
}

func TestWhatIsUsualWeighsLess(t *testing.T) {
	alone := every(300, "192.168.1.5", "198.51.100.7")
	crowd := alone
	for _, host := range []string{"192.168.1.6", "192.168.1.7", "192.168.1.8", "192.168.1.9"} {
		crowd = append(crowd, every(300, host, "198.51.100.7")...)
	}
	params := map[string]float64{"max_prevalence": 1}
	rare := detecttest.Run(t, beacon.Detector, detecttest.Capture{Flows: alone, Params: params}).Findings
	usual := detecttest.Run(t, beacon.Detector, detecttest.Capture{Flows: crowd, Params: params}).Findings
	known := detecttest.Run(t, beacon.Detector, detecttest.Capture{Flows: alone, Base: alone, Params: params}).Findings
	if len(rare) != 1 || rare[0].Severity < finding.High {
		t.Errorf("one host, every 5 minutes: %v", titles(rare))
	}
	if len(usual) != 5 || usual[0].Severity >= finding.Medium {
		t.Errorf("the whole network, every 5 minutes: %v", titles(usual))
	}
	if len(known) != 1 || known[0].Severity >= finding.Medium {
		t.Errorf("known from the baseline: %v", titles(known))
	}
}

func TestOneControllerBehindSeveralAddressesIsOneFinding(t *testing.T) {
	day := append(every(300, "192.168.1.5", "198.51.100.7"), every(300, "192.168.1.5", "198.51.100.8")...)
	found := detecttest.Run(t, beacon.Detector, detecttest.Capture{Flows: day}).Findings
	if len(found) != 1 || len(found[0].Pairs) != 2 {
		t.Errorf("%d findings: %v", len(found), titles(found))
	}
}

func TestLinkAndServersAreNotJudged(t *testing.T) {
	day := every(60, "192.168.1.5", "224.0.0.251")
	for i := range day {
		day[i].Proto, day[i].DstPort = flow.UDP, 5353
	}
	if result := detecttest.Run(t, beacon.Detector, detecttest.Capture{Flows: day}); len(result.Findings) > 0 || result.Tests > 0 {
		t.Errorf("mDNS: %v", titles(result.Findings))
	}
}

func TestParametersCount(t *testing.T) {
	day := every(300, "192.168.1.5", "198.51.100.7")
	for name, value := range map[string]float64{"min_contacts": 1000, "min_periodicity": 1, "min_period": 86400, "max_prevalence": 0, "max_chance": 0} {
		capture := detecttest.Capture{Flows: append(day, every(2000, "192.168.1.6", "198.51.100.7")...)}
		capture.Flows = append(capture.Flows, every(2000, "192.168.1.7", "198.51.100.7")...)
		capture.Flows = append(capture.Flows, every(2000, "192.168.1.8", "198.51.100.7")...)
		capture.Params = map[string]float64{"max_prevalence": 1, "min_contacts": 12}
		if found := about(detecttest.Run(t, beacon.Detector, capture).Findings, "192.168.1.5"); len(found) != 1 {
			t.Fatalf("at the defaults: %v", titles(found))
		}
		capture.Params[name] = value
		if found := about(detecttest.Run(t, beacon.Detector, capture).Findings, "192.168.1.5"); len(found) != 0 {
			t.Errorf("%s = %v: %v", name, value, titles(found))
		}
	}
}

func TestOrderAndThreadsDoNotMatter(t *testing.T) {
	day, _ := detecttest.Day(t, synth.Options{Kind: synth.Judge, Seed: 6, Flows: flows})
	one := detecttest.Run(t, beacon.Detector, detecttest.Capture{Flows: day, Threads: 1}).Findings
	two := detecttest.Run(t, beacon.Detector, detecttest.Capture{Flows: detecttest.Shuffled(day), Threads: 2}).Findings
	if difference := cmp.Diff(one, two, cmp.Comparer(func(a, b netip.Addr) bool { return a == b })); difference != "" || len(one) == 0 {
		t.Errorf("%d findings; difference:\n%s", len(one), difference)
	}
}

func TestEdges(t *testing.T) {
	instant := every(300, "192.168.1.5", "198.51.100.7")
	for i := range instant {
		instant[i].Start = instant[0].Start
	}
	for name, day := range map[string][]flow.Flow{
		"one flow": instant[:1], "all in one instant": instant, "nobody inside": every(300, "203.0.113.5", "198.51.100.7"),
	} {
		for _, f := range detecttest.Run(t, beacon.Detector, detecttest.Capture{Flows: day}).Findings {
			if name != "nobody inside" {
				t.Errorf("%s: %s", name, f.Title)
			}
		}
	}
}

func contact(at float64, src, dst string) flow.Flow {
	return flow.Flow{
		Start: 1_767_571_200_000_000 + int64(at*1e6), SrcIP: netip.MustParseAddr(src), DstIP: netip.MustParseAddr(dst),
		Proto: flow.TCP, DstPort: 443, UpBytes: 800, DownBytes: 1200,
	}
}

// every makes a day of contacts with a jitter of 5 %.
func every(period float64, src, dst string) (day []flow.Flow) {
	source := rand.New(rand.NewPCG(uint64(period), uint64(len(src))+uint64(src[len(src)-1])))
	for at := period / 2; at < 86_400; at += period * (0.95 + 0.1*source.Float64()) {
		day = append(day, contact(at, src, dst))
	}
	return day
}

func about(findings []finding.Finding, host string) (list []finding.Finding) {
	for _, f := range findings {
		if f.SrcIP.String() == host {
			list = append(list, f)
		}
	}
	return list
}

func titles(findings []finding.Finding) (list []string) {
	for _, f := range findings {
		list = append(list, f.Severity.String()+" "+f.Title)
	}
	return list
}
