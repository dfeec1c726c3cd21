package scan_test

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"sentinel/internal/detect/detecttest"
	"sentinel/internal/detect/scan"
	"sentinel/internal/finding"
	"sentinel/internal/flow"
	"sentinel/internal/synth"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC).UnixMicro()

// try is one TCP flow, second seconds after noon.
func try(second float64, src, dst netip.Addr, port uint16, up, down int64) flow.Flow {
	return flow.Flow{Start: noon + int64(second*1e6), SrcIP: src, DstIP: dst, Proto: flow.TCP, DstPort: port, UpBytes: up, DownBytes: down}
}

func host(i int) netip.Addr    { return netip.AddrFrom4([4]byte{192, 168, 1, byte(i)}) }
func outside(i int) netip.Addr { return netip.AddrFrom4([4]byte{203, 0, 113, byte(i)}) }

// sweep tries a port of count addresses, of which the first ones answer.
func sweep(src netip.Addr, to func(int) netip.Addr, port uint16, count, answering int) (flows []flow.Flow) {
	for i := 1; i <= count; i++ {
		down := int64(0)
		if i <= answering {
			down = 900
		}
		flows = append(flows, try(float64(i), src, to(i), port, 120, down))
	}
	return flows
}

// probe tries the first count ports of an address in vain.
func probe(src, dst netip.Addr, count int) (flows []flow.Flow) {
	for i := 1; i <= count; i++ {
		flows = append(flows, try(float64(i)/10, src, dst, uint16(i), 60, 54))
	}
	return flows
}

func run(t *testing.T, flows []flow.Flow, params map[string]float64) []finding.Finding {
	t.Helper()
	return detecttest.Run(t, scan.Detector, detecttest.Capture{Flows: flows, Params: params}).Findings
}

func titles(findings []finding.Finding) (list []string) {
	for _, f := range findings {
		list = append(list, fmt.Sprintf("%s %.2f %s", f.Severity, f.Score, f.Title))
	}
	return list
}

func TestFindsEveryKindOfScan(t *testing.T) {
	for _, name := range []string{"scan-horizontal", "scan-vertical", "scan-slow"} {
		day, truth := detecttest.Day(t, synth.Options{Kind: synth.Judge, Seed: 5, Day: 1, Flows: 30_000, Attacks: []synth.Attack{{Name: name}}})
		found := detecttest.Severe(detecttest.Run(t, scan.Detector, detecttest.Capture{Flows: day}), finding.Medium)
		if len(found) != 1 || found[0].SrcIP != truth.Attacks[0].Hosts[0] || found[0].Severity < finding.High {
			t.Errorf("planted: %s\nfound: %v", truth.Attacks[0].Sentence, titles(found))
		}
	}
}

func TestCleanDayIsQuiet(t *testing.T) {
	for _, profile := range []synth.Profile{synth.Original, synth.Office} {
		day, _ := detecttest.Day(t, synth.Options{Kind: synth.Clean, Profile: profile, Seed: 3, Flows: 30_000})
		if found := run(t, day, nil); len(found) > 0 {
			t.Errorf("%s: %v", profile, titles(found))
		}
	}
}

// What contacts much, or fails for another reason, is no scan.
func TestLookalikesAreQuiet(t *testing.T) {
	var late, quic, log, busy []flow.Flow
	for i := range 200 {
		at, port := float64(i), uint16(40_000+i)
		late = append(late, try(at, host(1), host(2), 53, 70, 200), try(at+0.01, host(2), host(1), port, 200, 0))
		if i < 60 {
			quic = append(quic, try(at, host(1), outside(i+1), 443, 900, 9_000))
			blocked := try(at, host(1), outside(i+1), 443, 1_200, 0)
			blocked.Proto = flow.UDP
			quic = append(quic, blocked)
			busy = append(busy, try(at, host(1), outside(i+1), 443, 900, int64(i%6)*2_000))
		}
		data := try(at, host(1), outside(i%60+1), 514, 90_000, 0)
		data.Proto = flow.UDP
		log = append(log, data)
	}
	var errors []flow.Flow // the ports of ICMP are numbers of messages in some captures
	for i := range 100 {
		message := try(float64(i), host(1), host(2), uint16(50_000+i), 100, 0)
		message.Proto = flow.ICMP
		errors = append(errors, message)
	}
	for name, flows := range map[string][]flow.Flow{
		"reports of errors":               errors,
		"a crawler":                       sweep(host(1), outside, 443, 200, 200),
		"a monitor that gets answers":     sweep(host(1), host, 161, 200, 150),
		"late answers of a resolver":      late,
		"QUIC that a firewall blocks":     quic,
		"datagrams of data, not answered": log,
		"a sixth of the contacts fails":   busy,
	} {
		if found := run(t, flows, nil); len(found) > 0 {
			t.Errorf("%s: %v", name, titles(found))
		}
	}
}

func TestOneHostIsOneFinding(t *testing.T) {
	flows := append(sweep(host(1), host, 445, 100, 3), sweep(host(1), host, 22, 100, 3)...)
	flows = append(flows, probe(host(1), host(9), 300)...)
	found := run(t, flows, nil)
	if len(found) != 1 || found[0].Severity < finding.High || found[0].SrcIP != host(1) {
		t.Fatal(titles(found))
	}
	if pairs := found[0].Pairs; len(pairs) != 100 {
		t.Errorf("%d pairs, want the 100 addresses", len(pairs))
	}
}

