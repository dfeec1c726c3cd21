package stat_test

import (
	"math"
	"testing"

	"sentinel/internal/stat"
)

// The expected figures are quotients of binomial coefficients, worked out by hand.
func TestHypergeometricUpper(t *testing.T) {
	for _, test := range []struct {
		k, population, marked, draws int64
		want                         float64
	}{
		{0, 10, 3, 3, 1},
		{1, 10, 3, 3, 1 - 35.0/120},
		{2, 10, 3, 3, (3*7 + 1.0) / 120},
		{3, 10, 3, 3, 1.0 / 120},
		{6, 49, 6, 6, 1.0 / 13_983_816},
		{4, 10, 3, 3, 0},
		{3, 3, 3, 3, 1},
		{1, 4, 3, 2, 1}, // two of four cannot avoid three
	} {
		got := stat.HypergeometricUpper(test.k, test.population, test.marked, test.draws)
		if math.Abs(got-test.want) > 1e-9*max(test.want, 1e-6) {
			t.Errorf("HypergeometricUpper(%d, %d, %d, %d) = %v, want %v", test.k, test.population, test.marked, test.draws, got, test.want)
		}
	}
}
