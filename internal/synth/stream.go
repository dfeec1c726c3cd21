package synth

import (
	"math"
	"math/rand/v2"
	"slices"
)

// stream draws the random numbers of one purpose. Streams of different purposes are independent, so that one part of
// a capture may change without the others.
type stream struct{ *rand.Rand }

// newStream seeds a stream by the network, what the numbers are for, and whom they concern.
func newStream(seed uint64, purpose string, ids ...int) stream {
	a, b := hash(seed, purpose, ids...), hash(^seed, purpose, ids...)
	return stream{rand.New(rand.NewPCG(a, b))}
}

// hash mixes its arguments into 64 bits, with the finaliser of SplitMix64 (Steele, Lea, Flood 2014).
func hash(seed uint64, purpose string, ids ...int) uint64 {
	h := mix(seed)
	for _, c := range []byte(purpose) {
		h = mix(h ^ uint64(c))
	}
	for _, id := range ids {
		h = mix(h ^ uint64(id))
	}
	return h
}

func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// chance is true with the probability p.
func (s stream) chance(p float64) bool { return s.Float64() < p }

// between is uniform in [low, high).
func (s stream) between(low, high float64) float64 { return low + (high-low)*s.Float64() }

// around is uniform within the given share of x on both sides of it.
func (s stream) around(x, share float64) float64 { return x * s.between(1-share, 1+share) }

// normal has the given mean and standard deviation.
func (s stream) normal(mean, deviation float64) float64 { return mean + deviation*s.NormFloat64() }

// lognormal has the given median, and its logarithm the given standard deviation.
func (s stream) lognormal(median, deviation float64) float64 {
	return median * math.Exp(deviation*s.NormFloat64())
}

// exponential has the given mean: the gap of a memoryless process.
func (s stream) exponential(mean float64) float64 { return mean * s.ExpFloat64() }

// atLeastOne is geometric with the given mean, which is above 1.
func (s stream) atLeastOne(mean float64) int {
	return 1 + int(s.exponential(1/math.Log(mean/(mean-1))))
}

// pick draws one of the values.
func pick[T any](s stream, values []T) T { return values[s.IntN(len(values))] }

// picker draws an index by weight in constant time (Walker's alias method, as Vose 1991 builds it).
type picker struct {
	keep  []float64
	alias []int
}

func newPicker(weights []float64) picker {
	sum := 0.0
	for _, weight := range weights {
		sum += weight
	}
	p := picker{make([]float64, len(weights)), make([]int, len(weights))}
	var small, large []int
	for i, weight := range weights {
		p.keep[i], p.alias[i] = weight/sum*float64(len(weights)), i
		if p.keep[i] < 1 {
			small = append(small, i)
		} else {
			large = append(large, i)
		}
	}
	for len(small) > 0 && len(large) > 0 {
		s, l := small[len(small)-1], large[len(large)-1]
		small = small[:len(small)-1]
		p.alias[s] = l
		p.keep[l] -= 1 - p.keep[s]
		if p.keep[l] < 1 {
			large, small = large[:len(large)-1], append(small, l)
		}
	}
	for _, rest := range slices.Concat(small, large) {
		p.keep[rest] = 1
	}
	return p
}

func (p picker) draw(s stream) int {
	i := s.IntN(len(p.keep))
	if s.Float64() < p.keep[i] {
		return i
	}
	return p.alias[i]
}

// zipf are the weights of n ranks: 1/rank^exponent.
func zipf(n int, exponent float64) []float64 {
	weights := make([]float64, n)
	for i := range weights {
		weights[i] = math.Pow(float64(i+1), -exponent)
	}
	return weights
}
