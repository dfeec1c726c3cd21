package eval

import (
	"fmt"
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

// Pairs orders captures of a kind, one pair a seed. The seed says which size, profile and network a pair has.
func Pairs(kind synth.Kind, first uint64, count int) []Pair {
	pairs := make([]Pair, count)
	for i := range pairs {
		seed := first + uint64(i)
		at, flows := turn(networks, seed), turn(sizes, seed)
		test := synth.Options{
			Kind: kind, Profile: turn(profiles, seed), Seed: seed, Day: 1, Flows: flows,
			Network: netip.MustParsePrefix(at.prefix), Devices: min(at.devices, flows/500),
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

func turn[T any](choices []T, seed uint64) T { return choices[(seed-1)%uint64(len(choices))] }

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

// name tells captures apart in a list.
func name(o synth.Options) string {
	return fmt.Sprintf("%s, seed %d, %s, %d flows, %s", o.Kind, o.Seed, o.Profile, o.Flows, o.Network)
}
