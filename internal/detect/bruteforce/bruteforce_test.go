package bruteforce_test

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"

	"sentinel/internal/detect/bruteforce"
	"sentinel/internal/detect/detecttest"
	"sentinel/internal/finding"
	"sentinel/internal/flow"
	"sentinel/internal/synth"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC).UnixMicro()

func host(i int) netip.Addr    { return netip.AddrFrom4([4]byte{192, 168, 1, byte(i)}) }
func outside(i int) netip.Addr { return netip.AddrFrom4([4]byte{203, 0, 113, byte(i)}) }

// session is one TCP flow, second seconds after noon.
func session(second float64, src, dst netip.Addr, port uint16, up, down float64) flow.Flow {
	return flow.Flow{Start: noon + int64(second*1e6), SrcIP: src, DstIP: dst, Proto: flow.TCP, DstPort: port, UpBytes: int64(up), DownBytes: int64(down)}
}

// guesses are count alike sessions, about gap seconds apart; each differs by up to 5 %.
func guesses(src, dst netip.Addr, port uint16, count int, gap float64) (flows []flow.Flow) {
	source := rand.New(rand.NewPCG(1, uint64(port)))
	at := 0.0
	for range count {
		flows = append(flows, session(at, src, dst, port, 1_900*(0.95+0.1*source.Float64()), 2_300*(0.95+0.1*source.Float64())))
		at += gap * source.ExpFloat64()
	}
	return flows
}

func run(t *testing.T, flows []flow.Flow, params map[string]float64) []finding.Finding {
	t.Helper()
	return detecttest.Run(t, bruteforce.Detector, detecttest.Capture{Flows: flows, Params: params}).Findings
}

func titles(findings []finding.Finding) (list []string) {
	for _, f := range findings {
		list = append(list, fmt.Sprintf("%s %.2f %s", f.Severity, f.Score, f.Title))
	}
	return list
}

func evidence(f finding.Finding, name string) (value float64, found bool) {
	for _, e := range f.Evidence {
		if e.Name == name {
			return e.Value, true
		}
	}
	return 0, false
}

func TestFindsPlantedAttack(t *testing.T) {
	for _, profile := range []synth.Profile{synth.Original, synth.Office} {
		day, truth := detecttest.Day(t, synth.Options{Kind: synth.Judge, Profile: profile, Seed: 5, Day: 1, Flows: 30_000, Attacks: []synth.Attack{{Name: "brute-force"}}})
		found := run(t, day, nil)
		planted := truth.Attacks[0]
		if len(found) != 1 || found[0].SrcIP != planted.Hosts[0] || found[0].DstIP != planted.Destinations[0] || found[0].Severity != finding.Critical {
			t.Fatalf("planted: %s\nfound: %v", planted.Sentence, titles(found))
		}
		if attempts, _ := evidence(found[0], "attempts"); attempts != 300 {
			t.Errorf("%v attempts, want 300", attempts)
		}
		if _, succeeded := evidence(found[0], "bytes_of_success"); !succeeded {
			t.Error("does not tell of the success")
		}
	}
}

func TestCleanDayIsQuiet(t *testing.T) {
	for seed := range uint64(3) {
		day, _ := detecttest.Day(t, synth.Options{Kind: synth.Clean, Profile: synth.Office, Seed: seed, Flows: 30_000})
		if found := run(t, day, nil); len(found) > 0 {
			t.Errorf("seed %d: %v", seed, titles(found))
		}
	}
}

