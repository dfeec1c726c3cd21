package web

import (
	"math"
	"slices"

	"sentinel/internal/chart"
)

// bins is how many bins a distribution has.
const bins = 40

// leastSpan is how much of its largest value a distribution covers at least.
const leastSpan = 0.2

// distribution counts values of 0 or more in bins: of equal width, or, where they span more than two decades, of equal
// ratio, with one bin more for what lies below the smallest value above 0.
func distribution(values []float64) (edges, counts []float64) {
	if len(values) == 0 {
		return nil, nil
	}
	values = slices.Clone(values)
	slices.Sort(values)
	edges = edgesOf(values)
	counts = make([]float64, len(edges)-1)
	bin := 0
	for _, value := range values {
		for bin < len(counts)-1 && value >= edges[bin+1] {
			bin++
		}
		counts[bin]++
	}
	return edges, counts
}

// edgesOf divides the range of sorted values.
func edgesOf(values []float64) []float64 {
	low, high := values[0], values[len(values)-1]
	above, _ := slices.BinarySearchFunc(values, 0, func(value, _ float64) int {
		if value > 0 {
			return 1
		}
		return -1
	})
	if above < len(values) && high > 100*values[above] {
		return logarithmic(values[above], high, low < values[above])
	}
	if least := max(high*leastSpan, 1e-3); high-low < least { // a few bytes or milliseconds are no distribution
		low, high = max((low+high-least)/2, 0), (low+high+least)/2
	}
	edges := make([]float64, bins+1)
	for i := range edges {
		edges[i] = low + (high-low)*float64(i)/bins
	}
	return edges
}

func logarithmic(low, high float64, below bool) (edges []float64) {
	if below {
		edges = append(edges, 0)
	}
	for i := range bins + 1 {
		edges = append(edges, low*math.Pow(high/low, float64(i)/bins))
	}
	return edges
}

func seconds(value float64) string { return chart.Seconds.Print(value) }
