package exfil

import (
	"fmt"
	"net/netip"

	"sentinel/internal/finding"
	"sentinel/internal/flow"
)

// group joins the findings about one destination network: several hosts that upload to one receiver are one
// phenomenon. The strongest tells the story.
func group(findings []finding.Finding) []finding.Finding {
	at := map[netip.Prefix]int{}
	var groups []finding.Finding
	for _, f := range findings {
		network := flow.ServiceNetwork(f.DstIP)
		i, seen := at[network]
		if !seen {
			at[network] = len(groups)
			groups = append(groups, f)
			continue
		}
		groups[i] = join(groups[i], f)
	}
	return groups
}

func join(first, second finding.Finding) finding.Finding {
	hosts := first.Hosts
	if len(hosts) == 0 {
		hosts = []netip.Addr{first.SrcIP}
	}
	hosts = append(hosts, second.SrcIP)
	pairs := append(first.Pairs, second.Pairs...)
	begin, end := min(first.First, second.First), max(first.Last, second.Last)
	did := append(first.Evidence, finding.Evidence{Name: "also_by", Value: float64(len(hosts)), Text: second.Title})
	if finding.Compare(second, first) < 0 {
		first.Score, first.Severity, first.Modifiers, first.Explanation = second.Score, second.Severity, second.Modifiers, second.Explanation
	}
	first.ID = finding.Key("exfil", flow.ServiceNetwork(first.DstIP))
	first.Title = fmt.Sprintf("%d hosts uploaded far more than their peers to %s, among them %s", len(hosts), flow.ServiceNetwork(first.DstIP), hosts[0])
	first.SrcIP, first.Hosts, first.Pairs, first.First, first.Last, first.Evidence = netip.Addr{}, hosts, pairs, begin, end, did
	return first
}
