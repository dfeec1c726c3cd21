package scan

import (
	"fmt"
	"math"
	"net/netip"

	"sentinel/internal/detect"
	"sentinel/internal/finding"
)

const mostHosts = 4096 // named in a finding about many

// outside tells of scanners from outside in one finding: they are the background noise of the Internet.
func outside(c *detect.Case, suspects []*suspect) []finding.Finding {
	f := finding.Finding{
		ID: finding.Key("scan", "outside"), PValue: 0, DstPort: -1, First: math.MaxInt64,
		Remedy: "it stops being a finding when hosts outside find what they ask for, or a firewall in front of the capture drops their tries",
	}
	var most *suspect
	var count int
	for _, s := range suspects {
		if c.Test.Judged(s.src) || s.answering || !s.charged(c) {
			continue
		}
		count++
		f.PValue = max(f.PValue, min(1, s.p*float64(s.views)))
		f.First, f.Last = min(f.First, s.first), max(f.Last, s.last)
		if len(f.Hosts) < mostHosts {
			f.Hosts = append(f.Hosts, s.src)
			f.Pairs = append(f.Pairs, s.pairs...)
		}
		if most == nil || s.dead > most.dead {
			most = s
		}
	}
	if count == 0 {
		return nil
	}
	f.Title = fmt.Sprintf("%d hosts outside scan the network; %s", count, most.title())
	if count == 1 {
		f.SrcIP, f.Hosts, f.Title = most.src, []netip.Addr{most.src}, "From outside, "+most.title()
	}
	f.Explanation = fmt.Sprintf("%s tried %d ports of addresses in vain, most of the %d that did. Every network on the Internet sees such tries; "+
		"they matter where one of them found something.", most.src, most.dead, count)
	f.Evidence = []finding.Evidence{
		{Name: "sources", Value: float64(count), Text: fmt.Sprint(count)},
		{Name: "failed_contacts", Value: float64(most.dead), Text: fmt.Sprintf("%d by the busiest", most.dead)},
	}
	f.Weigh(magnitude(c, most.dead), finding.Modifier{Delta: min(0, 0.35-magnitude(c, most.dead)), Reason: "scans from outside are the noise of the Internet"})
	return []finding.Finding{f}
}
