package web

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"sentinel/internal/report"
)

// moment is how an address writes a time: UTC, with as much of the second as there is.
const moment = "2006-01-02T15:04:05.999999"

// layouts are how people may write one.
var layouts = []string{
	moment, "2006-01-02 15:04:05.999999", "2006-01-02T15:04", "2006-01-02 15:04", "2006-01-02", time.RFC3339Nano, "2006-01-02 15:04:05.999999Z07:00",
}

// clocks are how people write a time of a capture without dates.
var clocks = []string{"15:04:05.999999", "15:04"}

func readTime(text string) (int64, error) {
	for _, layout := range layouts {
		if at, err := time.Parse(layout, text); err == nil && at.Year() >= 1970 && at.Year() < 2300 {
			return at.UnixMicro(), nil
		}
	}
	if at, ok := readClock(text); ok {
		return at, nil
	}
	return 0, errors.New("is no time; expected such as 2024-05-31 14:30:00")
}

// readClock reads a time of day of an undated capture, as report.Time prints it.
func readClock(text string) (int64, bool) {
	var days int64
	if rest, ok := strings.CutPrefix(text, "day "); ok {
		number, clock, _ := strings.Cut(rest, " ")
		day, err := strconv.ParseInt(number, 10, 32)
		if err != nil || day < 1 {
			return 0, false
		}
		days, text = day-1, clock
	}
	for _, layout := range clocks {
		if at, err := time.Parse(layout, text); err == nil {
			sinceMidnight := at.Sub(time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.UTC))
			return days*24*time.Hour.Microseconds() + sinceMidnight.Microseconds(), true
		}
	}
	return 0, false
}

func writeTimeOf(micros int64) string {
	if micros == 0 {
		return ""
	}
	return time.UnixMicro(micros).UTC().Format(moment)
}

// shown prints a time of a filter as people read it.
func shown(r *report.Report, micros int64) string {
	if micros == 0 {
		return ""
	}
	return r.Time(micros)
}