// Programs that log in often are no attackers.
func TestLookalikesAreNotSevere(t *testing.T) {
	source := rand.New(rand.NewPCG(2, 2))
	varied := func(median, spread float64) float64 {
		return median * (1 + spread*source.ExpFloat64())
	}
	var git, ansible, monitor, poller, scan, administrator []flow.Flow
	for i := range 400 {
		at := float64(i) * 20
		git = append(git, session(at, host(1), host(9), 22, varied(3_000, 2), varied(4_000, 9)))
		ansible = append(ansible, session(float64(i), host(1), host(1+i%100), 22, varied(40_000, 1), varied(25_000, 1)))
		monitor = append(monitor, session(float64(i)*60, host(1), host(9), 22, 2_100, 2_500))
		poller = append(poller, session(float64(i)*300, host(1), outside(1), 993, 2_100, 2_500))
		scan = append(scan, session(at, host(1), host(1+i%200), 22, 60, 54))
		if i < 12 {
			administrator = append(administrator, session(at*100, host(1), host(9), 22, varied(20_000, 3), varied(90_000, 3)))
		}
	}
	for name, flows := range map[string][]flow.Flow{
		"git over SSH": git, "Ansible": ansible, "a monitor": monitor, "a mail poller": poller, "a scan": scan, "an administrator": administrator,
	} {
		if found := detecttest.Severe(detecttest.Run(t, bruteforce.Detector, detecttest.Capture{Flows: flows}), finding.Medium); len(found) > 0 {
			t.Errorf("%s: %v", name, titles(found))
		}
	}
}

func TestSprayIsOneFinding(t *testing.T) {
	var flows []flow.Flow
	for i := range 90 {
		flows = append(flows, session(float64(i)*7, host(1), host(10+i%45), 3389, 2_000+float64(i%7), 2_800))
	}
	found := run(t, flows, nil)
	if len(found) != 1 || len(found[0].Pairs) != 45 || found[0].Severity < finding.Medium {
		t.Error(titles(found))
	}
}

func TestSSHOnAnotherPort(t *testing.T) {
	if found := run(t, guesses(host(1), host(9), 902, 60, 1), nil); len(found) != 1 || found[0].Severity < finding.Medium {
		t.Errorf("sizes of SSH: %v", titles(found))
	}
	web := guesses(host(1), host(9), 902, 60, 1)
	for i := range web {
		web[i].DownBytes *= 10
	}
	if found := run(t, web, nil); len(found) != 0 {
		t.Errorf("sizes of the web: %v", titles(found))
	}
}

// Success is a large session after the attempts, by who had none before.
func TestSuccess(t *testing.T) {
	attempts := guesses(host(1), host(9), 22, 100, 4)
	large := func(second float64, dst netip.Addr) flow.Flow {
		return session(second, host(1), dst, 22, 60_000, 200_000)
	}
	for name, test := range map[string]struct {
		flow flow.Flow
		want bool
	}{
		"after the attempts": {large(600, host(9)), true},
		"before them":        {large(-600, host(9)), false},
		"a day later":        {large(86_400, host(9)), false},
		"at another address": {large(600, host(8)), false},
	} {
		found := run(t, append([]flow.Flow{test.flow}, attempts...), nil)
		if len(found) != 1 {
			t.Fatalf("%s: %v", name, titles(found))
		}
		if _, got := evidence(found[0], "bytes_of_success"); got != test.want {
			t.Errorf("%s: success %v, want %v", name, got, test.want)
		}
	}
}

func TestHostsOutsideAreOneFinding(t *testing.T) {
	var flows []flow.Flow
	for i := range 6 {
		flows = append(flows, guesses(outside(1+i), host(9), 22, 40, 4)...)
	}
	flows = append(flows, session(0, host(9), outside(99), 443, 900, 900))
	found := run(t, flows, nil)
	if len(found) != 1 || len(found[0].Hosts) != 6 || found[0].Severity != finding.Low {
		t.Errorf("without success: %v", titles(found))
	}
	flows = append(flows, session(900, outside(3), host(9), 22, 60_000, 200_000))
	found = run(t, flows, nil)
	if len(found) != 2 || found[0].SrcIP != outside(3) || found[0].Severity < finding.High {
		t.Errorf("with one success: %v", titles(found))
	}
}

