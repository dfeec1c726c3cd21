package eval

import (
	"net/netip"

	"sentinel/internal/synth"
)

// Pair is a day to judge and the clean day before it, of one network.
type Pair struct {
	Name string
	Test synth.Options
	Base synth.Options
}

// sizes and networks take turns, in numbers without a common divisor, so that most combinations come up.
var (
	sizes    = []int{30_000, 100_000, 300_000}
	profiles = []synth.Profile{synth.Original, synth.Office}
	networks = []place{
		{"192.168.104.0/24", 0},
		{"10.20.0.0/16", 120},
		{"172.16.8.0/22", 60},
		{"192.168.0.0/23", 0},
		{"10.1.64.0/20", 300},
	}
)

// place is an internal network and how many clients it has; 0 leaves it to their flows.
type place struct {
	prefix  string
	devices int
}

// Pairs orders captures of a kind, one pair a seed. Pairs differ in size, profile and network.
func Pairs(kind synth.Kind, first uint64, count int) []Pair {
	pairs := make([]Pair, count)
	for i := range pairs {
		at := networks[i%len(networks)]
		test := synth.Options{
			Kind: kind, Profile: profiles[i%len(profiles)], Seed: first + uint64(i), Day: 1, Flows: sizes[i%len(sizes)],
			Network: netip.MustParsePrefix(at.prefix), Devices: min(at.devices, sizes[i%len(sizes)]/500),
		}
		base := test
		base.Day, base.Attacks = 0, nil
		switch kind {
		case synth.Servers:
			test.Devices, base.Devices, base.Attacks = 0, 0, []synth.Attack{}
		default:
			base.Kind = synth.Clean
		}
		pairs[i] = Pair{Name: name(test), Test: test, Base: base}
	}
	return pairs
}

// CleanPairs are Pairs whose day to judge is as clean as its baseline.
func CleanPairs(kind synth.Kind, first uint64, count int) []Pair {
	pairs := Pairs(kind, first, count)
	for i := range pairs {
		if kind == synth.Servers {
			pairs[i].Test.Attacks = []synth.Attack{}
		} else {
			pairs[i].Test.Kind = synth.Clean
		}
	}
	return pairs
}
