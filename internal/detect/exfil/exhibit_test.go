package exfil_test

import (
	"testing"

	"sentinel/internal/detect/detecttest"
	"sentinel/internal/detect/exfil"
	"sentinel/internal/finding"
	"sentinel/internal/synth"
)

func TestTheHostIsMarkedAmongItsPeers(t *testing.T) {
	day, truth := detecttest.Day(t, synth.Options{Kind: synth.Judge, Seed: 5, Day: 1, Flows: 30_000, Attacks: []synth.Attack{{Name: "exfil"}}})
	found := detecttest.Severe(detecttest.Run(t, exfil.Detector, detecttest.Capture{Flows: day}), finding.Medium)
	if len(found) != 1 || len(found[0].Exhibits) != 1 {
		t.Fatalf("found %v", found)
	}
	ranked, marked := found[0].Exhibits[0].Points, []string{}
	for i, peer := range ranked {
		if peer.Marked {
			marked = append(marked, peer.Label)
		}
		if i > 0 && peer.Y > ranked[i-1].Y {
			t.Errorf("%s stands behind one that uploaded less", peer.Label)
		}
	}
	if len(ranked) < 5 || len(marked) != 1 || marked[0] != truth.Attacks[0].Hosts[0].String() {
		t.Errorf("of %s: %v marked of %d", truth.Attacks[0].Sentence, marked, len(ranked))
	}
}
