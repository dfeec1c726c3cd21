package peertopeer

import (
	"net/netip"
	"slices"

	"sentinel/internal/detect"
)

// group is a set of hosts that new edges connect.
type group struct {
	edges []edge
	hosts []netip.Addr // in their order
}

// newServers are hosts that so many contact, and that contact nobody anew themselves, as servers do: unless they are
// contacted to be administered.
func newServers(c *detect.Case, edges []edge) map[netip.Addr]bool {
	calls := map[netip.Addr]bool{}
	for _, e := range edges {
		calls[e.src] = true
		if e.admin {
			calls[e.dst] = true
		}
	}
	found := map[netip.Addr]bool{}
	for _, e := range edges {
		found[e.dst] = !calls[e.dst] && serves(c.Test.Network, e.dst)
	}
	return found
}

// groupsOf are the connected parts of the new edges, in the order of their first edges. New servers connect nobody:
// each is a group of its own.
func groupsOf(edges []edge, servers map[netip.Addr]bool) []*group {
	of := map[netip.Addr]*group{}
	var groups []*group
	for _, e := range edges {
		a, b := of[e.src], of[e.dst]
		if servers[e.dst] {
			if b == nil {
				b = &group{}
				groups = append(groups, b)
			}
			of[e.dst] = b
			b.edges = append(b.edges, e)
			continue
		}
		switch {
		case a == nil && b == nil:
			a = &group{}
			groups = append(groups, a)
		case a == nil:
			a = b
		case b != nil && a != b:
			a.take(b, of)
		}
		of[e.src], of[e.dst] = a, a
		a.edges = append(a.edges, e)
	}
	groups = slices.DeleteFunc(groups, func(g *group) bool { return len(g.edges) == 0 })
	for _, g := range groups {
		g.sort()
	}
	return groups
}

// take moves everything of another group into this one.
func (g *group) take(other *group, of map[netip.Addr]*group) {
	for _, e := range other.edges {
		of[e.src], of[e.dst] = g, g
	}
	g.edges, other.edges = append(g.edges, other.edges...), nil
}

func (g *group) sort() {
	slices.SortFunc(g.edges, func(a, b edge) int {
		if a.src != b.src {
			return a.src.Compare(b.src)
		}
		return a.dst.Compare(b.dst)
	})
	for _, e := range g.edges {
		g.hosts = append(g.hosts, e.src, e.dst)
	}
	slices.SortFunc(g.hosts, netip.Addr.Compare)
	g.hosts = slices.Compact(g.hosts)
}

// shape is how the edges of a group lie.
type shape struct {
	sources, targets int
	both             int        // hosts that call and are called
	widest           netip.Addr // the source with most targets
	fanOut           int        // its targets
	adminFanOut      int        // the most targets of one source on ports that administer machines
	chains           int        // hosts administered by another that then do so to a third
	flows            int64
	first, last      int64
}

func (g *group) shape() shape {
	out, in, admin := map[netip.Addr]int{}, map[netip.Addr]int{}, map[netip.Addr]int{}
	s := shape{first: g.edges[0].first}
	for _, e := range g.edges {
		out[e.src]++
		in[e.dst]++
		if e.admin {
			admin[e.src]++
		}
		s.adminFanOut = max(s.adminFanOut, admin[e.src])
		s.flows += e.flows
		s.first, s.last = min(s.first, e.first), max(s.last, e.last)
	}
	s.sources, s.targets = len(out), len(in)
	for _, host := range g.hosts {
		if out[host] > 0 && in[host] > 0 {
			s.both++
		}
		if out[host] > s.fanOut {
			s.widest, s.fanOut = host, out[host]
		}
	}
	s.chains = g.chains()
	return s
}

// chains counts the hosts that are contacted on an administration port and later contact another on one.
func (g *group) chains() int {
	reached := map[netip.Addr]int64{}
	for _, e := range g.edges {
		if at, known := reached[e.dst]; e.admin && (!known || e.first < at) {
			reached[e.dst] = e.first
		}
	}
	links := map[netip.Addr]bool{}
	for _, e := range g.edges {
		if at, known := reached[e.src]; e.admin && known && e.last > at {
			links[e.src] = true
		}
	}
	return len(links)
}
