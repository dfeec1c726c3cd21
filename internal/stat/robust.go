// Package stat holds the statistics of the detectors: robust scores, tests with p-values, and the control of
// false discoveries. All of it is deterministic.
package stat

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Robust is the centre and spread of a sample that a minority of outliers cannot move.
type Robust struct {
	Median float64
	Sigma  float64 // 1.4826 * MAD, the standard deviation where the sample is normal
	N      int
}

// RobustOf summarises a sample, with sigma at least floor. The sample stays as it is.
func RobustOf(sample []float64, floor float64) Robust {
	if len(sample) == 0 {
		return Robust{Sigma: floor}
	}
	median := Quantile(sample, 0.5)
	deviations := make([]float64, len(sample))
	for i, x := range sample {
		deviations[i] = math.Abs(x - median)
	}
	return Robust{median, max(1.4826*Quantile(deviations, 0.5), floor), len(sample)}
}

// Z is how many sigmas x lies above the median (Iglewicz and Hoaglin 1993).
func (r Robust) Z(x float64) float64 {
	if r.Sigma == 0 {
		return 0
	}
	return (x - r.Median) / r.Sigma
}

// Quantile is the q-quantile of a sample, interpolated between order statistics; 0 of an empty one.
func Quantile(sample []float64, q float64) float64 {
	if len(sample) == 0 {
		return 0
	}
	sorted := slices.Clone(sample)
	slices.Sort(sorted)
	return stat.Quantile(q, stat.LinInterp, sorted, nil)
}

// UpperTail is the probability that a standard normal variable exceeds z.
func UpperTail(z float64) float64 { return distuv.UnitNormal.Survival(z) }

// PoissonUpper is the probability of at least k events where lambda are expected.
func PoissonUpper(k int64, lambda float64) float64 {
	switch {
	case k <= 0:
		return 1
	case lambda <= 0:
		return 0
	}
	return distuv.Gamma{Alpha: float64(k), Beta: 1}.CDF(lambda)
}

// BinomialUpper is the probability of at least k successes in n trials of probability p.
func BinomialUpper(k, n int64, p float64) float64 {
	switch {
	case k <= 0:
		return 1
	case k > n || p <= 0:
		return 0
	case p >= 1:
		return 1
	}
	return distuv.Beta{Alpha: float64(k), Beta: float64(n - k + 1)}.CDF(p)
}

// RateRatio is the two-sided exact test that two Poisson counts over exposures have one rate (Przyborowski and
// Wilenski 1940), and the log2 ratio of the rates a to b, smoothed by half an event.
func RateRatio(a int64, exposureA float64, b int64, exposureB float64) (p, log2 float64) {
	log2 = math.Log2((float64(a)+0.5)/exposureA) - math.Log2((float64(b)+0.5)/exposureB)
	share := exposureA / (exposureA + exposureB)
	n := a + b
	upper := BinomialUpper(a, n, share)
	lower := 1 - BinomialUpper(a+1, n, share)
	return min(1, 2*min(upper, lower)), log2
}

// GoodTuring is the chance that the next observation is of a kind never seen, from how many kinds were seen
// once among n observations (Good 1953), at least 1/(n+1).
func GoodTuring(seenOnce, n int64) float64 {
	return max(float64(seenOnce), 1) / float64(n+1)
}
