package rhythm_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"sentinel/internal/detect/rhythm"
)

const clockStep = 1e-6

// gapsOf draws gaps from a process, in seconds.
func gapsOf(seed uint64, n int, draw func(*rand.Rand) float64) []float64 {
	source := rand.New(rand.NewPCG(seed, 7))
	gaps := make([]float64, n)
	for i := range gaps {
		gaps[i] = draw(source)
	}
	return gaps
}

func exponential(mean float64) func(*rand.Rand) float64 {
	return func(r *rand.Rand) float64 { return mean * r.ExpFloat64() }
}

func jittered(period, jitter float64) func(*rand.Rand) float64 {
	return func(r *rand.Rand) float64 { return period * (1 + jitter*(2*r.Float64()-1)) }
}

// TestChanceOfRandomContacts holds the p-value to its meaning: among random contacts, at most about a share of
// alpha has one below alpha.
func TestChanceOfRandomContacts(t *testing.T) {
	for _, n := range []int{9, 24, 100} {
		const trials = 4000
		below := map[float64]int{0.1: 0, 0.01: 0}
		for seed := range uint64(trials) {
			p := rhythm.Measure(gapsOf(seed, n, exponential(60)), clockStep).P
			for alpha := range below {
				if p < alpha {
					below[alpha]++
				}
			}
		}
		for alpha, count := range below {
			if share := float64(count) / trials; share > 1.3*alpha+0.002 {
				t.Errorf("%d random gaps: p < %v in %.4f of the cases", n, alpha, share)
			}
		}
	}
}

func TestPeriodicity(t *testing.T) {
	cases := []struct {
		name     string
		gaps     []float64
		low, top float64 // of periodicity
		maxP     float64
	}{
		{"clockwork", gapsOf(1, 100, jittered(60, 0)), 0.99, 1, 1e-30},
		{"jitter 10 %", gapsOf(1, 100, jittered(60, 0.1)), 0.9, 1, 1e-20},
		{"jitter 50 %", gapsOf(1, 100, jittered(60, 0.5)), 0.55, 0.8, 1e-6},
		{"30 % lost", gapsOf(1, 200, func(r *rand.Rand) float64 {
			gap := jittered(60, 0.05)(r)
			for r.Float64() < 0.3 {
				gap += jittered(60, 0.05)(r)
			}
			return gap
		}), 0.85, 1, 1e-6},
		{"two sleeps", gapsOf(1, 200, func(r *rand.Rand) float64 {
			if r.Float64() < 0.5 {
				return jittered(5, 0.1)(r)
			}
			return jittered(300, 0.1)(r)
		}), 0.85, 1, 1e-10},
		{"long pauses", append(gapsOf(1, 100, jittered(300, 0.1)), 54_000, 60_000, 170_000), 0.9, 1, 1e-20},
		{"random", gapsOf(1, 500, exponential(60)), 0, 0.15, 1},
		{"human", gapsOf(1, 200, func(r *rand.Rand) float64 { return math.Exp(4 + 2*r.NormFloat64()) }), 0, 0, 1},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := rhythm.Measure(c.gaps, clockStep)
			if got.Periodicity < c.low || got.Periodicity > c.top {
				t.Errorf("periodicity %v, want %v to %v", got.Periodicity, c.low, c.top)
			}
			if got.P > c.maxP {
				t.Errorf("p = %v, want at most %v", got.P, c.maxP)
			}
		})
	}
}

// A clock of whole seconds makes gaps of one or two seconds equal; that must not count as regular.
func TestCoarseClockProvesNothing(t *testing.T) {
	gaps := gapsOf(1, 50, func(r *rand.Rand) float64 { return math.Ceil(1.2 * r.ExpFloat64()) })
	if got := rhythm.Measure(gaps, 1); got.P < 0.01 {
		t.Errorf("random gaps of about a second on a clock of seconds: p = %v", got.P)
	}
}

func TestFewGapsDoNotBreak(t *testing.T) {
	for n := 3; n < 12; n++ {
		got := rhythm.Measure(gapsOf(1, n, jittered(60, 0)), clockStep)
		if math.IsNaN(got.P) || math.IsNaN(got.Periodicity) || got.P > 1 {
			t.Errorf("%d equal gaps: %+v", n, got)
		}
	}
}
