package exfil

import (
	"fmt"
	"math"

	"sentinel/internal/detect/words"
	"sentinel/internal/stat"
)

// leastSigma is the least spread of ln(bytes) assumed among hosts or destinations: even alike hosts differ by a
// factor of e^0.5 from one day to the other.
const leastSigma = 0.5

// ownDestinations is how many other networks a host must upload to for a comparison among them.
const ownDestinations = 10

// test is one way to see that an upload stands out.
type test struct {
	name string
	z    float64
	text string
	over float64 // times the usual
}

// peers is what hosts of a role upload to one network: their largest, to any network and to one that few contact.
type peers struct {
	book      *book
	any       map[bool]stat.Robust // by whether the host is a server
	rare      map[bool]stat.Robust
	before    map[bool]stat.Robust // any, in the baseline
	direction stat.Robust          // of the hosts' traffic as a whole
	grew      stat.Robust          // ln of how much uploads grew since the baseline
	min       int
}

func peersOf(book *book, past *past, minPeers int) peers {
	p := peers{book: book, any: map[bool]stat.Robust{}, rare: map[bool]stat.Robust{}, before: map[bool]stat.Robust{}, min: minPeers, grew: stat.Robust{Sigma: leastSigma}}
	var grew, directions []float64
	for _, h := range book.hosts {
		if h.most > 0 {
			directions = append(directions, direction(float64(h.UpBytes), float64(h.DownBytes)))
		}
	}
	p.direction = stat.RobustOf(directions, leastSigma)
	for _, u := range book.large {
		if times, known := past.growth(u); known {
			grew = append(grew, math.Log(times))
		}
	}
	if len(grew) >= minPeers {
		p.grew = stat.RobustOf(grew, leastSigma)
	}
	for _, server := range []bool{true, false} {
		p.any[server] = book.sample(server, minPeers, func(h *host) float64 { return h.most })
		p.rare[server] = book.sample(server, minPeers, func(h *host) float64 { return h.mostRare })
		if past != nil {
			p.before[server] = past.book.sample(server, minPeers, func(h *host) float64 { return h.most * past.scale })
		}
	}
	return p
}

// sample summarises a figure over the hosts of a role that have it; where those are too few, over all hosts.
func (b *book) sample(server bool, enough int, figure func(*host) float64) stat.Robust {
	var same, all []float64
	for _, h := range b.hosts {
		x := figure(h)
		if x <= 0 {
			continue
		}
		all = append(all, math.Log1p(x))
		if h.server == server {
			same = append(same, math.Log1p(x))
		}
	}
	if len(same) >= enough {
		return stat.RobustOf(same, leastSigma)
	}
	return stat.RobustOf(all, leastSigma)
}

// tests compares an upload with all that it can be compared with.
func (p peers) tests(u upload, past *past, alone float64) []test {
	var tests []test
	entry := p.book.hosts[u.SrcIP]
	x := math.Log1p(u.up)
	if any := p.any[entry.server]; any.N >= p.min {
		tests = append(tests, against("peers", any, x, "%s times the largest upload of a usual host, %s"))
	}
	if before := p.before[entry.server]; before.N >= p.min {
		tests = append(tests, against("peers_before", before, x, "%s times the largest upload of a usual host in the baseline, %s"))
	}
	if rare := p.rare[entry.server]; u.rare && rare.N >= p.min {
		tests = append(tests, against("peers_rare", rare, x, "%s times what a usual host sends most to a server that few contact, %s"))
	}
	if len(tests) > 0 {
		if both, ok := p.muchAndOneWay(u, strongest(tests)); ok {
			tests = append(tests, both)
		}
	} else {
		tests = append(tests, withoutPeers(u, x, alone))
	}
	if grown, ok := past.growth(u); ok {
		tests = append(tests, test{"growth", p.grew.Z(math.Log(grown)), fmt.Sprintf("%s times the baseline's", words.Number(grown)), grown})
	}
	return tests
}

// leastVolume is the z of the volume from which on its direction counts too.
const leastVolume = 3

// muchAndOneWay combines the volume of an upload with its direction, ln(up/down), by Stouffer's method (1949): (z1 + z2)
// over the square root of two. Direction alone says nothing, so it counts no more than volume.
func (p peers) muchAndOneWay(u upload, volume test) (test, bool) {
	z := p.direction.Z(direction(u.up, u.down))
	if p.book.oneSided || p.direction.N < p.min || volume.z < leastVolume || z < leastVolume || u.pcr() < push {
		return test{}, false
	}
	both := (volume.z + min(z, volume.z)) / math.Sqrt2
	return test{"direction", both, volume.text + ", and unlike its peers' traffic it goes one way", volume.over}, true
}

// direction is the log-odds of bytes going up, which a byte of either way keeps finite.
func direction(up, down float64) float64 { return math.Log((up + 1) / (down + 1)) }

func against(name string, usual stat.Robust, x float64, format string) test {
	over := math.Exp(x - usual.Median)
	return test{name, usual.Z(x), fmt.Sprintf(format, words.Number(over), words.Bytes(math.Expm1(usual.Median))), over}
}

// withoutPeers judges the upload of a host that has hardly any peers: among its own destinations, or by sheer size.
func withoutPeers(u upload, x, alone float64) test {
	switch {
	case u.own.N >= ownDestinations:
		return against("own_destinations", u.own, x, "%s times what it usually sends to one network, %s; it has too few peers to compare with")
	case u.up >= alone && u.pcr() >= push:
		return test{"size", 3.5, "as much as that counts by itself; there are too few peers to compare with", 1}
	}
	return test{"peers", 0, "there are too few peers and destinations to compare with", 1}
}

// score is what a test makes of its z. A host's own destinations differ far more than hosts do, and say less.
func (t test) score() float64 {
	score := stat.Outlier.At(t.z)
	if t.name == "own_destinations" {
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
