package stat

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// Fisher combines the p-values of independent tests of one hypothesis (Fisher 1932): minus twice the sum of their
// logarithms is chi-square with two degrees of freedom each. It is 1 of no test.
func Fisher(pValues []float64) float64 {
	if len(pValues) == 0 {
		return 1
	}
	sum := 0.0
	for _, p := range pValues {
		sum -= math.Log(min(p, 1))
	}
	if math.IsInf(sum, 1) {
		return 0
	}
	return mathext.GammaIncRegComp(float64(len(pValues)), sum)
}
