package stat

import "slices"

// Discoveries is which of the p-values stand when at most the share q of them is to be false, by the step-up
// procedure of Benjamini and Hochberg (1995). tests counts all tests made, those included whose p-values are
// not given because they were large.
func Discoveries(pValues []float64, tests int, q float64) []bool {
	order := make([]int, len(pValues))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case pValues[a] < pValues[b]:
			return -1
		case pValues[a] > pValues[b]:
			return 1
		}
		return 0
	})
	last := -1
	for rank, i := range order {
		if pValues[i] <= q*float64(rank+1)/float64(max(tests, len(pValues))) {
			last = rank
		}
	}
	stand := make([]bool, len(pValues))
	for rank, i := range order {
		stand[i] = rank <= last
	}
	return stand
}
