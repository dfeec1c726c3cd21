package chart

import (
	"math"
	"strconv"
	"strings"
)

// axis is a scale from 0 to a round value at or above the largest bar.
type axis struct {
	step  float64
	steps int
	unit  Unit
}

// unitAxis is newAxis with steps that suit the unit.
func unitAxis(largest float64, n int, u Unit, whole bool) axis {
	a := newAxis(largest, n, whole)
	if u == Seconds && largest > 60 {
		a.step = secondStep(largest, n)
		a.steps = max(int(math.Ceil(largest/a.step-1e-9)), 1)
	}
	a.unit = u
	return a
}

// newAxis divides 0 to largest into at most n steps of 1, 2 or 5 times a power of ten.
func newAxis(largest float64, n int, whole bool) axis {
	if largest <= 0 {
		return axis{step: 1, steps: 1}
	}
	n = max(n, 1)
	power := math.Pow(10, math.Floor(math.Log10(largest/float64(n))))
	for _, factor := range []float64{1, 2, 5, 10, 20} {
		step := factor * power
		if whole {
			step = max(step, 1)
		}
		// The tolerance keeps 0.07/0.01, which is 7.000000000000001, from taking 8 steps.
		if steps := int(math.Ceil(largest/step - 1e-9)); steps <= n || factor == 20 {
			return axis{step: step, steps: max(steps, 1)}
		}
	}
	panic("unreachable: the last factor returns")
}

// top is the value at the axis's end.
func (a axis) top() float64 { return a.step * float64(a.steps) }

// label is the i-th tick as printed.
func (a axis) label(i int) string { return a.unit.fine(a.step*float64(i), a.step) }

// Number prints a value with separated thousands and, below 1000, up to three decimals; from 1e16 on and
// below 0.001 with an exponent.
func Number(v float64) string {
	abs := math.Abs(v)
	if math.IsNaN(v) || abs >= 1e16 || abs > 0 && abs < 0.001 {
		return strconv.FormatFloat(v, 'g', 3, 64)
	}
	decimals := 3
	if abs >= 1000 {
		decimals = 0
	}
	whole, fraction, _ := strings.Cut(strconv.FormatFloat(v, 'f', decimals, 64), ".")
	if fraction = strings.TrimRight(fraction, "0"); fraction != "" {
		fraction = "." + fraction
	}
	return thousands(whole) + fraction
}

// thousands puts a comma before every third digit from the end.
func thousands(digits string) string {
	sign := ""
	if strings.HasPrefix(digits, "-") {
		sign, digits = "-", digits[1:]
	}
	var b strings.Builder
	b.WriteString(sign)
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(d)
	}
	return b.String()
}
