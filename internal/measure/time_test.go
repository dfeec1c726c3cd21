package measure

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"time"

	"sentinel/internal/engine"
	"sentinel/internal/report"
)

// at is a minute of January 2026, whose 5th is a Monday.
func at(day, hour, minute int) int64 {
	return time.Date(2026, 1, day, hour, minute, 0, 0, time.UTC).UnixMicro()
}

func TestWeekBeginsOnMonday(t *testing.T) {
	flows := rows{minutes: []engine.Minute{{Start: at(5, 0, 0), Flows: 3}, {Start: at(11, 23, 59), Flows: 4}, {Start: at(12, 0, 30), Flows: 5}}}
	result := measured(t, flows, Config{}, week)
	if result.Week == nil || result.Week.Flows[0][0] != 8 || result.Week.Flows[6][23] != 4 {
		t.Errorf("%+v", result.Week)
	}
}

func TestOneDayIsNoWeek(t *testing.T) {
	if result := measured(t, rows{minutes: []engine.Minute{{Start: at(5, 0, 0), Flows: 3}, {Start: at(5, 23, 0), Flows: 3}}}, Config{}, week); result.Week != nil {
		t.Errorf("%+v", result.Week)
	}
}

func TestTimelineCountsAllAndStaysShort(t *testing.T) {
	for _, length := range []time.Duration{0, time.Minute, 24 * time.Hour, 9 * 24 * time.Hour, 400 * 24 * time.Hour} {
		t.Run(length.String(), func(t *testing.T) {
			first := at(5, 8, 7)
			last := first + length.Microseconds()
			line := measured(t, rows{minutes: []engine.Minute{{Start: first, Flows: 2}, {Start: last, Flows: 3}}}, Config{}, timeline).Timeline
			total := int64(0)
			for _, flows := range line.Flows {
				total += flows
			}
			if total != 5 || len(line.Flows) > mostSteps || line.Start > first || line.Start+int64(len(line.Flows))*line.Step <= last {
				t.Errorf("%d flows in %d steps of %d from %d", total, len(line.Flows), line.Step, line.Start)
			}
		})
	}
}

func TestTimelineOfAJumpingClockIsBounded(t *testing.T) {
	line := timelineOf([]engine.Minute{{Start: -1 << 62, Flows: 1}, {Start: 0, Flows: 1}, {Start: 1<<62 - 1<<62%60_000_000, Flows: 1}})
	if len(line.Flows) != maxSteps {
		t.Errorf("%d steps", len(line.Flows))
	}
}

func TestFloorBeforeTheEpoch(t *testing.T) {
	for at, want := range map[int64]int64{-1: -10, -10: -10, 0: 0, 9: 0, 10: 10} {
		if got := floor(at, 10); got != want {
			t.Errorf("floor(%d) = %d, want %d", at, got, want)
		}
	}
}

func TestEdgesAreThoseWithMostFlows(t *testing.T) {
	var flows rows
	for i := range 1000 {
		flows.peers = append(flows.peers, engine.Peer{
			SrcIP: netip.MustParseAddr(fmt.Sprintf("10.0.%d.%d", i/250, i%250)), DstIP: netip.MustParseAddr("10.1.0.1"), Flows: int64(i * 7919 % 1009),
		})
	}
	flows.peers = append(flows.peers, engine.Peer{SrcIP: netip.MustParseAddr("192.0.2.1"), DstIP: netip.MustParseAddr("10.1.0.1"), Flows: 1e6})
	r := measured(t, flows, Config{Internal: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}}, edges)
	found := r.Edges
	if len(found) != mostEdges || found[0].Flows != 1008 || r.EdgeCount != 1000 {
		t.Fatalf("%d edges of %d, the first with %d flows", len(found), r.EdgeCount, found[0].Flows)
	}
	for i, edge := range found[1:] {
		if edge.Flows > found[i].Flows {
			t.Errorf("edge %d has more flows than the one before", i+1)
		}
	}
}

// Each rollup that somebody wants is a step, and no other is.
func TestProgressTellsTheSteps(t *testing.T) {
	var told []string
	config := Config{Internal: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}}
	config.Progress = func(step string, done, all int) { told = append(told, fmt.Sprint(done, " of ", all, ": ", step)) }
	measured(t, rows{}, config, edges, hours)
	if want := []string{"0 of 2: minutes", "1 of 2: pairs of hosts"}; !slices.Equal(told, want) {
		t.Errorf("told %q, want %q", told, want)
	}
}

func TestEachSetOfNetworksIsAskedOnce(t *testing.T) {
	asked := map[string]int{}
	inside := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	folds := &Folds{}
	for _, m := range []Measure{botnet, internal, edges} {
		finish := m.Attach(Config{Internal: inside}, folds)
		defer finish(&report.Report{})
	}
	for _, peers := range folds.peers {
		asked[fmt.Sprint(peers.networks)]++
	}
	if len(asked) != 1 || asked[fmt.Sprint(inside)] != 1 {
		t.Errorf("asked %v", asked)
	}
}
