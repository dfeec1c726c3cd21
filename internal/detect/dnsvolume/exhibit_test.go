package dnsvolume_test

import (
	"slices"
	"testing"

	"sentinel/internal/detect/detecttest"
	"sentinel/internal/finding"
)

func TestTheHostIsMarkedAmongItsPeers(t *testing.T) {
	flows := append(office(20), ask(host(3), resolver, 14, 0.9, 900, 220, 300)...)
	flows = append(flows, ask(resolver, addr("192.0.2.1"), 0, 24, 9_000, 220, 300)...)
	found := detecttest.Severe(run(t, detecttest.Capture{Flows: flows}), finding.Medium)
	if len(found) != 1 || len(found[0].Exhibits) != 2 {
		t.Fatalf("found %v", found)
	}
	ranked, course := found[0].Exhibits[0], found[0].Exhibits[1]
	if first := ranked.Points[0]; first.Label != host(3).String() || !first.Marked || len(ranked.Points) != 20 {
		t.Errorf("%d hosts, the first %+v", len(ranked.Points), first)
	}
	for _, point := range ranked.Points[1:] {
		if point.Marked || point.Label == resolver.String() {
			t.Errorf("%+v is among the peers, or marked", point)
		}
	}
	if at := slices.IndexFunc(course.Points, func(p finding.Point) bool { return p.Marked }); at < 0 || course.Points[at].X != float64(detecttest.Midnight)+14*3600e6 {
		t.Errorf("the busiest of the hours %+v is at place %d", course.Points, at)
	}
}
