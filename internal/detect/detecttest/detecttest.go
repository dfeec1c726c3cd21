// Package detecttest runs detectors in tests as the program does, on the embedded engine.
package detecttest

import (
	"io"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"

	"sentinel/internal/analysis"
	"sentinel/internal/detect"
	"sentinel/internal/engine/duckdb"
	"sentinel/internal/finding"
	"sentinel/internal/flow"
	"sentinel/internal/geo"
	"sentinel/internal/measure"
	"sentinel/internal/synth"
)

// Capture is what a test judges. The zero value of a field is its default.
type Capture struct {
	Flows   []flow.Flow
	Columns flow.Set // optional columns that the flows fill
	Base    []flow.Flow
	Lookups []flow.Lookup      // questions to the DNS beside Flows
	Before  []flow.Lookup      // beside Base
	Params  map[string]float64 // of the detector
	Explain netip.Addr
	Threads int // 1
	// Configure changes what the other fields do not say.
	Configure func(*detect.Config)
}

// Generated makes the flows and the lookups of a generated day.
func Generated(t testing.TB, options synth.Options) (Capture, synth.Truth) {
	t.Helper()
	day, err := synth.Day(options)
	if err != nil {
		t.Fatal(err)
	}
	capture := Capture{Columns: day.Columns()}
	batch := make([]flow.Flow, 1024)
	for {
		n, err := day.Read(batch)
		capture.Flows = append(capture.Flows, batch[:n]...)
		capture.Lookups = append(capture.Lookups, day.Lookups()...)
		if err == io.EOF {
			return capture, day.Truth()
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// Day makes the flows of a generated day.
func Day(t testing.TB, options synth.Options) ([]flow.Flow, synth.Truth) {
	t.Helper()
	day, err := synth.Day(options)
	if err != nil {
		t.Fatal(err)
	}
	flows, err := flow.ReadAll(day)
	if err != nil {
		t.Fatal(err)
	}
	return flows, day.Truth()
}

// Midnight is where the generator's days begin, microseconds since the epoch.
const Midnight = 1_767_571_200_000_000

// Office are the optional columns of the generator's office profile.
var Office = flow.NewSet("duration", "src_port", "up_packets", "down_packets", "state", "service", "name")

// Run lets one detector judge a capture.
func Run(t testing.TB, detector detect.Detector, capture Capture) *detect.Result {
	t.Helper()
	config := detect.Config{
		Detectors: []detect.Detector{detector}, Internal: analysis.InternalNetworks, Columns: capture.Columns,
		Params: map[string]map[string]float64{detector.ID: capture.Params}, Explain: capture.Explain,
		Places: measure.Places{Countries: geo.Builtin()},
	}
	if capture.Configure != nil {
		capture.Configure(&config)
	}
	var base *detect.Flows
	if capture.Base != nil {
		loaded := load(t, capture.Base, capture.Before, capture)
		base = &loaded
	}
	result, err := detect.Run(t.Context(), load(t, capture.Flows, capture.Lookups, capture), base, config)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// Severe are the findings of at least a severity.
func Severe(result *detect.Result, least finding.Severity) []finding.Finding {
	return slices.DeleteFunc(slices.Clone(result.Findings), func(f finding.Finding) bool { return f.Severity < least })
}

// Shuffled is a copy of flows or lookups in another order.
func Shuffled[T any](flows []T) []T {
	mixed := slices.Clone(flows)
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
	return mixed
}

func load(t testing.TB, flows []flow.Flow, lookups []flow.Lookup, capture Capture) detect.Flows {
	t.Helper()
	db, err := duckdb.Open(t.Context(), duckdb.Options{TempDir: t.TempDir(), Memory: "1GB", Threads: max(capture.Threads, 1)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := db.AddReader(t.Context(), &reader{flows, lookups, capture.Columns}); err != nil {
		t.Fatal(err)
	}
	if err := db.Seal(t.Context()); err != nil {
		t.Fatal(err)
	}
	loaded := detect.Flows{Engine: db}
	loaded.First, loaded.Last = ends(flows)
	return loaded
}

func ends(flows []flow.Flow) (first, last int64) {
	for i, f := range flows {
		if i == 0 {
			first, last = f.Start, f.Start
		}
		first, last = min(first, f.Start), max(last, f.Start)
	}
	return first, last
}

// reader yields flows that a test made.
type reader struct {
	flows   []flow.Flow
	lookups []flow.Lookup
	columns flow.Set
}

func (r *reader) Lookups() []flow.Lookup {
	lookups := r.lookups
	r.lookups = nil
	return lookups
}

func (r *reader) Columns() flow.Set { return r.columns }

func (r *reader) Read(dst []flow.Flow) (int, error) {
	n := copy(dst, r.flows)
	r.flows = r.flows[n:]
	if len(r.flows) == 0 {
		return n, io.EOF
	}
	return n, nil
}
