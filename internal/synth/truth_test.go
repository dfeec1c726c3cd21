package synth_test

import (
	"encoding/json"
	"math"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sentinel/internal/flow"
	"sentinel/internal/synth"
)

// planted finds the flows of the attacks of an order: those that the capture without them lacks. It fails where a
// flow is there without the attacks and not with them.
func planted(t *testing.T, options synth.Options) ([]flow.Flow, synth.Truth) {
	t.Helper()
	ordinary := options
	ordinary.Attacks = []synth.Attack{}
	counts := map[flow.Flow]int{}
	each(t, ordinary, func(f flow.Flow) { counts[f]++ })
	var added []flow.Flow
	truth := each(t, options, func(f flow.Flow) {
		if counts[f]--; counts[f] < 0 {
			added = append(added, f)
		}
	})
	for f, n := range counts {
		if n > 0 {
			t.Fatalf("an attack removed %d flows such as %v", n, f)
		}
	}
	return added, truth
}

// recount fills in what a truth says of an attack from its flows.
func recount(flows []flow.Flow) synth.Planted {
	p := synth.Planted{Flows: len(flows)}
	first, last := int64(math.MaxInt64), int64(math.MinInt64)
	for _, f := range flows {
		p.UpBytes, p.DownBytes = p.UpBytes+f.UpBytes, p.DownBytes+f.DownBytes
		first, last = min(first, f.Start), max(last, f.Start)
		p.Hosts = append(p.Hosts, f.SrcIP)
		p.Destinations = append(p.Destinations, f.DstIP)
		p.Ports = append(p.Ports, f.DstPort)
	}
	p.First, p.Last = time.UnixMicro(first).UTC(), time.UnixMicro(last).UTC()
	p.Hosts, p.Destinations, p.Ports = unique(p.Hosts, netip.Addr.Compare), unique(p.Destinations, netip.Addr.Compare), unique(p.Ports, func(a, b uint16) int { return int(a) - int(b) })
	return p
}

func unique[T comparable](values []T, compare func(a, b T) int) []T {
	slices.SortFunc(values, compare)
	return slices.Compact(values)
}

// counted keeps what recount can know.
func counted(p synth.Planted) synth.Planted {
	return synth.Planted{
		Hosts: p.Hosts, Destinations: p.Destinations, Ports: p.Ports, First: p.First, Last: p.Last, Flows: p.Flows,
		UpBytes: p.UpBytes, DownBytes: p.DownBytes,
	}
}

var sameAddr = cmp.Comparer(func(a, b netip.Addr) bool { return a == b })

func TestTruthAgreesWithFlows(t *testing.T) {
	for _, kind := range synth.AttackKinds() {
		t.Run(kind.Name, func(t *testing.T) {
			options := synth.Options{Kind: kind.On, Profile: synth.Office, Flows: 20_000, Devices: 40, Seed: 11, Attacks: []synth.Attack{{Name: kind.Name}}}
			flows, truth := planted(t, options)
			if len(flows) == 0 {
				t.Fatal("no flow was planted")
			}
			if diff := cmp.Diff(recount(flows), counted(truth.Attacks[0]), sameAddr); diff != "" {
				t.Errorf("flows (-), truth (+):\n%s", diff)
			}
			if truth.Attacks[0].Sentence == "" || truth.Attacks[0].Detector != kind.Detector {
				t.Errorf("sentence %q, detector %q", truth.Attacks[0].Sentence, truth.Attacks[0].Detector)
			}
		})
	}
}

// TestAttacksStayApart checks that each attack of a full day has hosts of its own, and none of a look-alike.
func TestAttacksStayApart(t *testing.T) {
	for _, profile := range []synth.Profile{synth.Original, synth.Office} {
		flows, truth := planted(t, synth.Options{Kind: synth.Judge, Profile: profile, Flows: 100_000, Devices: 200, Seed: 3})
		owner := map[netip.Addr]string{}
		for _, l := range truth.Lookalikes {
			for _, host := range l.Hosts {
				owner[host] = l.Name
			}
		}
		sum := 0
		for _, attack := range truth.Attacks {
			sum += attack.Flows
			for _, host := range attack.Hosts {
				if owner[host] != "" {
					t.Errorf("%s: %s belongs to %s and to %s", profile, host, attack.Name, owner[host])
				}
				owner[host] = attack.Name
			}
		}
		if len(truth.Skipped) > 0 || sum != len(flows) {
			t.Errorf("%s: skipped %v; %d flows in the truth, %d planted", profile, truth.Skipped, sum, len(flows))
		}
	}
}

func TestStrengthScales(t *testing.T) {
	size := func(name string, strength float64) (int, int64) {
		kind := synth.Judge
		if name == "client-clockwork" {
			kind = synth.Servers
		}
		capture, err := synth.Day(synth.Options{Kind: kind, Flows: 100_000, Attacks: []synth.Attack{{Name: name, Strength: strength}}})
		if err != nil {
			t.Fatal(err)
		}
		attack := capture.Truth().Attacks[0]
		return attack.Flows, attack.UpBytes
	}
	for _, name := range []string{"beacon", "exfil", "dns-volume", "peer-to-peer", "botnet", "scan-horizontal", "flood", "volume-shift", "client-clockwork"} {
		flows, up := size(name, 1)
		more, moreUp := size(name, 3)
		if ratio := float64(more) / float64(flows); ratio < 2.4 || ratio > 3.6 {
			t.Errorf("%s: three times the strength gives %.2f times the flows", name, ratio)
		}
		if ratio := float64(moreUp) / float64(up); ratio < 2.1 || ratio > 4 {
			t.Errorf("%s: three times the strength gives %.2f times the bytes", name, ratio)
		}
	}
}

// TestBeaconKeepsItsPeriod checks the parameters of a beacon against the gaps of its flows.
func TestBeaconKeepsItsPeriod(t *testing.T) {
	attack, err := synth.ParseAttack("beacon:period=120,jitter=0.3")
	if err != nil {
		t.Fatal(err)
	}
	flows, truth := planted(t, synth.Options{Kind: synth.Judge, Flows: 20_000, Attacks: []synth.Attack{attack}})
	low, high := 0, 0
	for i := 1; i < len(flows); i++ {
		gap := float64(flows[i].Start-flows[i-1].Start) / 1e6
		if flows[i].UpBytes > 1_300 || flows[i-1].UpBytes > 1_300 { // a command between two contacts
			continue
		}
		if gap < 120*0.7-0.1 || gap > 120*1.3+0.1 {
			t.Errorf("gap of %.2f s", gap)
		}
		if gap < 120 {
			low++
		} else {
			high++
		}
	}
	if low < 250 || high < 250 {
		t.Errorf("%d short and %d long gaps, of about 720; truth %+v", low, high, truth.Attacks)
	}
}

func TestTruthIsJSON(t *testing.T) {
	capture, err := synth.Day(synth.Options{Kind: synth.Judge, Flows: 20_000})
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(capture.Truth())
	if err != nil {
		t.Fatal(err)
	}
	var back synth.Truth
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	same := cmp.Comparer(func(a, b netip.Prefix) bool { return a == b })
	if diff := cmp.Diff(capture.Truth(), back, sameAddr, same); diff != "" {
		t.Error(diff)
	}
}
