package figure

import (
	"net/netip"

	"sentinel/internal/chart"
	"sentinel/internal/finding"
	"sentinel/internal/output"
	"sentinel/internal/report"
)

// mostPeers is how many hosts are named on each side of a picture of peers; one node counts the others.
const mostPeers = 20

// Peers draws who had to do with whom in a finding; it is nil where there are no two pairs of hosts.
func Peers(r *report.Report, f finding.Finding) chart.Chart {
	pairs, sources, targets := known(f.Pairs)
	if len(pairs) < 2 {
		return nil
	}
	p := peers{chart.Graph{Title: "Who with whom"}, map[netip.Addr]int{}}
	groups := peerGroups(r, f)
	p.name(sources, groups)
	p.name(targets, groups)
	otherSource, otherTarget := p.others(sources), p.others(targets)
	for _, pair := range pairs {
		p.Edges = append(p.Edges, chart.Edge{From: p.at(pair.SrcIP, otherSource), To: p.at(pair.DstIP, otherTarget), Weight: 1})
	}
	return p.Graph
}

// known are the pairs of which both hosts are, and each of the hosts once.
func known(all []finding.Pair) (pairs []finding.Pair, sources, targets []netip.Addr) {
	source, target := map[netip.Addr]bool{}, map[netip.Addr]bool{}
	for _, pair := range all {
		if !pair.SrcIP.IsValid() || !pair.DstIP.IsValid() {
			continue
		}
		pairs = append(pairs, pair)
		if !source[pair.SrcIP] {
			source[pair.SrcIP], sources = true, append(sources, pair.SrcIP)
		}
		if !target[pair.DstIP] {
			target[pair.DstIP], targets = true, append(targets, pair.DstIP)
		}
	}
	return pairs, sources, targets
}

// peerGroups tells what a host is in a picture of the finding's peers.
func peerGroups(r *report.Report, f finding.Finding) func(netip.Addr) chart.Group {
	groups := groupsOf(r)
	groups[f.SrcIP] = chart.Suspect
	for _, host := range f.Hosts {
		groups[host] = chart.Suspect
	}
	return func(host netip.Addr) chart.Group {
		if group := groups[host]; group != chart.Internal || !r.External(host) {
			return group
		}
		return chart.External
	}
}

// peers is a picture in the making.
type peers struct {
	chart.Graph
	place map[netip.Addr]int // of the hosts that are named
}

// name gives the first hosts of a side a node each.
func (p *peers) name(hosts []netip.Addr, group func(netip.Addr) chart.Group) {
	for _, host := range hosts[:min(len(hosts), mostPeers)] {
		if _, ok := p.place[host]; !ok {
			p.place[host] = len(p.Nodes)
			p.Nodes = append(p.Nodes, chart.Node{Label: host.String(), Group: group(host)})
		}
	}
}

// others makes a node of those that have none, and tells its place.
func (p *peers) others(hosts []netip.Addr) int {
	count := 0
	for _, host := range hosts {
		if _, ok := p.place[host]; !ok {
			count++
		}
	}
	if count > 0 {
		p.Nodes = append(p.Nodes, chart.Node{Label: output.Count(int64(count)) + " more", Group: chart.Several})
	}
	return len(p.Nodes) - 1
}

// at is the place of a host, which may be among the others.
func (p *peers) at(host netip.Addr, others int) int {
	if place, ok := p.place[host]; ok {
		return place
	}
	return others
}
