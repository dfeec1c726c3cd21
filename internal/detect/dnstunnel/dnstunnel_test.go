package dnstunnel_test

import (
	"encoding/base32"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"sentinel/internal/detect"
	"sentinel/internal/detect/detecttest"
	"sentinel/internal/detect/dnstunnel"
	"sentinel/internal/finding"
	"sentinel/internal/flow"
	"sentinel/internal/synth"
)

func addr(text string) netip.Addr { return netip.MustParseAddr(text) }

func host(i int) netip.Addr { return addr(fmt.Sprintf("192.168.104.%d", i)) }

var resolver = addr("192.168.104.250")

// question is one at a second of the day, answered by an address.
func question(client netip.Addr, at float64, name string) flow.Lookup {
	return flow.Lookup{
		Time: detecttest.Midnight + int64(at*1e6), Client: client, Server: resolver, Name: name, Type: "A", Code: "NOERROR",
		Answers: 1, UpBytes: int64(18 + len(name)), DownBytes: int64(34 + len(name)),
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

// office is a day of twenty hosts that ask for the names of sites, again and again.
func office() []flow.Lookup {
	var all []flow.Lookup
	for i := 1; i <= 20; i++ {
		for k := range 120 {
			all = append(all, question(host(i), float64(300*k+i), fmt.Sprintf("www%d.site%d.example", k%3, k%30)))
		}
	}
	return all
}

// data spells random bytes as a label that a domain name may have.
func data(random *rand.Rand, bytes int) string {
	raw := make([]byte, bytes)
	for i := range raw {
		raw[i] = byte(random.Uint32())
	}
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(raw))
}

// carry asks for names of one domain that are never the same.
func carry(client netip.Addr, from, gap float64, count, bytes int, domain string, change func(*flow.Lookup)) []flow.Lookup {
	random := rand.New(rand.NewPCG(1, uint64(bytes)))
	var all []flow.Lookup
	for k := range count {
		l := question(client, from+gap*float64(k), data(random, bytes)+"."+domain)
		if change != nil {
			change(&l)
		}
		all = append(all, l)
	}
	return all
}

func text(l *flow.Lookup)    { l.Type, l.DownBytes = "TXT", l.UpBytes+600 }
func missing(l *flow.Lookup) { l.Code, l.Answers = "NXDOMAIN", 0 }
func silent(l *flow.Lookup)  { l.Code, l.Answers, l.DownBytes = "", 0, 0 }
func download(l *flow.Lookup) {
	l.Name, l.Type, l.DownBytes = l.Name[:4]+l.Name[strings.IndexByte(l.Name, '.'):], "TXT", 900
}

func run(t *testing.T, capture detecttest.Capture) *detect.Result {
	t.Helper()
	return detecttest.Run(t, dnstunnel.Detector, capture)
}

func TestFinds(t *testing.T) {
	for name, c := range map[string]struct {
		lookups []flow.Lookup
		least   finding.Severity
	}{
		"upload":                 {carry(host(3), 36_000, 0.5, 3_000, 35, "t.evil.example", nil), finding.High},
		"download":               {carry(host(3), 36_000, 0.5, 900, 35, "t.evil.example", download), finding.High},
		"both ways":              {carry(host(3), 36_000, 0.5, 300, 35, "t.evil.example", text), finding.High},
		"all day, a minute each": {carry(host(3), 0, 60, 1_440, 12, "evil.example", nil), finding.Medium},
		"every five minutes":     {carry(host(3), 0, 300, 288, 18, "evil.example", nil), finding.Medium},
		"nobody answers":         {carry(host(3), 36_000, 2, 500, 35, "evil.example", silent), finding.Medium},
		"no name exists":         {carry(host(3), 36_000, 2, 500, 35, "evil.example", missing), finding.Medium},
	} {
		t.Run(name, func(t *testing.T) {
			found := detecttest.Severe(run(t, asking(office(), c.lookups)), c.least)
			if len(found) != 1 || found[0].SrcIP != host(3) || !strings.Contains(found[0].Title, " below evil.example") {
				t.Fatalf("findings %v, want one about %s", found, host(3))
			}
		})
	}
}

func TestTwoDomainsAreOneFinding(t *testing.T) {
	found := run(t, asking(office(), carry(host(3), 36_000, 1, 500, 35, "evil.example", nil), carry(host(3), 36_000, 1, 300, 35, "bad.example", nil))).Findings
	if len(found) != 1 || !strings.Contains(found[0].Title, "below evil.example, the first of 2 such domains") {
		t.Errorf("findings %v, want one", found)
	}
}

// Questions that a resolver passes on are those of its client; alone it answers for them.
func TestResolversAskForOthers(t *testing.T) {
	asked := carry(host(3), 36_000, 1, 1_000, 35, "evil.example", nil)
	passed := slices.Clone(asked)
	for i := range passed {
		passed[i].Client, passed[i].Server = resolver, addr("192.0.2.53")
	}
	if found := run(t, asking(office(), asked, passed)).Findings; len(found) != 1 || found[0].SrcIP != host(3) {
		t.Errorf("both: %v, want one about the client", found)
	}
	if found := run(t, asking(office(), passed)).Findings; len(found) != 1 || found[0].SrcIP != resolver {
		t.Errorf("the resolver alone: %v, want one about it", found)
	}
}

func TestStaysQuiet(t *testing.T) {
	var antivirus, suffix, reverse, blocklist, content, local []flow.Lookup
	for i := 1; i <= 20; i++ {
		antivirus = append(antivirus, carry(host(i), float64(30_000+100*i), 30, 400, 20+i%3, "hash.vendor.example", nil)...)
		for k := range 1_000 {
			content = append(content, question(host(i), float64(40*k), fmt.Sprintf("edge-cache-%d.content.example", k%60)))
		}
	}
	for k := range 2_000 {
		at := float64(20 * k)
		suffix = append(suffix, question(host(3), at, fmt.Sprintf("www.some-long-name-%d.com.corp.example", k)))
		missing(&suffix[k])
		reverse = append(reverse, question(host(3), at, fmt.Sprintf("%d.%d.168.192.in-addr.arpa", k%256, k/256)))
		blocklist = append(blocklist, question(host(3), at, fmt.Sprintf("%d.%d.0.192.list.example", k%256, k/256)))
		local = append(local, question(host(3), at, fmt.Sprintf("some-long-name-of-a-host-%d.site.local", k)))
	}
	base := asking(office())
	again := asking(office(), carry(host(3), 0, 60, 1_440, 12, "evil.example", nil))
	again.Base, again.Before = again.Flows, again.Lookups
	for name, capture := range map[string]detecttest.Capture{
		"browsing":            base,
		"antivirus":           asking(office(), antivirus),
		"reputation service":  asking(office(), carry(host(3), 0, 60, 1_000, 20, "hash.avqs.mcafee.com", nil)),
		"search suffix":       asking(office(), suffix),
		"reverse look-ups":    asking(office(), reverse),
		"list of addresses":   asking(office(), blocklist),
		"own network":         asking(office(), local),
		"content delivery":    asking(office(), content),
		"baseline has it":     again,
		"a few names":         asking(office(), carry(host(3), 36_000, 60, 20, 35, "evil.example", nil)),
		"from outside":        asking(office(), carry(addr("203.0.113.9"), 36_000, 1, 3_000, 35, "evil.example", nil)),
		"same names by turns": asking(office(), repeated(carry(host(3), 0, 100, 200, 35, "evil.example", nil), 5)),
	} {
		t.Run(name, func(t *testing.T) {
			for _, f := range detecttest.Severe(run(t, capture), finding.Medium) {
				t.Errorf("%s: %s %v", f.Severity, f.Title, f.Modifiers)
			}
		})
	}
}

func repeated(lookups []flow.Lookup, times int) []flow.Lookup {
	var all []flow.Lookup
	for i := range times {
		for _, l := range lookups {
			l.Time += int64(i) * 1_000_000
			all = append(all, l)
		}
	}
	return all
}

func TestNewDomainsWeighMore(t *testing.T) {
	capture := asking(office(), carry(host(3), 36_000, 1, 1_000, 35, "evil.example", nil))
	alone := run(t, capture).Findings[0].Score
	base := asking(office())
	capture.Base, capture.Before = base.Flows, base.Lookups
	if with := run(t, capture).Findings[0].Score; with <= alone {
		t.Errorf("score %v with a baseline that lacks the domain, %v without", with, alone)
	}
	capture.Before = nil
	if without := run(t, capture).Findings[0].Score; without != alone {
		t.Errorf("score %v with a baseline that tells no questions, %v without one", without, alone)
	}
}

// An input without questions cannot be judged; one whose questions carry nothing can.
func TestVoid(t *testing.T) {
	capture := asking(office())
	capture.Lookups = nil
	if ran := run(t, capture).Ran[0]; !strings.Contains(ran.Void, "no input tells") {
		t.Errorf("no questions: %+v", ran)
	}
	if ran := run(t, asking([]flow.Lookup{question(host(1), 1, "wpad")})).Ran[0]; ran.Void != "" || ran.Looked == "" {
		t.Errorf("one question: %+v", ran)
	}
}

func TestParams(t *testing.T) {
	upload := asking(office(), carry(host(3), 36_000, 1, 100, 35, "evil.example", nil))
	twice := asking(office(), repeated(carry(host(3), 36_000, 1, 1_000, 35, "evil.example", nil), 3))
	three := asking(office(), carry(host(3), 36_000, 1, 100, 22, "evil.example", nil), carry(host(4), 36_000, 1, 100, 23, "evil.example", nil), carry(host(5), 36_000, 1, 100, 24, "evil.example", nil))
	for name, c := range map[string]struct {
		capture       detecttest.Capture
		value         float64
		before, after int
	}{
		"min_bytes":  {upload, 1e6, 1, 0},
		"min_names":  {upload, 101, 1, 0},
		"min_unique": {twice, 0.4, 1, 0},
		"max_share":  {three, 0.1, 3, 0},
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
	capture := asking(office(), carry(host(3), 36_000, 1, 1_000, 35, "evil.example", nil), carry(host(4), 36_000, 1, 40, 12, "short.example", nil))
	for asked, fired := range map[netip.Addr]bool{host(3): true, host(4): false} {
		capture.Explain = asked
		lines := run(t, capture).Lines
		if len(lines) == 0 || slices.ContainsFunc(lines, func(l detect.Line) bool { return l.Fired }) != fired {
			t.Errorf("lines of %s: %+v, want one that fired: %t", asked, lines, fired)
		}
	}
}

func TestSteady(t *testing.T) {
	capture := asking(office(), carry(host(3), 36_000, 1, 1_000, 35, "evil.example", nil), carry(host(4), 0, 60, 1_000, 20, "bad.example", text))
	base := asking(office())
	capture.Base, capture.Before = base.Flows, base.Lookups
	detecttest.Steady(t, dnstunnel.Detector, capture)
}

func TestEdges(t *testing.T) { detecttest.Edges(t, dnstunnel.Detector) }

func TestGeneratedDays(t *testing.T) {
	options := synth.Options{Seed: 9, Flows: 30_000, Profile: synth.Office}
	clean, _ := detecttest.Generated(t, options)
	options.Day, options.Kind = 1, synth.Judge
	options.Attacks = []synth.Attack{{Name: "dns-tunnel"}, {Name: "dns-tunnel-in"}, {Name: "dns-tunnel-slow"}, {Name: "dga"}, {Name: "dns-volume"}}
	day, truth := detecttest.Generated(t, options)
	alone := day
	day.Base, day.Before = clean.Flows, clean.Lookups
	for name, capture := range map[string]detecttest.Capture{"with baseline": day, "without": alone} {
		found := detecttest.Severe(run(t, capture), finding.Medium)
		if len(found) != 3 {
			t.Errorf("%s: %d findings, want 3: %v", name, len(found), found)
		}
		for _, planted := range truth.Attacks[:3] {
			if !slices.ContainsFunc(found, func(f finding.Finding) bool { return f.SrcIP == planted.Hosts[0] }) {
				t.Errorf("%s: missed %s of %s", name, planted.Name, planted.Hosts[0])
			}
		}
	}
	if found := run(t, clean).Findings; len(found) > 0 {
		t.Errorf("clean day: %v", found)
	}
}
