package newdestination

import (
	"cmp"
	"net/netip"
	"slices"

	"sentinel/internal/detect"
	"sentinel/internal/stat"
)

// group is what one finding is about: new contacts of hosts that share keys, or of one host.
type group struct {
	kind     kind
	contacts []*contact
	hosts    []netip.Addr // in their order
	keys     []string     // in their order
	expected float64      // new contacts of these hosts
	scatter  float64      // how much wider than Poisson the hosts' numbers lie, at least 1
	p        float64
}

// chance is that of so many new contacts, host by host, joined as independent tests. Numbers that scatter more than
// Poisson's are as if each came in clusters.
func (g *group) chance(expected map[netip.Addr]float64) float64 {
	counts := map[netip.Addr]float64{}
	for _, t := range g.contacts {
		counts[t.host]++
	}
	var chances []float64
	for _, host := range g.hosts {
		chances = append(chances, stat.PoissonUpper(int64(counts[host]/g.scatter), expected[host]/g.scatter))
	}
	return stat.Fisher(chances)
}

// groups gathers the new contacts, in the order of their hosts: hosts that share most of several new keys are one
// group, hosts that have but one new key are a group by that key, and any other host is one by itself. Hosts that
// share one key of several do so by chance in any large network.
func (j *kindJudge) groups(expected map[netip.Addr]float64) []*group {
	fresh := j.now.fresh()
	scatter := scatterOf(fresh, expected)
	byKey := map[string]*group{}
	var groups []*group
	for from := 0; from < len(fresh); {
		to := from
		for to < len(fresh) && fresh[to].host == fresh[from].host {
			to++
		}
		one := &group{kind: j.kind, scatter: scatter, contacts: slices.Clone(fresh[from:to])}
		into := byKey[one.contacts[0].key]
		if j.together && len(one.contacts) > 1 {
			at := slices.IndexFunc(groups, func(g *group) bool { return g.shares(one) })
			into = nil
			if at >= 0 {
				into = groups[at]
			}
		}
		switch {
		case j.together && into != nil:
			into.contacts = append(into.contacts, one.contacts...)
		default:
			groups = append(groups, one)
			if len(one.contacts) == 1 {
				byKey[one.contacts[0].key] = one
			}
		}
		from = to
	}
	for _, g := range groups {
		g.finish(expected)
	}
	return groups
}

// shares tells whether a host has two keys or more with the group's first host, and so half of what either has.
func (g *group) shares(one *group) bool {
	first := map[string]bool{}
	for _, t := range g.contacts {
		if t.host == g.contacts[0].host {
			first[t.key] = true
		}
	}
	common := 0
	for _, t := range one.contacts {
		if first[t.key] {
			common++
		}
	}
	return common >= 2 && 2*common >= min(len(first), len(one.contacts))
}

func (g *group) finish(expected map[netip.Addr]float64) {
	for _, t := range g.contacts {
		g.hosts, g.keys = append(g.hosts, t.host), append(g.keys, t.key)
	}
	slices.SortFunc(g.contacts, func(a, b *contact) int { return cmp.Or(a.host.Compare(b.host), cmp.Compare(a.key, b.key)) })
	slices.SortFunc(g.hosts, netip.Addr.Compare)
	slices.Sort(g.keys)
	g.hosts, g.keys = slices.Compact(g.hosts), slices.Compact(g.keys)
	for _, host := range g.hosts {
		g.expected += expected[host]
	}
	g.p = g.chance(expected)
}

// least is how many new contacts the group must have. Networks come and go by the dozen, and some hosts that visit
// the same new place are no news either.
func (g *group) least(c *detect.Case) int {
	if g.kind.together && (len(g.keys) > 1 || len(g.hosts) == 1) {
		return int(c.Param("min_new"))
	}
	return int(c.Param("strong_new"))
}

// told tells whether a finding is about one of the hosts already, and notes them.
func (g *group) told(hosts map[netip.Addr]bool) bool {
	for _, host := range g.hosts {
		if hosts[host] {
			return true
		}
	}
	for _, host := range g.hosts {
		hosts[host] = true
	}
	return false
}

// medianChiSquare is the median of the chi-square distribution with one degree of freedom.
const medianChiSquare = 0.4549

// scatterOf is the dispersion of the hosts' numbers about what was expected of them, by the median so that few hosts
// cannot move it; hosts of whom hardly anything is expected tell nothing.
func scatterOf(fresh []*contact, expected map[netip.Addr]float64) float64 {
	counts := map[netip.Addr]float64{}
	for _, t := range fresh {
		counts[t.host]++
	}
	var ratios []float64
	for host, mean := range expected {
		if mean >= 1 {
			ratios = append(ratios, (counts[host]-mean)*(counts[host]-mean)/mean)
		}
	}
	if len(ratios) < 10 {
		return 1
	}
	return max(1, stat.Quantile(ratios, 0.5)/medianChiSquare)
}
