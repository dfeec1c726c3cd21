package botnet

import (
	"context"
	"math"
	"net/netip"
	"slices"
	"sort"

	"sentinel/internal/detect"
	"sentinel/internal/stat"
)

// group is what one finding is about: hosts, and the services that they share.
type group struct {
	services []*service
	hosts    []netip.Addr // in their order
	p        float64
	overlap  float64 // the largest chance of the hosts that its services have in common; 1 of a single service
}

// overlapByChance is the chance below which two destinations do not have their hosts in common by accident.
const overlapByChance = 0.01

// join makes groups of services that have their hosts in common.
func join(c *detect.Case, services []*service) []*group {
	var groups []*group
	for _, s := range services {
		at := slices.IndexFunc(groups, func(g *group) bool { return g.services[0] != s && related(c, g.services[0], s) })
		if at < 0 {
			groups = append(groups, &group{services: []*service{s}, p: s.p, overlap: 1})
			continue
		}
		g := groups[at]
		chance := shared(c, g.services[0], s)
		if len(g.services) == 1 {
			g.overlap = chance
		}
		g.services, g.p, g.overlap = append(g.services, s), min(g.p, s.p), max(g.overlap, chance)
	}
	for _, g := range groups {
		g.gather()
	}
	return groups
}

// related tells whether the hosts of two services are those of one group: more alike than chance explains. In a
// network that is hardly larger than the group, chance explains any likeness; there, the same hosts are enough.
func related(c *detect.Case, a, b *service) bool {
	common, either := overlap(a, b)
	jaccard := float64(common) / float64(either)
	return jaccard >= c.Param("min_overlap") && (shared(c, a, b) <= overlapByChance || jaccard == 1)
}

// shared is the chance of at least so many hosts in common if each service drew its own among all hosts.
func shared(c *detect.Case, a, b *service) float64 {
	common, _ := overlap(a, b)
	hosts := max(c.Test.Network.Hosts, int64(len(a.members)), int64(len(b.members)))
	return stat.HypergeometricUpper(int64(common), hosts, int64(len(a.members)), int64(len(b.members)))
}

func overlap(a, b *service) (common, either int) {
	hosts := map[netip.Addr]bool{}
	for _, m := range a.members {
		hosts[m.host] = true
	}
	either = len(hosts)
	for _, m := range b.members {
		if hosts[m.host] {
			common++
		} else {
			either++
		}
	}
	return common, either
}

// gather lists the hosts of all services.
func (g *group) gather() {
	for _, s := range g.services {
		for _, m := range s.members {
			if !slices.Contains(g.hosts, m.host) {
				g.hosts = append(g.hosts, m.host)
			}
		}
	}
	slices.SortFunc(g.hosts, netip.Addr.Compare)
}

// recognise notes what the baseline knows of the groups' destinations.
func recognise(ctx context.Context, c *detect.Case, groups []*group) error {
	if c.Base == nil {
		return nil
	}
	known := map[netip.Addr]int64{}
	for server, err := range c.Base.Servers(ctx) {
		if err != nil {
			return err
		}
		known[server.DstIP] = server.Flows
	}
	for _, g := range groups {
		for _, s := range g.services {
			s.known = known[s.addr]
		}
	}
	return nil
}

// synchrony is how much more often the members of a service contact it together than chance would have it: 0 as
// by chance, 1 always. Together is within a twentieth of the period.
func synchrony(s *service) float64 {
	observed, expected, pairs := 0.0, 0.0, 0.0
	for _, a := range s.members {
		for _, b := range s.members {
			if a.host == b.host {
				continue
			}
			window := max(a.rhythm.Period/20, 1) * 1e6
			rate := float64(len(b.starts)) / max(float64(b.last-b.first), 1)
			observed += together(a.starts, b.starts, int64(window))
			expected += 1 - math.Exp(-2*window*rate)
			pairs++
		}
	}
	observed, expected = observed/pairs, expected/pairs
	return max(0, (observed-expected)/max(1-expected, 0.01))
}

// together is the share of a's moments that have one of b's within the window.
func together(a, b []int64, window int64) float64 {
	met := 0
	for _, at := range a {
		i := sort.Search(len(b), func(i int) bool { return b[i] >= at-window })
		if i < len(b) && b[i] <= at+window {
			met++
		}
	}
	return float64(met) / float64(len(a))
}
