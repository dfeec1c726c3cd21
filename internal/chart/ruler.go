package chart

import "math"

// ruler maps the values of an axis onto 0 to 1.
type ruler struct {
	lo, hi float64
	log    bool
	ticks  []tick // ascending
}

// tick is a value with its label; the second line is what changes more rarely, such as the date, and mostly empty.
type tick struct {
	at          float64
	label, more string
}

// at is where a value lies; one beyond the ends lies at the end.
func (r ruler) at(v float64) float64 {
	lo, hi := r.lo, r.hi
	if r.log {
		lo, hi, v = math.Log(lo), math.Log(hi), math.Log(max(v, r.lo))
	}
	if !(hi > lo) {
		return 0.5
	}
	return min(max((v-lo)/(hi-lo), 0), 1)
}

// decades is how far values must reach for a logarithmic axis.
const decades = 2

// spansDecades tells whether the smallest and the largest value above 0 are that far apart.
func spansDecades(least, largest float64) bool {
	return least > 0 && largest/least > math.Pow(10, decades)
}

// extent is the least value above 0 and the largest; both are 0 where there is none.
func extent(values func(yield func(float64) bool)) (least, largest float64) {
	for v := range values {
		if v > 0 && (least == 0 || v < least) {
			least = v
		}
		largest = max(largest, v)
	}
	return least, largest
}

// fromZero is a ruler from 0 to a round value at or above largest.
func fromZero(largest float64, n int, u Unit, whole bool) ruler {
	a := unitAxis(largest, n, u, whole || u == Bytes)
	r := ruler{hi: a.top()}
	for i := range a.steps + 1 {
		r.ticks = append(r.ticks, tick{at: a.step * float64(i), label: a.label(i)})
	}
	return r
}

// linear is a ruler from lo to hi as they are, with ticks at round values between.
func linear(lo, hi float64, n int, u Unit) ruler {
	r := ruler{lo: lo, hi: hi}
	a := newAxis(hi-lo, n, false)
	if u == Seconds && hi-lo > 60 {
		a.step = secondStep(hi-lo, n)
	}
	for i := math.Ceil(lo / a.step); i*a.step <= hi && len(r.ticks) <= 2*n; i++ {
		r.ticks = append(r.ticks, tick{at: i * a.step, label: u.fine(i*a.step, a.step)})
	}
	return r
}

// secondSteps are the lengths of time that people count in, in seconds.
var secondSteps = []float64{
	1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 3 * 3600, 6 * 3600, 12 * 3600, 86400, 2 * 86400, 7 * 86400,
	14 * 86400, 28 * 86400, 91 * 86400, 182 * 86400, 365 * 86400,
}

// secondStep is the shortest of them that divides a length into at most n, or as many years as it takes.
func secondStep(length float64, n int) float64 {
	for _, step := range secondSteps {
		if length/step <= float64(n) {
			return step
		}
	}
	year := secondSteps[len(secondSteps)-1]
	return newAxis(length/year, n, true).step * year
}

// logarithmic is a ruler over whole decades that hold lo and hi, both above 0.
func logarithmic(lo, hi float64, n int, u Unit) ruler {
	if u == Bytes {
		lo = max(lo, 1)
	}
	from, to := math.Floor(math.Log10(lo)+1e-9), math.Ceil(math.Log10(hi)-1e-9)
	to = max(to, from+1)
	r := ruler{lo: math.Pow(10, from), hi: math.Pow(10, to), log: true}
	if u == Seconds {
		r.ticks = longTicks(r.lo, r.hi)
	}
	if len(r.ticks) >= 2 {
		return r
	}
	r.ticks = nil
	every := math.Ceil((to - from) / float64(n))
	for e := from; e <= to; e += every {
		v := math.Pow(10, e)
		r.ticks = append(r.ticks, tick{at: v, label: u.Print(v)})
	}
	return r
}

// longTicks are the lengths of time with a short name between lo and hi.
func longTicks(lo, hi float64) (ticks []tick) {
	if lo < 1e-3 || hi > 1e8 {
		return nil
	}
	for _, v := range []float64{1e-3, 1e-2, 0.1, 1, 10, 60, 600, 3600, 6 * 3600, 86400, 7 * 86400, 28 * 86400, 365 * 86400} {
		if v >= lo && v <= hi {
			ticks = append(ticks, tick{at: v, label: printSeconds(v)})
		}
	}
	return ticks
}
