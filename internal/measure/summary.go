package measure

import (
	"net/netip"

	"sentinel/internal/engine"
	"sentinel/internal/report"
)

var summary = Measure{
	ID:    "summary",
	Title: "Summary",
	Doc:   "Flows, sources, destinations, bytes, and which of the internal networks the sources lie in.",
	Attach: func(config Config, folds *Folds) func(*report.Report) {
		var total report.Summary
		seen := map[netip.Prefix]bool{}
		folds.hosts = append(folds.hosts, func(host engine.Host) {
			total.Hosts++
			total.Flows += host.Flows
			total.UpBytes = plus(total.UpBytes, host.UpBytes)
			total.DownBytes = plus(total.DownBytes, host.DownBytes)
			if network, ok := networkOf(host.SrcIP, config.Internal); ok {
				total.Internal.Hosts++
				seen[network] = true
			}
		})
		folds.servers = append(folds.servers, func(server engine.Server) {
			total.Servers++
			if network, ok := networkOf(server.DstIP, config.Internal); ok {
				seen[network] = true
			}
		})
		return func(r *report.Report) {
			total.First, total.Last = report.Extent(r.Inputs)
			total.Internal.Networks = []netip.Prefix{}
			for _, network := range config.Internal {
				if seen[network] {
					total.Internal.Networks = append(total.Internal.Networks, network)
				}
			}
			r.Summary = total
			noteMissingInside(r, config.Internal)
		}
	},
}

func networkOf(address netip.Addr, networks []netip.Prefix) (netip.Prefix, bool) {
	for _, network := range networks {
		if network.Contains(address) {
			return network, true
		}
	}
	return netip.Prefix{}, false
}

func noteMissingInside(r *report.Report, networks []netip.Prefix) {
	if r.Summary.Flows > 0 && len(r.Summary.Internal.Networks) == 0 && len(networks) > 0 {
		r.Notes = append(r.Notes, report.Note{
			Text: "no address of this capture lies in an internal network",
			Hint: "say which networks are yours with --internal 198.51.100.0/24",
		})
	}
}

var internal = Measure{
	ID:    "internal",
	Title: "Internal traffic",
	Doc:   "Flows whose both ends lie in the internal networks.",
	Attach: func(config Config, folds *Folds) func(*report.Report) {
		total := int64(0)
		folds.peersOf(config.Internal, func(peer engine.Peer) { total += peer.Flows })
		return func(r *report.Report) { r.Summary.Internal.Flows = &total }
	},
}
