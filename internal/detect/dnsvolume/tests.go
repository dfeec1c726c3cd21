package dnsvolume

import (
	"fmt"
	"math"

	"sentinel/internal/detect"
	"sentinel/internal/detect/words"
	"sentinel/internal/stat"
)

// The least spreads assumed, of logarithms: hosts differ by a factor of e^0.5 or more, a host from its own other
// days by less, the mean length of questions hardly at all.
const (
	sigmaHosts  = 0.5
	sigmaDays   = 0.35
	sigmaHours  = 1.0
	sigmaLength = 0.1
)

// longest is how many times as long as the baseline a capture counts at most: a baseline of a moment tells of no more.
const longest = 31

// enoughQuestions make a mean length, enoughHours a usual hour.
const (
	enoughQuestions = 50
	enoughHours     = 6
)

// test is one way to see that a host asks too much.
type test struct {
	name string
	z    float64
	over float64 // times the usual
	text string
}

// usual is what the hosts of a network ask, and how that grew.
type usual struct {
	day, hour, length stat.Robust // of ln(1 + bytes)
	dayGrew, hourGrew stat.Robust // of the ln of how many times the baseline's
	before            *questions
	scale             float64 // how much longer the capture is than the baseline
	least             int     // peers
	smallest          float64 // bytes that make no difference
}

func usualOf(now, before *questions, seconds float64, base *detect.Scene, least int) *usual {
	u := &usual{before: before, least: least, scale: 1, smallest: 1_000}
	if base != nil {
		u.scale = min(seconds/base.Seconds(), longest)
	}
	var day, hour, length, dayGrew, hourGrew []float64
	for _, a := range now.askers {
		if a.resolver || a.up == 0 {
			continue
		}
		day, hour = append(day, math.Log1p(a.up)), append(hour, math.Log1p(a.peak()))
		if a.flows >= enoughQuestions {
			length = append(length, math.Log1p(a.length()))
		}
		if ofDay, ofHour, known := u.growth(a); known {
			dayGrew, hourGrew = append(dayGrew, math.Log(ofDay)), append(hourGrew, math.Log(ofHour))
		}
	}
	u.day, u.hour, u.length = stat.RobustOf(day, sigmaHosts), stat.RobustOf(hour, sigmaHosts), stat.RobustOf(length, sigmaLength)
	u.dayGrew, u.hourGrew = stat.Robust{Sigma: sigmaHosts}, stat.Robust{Sigma: sigmaHours}
	if len(dayGrew) >= least {
		u.dayGrew, u.hourGrew = stat.RobustOf(dayGrew, sigmaDays), stat.RobustOf(hourGrew, sigmaHosts)
	}
	return u
}

// growth is how many times the baseline's a host asked, in as long a time and in its busiest hour; false where it
// asked nothing then.
func (u *usual) growth(a *asker) (day, hour float64, known bool) {
	if u.before == nil {
		return 0, 0, false
	}
	then := u.before.askers[a.src]
	if then == nil || then.up == 0 || then.resolver {
		return 0, 0, false
	}
	return (a.up + u.smallest) / (then.up*u.scale + u.smallest), (a.peak() + u.smallest) / (then.peak() + u.smallest), true
}

// tests compares a host with its peers and its past.
func (u *usual) tests(a *asker) []test {
	var tests []test
	if u.day.N >= u.least {
		tests = append(tests,
			among("peers", u.day, a.up, "a usual host's"),
			among("peers_hour", u.hour, a.peak(), "a usual host's busiest hour"))
		if both, ok := u.muchAndLong(a, tests[0]); ok {
			tests = append(tests, both)
		}
	} else {
		tests = append(tests, a.amongOwnHours())
	}
	if day, hour, known := u.growth(a); known {
		tests = append(tests,
			test{"growth", u.dayGrew.Z(math.Log(day)), day, fmt.Sprintf("%s times its baseline", words.Number(day))},
			test{"growth_hour", u.hourGrew.Z(math.Log(hour)), hour, fmt.Sprintf("its busiest hour is %s times that of its baseline", words.Number(hour))})
	}
	return tests
}

func among(name string, usual stat.Robust, bytes float64, whose string) test {
	over := math.Exp(math.Log1p(bytes) - usual.Median)
	return test{name, usual.Z(math.Log1p(bytes)), over, fmt.Sprintf("%s, %s times %s", words.Bytes(bytes), words.Number(over), whose)}
}

// amongOwnHours compares the busiest hour of a host without peers with its others.
func (a *asker) amongOwnHours() test {
	if len(a.hours) < enoughHours {
		return test{"own_hours", 0, 1, "it has too few peers and hours to compare with"}
	}
	var hours []float64
	for _, bytes := range a.hours {
		hours = append(hours, math.Log1p(bytes))
	}
	return among("own_hours", stat.RobustOf(hours, sigmaHours), a.peak(), "its own usual hour; it has too few peers to compare with")
}

// muchAndLong combines the volume of a host with the length of its questions, by Stouffer's method (1949): (z1 + z2)
// over the square root of two. Length alone says nothing, so it counts no more than volume and 2.
func (u *usual) muchAndLong(a *asker, volume test) (test, bool) {
	length, known := u.longer(a)
	if !known || volume.z < 2 || length < 2 {
		return test{}, false
	}
	z := (volume.z + min(length, volume.z+2)) / math.Sqrt2
	return test{"peers_length", z, volume.over, fmt.Sprintf("%s, of %s a question", volume.text, words.Bytes(a.length()))}, true
}

// longer is how far the mean length of a host's questions lies from its peers'.
func (u *usual) longer(a *asker) (z float64, known bool) {
	if u.length.N < u.least || a.flows < enoughQuestions {
		return 0, false
	}
	return u.length.Z(math.Log1p(a.length())), true
}

// score is what a test makes of its z. A host's own hours differ far more than hosts do, and say less.
func (t test) score() float64 {
	score := stat.Outlier.At(t.z)
	if t.name == "own_hours" {
		score = min(score, 0.3)
	}
	return score
}

// strongest is the test with the greatest z, of equal ones the first.
func strongest(tests []test) test {
	best := tests[0]
	for _, t := range tests[1:] {
		if t.z > best.z {
			best = t
		}
	}
	return best
}
