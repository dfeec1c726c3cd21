package inject_test

import (
	"context"
	"math"
	"net/netip"
	"path/filepath"
	"slices"
	"testing"

	"sentinel/internal/analysis"
	"sentinel/internal/detect"
	"sentinel/internal/detect/beacon"
	"sentinel/internal/detect/detecttest"
	"sentinel/internal/engine/duckdb"
	"sentinel/internal/finding"
	"sentinel/internal/flow"
	"sentinel/internal/inject"
	"sentinel/internal/input"
	"sentinel/internal/input/table"
	"sentinel/internal/measure"
	"sentinel/internal/synth"
)

// capture writes a clean day and opens it.
func capture(t *testing.T) (path string, flows detect.Flows) {
	t.Helper()
	options := synth.Options{Kind: synth.Clean, Seed: 9, Flows: 30_000}
	day, err := synth.Day(options)
	if err != nil {
		t.Fatal(err)
	}
	truth := day.Truth()
	path = filepath.Join(t.TempDir(), "day.parquet")
	if err := duckdb.Export(t.Context(), day, path, duckdb.FlowShape, 0); err != nil {
		t.Fatal(err)
	}
	again, err := synth.Day(options)
	if err != nil {
		t.Fatal(err)
	}
	db, err := duckdb.Open(t.Context(), duckdb.Options{TempDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if err := db.AddReader(t.Context(), again); err != nil {
		t.Fatal(err)
	}
	if err := db.Seal(t.Context()); err != nil {
		t.Fatal(err)
	}
	return path, detect.Flows{Engine: db, First: truth.Start.UnixMicro(), Last: truth.End.UnixMicro()}
}

func TestBeaconIsFittedIntoTheCaptureAndFound(t *testing.T) {
	path, flows := capture(t)
	plan, err := inject.Fit(t.Context(), flows, analysis.InternalNetworks, synth.Attack{Name: "beacon"})
	if err != nil {
		t.Fatal(err)
	}
	options := analysis.Options{
		Formats:  input.Formats{table.Parquet, table.CSV},
		Captures: []string{path}, Config: measure.Config{Internal: analysis.InternalNetworks}, TempDir: t.TempDir(),
		Detection: detect.Config{Detectors: []detect.Detector{beacon.Detector}},
	}
	trial, err := plan.Judge(t.Context(), options, 1, math.MaxInt64, nil)
	if err != nil {
		t.Fatal(err)
	}
	if trial.Severity("beacon") < finding.Medium {
		t.Errorf("the planted beacon is not seen: %+v", trial.Seen)
	}
	before, err := plan.Judge(t.Context(), options, 1, flows.First, nil)
	if err != nil {
		t.Fatal(err)
	}
	if before.Severity("beacon") > finding.Info {
		t.Errorf("a beacon that has not begun is seen: %+v", before.Seen)
	}
	moment, seen, err := plan.Soonest(t.Context(), options, nil)
	if err != nil || !seen {
		t.Fatalf("soonest: %t, error %v", seen, err)
	}
	if first := trial.Planted.First.UnixMicro(); moment <= first || moment > first+12*3600*1e6 {
		t.Errorf("seen %.1f h after it began", float64(moment-first)/3600e6)
	}
}

func TestPartsArePlayedByTheCapturesOwnHosts(t *testing.T) {
	_, flows := capture(t)
	network, err := detect.Orient(t.Context(), flows.Engine, analysis.InternalNetworks, nil)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := inject.Fit(t.Context(), flows, analysis.InternalNetworks, synth.Attack{Name: "scan-vertical"})
	if err != nil {
		t.Fatal(err)
	}
	attack, planted, err := plan.At(1, math.MaxInt64)
	if err != nil {
		t.Fatal(err)
	}
	all, err := flow.ReadAll(attack)
	if err != nil || len(all) == 0 {
		t.Fatalf("%d flows, error %v", len(all), err)
	}
	for _, f := range all {
		if !slices.Contains(planted.Hosts, f.SrcIP) || !network.Is(f.SrcIP, detect.Client) || !network.Is(f.DstIP, detect.Server) {
			t.Fatalf("%s > %s: a client of the capture scans a server of it", f.SrcIP, f.DstIP)
		}
		if f.Start < flows.First || f.Start > flows.Last {
			t.Fatalf("a flow at %d lies outside of the capture", f.Start)
		}
	}
	weak, _, err := plan.At(0.25, math.MaxInt64)
	if err != nil {
		t.Fatal(err)
	}
	if fewer, err := flow.ReadAll(weak); err != nil || len(fewer) >= len(all) {
		t.Errorf("a quarter of the strength makes %d flows, the whole %d; error %v", len(fewer), len(all), err)
	}
}

func TestNobodyInsideIsAnError(t *testing.T) {
	outside := []flow.Flow{{Start: 1, SrcIP: mustAddr("203.0.113.1"), DstIP: mustAddr("198.51.100.1"), Proto: flow.TCP, DstPort: 443}}
	detecttest.Run(t, detect.Detector{ID: "fit", Judge: fitting(t)}, detecttest.Capture{Flows: outside})
}

func mustAddr(text string) netip.Addr { return netip.MustParseAddr(text) }

func fitting(t *testing.T) func(context.Context, *detect.Case) (detect.Verdict, error) {
	return func(ctx context.Context, c *detect.Case) (detect.Verdict, error) {
		if _, err := inject.Fit(ctx, detect.Flows{Engine: c.Test}, analysis.InternalNetworks, synth.Attack{Name: "beacon"}); err == nil {
			t.Error("an attack is fitted into a capture without a host of one's own")
		}
		return detect.Verdict{}, nil
	}
}
