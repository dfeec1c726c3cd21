package chart

import (
	"math"
	"strconv"
)

// Unit is what the numbers of an axis count.
type Unit int

// The units.
const (
	Count   Unit = iota // of anything; printed as Number prints it
	Bytes               // printed with decimal prefixes (IEC 80000-13): 1.5 MB
	Seconds             // printed as 90 s, 5 min, 2 h or 3 d
)

// Print is the value as a label: three digits at most where the unit has prefixes.
func (u Unit) Print(v float64) string {
	switch u {
	case Bytes:
		return printBytes(v)
	case Seconds:
		return printSeconds(v)
	}
	return Number(v)
}

var bytePrefixes = []string{"kB", "MB", "GB", "TB", "PB", "EB", "ZB"}

func printBytes(v float64) string {
	unit := "B"
	for _, larger := range bytePrefixes {
		if v < 999.5 {
			break
		}
		v, unit = v/1000, larger
	}
	return threeDigits(v) + " " + unit
}

// clockUnits are the lengths of time that have a name, longest first.
var clockUnits = []struct {
	seconds float64
	name    string
}{{86400, "d"}, {3600, "h"}, {60, "min"}, {1, "s"}, {1e-3, "ms"}, {1e-6, "µs"}}

func printSeconds(v float64) string {
	for _, unit := range clockUnits {
		if n := v / unit.seconds; n >= 0.9995 {
			return threeDigits(n) + " " + unit.name
		}
	}
	return threeDigits(v) + " s"
}

// threeDigits prints a number with no more than three significant digits, unless its whole part has more.
func threeDigits(v float64) string {
	if math.Abs(v) >= 1000 {
		return Number(v)
	}
	return strconv.FormatFloat(v, 'g', 3, 64)
}

// scaled is what to divide values by so that the largest is printed short, and the unit that they then have.
func (u Unit) scaled(largest float64) (divisor float64, unit string) {
	switch u {
	case Bytes:
		divisor, unit = 1, "B"
		for _, larger := range bytePrefixes {
			if largest/divisor < 1000 {
				break
			}
			divisor, unit = divisor*1000, larger
		}
		return divisor, unit
	case Seconds:
		for _, c := range clockUnits {
			if largest >= 2*c.seconds {
				return c.seconds, c.name
			}
		}
		return 1, "s"
	}
	return 1, ""
}

// fine is a value as one of a row that are step apart, so that neighbours differ: seconds are in the largest unit that
// a step fills.
func (u Unit) fine(v, step float64) string {
	switch u {
	case Bytes:
		divisor, unit := u.scaled(v)
		return Number(v/divisor) + " " + unit
	case Seconds:
		for _, c := range clockUnits {
			if step >= 0.9995*c.seconds {
				return Number(v/c.seconds) + " " + c.name
			}
		}
	}
	return u.Print(v)
}
