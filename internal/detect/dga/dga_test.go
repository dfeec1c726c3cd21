package dga_test

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"sentinel/internal/detect"
	"sentinel/internal/detect/detecttest"
	"sentinel/internal/detect/dga"
	"sentinel/internal/finding"
	"sentinel/internal/flow"
	"sentinel/internal/synth"
)

func addr(text string) netip.Addr { return netip.MustParseAddr(text) }

func host(i int) netip.Addr { return addr(fmt.Sprintf("192.168.104.%d", i)) }

var resolver = addr("192.168.104.250")

func question(client netip.Addr, at float64, name, code string) flow.Lookup {
	return flow.Lookup{
		Time: detecttest.Midnight + int64(at*1e6), Client: client, Server: resolver, Name: name, Type: "A", Code: code,
		UpBytes: int64(18 + len(name)), DownBytes: int64(93 + len(name)),
	}
}

// asking is a capture of questions and the flows that they went in.
func asking(lookups ...[]flow.Lookup) detecttest.Capture {
	capture := detecttest.Capture{Lookups: slices.Concat(lookups...)}
	for _, l := range capture.Lookups {
		capture.Flows = append(capture.Flows, flow.Flow{
			Start: l.Time, SrcIP: l.Client, DstIP: l.Server, Proto: flow.UDP, DstPort: 53, UpBytes: l.UpBytes + 28, DownBytes: l.DownBytes + 28,
		})
	}
	return capture
}

// office is a day of twenty hosts that ask for some forty domains, one of which does not exist.
func office() []flow.Lookup {
	var all []flow.Lookup
	for i := 1; i <= 20; i++ {
		for k := range 120 {
			all = append(all, question(host(i), float64(300*k+i), fmt.Sprintf("www.site%d.example", k%(35+i%5)), "NOERROR"))
		}
		all = append(all, question(host(i), 40_000, fmt.Sprintf("www.typo%d.example", i), "NXDOMAIN"))
	}
	return all
}

// labels are made of random letters, or of syllables of words.
func labels(count int, word bool) []string {
	random := rand.New(rand.NewPCG(3, 4))
	syllables := []string{"ter", "con", "ing", "ment", "pro", "ver", "lo", "ma", "re", "ti", "on", "der"}
	var all []string
	for range count {
		label := ""
		for len(label) < 12 {
			if word {
				label += syllables[random.IntN(len(syllables))]
			} else {
				label += string(rune('a' + random.IntN(26)))
			}
		}
		all = append(all, label)
	}
	return all
}

// miss asks for domains that do not exist, from a second of the day on.
func miss(client netip.Addr, from, gap float64, labels []string) []flow.Lookup {
	var all []flow.Lookup
	for k, label := range labels {
		all = append(all, question(client, from+gap*float64(k), label+".example", "NXDOMAIN"))
	}
	return all
}

func run(t *testing.T, capture detecttest.Capture) *detect.Result {
	t.Helper()
	return detecttest.Run(t, dga.Detector, capture)
}

func TestFinds(t *testing.T) {
	for name, c := range map[string]struct {
		lookups []flow.Lookup
		least   finding.Severity
	}{
		"burst of random letters": {miss(host(3), 36_000, 2, labels(150, false)), finding.High},
		"a few":                   {miss(host(3), 36_000, 2, labels(25, false)), finding.Medium},
		"all day":                 {miss(host(3), 0, 400, labels(200, false)), finding.High},
		"of syllables":            {miss(host(3), 36_000, 2, labels(150, true)), finding.Medium},
	} {
		t.Run(name, func(t *testing.T) {
			found := detecttest.Severe(run(t, asking(office(), c.lookups)), c.least)
			if len(found) != 1 || found[0].SrcIP != host(3) || found[0].PValue > 1e-6 {
				t.Fatalf("findings %v, want one about %s", found, host(3))
			}
		})
	}
}

// A capture of one host has no peers, and a resolver alone answers for its clients.
func TestFindsAlone(t *testing.T) {
	for _, client := range []netip.Addr{host(3), resolver} {
		if found := detecttest.Severe(run(t, asking(miss(client, 36_000, 2, labels(60, false)))), finding.Medium); len(found) != 1 {
			t.Errorf("%s: findings %v, want one", client, found)
		}
	}
}

