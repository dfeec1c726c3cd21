package stat_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"sentinel/internal/stat"
)

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if math.Abs(got-want) > tolerance || math.IsNaN(got) {
		t.Errorf("%s = %v, want %v within %v", what, got, want, tolerance)
	}
}

func TestRobustIsTheNormalSpreadAndIgnoresOutliers(t *testing.T) {
	source := rand.New(rand.NewPCG(1, 2))
	sample := make([]float64, 10_000)
	for i := range sample {
		sample[i] = 50 + 3*source.NormFloat64()
	}
	for i := range 2_000 {
		sample[i] = 1e9
	}
	robust := stat.RobustOf(sample, 0)
	near(t, "median", robust.Median, 50.9, 0.3)
	near(t, "sigma", robust.Sigma, 4.1, 0.5)
	near(t, "z", robust.Z(robust.Median+2*robust.Sigma), 2, 1e-9)
	near(t, "floor", stat.RobustOf([]float64{1, 1, 1}, 0.5).Sigma, 0.5, 0)
	near(t, "empty", stat.RobustOf(nil, 0.5).Z(3), 6, 0)
}

func TestQuantileLeavesTheSampleAlone(t *testing.T) {
	sample := []float64{3, 1, 2}
	near(t, "median", stat.Quantile(sample, 0.5), 1.5, 0.5)
	if sample[0] != 3 {
		t.Error("the sample was sorted in place")
	}
	near(t, "empty", stat.Quantile(nil, 0.5), 0, 0)
}

// The tails are compared with plain sums of the distributions' terms.
func TestTailsAgainstSums(t *testing.T) {
	for _, lambda := range []float64{0.1, 2, 30} {
		below, term := 0.0, math.Exp(-lambda)
		for k := range int64(60) {
			near(t, "PoissonUpper", stat.PoissonUpper(k, lambda), 1-below, 1e-9)
			below += term
			term *= lambda / float64(k+1)
		}
	}
	const n, p = 20, 0.3
	below, term := 0.0, math.Pow(1-p, n)
	for k := range int64(n + 1) {
		near(t, "BinomialUpper", stat.BinomialUpper(k, n, p), 1-below, 1e-9)
		below += term
		term *= float64(n-k) / float64(k+1) * p / (1 - p)
	}
	near(t, "more successes than trials", stat.BinomialUpper(21, n, p), 0, 0)
}

func TestRateRatio(t *testing.T) {
	p, log2 := stat.RateRatio(100, 1, 100, 1)
	near(t, "equal rates", p, 1, 1e-9)
	near(t, "equal rates", log2, 0, 1e-9)
	p, log2 = stat.RateRatio(400, 2, 100, 1)
	near(t, "twice the rate", log2, 1, 0.01)
	if p > 1e-6 {
		t.Errorf("twice the rate of 100: p = %v, want far below 1e-6", p)
	}
}

func TestGoodTuring(t *testing.T) {
	near(t, "30 of 1000 once", stat.GoodTuring(30, 1000), 0.03, 1e-4)
	near(t, "none once", stat.GoodTuring(0, 99), 0.01, 1e-9)
}

// TestDiscoveries holds the procedure to its promise: of 2000 null hypotheses and 100 true effects, at most about
// a twentieth of what stands is false, and most effects stand.
func TestDiscoveries(t *testing.T) {
	source := rand.New(rand.NewPCG(3, 4))
	var pValues []float64
	for range 2000 {
		pValues = append(pValues, source.Float64())
	}
	for range 100 {
		pValues = append(pValues, source.Float64()*1e-4)
	}
	stand := stat.Discoveries(pValues, len(pValues), 0.05)
	wrong, right := 0, 0
	for i, stands := range stand {
		switch {
		case stands && i < 2000:
			wrong++
		case stands:
			right++
		}
	}
	if right != 100 || wrong > 15 {
		t.Errorf("%d of 100 effects stand, and %d of 2000 null hypotheses", right, wrong)
	}
	if got := stat.Discoveries([]float64{0.04}, 1000, 0.05); got[0] {
		t.Error("one p-value of 0.04 stands among a thousand tests")
	}
	if got := stat.Discoveries(nil, 0, 0.05); len(got) != 0 {
		t.Error("something stands among nothing")
	}
}
