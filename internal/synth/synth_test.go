package synth_test

import (
	"hash/maphash"
	"io"
	"runtime"
	"testing"

	"sentinel/internal/flow"
	"sentinel/internal/synth"
)

var _ flow.Reader = (*synth.Capture)(nil)

// each reads a capture made to order, flow by flow.
func each(t testing.TB, options synth.Options, do func(flow.Flow)) synth.Truth {
	t.Helper()
	capture, err := synth.Day(options)
	if err != nil {
		t.Fatal(err)
	}
	batch := make([]flow.Flow, 1_000)
	for {
		n, err := capture.Read(batch)
		for _, f := range batch[:n] {
			do(f)
		}
		if err == io.EOF {
			return capture.Truth()
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

var hashSeed = maphash.MakeSeed()

// digest hashes every flow in order.
func digest(t *testing.T, options synth.Options) uint64 {
	var h maphash.Hash
	h.SetSeed(hashSeed)
	each(t, options, func(f flow.Flow) { maphash.WriteComparable(&h, f) })
	return h.Sum64()
}

func TestSameOptionsSameFlows(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for _, kind := range []synth.Kind{synth.Clean, synth.Judge, synth.Servers} {
		for _, profile := range []synth.Profile{synth.Original, synth.Office} {
			options := synth.Options{Kind: kind, Profile: profile, Flows: 30_000, Seed: 7}
			runtime.GOMAXPROCS(1)
			one := digest(t, options)
			runtime.GOMAXPROCS(2)
			if two := digest(t, options); two != one {
				t.Errorf("%s, %s: a second run gives other flows", kind, profile)
			}
			seed, day := options, options
			seed.Seed, day.Day = 8, 1
			if digest(t, seed) == one {
				t.Errorf("%s, %s: another seed gives the same flows", kind, profile)
			}
			if digest(t, day) == one {
				t.Errorf("%s, %s: another day gives the same flows", kind, profile)
			}
		}
	}
}

// TestLargeOrderStreams asks for twenty million flows and reads the first host's: the others must not have been made.
func TestLargeOrderStreams(t *testing.T) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	capture, err := synth.Day(synth.Options{Kind: synth.Judge, Flows: 20_000_000})
	if err != nil {
		t.Fatal(err)
	}
	n, err := capture.Read(make([]flow.Flow, 10_000))
	if n != 10_000 || err != nil {
		t.Fatalf("read %d flows, %v", n, err)
	}
	runtime.ReadMemStats(&after)
	const all = 20_000_000 * 100 // bytes, by far less than a flow takes
	if used := after.TotalAlloc - before.TotalAlloc; used > all/2 {
		t.Errorf("allocated %d MB before the first host was read", used>>20)
	}
}
