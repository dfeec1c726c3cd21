package stat_test

import (
	"math"
	"testing"

	"sentinel/internal/stat"
)

// Of one p-value it is that; of two, with product x, it is x(1 - ln x).
func TestFisher(t *testing.T) {
	for _, test := range []struct {
		p    []float64
		want float64
	}{
		{nil, 1}, {[]float64{0.03}, 0.03}, {[]float64{0.1, 0.2}, 0.02 * (1 - math.Log(0.02))}, {[]float64{0, 0.5}, 0}, {[]float64{1, 1, 1}, 1},
	} {
		if got := stat.Fisher(test.p); math.Abs(got-test.want) > 1e-12 {
			t.Errorf("Fisher(%v) = %v, want %v", test.p, got, test.want)
		}
	}
}
