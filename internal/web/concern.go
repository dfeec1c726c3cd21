package web

import (
	"net/netip"
	"slices"

	"sentinel/internal/explore"
	"sentinel/internal/finding"
)

// concerns tells whether a finding is about flows that a filter chooses, as far as the finding tells: it knows no
// countries, and of several ports or names none.
func concerns(f finding.Finding, filter explore.Filter) bool {
	switch {
	case filter.Host.IsValid() && !involves(f, filter.Host),
		filter.SrcIP.IsValid() && !isSource(f, filter.SrcIP),
		filter.DstIP.IsValid() && !isDestination(f, filter.DstIP),
		filter.Network.IsValid() && !slices.ContainsFunc(addresses(f), filter.Network.Contains),
		filter.Proto != "" && f.Proto != "" && f.Proto != filter.Proto,
		filter.DstPort >= 0 && f.DstPort >= 0 && f.DstPort != filter.DstPort,
		filter.Name != "" && f.Name != "" && f.Name != filter.Name,
		filter.From != 0 && f.Last < filter.From,
		filter.To != 0 && f.First >= filter.To:
		return false
	}
	return true
}

func involves(f finding.Finding, a netip.Addr) bool { return isSource(f, a) || isDestination(f, a) }

func isSource(f finding.Finding, a netip.Addr) bool {
	return f.SrcIP == a || slices.Contains(f.Hosts, a) || slices.ContainsFunc(f.Pairs, func(p finding.Pair) bool { return p.SrcIP == a })
}

func isDestination(f finding.Finding, a netip.Addr) bool {
	return f.DstIP == a || slices.ContainsFunc(f.Pairs, func(p finding.Pair) bool { return p.DstIP == a })
}

// addresses are all that a finding names.
func addresses(f finding.Finding) []netip.Addr {
	all := slices.Clone(f.Hosts)
	all = append(all, f.SrcIP, f.DstIP)
	for _, pair := range f.Pairs {
		all = append(all, pair.SrcIP, pair.DstIP)
	}
	return slices.DeleteFunc(all, func(a netip.Addr) bool { return !a.IsValid() })
}