func TestScansFromOutsideAreOneLowFinding(t *testing.T) {
	flows := sweep(host(1), outside, 443, 3, 3)
	for i := range 10 {
		flows = append(flows, sweep(outside(100+i), host, 23, 60, 0)...)
	}
	found := run(t, flows, nil)
	if len(found) != 1 || found[0].Severity != finding.Low || len(found[0].Hosts) != 10 {
		t.Error(titles(found))
	}
}

// Thirty hosts that try one dead service once are an outage or a shared scan: low. On many addresses it is a scan.
func TestTargetsOfMany(t *testing.T) {
	shared := func(targets int) (flows []flow.Flow) {
		for i := 1; i <= 30; i++ {
			for target := range targets {
				flows = append(flows, try(float64(i), host(i), host(200+target), 8080, 120, 0))
			}
			flows = append(flows, try(float64(i), host(i), outside(1), 443, 900, 5_000))
		}
		return flows
	}
	if found := run(t, shared(1), nil); len(found) != 1 || found[0].Severity != finding.Low || found[0].DstIP != host(200) {
		t.Errorf("one target: %v", titles(found))
	}
	if found := run(t, shared(8), nil); len(found) != 1 || found[0].Severity != finding.Medium {
		t.Errorf("eight targets: %v", titles(found))
	}
	if found := run(t, shared(1), map[string]float64{"min_sources": 31}); len(found) != 0 {
		t.Errorf("fewer than asked for: %v", titles(found))
	}
}

// Who cannot reach what everybody uses is cut off.
func TestUsualDestinationsWeighLess(t *testing.T) {
	flows := sweep(host(1), outside, 443, 40, 0)
	if found := run(t, flows, nil); len(found) != 1 || found[0].Severity < finding.Medium {
		t.Errorf("alone: %v", titles(found))
	}
	for i := range 10 {
		flows = append(flows, sweep(host(10+i), outside, 443, 40, 40)...)
	}
	if found := run(t, flows, nil); len(found) != 1 || found[0].Severity >= finding.Medium {
		t.Errorf("where ten others get answers: %v", titles(found))
	}
}

func TestBaselineTellsWhoAlwaysScans(t *testing.T) {
	flows := sweep(host(1), host, 445, 100, 3)
	result := detecttest.Run(t, scan.Detector, detecttest.Capture{Flows: flows, Base: flows})
	if len(result.Findings) != 1 || result.Findings[0].Severity >= finding.Medium {
		t.Error(titles(result.Findings))
	}
}

func TestParametersAreHonoured(t *testing.T) {
	mixed := sweep(host(1), host, 445, 60, 25) // 35 of 60 fail
	for _, test := range []struct {
		name  string
		flows []flow.Flow
		value float64
	}{
		{"min_targets", sweep(host(1), host, 445, 40, 0), 41},
		{"min_ports", probe(host(1), host(9), 40), 41},
		{"usual_success", mixed, 0.5},
		{"scan_success", mixed, 0.05},
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
	oneSided := sweep(host(1), outside, 443, 100, 0)
	for i := range oneSided {
		oneSided[i].UpBytes = 4_000
	}
	result := detecttest.Run(t, scan.Detector, detecttest.Capture{Flows: oneSided})
	if len(result.Findings) != 0 || result.Ran[0].Void == "" {
		t.Errorf("one side only: %v, void %q", titles(result.Findings), result.Ran[0].Void)
	}
	if found := run(t, nil, nil); len(found) != 0 {
		t.Errorf("no flows: %v", titles(found))
	}
	if found := run(t, probe(host(1), host(2), 10), nil); len(found) != 0 {
		t.Errorf("ten flows: %v", titles(found))
	}
	public := sweep(outside(1), outside, 445, 100, 0)
	if found := run(t, public, nil); len(found) != 1 || found[0].Severity < finding.Medium {
		t.Errorf("no internal address: %v", titles(found))
	}
	instant := sweep(host(1), host, 445, 100, 0)
	for i := range instant {
		instant[i].Start = noon
	}
	if found := run(t, instant, nil); len(found) != 1 || found[0].Severity < finding.High {
		t.Errorf("all at once: %v", titles(found))
	}
}

func TestExplainsSilence(t *testing.T) {
	result := detecttest.Run(t, scan.Detector, detecttest.Capture{Flows: sweep(host(1), outside, 443, 200, 190), Explain: host(1)})
	judged := 0
	for _, line := range result.Lines {
		if line.Fired {
			t.Errorf("fired: %+v", line)
		}
		if line.Threshold > 0 {
			judged++
		}
	}
	if judged == 0 {
		t.Errorf("no line with a threshold: %+v", result.Lines)
	}
}

func TestOrderAndThreadsDoNotMatter(t *testing.T) {
	day, _ := detecttest.Day(t, synth.Options{Kind: synth.Judge, Seed: 7, Day: 1, Flows: 30_000, Attacks: []synth.Attack{{Name: "scan-horizontal"}, {Name: "scan-vertical"}}})
	detecttest.Steady(t, scan.Detector, detecttest.Capture{Flows: day})
}

func TestEdges(t *testing.T) { detecttest.Edges(t, scan.Detector) }
