package compare_test

import (
	"testing"

	"sentinel/internal/analysis"
	"sentinel/internal/compare"
	"sentinel/internal/engine/duckdb"
	"sentinel/internal/flow"
	"sentinel/internal/geo"
	"sentinel/internal/measure"
	"sentinel/internal/report"
	"sentinel/internal/synth"
)

func load(t *testing.T, options synth.Options) *duckdb.Database {
	t.Helper()
	options.Seed, options.Flows = 3, 60_000
	day, err := synth.Day(options)
	if err != nil {
		t.Fatal(err)
	}
	db, err := duckdb.Open(t.Context(), duckdb.Options{TempDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if err := db.AddReader(t.Context(), flow.Reader(day)); err != nil {
		t.Fatal(err)
	}
	if err := db.Seal(t.Context()); err != nil {
		t.Fatal(err)
	}
	return db
}

func run(t *testing.T, base, test *duckdb.Database) map[string]report.Dimension {
	t.Helper()
	config := measure.Config{Internal: analysis.InternalNetworks, Places: measure.Places{Countries: geo.Builtin()}}
	result, err := compare.Run(t.Context(), base, test, config)
	if err != nil {
		t.Fatal(err)
	}
	byID := map[string]report.Dimension{}
	for _, dimension := range result.Dimensions {
		byID[dimension.ID] = dimension
	}
	return byID
}

func TestADayEqualsItself(t *testing.T) {
	day := load(t, synth.Options{Kind: synth.Clean})
	for id, dimension := range run(t, day, day) {
		for _, change := range dimension.Changes {
			if change.Stands || change.Kind != report.Changed || change.Log2 != 0 {
				t.Errorf("%s: %+v", id, change)
			}
		}
		if dimension.New != 0 {
			t.Errorf("%s: %d new keys", id, dimension.New)
		}
	}
}

func TestOrdinaryDaysDifferOnlyByWhoIsThere(t *testing.T) {
	for id, dimension := range run(t, load(t, synth.Options{Kind: synth.Clean}), load(t, synth.Options{Kind: synth.Clean, Day: 1})) {
		for _, change := range dimension.Changes {
			if change.Stands && change.Kind == report.Changed {
				t.Errorf("%s: %+v", id, change)
			}
		}
	}
}

func TestWhatWasPlantedStandsOut(t *testing.T) {
	attacks := []synth.Attack{{Name: "dns-volume", Strength: 10}, {Name: "scan-vertical"}}
	dimensions := run(t, load(t, synth.Options{Kind: synth.Clean}), load(t, synth.Options{Kind: synth.Judge, Attacks: attacks}))
	if ports := dimensions["ports"]; ports.New < 1000 || ports.NewPValue > 1e-12 {
		t.Errorf("ports: %d new where %v were to be expected, chance %v", ports.New, ports.NewExpected, ports.NewPValue)
	}
	standing := 0
	for _, change := range dimensions["dns"].Changes {
		if change.Stands && change.Log2 > 1 {
			standing++
		}
	}
	if standing != 2 {
		t.Errorf("dns: %d hosts stand out, want the 2 planted", standing)
	}
}
