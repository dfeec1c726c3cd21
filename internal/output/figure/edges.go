package figure

import (
	"net/netip"

	"sentinel/internal/chart"
	"sentinel/internal/finding"
	"sentinel/internal/report"
)

// Edges draws which internal host opened connections to which, and points out those that findings are about.
func Edges(r *report.Report) chart.Graph {
	graph := chart.Graph{Title: "Who talks to whom inside", Subtitle: subtitle(r), Unit: "flows"}
	groups := groupsOf(r)
	place := map[netip.Addr]int{}
	node := func(address netip.Addr) int {
		at, ok := place[address]
		if !ok {
			at = len(graph.Nodes)
			place[address] = at
			graph.Nodes = append(graph.Nodes, chart.Node{Label: address.String(), Group: groups[address]})
		}
		return at
	}
	found := found(r)
	for _, edge := range r.Edges {
		graph.Edges = append(graph.Edges, chart.Edge{
			From: node(edge.SrcIP), To: node(edge.DstIP), Weight: float64(edge.Flows),
			Marked: found[finding.Pair{SrcIP: edge.SrcIP, DstIP: edge.DstIP}],
		})
	}
	return graph
}

// groupsOf tells which hosts are more than ordinary ones.
func groupsOf(r *report.Report) map[netip.Addr]chart.Group {
	groups := map[netip.Addr]chart.Group{}
	if r.Detection != nil {
		for _, address := range r.Detection.Servers {
			groups[address] = chart.Server
		}
		for _, address := range r.Detection.Resolvers {
			groups[address] = chart.Server
		}
	}
	for _, f := range r.Findings {
		if f.Severity >= finding.Medium && f.SrcIP.IsValid() {
			groups[f.SrcIP] = chart.Suspect
		}
	}
	return groups
}

// found are the pairs that findings are about.
func found(r *report.Report) map[finding.Pair]bool {
	pairs := map[finding.Pair]bool{}
	for _, f := range r.Findings {
		for _, pair := range f.Pairs {
			if f.Severity >= finding.Medium {
				pairs[pair] = true
			}
		}
	}
	return pairs
}
