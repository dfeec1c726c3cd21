package stat

import "math"

// HypergeometricUpper is the probability of at least k marked ones among draws without replacement from a
// population with so many marked (Fisher's exact test, one-sided).
func HypergeometricUpper(k, population, marked, draws int64) float64 {
	if k <= max(0, draws+marked-population) {
		return 1
	}
	total := 0.0
	for i := k; i <= min(marked, draws); i++ {
		total += math.Exp(logChoose(marked, i) + logChoose(population-marked, draws-i) - logChoose(population, draws))
	}
	return min(total, 1)
}

// logChoose is the logarithm of the binomial coefficient.
func logChoose(n, k int64) float64 {
	a, _ := math.Lgamma(float64(n + 1))
	b, _ := math.Lgamma(float64(k + 1))
	c, _ := math.Lgamma(float64(n - k + 1))
	return a - b - c
}
