package synth_test

import (
	"io"
	"net/netip"
	"strings"
	"testing"

	"sentinel/internal/flow"
	"sentinel/internal/synth"
)

var _ flow.LookupReader = (*synth.Capture)(nil)

// asked reads the flows to port 53 and the lookups of a capture.
func asked(t *testing.T, options synth.Options) (flows []flow.Flow, lookups []flow.Lookup) {
	t.Helper()
	capture, err := synth.Day(options)
	if err != nil {
		t.Fatal(err)
	}
	batch := make([]flow.Flow, 777)
	for {
		n, err := capture.Read(batch)
		for _, f := range batch[:n] {
			if f.DstPort == 53 {
				flows = append(flows, f)
			}
		}
		lookups = append(lookups, capture.Lookups()...)
		if err == io.EOF {
			return flows, lookups
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// asking is who asked whom, when.
type asking struct {
	time           int64
	client, server netip.Addr
}

func TestEveryQuestionHasItsFlow(t *testing.T) {
	flows, lookups := asked(t, synth.Options{Profile: synth.Office, Kind: synth.Judge, Flows: 60_000, Seed: 3, Days: 2, Attacks: []synth.Attack{
		{Name: "dns-volume"}, {Name: "dns-burst"}, {Name: "dns-tunnel"}, {Name: "dns-tunnel-in"}, {Name: "dns-tunnel-slow"}, {Name: "dga"},
	}})
	if len(flows) != len(lookups) || len(lookups) < 5_000 {
		t.Fatalf("%d lookups, %d flows to port 53", len(lookups), len(flows))
	}
	sizes := map[asking][]flow.Flow{}
	for _, f := range flows {
		key := asking{f.Start, f.SrcIP, f.DstIP}
		sizes[key] = append(sizes[key], f)
	}
	for _, l := range lookups {
		key := asking{l.Time, l.Client, l.Server}
		if len(sizes[key]) == 0 {
			t.Fatalf("no flow of %+v", l)
		}
		sizes[key] = sizes[key][1:]
		if l.Name == "" || len(l.Name) > 253 || l.UpBytes < int64(len(l.Name)+18) || l.DownBytes < l.UpBytes && l.DownBytes < int64(len(l.Name)+18) {
			t.Fatalf("%+v does not fit into its messages", l)
		}
		for label := range strings.SplitSeq(l.Name, ".") {
			if label == "" || len(label) > 63 {
				t.Fatalf("%q is no name", l.Name)
			}
		}
	}
}

func TestOriginalProfileTellsNoQuestions(t *testing.T) {
	if flows, lookups := asked(t, synth.Options{Flows: 20_000, Kind: synth.Judge}); len(lookups) > 0 || len(flows) == 0 {
		t.Errorf("%d lookups, %d flows", len(lookups), len(flows))
	}
}

// An attack only adds questions.
func TestAttacksAddQuestions(t *testing.T) {
	for name, least := range map[string]int{"dns-tunnel": 4_000, "dns-tunnel-in": 1_500, "dns-tunnel-slow": 990, "dga": 200, "dns-volume": 1_000, "beacon": 0} {
		options := synth.Options{Profile: synth.Office, Kind: synth.Judge, Flows: 20_000, Seed: 5, Attacks: []synth.Attack{}}
		counts := map[flow.Lookup]int{}
		_, before := asked(t, options)
		for _, l := range before {
			counts[l]++
		}
		options.Attacks = []synth.Attack{{Name: name}}
		_, after := asked(t, options)
		for _, l := range after {
			counts[l]--
		}
		for l, n := range counts {
			if n > 0 {
				t.Fatalf("%s removes %+v", name, l)
			}
		}
		if added := len(after) - len(before); added < least || least == 0 && added > 0 {
			t.Errorf("%s adds %d questions, want at least %d", name, added, least)
		}
	}
}

// Real hosts ask the same names again, and some that do not exist.
func TestQuestionsOfADay(t *testing.T) {
	_, lookups := asked(t, synth.Options{Profile: synth.Office, Flows: 100_000, Seed: 4})
	names, missing := map[string]bool{}, 0
	for _, l := range lookups {
		names[l.Name] = true
		if l.Code == "NXDOMAIN" {
			missing++
		}
	}
	if share := float64(missing) / float64(len(lookups)); share < 0.01 || share > 0.08 {
		t.Errorf("%.3f of the names do not exist", share)
	}
	if share := float64(len(names)) / float64(len(lookups)); share > 0.5 {
		t.Errorf("%.2f of the questions are for a new name", share)
	}
}
