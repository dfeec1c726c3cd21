package table

import (
	"fmt"
	"slices"
	"strings"
)

// Clock is how a table tells time: the unit of its numbers and where they count from.
type Clock struct {
	Name     string // what --time-unit calls it
	Doc      string // what a report calls it
	Multiply int64  // microseconds = value * Multiply / Divide
	Divide   int64
	Midnight bool    // counts from 0 h of a day that the capture does not name
	Low      float64 // values of real captures lie in [Low, High), in its own unit
	High     float64
}

const (
	day     = 86400
	maxDays = 31 // as long as a capture that counts from midnight may be
	// Epoch times of captures lie between 1990 and 2100.
	epochLow  = 631152000
	epochHigh = 4102444800
)

// Clocks are the ways of telling time by number.
var Clocks = []Clock{
	{"s", "seconds since 1970", 1e6, 1, false, epochLow, epochHigh},
	{"ms", "milliseconds since 1970", 1e3, 1, false, epochLow * 1e3, epochHigh * 1e3},
	{"us", "microseconds since 1970", 1, 1, false, epochLow * 1e6, epochHigh * 1e6},
	{"ns", "nanoseconds since 1970", 1, 1e3, false, epochLow * 1e9, epochHigh * 1e9},
	{"midnight-s", "seconds since midnight", 1e6, 1, true, 0, maxDays * day},
	{"midnight-cs", "1/100 s since midnight", 1e4, 1, true, 0, maxDays * day * 1e2},
	{"midnight-ms", "milliseconds since midnight", 1e3, 1, true, 0, maxDays * day * 1e3},
	{"midnight-us", "microseconds since midnight", 1, 1, true, 0, maxDays * day * 1e6},
}

// Text, Typed and TimeOfDay tell time without plain numbers; an engine reads them as microseconds.
var (
	Text      = Clock{"text", "date and time as text, UTC unless it names a zone", 1, 1, false, epochLow * 1e6, epochHigh * 1e6}
	Typed     = Clock{"timestamp", "timestamps", 1, 1, false, epochLow * 1e6, epochHigh * 1e6}
	TimeOfDay = Clock{"time-of-day", "time of day", 1, 1, true, 0, day * 1e6}
)

// Counts tells whether a clock is one of numbers.
func (c Clock) Counts() bool {
	return slices.ContainsFunc(Clocks, func(known Clock) bool { return known.Name == c.Name })
}

// Micros is a number of the clock's unit in microseconds.
func (c Clock) Micros(value int64) int64 { return value / c.Divide * c.Multiply }

// Holds tells whether a capture with this clock can tell such a time.
func (c Clock) Holds(value int64) bool { return float64(value) >= c.Low && float64(value) < c.High }

// ClockNames lists what --time-unit takes.
func ClockNames() []string {
	var names []string
	for _, clock := range Clocks {
		names = append(names, clock.Name)
	}
	return append(names, Text.Name)
}

// ClockByName finds a clock by its name on the command line. "cs" is the original's unit.
func ClockByName(name string) (Clock, error) {
	if name == "cs" {
		name = "midnight-cs"
	}
	for _, clock := range append(Clocks, Text) {
		if clock.Name == name {
			return clock, nil
		}
	}
	return Clock{}, fmt.Errorf("--time-unit %s: expected one of %s", name, strings.Join(ClockNames(), ", "))
}

// Times is what is known of a column of times before its clock is: the bounds of its numbers.
type Times struct {
	Rows     int64   // rows with any value
	Numbers  int64   // rows whose value is a number
	Low      float64 // the least number
	High     float64 // the greatest
	LowMost  float64 // the number below which 10 % lie
	HighMost float64 // the number above which 10 % lie
}

// TypedClock is the clock that the type of the column that fills start tells, whatever its values.
func TypedClock(matches []Match) (Clock, bool) {
	switch start := matches[0].Field.Type; {
	case isDate(start):
		return Typed, true
	case isClock(start):
		return TimeOfDay, true
	}
	return Clock{}, false
}

// InferClock finds the clock of the column that fills start. Numbers that fit no clock or several are refused.
func InferClock(matches []Match, times Times) (Clock, error) {
	start := matches[0].Field
	clock, typed := TypedClock(matches)
	switch {
	case typed:
		return clock, nil
	case times.Rows == 0:
		return Clock{}, &ClockError{Times: times}
	case isText(start.Type) && times.Numbers < times.Rows/2+1:
		return Text, nil
	}
	return choose(fittingClocks(times), matches, times)
}

// fittingClocks prefers those since 1970, whose ranges are narrow and apart, to those since midnight, which
// start at 0. A few damaged rows must not hide what the others say.
func fittingClocks(times Times) []Clock {
	for _, midnight := range []bool{false, true} {
		for _, fitting := range [][]Clock{
			clocksBetween(times.Low, times.High, midnight),
			clocksBetween(times.LowMost, times.HighMost, midnight),
		} {
			if len(fitting) > 0 {
				return fitting
			}
		}
	}
	return nil
}

func clocksBetween(low, high float64, midnight bool) []Clock {
	var fitting []Clock
	for _, clock := range Clocks {
		if clock.Midnight == midnight && low >= clock.Low && high < clock.High {
			fitting = append(fitting, clock)
		}
	}
	return fitting
}

func choose(fitting []Clock, matches []Match, times Times) (Clock, error) {
	switch {
	case len(fitting) == 1 && !fitting[0].Midnight:
		return fitting[0], nil
	case len(fitting) == 0:
		return Clock{}, &ClockError{Times: times}
	}
	if isOriginal(matches) {
		for _, clock := range fitting {
			if clock.Name == "midnight-cs" {
				return clock, nil
			}
		}
	}
	return Clock{}, &ClockError{times, fitting}
}

// isOriginal tells whether the table has the names that the original's files carry.
func isOriginal(matches []Match) bool {
	names := map[string]bool{}
	for _, match := range matches {
		names[match.Field.Name()] = true
	}
	for name := range originalNames {
		if !names[name] {
			return false
		}
	}
	return true
}

// ClockError says that the unit of a table's times cannot be told.
type ClockError struct {
	Times   Times
	Fitting []Clock // those that it might be
}

func (e *ClockError) Error() string {
	if e.Times.Rows == 0 {
		return "it has no times"
	}
	return fmt.Sprintf("the unit of its times cannot be told: they lie between %g and %g", e.Times.Low, e.Times.High)
}

// Hint lists the clocks that fit, each with the time that the capture would span.
func (e *ClockError) Hint() string {
	if e.Times.Rows == 0 {
		return "it has no rows, or none with a time; if another column tells the time, say so: --map start=FIELD"
	}
	if len(e.Fitting) == 0 {
		return "say what they count with --time-unit " + strings.Join(ClockNames(), "|")
	}
	var options []string
	for _, clock := range e.Fitting {
		seconds := (e.Times.High - e.Times.Low) * float64(clock.Multiply) / float64(clock.Divide) / 1e6
		options = append(options, fmt.Sprintf("--time-unit %s if it spans %s", clock.Name, span(seconds)))
	}
	return "give " + strings.Join(options, ", ")
}

// span prints a length of time in the unit that suits it.
func span(seconds float64) string {
	for _, unit := range []struct {
		name    string
		seconds float64
	}{{"days", day}, {"hours", 3600}, {"minutes", 60}} {
		if seconds >= 2*unit.seconds {
			return fmt.Sprintf("%.1f %s", seconds/unit.seconds, unit.name)
		}
	}
	return fmt.Sprintf("%.3g seconds", seconds)
}
