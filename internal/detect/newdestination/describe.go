package newdestination

import (
	"fmt"
	"net/netip"
	"strings"

	"sentinel/internal/detect"
	"sentinel/internal/detect/words"
	"sentinel/internal/finding"
)

func describe(c *detect.Case, g *group) finding.Finding {
	var flows, first, last int64
	var servers []netip.Addr
	first = g.contacts[0].first
	for _, t := range g.contacts {
		flows += t.flows
		first, last = min(first, t.first), max(last, t.last)
		servers = append(servers, t.servers...)
	}
	f := finding.Finding{
		ID: finding.Key("new-destination", g.kind.id, g.hosts, g.keys), PValue: g.p, DstPort: -1,
		Hosts: g.hosts, First: first, Last: last, Pairs: g.pairs(),
		Title: title(g, flows),
		Explanation: fmt.Sprintf("%d new contacts (a host and one of the %s) that no host has in the baseline, where %s were to be expected of these hosts by how "+
			"often anything new comes (chance %.1g): %s.", len(g.contacts), g.kind.plural, words.Number(g.expected), g.p, g.who()),
		Remedy: "it stops being a finding when the baseline has these " + g.kind.plural + "; allow the networks if the business is known",
		Evidence: []finding.Evidence{
			{Name: "new_contacts", Value: float64(len(g.contacts)), Text: fmt.Sprintf("%d of %d hosts", len(g.contacts), len(g.hosts))},
			{Name: "expected_contacts", Value: g.expected, Text: words.Number(g.expected) + " by the baseline's rate of anything new"},
			{Name: "new_" + g.kind.plural, Value: float64(len(g.keys)), Text: g.list()},
			{Name: "flows", Value: float64(flows), Text: words.Number(float64(flows))},
			{Name: "servers", Value: float64(len(servers)), Text: words.Hosts(servers)},
			{Name: "scatter", Value: g.scatter, Text: fmt.Sprintf("%.1f times as wide as Poisson", g.scatter)},
		},
	}
	if len(g.hosts) == 1 {
		f.SrcIP = g.hosts[0]
	}
	f.Weigh(strength(c, g), modifiers(g, flows)...)
	return f
}

func title(g *group, flows int64) string {
	verb, news := "contact", "where the network never had any business"
	if g.kind.id == "port" {
		verb, news = "use", "which nobody used before"
	}
	if len(g.hosts) == 1 {
		verb += "s"
	}
	return fmt.Sprintf("%s %s %s, %s, %s times", subject(g), verb, g.list(), news, words.Number(float64(flows)))
}

func strength(c *detect.Case, g *group) float64 {
	if len(g.contacts) < int(c.Param("strong_new")) || len(g.keys) == 1 {
		return min(g.kind.strength, 0.3)
	}
	return g.kind.strength
}

func modifiers(g *group, flows int64) []finding.Modifier {
	var list []finding.Modifier
	if g.kind.id != "country" {
		return list
	}
	if len(g.hosts) > 1 && len(g.keys) > 1 {
		list = append(list, finding.Modifier{Delta: 0.05, Reason: fmt.Sprintf("%d hosts share the %s", len(g.hosts), g.kind.plural)})
	}
	if each := float64(flows) / float64(len(g.contacts)); each >= 10 {
		list = append(list, finding.Modifier{Delta: 0.05, Reason: fmt.Sprintf("%s flows to each, no accident", words.Number(each))})
	}
	return list
}

func subject(g *group) string {
	if len(g.hosts) <= 3 {
		return words.Hosts(g.hosts)
	}
	return fmt.Sprintf("%d hosts", len(g.hosts))
}

// list names the keys.
func (g *group) list() string {
	const most = 5
	var names []string
	for _, key := range g.keys[:min(len(g.keys), most)] {
		names = append(names, g.kind.name(key))
	}
	text := strings.Join(names, ", ")
	if len(g.keys) > most {
		text += fmt.Sprintf(" and %d more %s", len(g.keys)-most, g.kind.plural)
	}
	return text
}

// who tells the first contacts.
func (g *group) who() string {
	const most = 8
	var texts []string
	for _, t := range g.contacts[:min(len(g.contacts), most)] {
		texts = append(texts, fmt.Sprintf("%s to %s at %s, %s flows", t.host, words.Hosts(t.servers), g.kind.name(t.key), words.Number(float64(t.flows))))
	}
	text := strings.Join(texts, "; ")
	if len(g.contacts) > most {
		text += fmt.Sprintf("; and %d more", len(g.contacts)-most)
	}
	return text
}

func (g *group) pairs() []finding.Pair {
	var pairs []finding.Pair
	for _, t := range g.contacts {
		for _, server := range t.servers {
			pairs = append(pairs, finding.Pair{SrcIP: t.host, DstIP: server})
		}
	}
	return pairs
}
