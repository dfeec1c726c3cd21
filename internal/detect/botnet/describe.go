package botnet

import (
	"fmt"
	"strings"

	"sentinel/internal/detect"
	"sentinel/internal/detect/words"
	"sentinel/internal/finding"
	"sentinel/internal/stat"
)

// figures are what a group's members say together.
type figures struct {
	period, periodicity float64 // medians
	devotion            float64 // members over hosts that contact the services
	synchrony           float64 // of the service that has most
	contacts            int
	sources             int64 // the most hosts that contact one of the services
	known               int   // services that the baseline knows
	knownFlows          int64
	inside              bool
	first, last         int64
}

func figuresOf(c *detect.Case, g *group) figures {
	f := figures{first: g.services[0].members[0].first, inside: true}
	var periods, periodicities []float64
	members, sources := 0.0, 0.0
	for _, s := range g.services {
		members, sources = members+float64(len(s.members)), sources+float64(s.sources)
		f.sources, f.synchrony = max(f.sources, s.sources), max(f.synchrony, synchrony(s))
		f.inside = f.inside && c.Test.Network.Inside(s.addr)
		if s.known > 0 {
			f.known++
			f.knownFlows += s.known
		}
		for _, m := range s.members {
			periods, periodicities = append(periods, m.rhythm.Period), append(periodicities, m.rhythm.Periodicity)
			f.contacts += len(m.starts)
			f.first, f.last = min(f.first, m.first), max(f.last, m.last)
		}
	}
	f.devotion = min(members/sources, 1)
	f.period, f.periodicity = stat.Quantile(periods, 0.5), stat.Quantile(periodicities, 0.5)
	return f
}

func describe(c *detect.Case, g *group) finding.Finding {
	v := figuresOf(c, g)
	first := g.services[0]
	f := finding.Finding{
		ID: finding.Key("botnet", identity(g)...), PValue: g.p, DstPort: first.port, Proto: first.proto,
		Hosts: g.hosts, First: v.first, Last: v.last, Pairs: pairs(g),
		Title: fmt.Sprintf("%d hosts contact %s in one rhythm, every %s", len(g.hosts), destinations(g), words.Span(v.period)),
		Explanation: fmt.Sprintf("%s contact %s, which %s, %d times in all. Each keeps a period of about %s by itself; contacts of people would not (chance %.1g).%s",
			words.Hosts(g.hosts), list(g), elsewhere(v, g), v.contacts, words.Span(v.period), g.p, moments(v)),
		Remedy: "it stops being a finding when other hosts use the destinations without that rhythm; allow the destination if a program that you know contacts it",
		Evidence: []finding.Evidence{
			{Name: "hosts", Value: float64(len(g.hosts)), Text: words.Hosts(g.hosts)},
			{Name: "destinations", Value: float64(len(g.services)), Text: list(g)},
			{Name: "contacts", Value: float64(v.contacts), Text: fmt.Sprint(v.contacts)},
			{Name: "period_seconds", Value: v.period, Text: words.Span(v.period)},
			{Name: "periodicity", Value: v.periodicity, Text: fmt.Sprintf("%.2f of 1, the median of the group", v.periodicity)},
			{Name: "devotion", Value: v.devotion, Text: fmt.Sprintf("%.0f %% of the hosts that contact the destinations keep the rhythm", 100*v.devotion)},
			{Name: "synchrony", Value: v.synchrony, Text: fmt.Sprintf("%.2f: 0 as by chance, 1 always at the same moments", v.synchrony)},
			{Name: "overlap_chance", Value: g.overlap, Text: fmt.Sprintf("%.1g that the destinations have their hosts in common by chance", g.overlap)},
		},
	}
	if len(g.services) == 1 {
		f.DstIP = first.addr
	}
	f.Weigh(v.periodicity*(0.6+0.25*v.devotion), modifiers(c, g, v)...)
	return f
}

// common is the share of the hosts from which on a program with a clock is more likely than a master.
const common = 0.05

func modifiers(c *detect.Case, g *group, v figures) []finding.Modifier {
	var list []finding.Modifier
	if v.synchrony >= 0.5 {
		list = append(list, finding.Modifier{Delta: 0.15, Reason: "the hosts contact it at the same moments"})
	}
	if len(g.services) > 1 {
		list = append(list, finding.Modifier{Delta: 0.05, Reason: fmt.Sprintf("the hosts share %d destinations", len(g.services))})
	}
	if v.synchrony < 0.5 {
		list = append(list, finding.Modifier{Delta: -0.2, Reason: "each host at moments of its own, as one program on several machines does"})
		if share := c.Test.Network.Prevalence(v.sources); share >= common {
			list = append(list, finding.Modifier{Delta: -0.3, Reason: fmt.Sprintf("%.0f %% of all hosts contact it", 100*share)})
		}
	}
	if v.inside {
		list = append(list, finding.Modifier{Delta: -0.2, Reason: "the destination is inside"})
	}
	switch {
	case c.Base == nil:
	case v.known == len(g.services):
		list = append(list, finding.Modifier{Delta: -0.6, Reason: fmt.Sprintf("the baseline knows it, with %d flows", v.knownFlows)})
	case v.known > 0:
		list = append(list, finding.Modifier{Delta: -0.2, Reason: fmt.Sprintf("the baseline knows %d of the destinations", v.known)})
	default:
		list = append(list, finding.Modifier{Delta: 0.1, Reason: "not in the baseline"})
	}
	return list
}

func identity(g *group) []any {
	var parts []any
	for _, s := range g.services {
		parts = append(parts, s.destination)
	}
	return append(parts, g.hosts)
}

func pairs(g *group) []finding.Pair {
	var all []finding.Pair
	for _, s := range g.services {
		for _, m := range s.members {
			all = append(all, finding.Pair{SrcIP: m.host, DstIP: s.addr})
		}
	}
	return all
}

func elsewhere(v figures, g *group) string {
	others := v.sources - int64(len(g.hosts))
	if others <= 0 {
		return "no other host does"
	}
	return fmt.Sprintf("at most %d other hosts do", others)
}

func moments(v figures) string {
	if v.synchrony < 0.5 {
		return ""
	}
	return fmt.Sprintf(" They do so at the same moments (synchrony %.2f of 1), as by one order.", v.synchrony)
}

func destinations(g *group) string {
	if len(g.services) == 1 {
		return g.services[0].text()
	}
	return fmt.Sprintf("%d servers that hardly anybody else does", len(g.services))
}

func list(g *group) string {
	var all []string
	for _, s := range g.services {
		all = append(all, s.text())
	}
	return strings.Join(all, ", ")
}

func (s *service) text() string {
	if s.name != "" {
		return fmt.Sprintf("%s (%s)", s.name, s.destination)
	}
	return s.destination.String()
}
