package beacon

import (
	"math"
	"slices"

	"sentinel/internal/stat"
)

// RITAScore is the beacon score of RITA v5 from its published formula (DETECTION.md, 1), for those who compare:
// regularity of times, of sizes, of the histogram of contacts, and duration, a quarter each. Times are whole seconds.
func RITAScore(starts []int64, sizes []float64, first, last int64) float64 {
	seconds := map[int64]bool{}
	for _, start := range starts {
		seconds[start/1e6] = true
	}
	times := make([]int64, 0, len(seconds))
	for second := range seconds {
		times = append(times, second)
	}
	slices.Sort(times)
	if len(times) < 4 {
		return 0
	}
	var gaps []float64
	for i := 1; i < len(times); i++ {
		gaps = append(gaps, float64(times[i]-times[i-1]))
	}
	low := max(first/1e6, last/1e6-24*3600)
	bars := histogram(times, low, last/1e6)
	return 0.25 * (dispersion(gaps, 1) + dispersion(sizes, 0) + shape(bars) + persistence(times, bars, low, last/1e6))
}

// dispersion is half for symmetry by Bowley's skewness, half for a small deviation about the median.
func dispersion(sample []float64, otherwise float64) float64 {
	q1, q2, q3 := stat.Quantile(sample, 0.25), stat.Quantile(sample, 0.5), stat.Quantile(sample, 0.75)
	bowley := 0.0
	if q3-q1 >= 10 && q2 != q1 && q2 != q3 {
		bowley = (q1 + q3 - 2*q2) / (q3 - q1)
	}
	spread := otherwise
	if q2 >= 1 {
		spread = max(0, (q2-stat.RobustOf(sample, 0).Sigma/1.4826)/q2)
	}
	return 0.5*(1-math.Abs(bowley)) + 0.5*spread
}

// histogram counts contacts in 24 equal parts of the time.
func histogram(times []int64, first, last int64) []float64 {
	bars := make([]float64, 24)
	for _, at := range times {
		if at < first {
			continue
		}
		bars[min(int((at-first)*24/max(last-first, 1)), 23)]++
	}
	return bars
}

// shape is high where all parts are alike, or of two heights.
func shape(bars []float64) float64 {
	mean, filled := 0.0, 0
	for _, bar := range bars {
		mean += bar / float64(len(bars))
		if bar > 0 {
			filled++
		}
	}
	variance := 0.0
	for _, bar := range bars {
		variance += (bar - mean) * (bar - mean) / float64(len(bars))
	}
	score := max(0, 1-math.Sqrt(variance)/mean)
	if filled >= 11 {
		score = max(score, bimodal(bars))
	}
	return score
}

// bimodal is the share of parts that have one of the two most frequent heights, in steps of 5 % of the tallest.
func bimodal(bars []float64) float64 {
	step := math.Ceil(slices.Max(bars) * 0.05)
	counts := map[float64]int{}
	filled := 0
	for _, bar := range bars {
		if bar > 0 {
			counts[math.Floor(bar/step)]++
			filled++
		}
	}
	var most []int
	for _, count := range counts {
		most = append(most, count)
	}
	slices.SortFunc(most, func(a, b int) int { return b - a })
	total := most[0]
	if len(most) > 1 {
		total += most[1]
	}
	return min(float64(total)/float64(max(filled-1, 1)), 1)
}

// persistence is how long the contacts went on: of the time, or in a row over half of the parts.
func persistence(times []int64, bars []float64, first, last int64) float64 {
	filled, run, longest := 0, 0, 0
	for i := range 2 * len(bars) { // a run may go past midnight
		if bars[i%len(bars)] == 0 {
			run = 0
			continue
		}
		run++
		longest = max(longest, min(run, len(bars)))
		if i < len(bars) {
			filled++
		}
	}
	if filled < 6 {
		return 0
	}
	coverage := float64(times[len(times)-1]-times[0]) / float64(max(last-first, 1))
	return min(max(coverage, float64(longest)/12), 1)
}
