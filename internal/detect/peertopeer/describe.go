package peertopeer

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"sentinel/internal/detect"
	"sentinel/internal/detect/words"
	"sentinel/internal/finding"
	"sentinel/internal/stat"
)

func describe(c *detect.Case, g *group, rates rates) finding.Finding {
	expected := 0.0
	for _, host := range g.hosts {
		expected += rates.of(host)
	}
	s := g.shape()
	f := finding.Finding{
		ID:     finding.Key("peer-to-peer", g.identity()...),
		PValue: stat.PoissonUpper(int64(len(g.edges)), expected), DstPort: -1,
		Hosts: g.hosts, First: s.first, Last: s.last, Pairs: g.pairs(), Title: title(g, s),
		Explanation: fmt.Sprintf("%d pairs of internal hosts that the baseline has in neither direction, none of them to a server; %s were to be "+
			"expected of these %d hosts (chance %.1g). %s", len(g.edges), words.Number(expected), len(g.hosts), stat.PoissonUpper(int64(len(g.edges)), expected), g.list()),
		Remedy: "it stops being a finding when the baseline contains these pairs, or when the hosts called count as servers; say so with the role of a host",
		Evidence: []finding.Evidence{
			{Name: "new_edges", Value: float64(len(g.edges)), Text: fmt.Sprintf("%d new pairs", len(g.edges))},
			{Name: "expected_edges", Value: expected, Text: words.Number(expected) + " by the baseline"},
			{Name: "hosts", Value: float64(len(g.hosts)), Text: words.Hosts(g.hosts)},
			{Name: "call_and_called", Value: float64(s.both), Text: fmt.Sprintf("%d of the hosts both call and are called", s.both)},
			{Name: "fan_out", Value: float64(s.fanOut), Text: fmt.Sprintf("%s contacts %d", s.widest, s.fanOut)},
			{Name: "admin_fan_out", Value: float64(s.adminFanOut), Text: fmt.Sprintf("%d hosts administered by one", s.adminFanOut)},
			{Name: "flows", Value: float64(s.flows), Text: words.Number(float64(s.flows))},
		},
	}
	if s.sources == 1 {
		f.SrcIP = s.widest
		f.Hosts = append([]netip.Addr{s.widest}, slices.DeleteFunc(slices.Clone(g.hosts), func(h netip.Addr) bool { return h == s.widest })...)
	}
	f.Weigh(strength(c, g, s), modifiers(c, s)...)
	return f
}

// strength is low where a pair or two is all, and where hosts only call or are only called, few by each: those called
// may be new printers or servers.
func strength(c *detect.Case, g *group, s shape) float64 {
	if len(g.edges) >= 3 && s.targets > 1 && (s.both > 0 || s.fanOut >= int(c.Param("fan_out"))) {
		return 0.45
	}
	return 0.3
}

func modifiers(c *detect.Case, s shape) []finding.Modifier {
	var list []finding.Modifier
	if s.both >= 2 {
		list = append(list, finding.Modifier{Delta: min(0.05*float64(s.both-1), 0.25), Reason: fmt.Sprintf("%d of the hosts both call and are called", s.both)})
	}
	if s.adminFanOut >= int(c.Param("fan_out")) {
		list = append(list, finding.Modifier{Delta: 0.2, Reason: fmt.Sprintf("one host contacts %d others on ports that administer machines", s.adminFanOut)})
	}
	if s.chains > 0 {
		list = append(list, finding.Modifier{Delta: 0.15, Reason: fmt.Sprintf("%d hosts were contacted on an administration port and then contacted others on one", s.chains)})
	}
	return list
}

func title(g *group, s shape) string {
	switch {
	case s.targets == 1 && s.sources > 1:
		return fmt.Sprintf("%d hosts begin to contact %s, which was no server", s.sources, g.edges[0].dst)
	case s.sources == 1:
		return fmt.Sprintf("%s begins to contact %d internal hosts that are no servers", s.widest, s.targets)
	}
	return fmt.Sprintf("%d internal hosts, none of them a server, begin to talk to each other", len(g.hosts))
}

// list names the first edges.
func (g *group) list() string {
	const most = 8
	var texts []string
	for _, e := range g.edges[:min(len(g.edges), most)] {
		texts = append(texts, fmt.Sprintf("%s to %s port %d (%d flows)", e.src, e.dst, e.port, e.flows))
	}
	text := strings.Join(texts, ", ")
	if len(g.edges) > most {
		text += fmt.Sprintf(" and %d more", len(g.edges)-most)
	}
	return text + "."
}

func (g *group) identity() []any {
	var parts []any
	for _, host := range g.hosts {
		parts = append(parts, host)
	}
	return parts
}

func (g *group) pairs() []finding.Pair {
	var pairs []finding.Pair
	for _, e := range g.edges {
		pairs = append(pairs, finding.Pair{SrcIP: e.src, DstIP: e.dst})
	}
	return pairs
}