func TestWhatIsUsualWeighsLess(t *testing.T) {
	alone := guesses(host(1), host(9), 22, 100, 4)
	mail := guesses(host(1), host(9), 143, 100, 4)
	var all []flow.Flow
	for i := range 8 {
		all = append(all, guesses(host(10+i), host(9), 22, 100, 4)...)
	}
	ssh, imap, crowd := run(t, alone, nil), run(t, mail, nil), run(t, all, nil)
	if len(ssh) != 1 || len(imap) != 1 || ssh[0].Severity < finding.Medium || imap[0].Severity >= finding.Medium {
		t.Errorf("SSH: %v, IMAP: %v", titles(ssh), titles(imap))
	}
	if len(crowd) != 8 || crowd[0].Severity >= finding.Medium {
		t.Errorf("eight hosts alike: %v", titles(crowd))
	}
	known := detecttest.Run(t, bruteforce.Detector, detecttest.Capture{Flows: alone, Base: alone}).Findings
	if len(known) != 1 || known[0].Severity >= finding.Medium {
		t.Errorf("known from the baseline: %v", titles(known))
	}
}

func TestParametersAreHonoured(t *testing.T) {
	flows := append(guesses(host(1), host(9), 22, 100, 4), session(600, host(1), host(9), 22, 9_000, 12_000))
	mixed := flows
	for i := range 30 {
		mixed = append(mixed, session(float64(i)*10, host(1), host(9), 22, 9_900*float64(i+1), 9_900*float64(i+1)))
	}
	for _, test := range []struct {
		name  string
		flows []flow.Flow
		value float64
	}{
		{"min_attempts", flows, 101}, {"max_bytes", flows, 1_000}, {"max_spread", flows, 0.01}, {"min_alike", mixed, 0.9},
	} {
		if found := run(t, test.flows, nil); len(found) != 1 {
			t.Errorf("%s at its default: %v", test.name, titles(found))
		}
		if found := run(t, test.flows, map[string]float64{test.name: test.value}); len(found) != 0 {
			t.Errorf("%s = %v: %v", test.name, test.value, titles(found))
		}
	}
	least, most := run(t, flows, nil), run(t, flows, map[string]float64{"success_factor": 10})
	if len(least) != 1 || len(most) != 1 || least[0].Score <= most[0].Score {
		t.Errorf("success_factor at its default: %v, at 10: %v", titles(least), titles(most))
	}
}

func TestSmallAndStrangeCaptures(t *testing.T) {
	instant := guesses(host(1), host(9), 22, 100, 0)
	if found := run(t, instant, nil); len(found) != 1 {
		t.Errorf("all at once: %v", titles(found))
	}
	oneSided := guesses(host(1), host(9), 22, 100, 4)
	for i := range oneSided {
		oneSided[i].DownBytes = 0
	}
	for name, flows := range map[string][]flow.Flow{"no flows": nil, "ten flows": guesses(host(1), host(9), 22, 10, 4), "one side only": oneSided} {
		if found := run(t, flows, nil); len(found) != 0 {
			t.Errorf("%s: %v", name, titles(found))
		}
	}
	if found := run(t, guesses(outside(1), outside(2), 22, 100, 4), nil); len(found) != 1 || found[0].Severity < finding.Medium {
		t.Errorf("no internal address: %v", titles(found))
	}
}

func TestExplainsSilence(t *testing.T) {
	result := detecttest.Run(t, bruteforce.Detector, detecttest.Capture{Flows: guesses(host(1), host(9), 22, 30, 600), Explain: host(1)})
	if len(result.Findings) != 0 || len(result.Lines) != 1 || result.Lines[0].Fired {
		t.Errorf("%v, %+v", titles(result.Findings), result.Lines)
	}
}

func TestOrderAndThreadsDoNotMatter(t *testing.T) {
	day, _ := detecttest.Day(t, synth.Options{Kind: synth.Judge, Seed: 7, Day: 1, Flows: 30_000, Attacks: []synth.Attack{{Name: "brute-force"}, {Name: "brute-force"}}})
	detecttest.Steady(t, bruteforce.Detector, detecttest.Capture{Flows: day})
}

func TestEdges(t *testing.T) { detecttest.Edges(t, bruteforce.Detector) }
