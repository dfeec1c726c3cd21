package measure

import (
	"cmp"
	"math"
	"net/netip"
	"slices"
	"strings"

	"sentinel/internal/engine"
	"sentinel/internal/report"
)

var botnet = Measure{
	ID:    "botnet",
	Title: "Flows inside a network",
	Doc: "Flows whose both ends lie in the network, by destination: who contacts it, and flows over the time from the " +
		"first to the last. Destinations with no time between their flows have no frequency and come last.",
	Attach: func(config Config, folds *Folds) func(*report.Report) {
		var found []report.Destination
		networks := config.Botnet
		if networks == nil {
			networks = config.Internal
		}
		folds.peersOf(wholeNetworks(networks), func(peer engine.Peer) {
			if last := len(found) - 1; last < 0 || found[last].DstIP != peer.DstIP {
				found = append(found, report.Destination{DstIP: peer.DstIP, First: peer.First, Last: peer.Last})
			}
			join(&found[len(found)-1], peer)
		})
		names := map[netip.Addr]string{}
		folds.servers = append(folds.servers, func(server engine.Server) {
			if server.Name != "" {
				names[server.DstIP] = server.Name
			}
		})
		return func(r *report.Report) {
			for i := range found {
				found[i].PerSecond = perSecond(found[i])
				found[i].Place = config.Places.Of(found[i].DstIP)
				found[i].Place.Name = names[found[i].DstIP]
				slices.SortFunc(found[i].SrcIPs, netip.Addr.Compare)
			}
			slices.SortFunc(found, byFrequency)
			r.Botnet = &report.Botnet{Network: label(networks, found), Destinations: found}
		}
	},
}

func join(destination *report.Destination, peer engine.Peer) {
	destination.SrcIPs = append(destination.SrcIPs, peer.SrcIP)
	destination.Flows += peer.Flows
	destination.First = min(destination.First, peer.First)
	destination.Last = max(destination.Last, peer.Last)
}

// wholeNetworks widens the network that stands for all to both address families.
func wholeNetworks(networks []netip.Prefix) []netip.Prefix {
	if slices.Contains(networks, Everywhere) {
		return []netip.Prefix{Everywhere, netip.MustParsePrefix("::/0")}
	}
	return networks
}

// label names the networks asked for; of several, those in which anything was found.
func label(networks []netip.Prefix, found []report.Destination) string {
	var names []string
	for _, network := range networks {
		inside := func(d report.Destination) bool { return network.Contains(d.DstIP) }
		if len(networks) == 1 || slices.ContainsFunc(found, inside) {
			names = append(names, network.String())
		}
	}
	if len(names) == 0 {
		return "the internal networks"
	}
	return strings.Join(names, ", ")
}

func perSecond(destination report.Destination) float64 {
	if destination.Last == destination.First {
		return math.NaN()
	}
	return float64(destination.Flows) / (float64(destination.Last-destination.First) / 1e6)
}

func byFrequency(a, b report.Destination) int {
	return cmp.Or(
		cmp.Compare(b.PerSecond, a.PerSecond), // NaN counts as less than any number
		cmp.Compare(b.Flows, a.Flows),
		a.DstIP.Compare(b.DstIP),
	)
}
