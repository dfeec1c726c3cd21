package chart

import (
	"fmt"
	"math"
	"time"
)

const day = 24 * time.Hour

// clockSteps are the distances between the ticks of a clock, in seconds.
var clockSteps = append([]float64{1e-3, 1e-2, 0.1}, secondSteps...)

// clock is a ruler of time from lo to hi, in microseconds since the epoch, with n ticks at most.
func clock(lo, hi int64, n int, undated bool) ruler {
	if hi <= lo {
		hi = lo + 1
	}
	r := ruler{lo: float64(lo), hi: float64(hi)}
	length := (r.hi - r.lo) / 1e6
	step := secondStep(length, n)
	for _, s := range clockSteps {
		if length/s <= float64(n) {
			step = s
			break
		}
	}
	before := ""
	for i := math.Ceil(r.lo / 1e6 / step); i*step*1e6 <= r.hi && len(r.ticks) <= 2*n; i++ {
		t := tick{at: i * step * 1e6}
		t.label, t.more = moments(int64(t.at), step, undated)
		if t.more == before {
			t.more = ""
		} else {
			before = t.more
		}
		r.ticks = append(r.ticks, t)
	}
	return r
}

// moments prints a moment for ticks that far apart: what changes from one to the next, and what seldom does.
func moments(micros int64, step float64, undated bool) (label, more string) {
	t := time.UnixMicro(micros).UTC()
	days := int64(math.Floor(float64(micros)/float64(day.Microseconds()))) + 1
	date := t.Format("2 Jan 2006")
	if undated {
		date = fmt.Sprintf("day %d", days)
	}
	switch {
	case step < 1:
		return t.Format("15:04:05.000"), date
	case step < 60:
		return t.Format("15:04:05"), date
	case step < 86400:
		return t.Format("15:04"), date
	case undated:
		return date, ""
	case step < 28*86400:
		return t.Format("2 Jan"), t.Format("2006")
	}
	return t.Format("Jan 2006"), ""
}

// printMoment prints a moment to the second.
func printMoment(micros int64, undated bool) string {
	t := time.UnixMicro(micros).UTC()
	if !undated {
		return t.Format(time.DateTime)
	}
	if days := micros / day.Microseconds(); days > 0 {
		return fmt.Sprintf("day %d %s", days+1, t.Format(time.TimeOnly))
	}
	return t.Format(time.TimeOnly)
}

// clockAxis is the name of an axis of time.
func clockAxis(undated bool) string {
	if undated {
		return "Time since the midnight before the capture"
	}
	return "Time (UTC)"
}

// clockFormats print the ticks of an axis of time, by what changes from one to the next: with a date, and without.
var clockFormats = [2]object{
	{"year": "{yyyy}", "month": "{MMM} {yyyy}", "day": "{d} {MMM}", "hour": "{HH}:{mm}", "minute": "{HH}:{mm}", "second": "{HH}:{mm}:{ss}", "millisecond": "{HH}:{mm}:{ss}.{SSS}"},
	{"year": "day {d}", "month": "day {d}", "day": "day {d}", "hour": "{HH}:{mm}", "minute": "{HH}:{mm}", "second": "{HH}:{mm}:{ss}", "millisecond": "{HH}:{mm}:{ss}.{SSS}"},
}

// clockAxis is an axis of time.
func (t Theme) clockAxis(undated bool) object {
	axis := t.axis("time", clockAxis(undated))
	formats := clockFormats[0]
	if undated {
		formats = clockFormats[1]
	}
	axis["axisLabel"].(object)["formatter"] = formats
	return axis
}
