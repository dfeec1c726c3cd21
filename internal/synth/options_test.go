package synth_test

import (
	"fmt"
	"io"
	"net/netip"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sentinel/internal/flow"
	"sentinel/internal/synth"
)

func TestOptionsThatDoNotFit(t *testing.T) {
	attacks := func(a ...synth.Attack) []synth.Attack { return a }
	judge := func(a ...synth.Attack) synth.Options { return synth.Options{Kind: synth.Judge, Attacks: a} }
	for want, options := range map[string]synth.Options{
		"flows is 999, must be 1000 to":                              {Flows: 999},
		"flows is -5":                                                {Flows: -5},
		"devices is 3":                                               {Devices: 3},
		"days is 32":                                                 {Days: 32},
		"day is -1":                                                  {Day: -1},
		"unknown kind \"dirty\", use clean":                          {Kind: "dirty"},
		"unknown profile \"home\", use original":                     {Profile: "home"},
		"holds 240 devices beside its servers":                       {Devices: 241},
		"must be an IPv4 network of /8 to /27":                       {Network: netip.MustParsePrefix("10.0.0.0/30")},
		"public 2001:db8::/32 must be an IPv4":                       {Kind: synth.Servers, Public: netip.MustParsePrefix("2001:db8::/32")},
		"host bits set, use 10.0.0.0/24":                             {Network: netip.MustParsePrefix("10.0.0.7/24")},
		"must be midnight in UTC":                                    {Start: time.Unix(7_200, 0)},
		"order more devices":                                         {Flows: 900_000_000},
		"a clean capture holds no attack":                            {Attacks: attacks(synth.Attack{Name: "beacon"})},
		"unknown attack \"becon\", use beacon, beacon-jittered":      judge(synth.Attack{Name: "becon"}),
		"strength is -1, must be 0.01 to 100":                        judge(synth.Attack{Name: "beacon", Strength: -1}),
		"jitter is 2, must be 0 to 0.9":                              judge(synth.Attack{Name: "beacon", Params: map[string]float64{"jitter": 2}}),
		"attack beacon has no param \"speed\", use strength, period": judge(synth.Attack{Name: "beacon", Params: map[string]float64{"speed": 2}}),
		"belongs into a servers capture":                             judge(synth.Attack{Name: "client-clockwork"}),
		"needs the office profile":                                   judge(synth.Attack{Name: "icmp-tunnel"}),
		"attack botnet needs 6 hosts, 5 are free":                    {Kind: synth.Judge, Devices: 8, Flows: 8_000, Attacks: attacks(synth.Attack{Name: "botnet"})},
	} {
		if _, err := synth.Day(options); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got error %v, want %q", err, want)
		}
	}
}

func TestParseAttack(t *testing.T) {
	for text, want := range map[string]string{
		"scan-slow":                           "{scan-slow 0 map[]}",
		"beacon:strength=0.5,period=60":       "{beacon 0.5 map[period:60]}",
		"beacon:period":                       `attack "beacon:period": "period" is not param=number`,
		"beacon:strength=0":                   `attack "beacon:strength=0": a strength of 0 is no attack`,
		"bacon:period=60":                     `unknown attack "bacon", use beacon`,
		"dns-burst:factor=12.5,strength=1e-1": "{dns-burst 0.1 map[factor:12.5]}",
	} {
		attack, err := synth.ParseAttack(text)
		got := fmt.Sprint(attack)
		if err != nil {
			got = err.Error()
		}
		if !strings.HasPrefix(got, want) {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

// TestAnyOrder reads captures of any order in batches of any size.
func TestAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		options := synth.Options{
			Kind:    rapid.SampledFrom([]synth.Kind{synth.Clean, synth.Judge, synth.Servers}).Draw(t, "kind"),
			Profile: rapid.SampledFrom([]synth.Profile{synth.Original, synth.Office}).Draw(t, "profile"),
			Seed:    rapid.Uint64().Draw(t, "seed"),
			Day:     rapid.IntRange(0, 20).Draw(t, "day"),
			Days:    rapid.IntRange(1, 3).Draw(t, "days"),
			Flows:   rapid.IntRange(1_000, 6_000).Draw(t, "flows"),
			Devices: rapid.IntRange(4, 60).Draw(t, "devices"),
		}
		capture, err := synth.Day(options)
		if err != nil {
			t.Fatal(err)
		}
		inspect(t, capture, rapid.IntRange(1, 700).Draw(t, "batch"))
	})
}

// inspect checks what holds for every capture: its time, the order of its sources and the sense of each flow.
func inspect(t *rapid.T, capture *synth.Capture, batch int) {
	truth := capture.Truth()
	from, to := truth.Start.UnixMicro(), truth.End.UnixMicro()
	var last flow.Flow
	seen := map[netip.Addr]bool{}
	flows := make([]flow.Flow, batch)
	for {
		n, err := capture.Read(flows)
		for _, f := range flows[:n] {
			switch {
			case f.Start < from || f.Start >= to:
				t.Fatalf("%v lies outside %s to %s", f, truth.Start, truth.End)
			case f.UpBytes <= 0 || f.DownBytes < 0 || !f.DstIP.IsValid() || f.SrcIP == f.DstIP:
				t.Fatalf("%v makes no sense", f)
			case f.SrcIP.Is4() != f.DstIP.Is4():
				t.Fatalf("%v mixes families", f)
			case !dressed(f, truth.Profile):
				t.Fatalf("%+v does not fit the %s profile", f, truth.Profile)
			case f.SrcIP.Is4() && f.SrcIP == last.SrcIP && f.Start/10_000 < last.Start/10_000:
				t.Fatalf("%v comes after %v", f, last)
			case f.SrcIP.Is4() && f.SrcIP != last.SrcIP && seen[f.SrcIP]:
				t.Fatalf("%s comes again", f.SrcIP)
			}
			if f.SrcIP.Is4() {
				seen[f.SrcIP], last = true, f
			}
		}
		if err == io.EOF {
			return
		}
		if err != nil || n != batch {
			t.Fatalf("read %d of %d flows, %v", n, batch, err)
		}
	}
}

// dressed tells whether the columns of a flow are those of its profile, and agree with each other.
func dressed(f flow.Flow, profile synth.Profile) bool {
	if profile == synth.Original {
		bare := flow.Flow{
			Start: f.Start / 10_000 * 10_000, SrcIP: f.SrcIP, DstIP: f.DstIP, Proto: f.Proto, DstPort: f.DstPort,
			UpBytes: f.UpBytes, DownBytes: f.DownBytes,
		}
		return f == bare
	}
	silent := f.DownBytes == 0
	ports := f.Proto == flow.TCP || f.Proto == flow.UDP
	return f.Duration >= 0 && f.UpPackets > 0 && (f.DownPackets == 0) == silent && (f.SrcPort > 0) == ports &&
		(f.State == flow.Unanswered) == silent && f.State != ""
}
