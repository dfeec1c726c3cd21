// Package rhythm measures how regular the contacts of a channel are.
package rhythm

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mathext"

	"sentinel/internal/stat"
)

// randomSpread is the interquartile range of ln(gap) where contacts are random: ln(ln 4 / ln(4/3)), whatever the rate.
var randomSpread = math.Log(math.Log(4) / math.Log(4.0/3))

// densest is the greatest density of ln(gap) where contacts are random, at the mean gap.
const densest = 1 / math.E

// Rhythm is what the gaps between contacts tell.
type Rhythm struct {
	Periodicity float64 // 0 random or worse, 1 clockwork
	P           float64 // chance of such gaps among random contacts
	Period      float64 // seconds
	Jitter      float64 // half the interquartile range of the gaps over the period
	Modes       int     // how many sleep times
	Lost        float64 // share of contacts that seem to be missing, 0 to 1
}

// Measure judges gaps in seconds, all positive. Resolution is the step of the capture's clock, in seconds: gaps
// that differ by less are the same to it and prove nothing.
func Measure(gaps []float64, resolution float64) Rhythm {
	sorted := slices.Clone(gaps)
	slices.Sort(sorted)
	m := len(sorted)
	i, j := (m+3)/4, (3*m+3)/4 // ranks of the quartiles, from 1
	q1, q2, q3 := sorted[i-1], stat.Quantile(sorted, 0.5), sorted[j-1]
	ratio := (q3 + resolution/2) / max(q1-resolution/2, resolution/2)
	one := Rhythm{
		Periodicity: regularity(math.Log(ratio)), Period: q2, Jitter: (q3 - q1) / 2 / q2, Modes: 1,
		P: quartilesByChance(ratio, i, j, m),
	}
	if folded, ok := fold(sorted, q1, resolution); ok && folded.Periodicity > one.Periodicity {
		folded.P = one.P // folding makes any gaps more alike: it raises the score, never the significance
		one = folded
	}
	if two, ok := twoModes(sorted, resolution); ok && two.Periodicity > one.Periodicity && two.P < 0.01 {
		one = two
	}
	one.P = min(1, 2*one.P) // one of two tests
	return one
}

// hardlyRegular is a periodicity below which the chance is not worth working out: it counts as certain.
const hardlyRegular = 0.2

// regularity is 1 minus the spread of ln(gap) over what random contacts have (DETECTION.md, 1: LGS).
func regularity(spread float64) float64 { return max(0, 1-spread/randomSpread) }

// quartilesByChance is the chance that the j-th of m sorted exponential gaps is at most ratio times the i-th. Given
// the i-th, those above it exceed it by exponential amounts; the chance of that, by the regularised incomplete
// beta function, is averaged over the distribution of the i-th (a Beta one in probability).
func quartilesByChance(ratio float64, i, j, m int) float64 {
	if regularity(math.Log(ratio)) < hardlyRegular {
		return 1
	}
	const steps = 64
	total := 0.0
	for k := range steps {
		u := mathext.InvRegIncBeta(float64(i), float64(m-i+1), (float64(k)+0.5)/steps)
		within := 1 - math.Pow(1-u, ratio-1)
		total += mathext.RegIncBeta(float64(j-i), float64(m-j+1), within)
	}
	return total / steps
}

// fold divides gaps by the number of periods that they seem to span, where some contacts were lost.
func fold(sorted []float64, q1, resolution float64) (Rhythm, bool) {
	const most = 6 // longer gaps are pauses, not losses
	var folded []float64
	lost, beyond := 0.0, 0
	for _, gap := range sorted {
		periods := max(math.Round(gap/q1), 1)
		if periods > most {
			beyond++
			continue
		}
		lost += periods - 1
		folded = append(folded, gap/periods)
	}
	// Random gaps fold into a flat distribution: only those that were near multiples to begin with may count.
	if len(folded) < 8 || beyond > len(sorted)/10 || lost == 0 || !nearMultiples(sorted, q1, most) {
		return Rhythm{}, false
	}
	slices.Sort(folded)
	f1, f2, f3 := stat.Quantile(folded, 0.25), stat.Quantile(folded, 0.5), stat.Quantile(folded, 0.75)
	return Rhythm{
		Periodicity: regularity(math.Log((f3 + resolution/2) / max(f1-resolution/2, resolution/2))),
		Period:      f2, Jitter: (f3 - f1) / 2 / f2, Modes: 1, Lost: lost / (lost + float64(len(folded))),
	}, true
}

// nearMultiples tells whether at least 80 % of the gaps lie within a quarter period of a multiple; half would by chance.
func nearMultiples(gaps []float64, period float64, most float64) bool {
	near := 0
	for _, gap := range gaps {
		periods := gap / period
		if periods < most+0.5 && math.Abs(periods-math.Round(periods)) <= 0.25 {
			near++
		}
	}
	return float64(near) >= 0.8*float64(len(gaps))
}

// twoModes judges gaps of two sleep times, split at the widest jump between sorted gaps.
func twoModes(sorted []float64, resolution float64) (Rhythm, bool) {
	at, jump := widestJump(sorted)
	if jump < math.Ln2 {
		return Rhythm{}, false
	}
	short, long := sorted[:at], sorted[at:]
	widthShort, widthLong := middleWidth(short, resolution), middleWidth(long, resolution)
	m := float64(len(sorted))
	share := float64(len(short)) / m
	// Half of all gaps lie in two windows; any two windows could have been chosen, fewer than m*m of them.
	chance := stat.BinomialUpper(int64(len(short)/2+len(long)/2), int64(len(sorted)), densest*(widthShort+widthLong))
	return Rhythm{
		Periodicity: share*regularity(widthShort) + (1-share)*regularity(widthLong),
		P:           min(1, m*m*chance),
		Period:      stat.Quantile(short, 0.5), Jitter: widthShort / 2, Modes: 2,
	}, true
}

// widestJump finds where ln(gap) jumps most, with at least a sixth of the gaps on either side.
func widestJump(sorted []float64) (at int, jump float64) {
	for i := max(len(sorted)/6, 3); i <= len(sorted)-max(len(sorted)/6, 3); i++ {
		if step := math.Log(sorted[i] / sorted[i-1]); step > jump {
			at, jump = i, step
		}
	}
	return at, jump
}

// middleWidth is the width in ln(gap) of the middle half.
func middleWidth(sorted []float64, resolution float64) float64 {
	q1, q3 := stat.Quantile(sorted, 0.25), stat.Quantile(sorted, 0.75)
	return math.Log((q3 + resolution/2) / max(q1-resolution/2, resolution/2))
}