func TestStaysQuiet(t *testing.T) {
	var probes, suffix, hashes, reverse, mail, blocked, silent []flow.Lookup
	for k, label := range labels(300, false) {
		at := float64(100 * k)
		probes = append(probes, question(host(3), at, label, "NXDOMAIN"))
		suffix = append(suffix, question(host(3), at, label+".corp.example", "NXDOMAIN"))
		hashes = append(hashes, question(host(3), at, label+".files.vendor.example", "NXDOMAIN"))
		reverse = append(reverse, question(host(3), at, fmt.Sprintf("%d.%d.168.192.in-addr.arpa", k%256, k/256), "NXDOMAIN"))
		silent = append(silent, question(host(3), at, label+".example", ""))
		for i := 1; i <= 20; i++ {
			if k%4 == i%4 && k < 200 {
				blocked = append(blocked, question(host(i), at, "ads."+label+".example", "NXDOMAIN"))
			}
		}
	}
	for k, label := range labels(60, true) {
		mail = append(mail, question(host(3), float64(100*k), label+".example", "NXDOMAIN"))
		mail[k].Type = "MX"
	}
	asked := miss(host(3), 36_000, 2, labels(150, false))
	passed := slices.Clone(asked)
	for i := range passed {
		passed[i].Client = resolver
	}
	again := asking(office(), asked)
	again.Base, again.Before = again.Flows, again.Lookups
	for name, capture := range map[string]detecttest.Capture{
		"browsing":          asking(office()),
		"probes":            asking(office(), probes),
		"search suffix":     asking(office(), suffix),
		"hashes":            asking(office(), hashes),
		"reverse look-ups":  asking(office(), reverse),
		"mail server":       asking(office(), mail),
		"blocked for all":   asking(office(), blocked),
		"nobody answers":    asking(office(), silent),
		"few typing errors": asking(office(), miss(host(3), 0, 4_000, labels(10, true))),
		"from outside":      asking(office(), miss(addr("203.0.113.9"), 36_000, 2, labels(150, false))),
		"baseline has it":   again,
	} {
		t.Run(name, func(t *testing.T) {
			for _, f := range detecttest.Severe(run(t, capture), finding.Medium) {
				t.Errorf("%s: %s p=%v %v", f.Severity, f.Title, f.PValue, f.Modifiers)
			}
		})
	}
	if found := run(t, asking(office(), asked, passed)).Findings; len(found) != 1 || found[0].SrcIP != host(3) {
		t.Errorf("through a resolver of the capture: %v, want one about the client", found)
	}
}

func TestGeneratedDays(t *testing.T) {
	options := synth.Options{Seed: 9, Flows: 30_000, Profile: synth.Office}
	clean, _ := detecttest.Generated(t, options)
	options.Day, options.Kind, options.Attacks = 1, synth.Judge, []synth.Attack{{Name: "dga"}, {Name: "dns-tunnel"}}
	day, truth := detecttest.Generated(t, options)
	alone := day
	day.Base, day.Before = clean.Flows, clean.Lookups
	for name, capture := range map[string]detecttest.Capture{"with baseline": day, "without": alone} {
		found := detecttest.Severe(run(t, capture), finding.Medium)
		if len(found) != 1 || found[0].SrcIP != truth.Attacks[0].Hosts[0] {
			t.Errorf("%s: findings %v, want one about %v", name, found, truth.Attacks[0].Hosts)
		}
	}
	if found := run(t, clean).Findings; len(found) > 0 {
		t.Errorf("clean day: %v", found)
	}
}

func TestVoid(t *testing.T) {
	capture := asking(office())
	capture.Lookups = nil
	if ran := run(t, capture).Ran[0]; !strings.Contains(ran.Void, "no input tells") {
		t.Errorf("no questions: %+v", ran)
	}
	if ran := run(t, asking(office())).Ran[0]; ran.Void != "" || ran.Looked == "" {
		t.Errorf("questions: %+v", ran)
	}
}

func TestParams(t *testing.T) {
	burst := asking(office(), miss(host(3), 36_000, 2, labels(60, false)))
	many := asking(office(), miss(host(3), 0, 300, labels(14, false)))
	var all []flow.Lookup
	for i := 1; i <= 14; i++ { // most hosts miss a third
		all = append(all, miss(host(i), 36_000, 60, labels(20+i%5, false))...)
	}
	for name, c := range map[string]struct {
		capture       detecttest.Capture
		value         float64
		before, after int
	}{
		"min_missing": {burst, 100, 1, 0},
		"usual_share": {many, 0.5, 1, 0},
		"min_peers":   {asking(office(), all), 100, 0, 14},
	} {
		before := run(t, c.capture).Findings
		c.capture.Params = map[string]float64{name: c.value}
		after := run(t, c.capture).Findings
		if len(before) != c.before || len(after) != c.after {
			t.Errorf("%s=%v: %d findings, then %d, want %d and %d", name, c.value, len(before), len(after), c.before, c.after)
		}
	}
}

func TestExplain(t *testing.T) {
	capture := asking(office(), miss(host(3), 36_000, 2, labels(150, false)))
	for asked, fired := range map[netip.Addr]bool{host(3): true, host(4): false} {
		capture.Explain = asked
		lines := run(t, capture).Lines
		if len(lines) == 0 || slices.ContainsFunc(lines, func(l detect.Line) bool { return l.Fired }) != fired {
			t.Errorf("lines of %s: %+v, want one that fired: %t", asked, lines, fired)
		}
	}
}

func TestSteady(t *testing.T) {
	capture := asking(office(), miss(host(3), 36_000, 2, labels(150, false)), miss(host(4), 0, 400, labels(90, true)))
	base := asking(office())
	capture.Base, capture.Before = base.Flows, base.Lookups
	detecttest.Steady(t, dga.Detector, capture)
}

func TestEdges(t *testing.T) { detecttest.Edges(t, dga.Detector) }
