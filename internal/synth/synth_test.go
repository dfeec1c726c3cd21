package synth_test

import (
	"hash/maphash"
	"io"
	"runtime"
	"testing"

	"sentinel/internal/flow"
	"sentinel/internal/synth"
)

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
		options := synth.Options{Kind: kind, Flows: 60_000, Seed: 7}
		runtime.GOMAXPROCS(1)
		one := digest(t, options)
		runtime.GOMAXPROCS(2)
		if two := digest(t, options); two != one {
			t.Errorf("%s: a second run gives other flows", kind)
		}
		options.Seed++
		if other := digest(t, options); other == one {
			t.Errorf("%s: another seed gives the same flows", kind)
		}
		options.Seed--
		options.Day++
		if other := digest(t, options); other == one {
			t.Errorf("%s: another day gives the same flows", kind)
		}
	}
}
