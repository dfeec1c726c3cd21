package volumeshift_test

import (
	"testing"

	"sentinel/internal/finding"
)

func TestTheHostIsMarkedAmongTheChanges(t *testing.T) {
	for title, factor := range map[string]float64{"Bytes moved beyond the baseline's, by host": 4, "Bytes received less than in the baseline, by host": 0.1} {
		found := run(t, append(without(day(1), 5), traffic(5, factor)...), day(0), nil)
		if len(found) != 1 || len(found[0].Exhibits) != 1 {
			t.Fatalf("found %v", found)
		}
		ranked := found[0].Exhibits[0]
		if ranked.Kind != finding.Ranking || ranked.Title != title || len(ranked.Points) < 5 {
			t.Errorf("%s with %d points, want %s", ranked.Title, len(ranked.Points), title)
		}
		for i, point := range ranked.Points {
			if point.Marked != (i == 0) || i == 0 && point.Label != host(5).String() || point.Y <= 0 {
				t.Errorf("%s: place %d has %+v", title, i, point)
			}
		}
	}
}
