package explore

// minute is what times of a filter are rounded to, in microseconds.
const minute = 60_000_000

// Minutes are the bounds of the filter in whole minutes: from the beginning of the first to the end of the last.
func (f Filter) Minutes() (from, to int64) {
	return f.From / minute * minute, (f.To + minute - 1) / minute * minute
}

// stepLengths are the steps of timelines that people can read, in minutes; longer ones are whole weeks.
var stepLengths = []int64{1, 2, 5, 10, 15, 20, 30, 60, 2 * 60, 3 * 60, 6 * 60, 12 * 60, 24 * 60, 2 * 24 * 60, 7 * 24 * 60}

// Step is how long the steps of a timeline are, microseconds, so that what the filter leaves of the time from first to last
// has at most that many. A step begins at a multiple of its length since the epoch.
func Step(filter Filter, first, last int64, steps int) int64 {
	from, to := filter.Minutes()
	if filter.From != 0 {
		first = max(first, from)
	}
	if filter.To != 0 {
		last = min(last, to-1)
	}
	fits := func(step int64) bool { return last/step-first/step < int64(max(steps, 1)) }
	for _, minutes := range stepLengths {
		if fits(minutes * minute) {
			return minutes * minute
		}
	}
	step := stepLengths[len(stepLengths)-1] * minute
	week := step
	for !fits(step) && step < 1<<61 {
		step += week
	}
	return step
}
