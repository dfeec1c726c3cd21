package stat_test

import (
	"math"
	"testing"

	"sentinel/internal/stat"
)

func TestScale(t *testing.T) {
	for x, want := range map[float64]float64{-1: 0, 0: 0, 1.75: 0.2, 3.5: 0.4, 8: 0.7, 10: 0.8, 1e9: 0.8, math.Inf(1): 0.8} {
		if got := stat.Outlier.At(x); math.Abs(got-want) > 1e-12 {
			t.Errorf("score of %v is %v, want %v", x, got, want)
		}
	}
	if got := stat.Outlier.At(math.NaN()); got != 0 {
		t.Errorf("score of no number is %v, want 0", got)
	}
}
