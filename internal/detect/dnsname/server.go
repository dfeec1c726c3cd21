package dnsname

import (
	"context"
	"net/netip"

	"sentinel/internal/engine"
	"sentinel/internal/finding"
)

// Port is that of the DNS (RFC 1035, 4.2).
const Port = 53

// Servers are the pairs of each client and the servers of the DNS that it asked. Where no flow tells of one, a client
// stands with itself.
func Servers(ctx context.Context, asked engine.Engine, clients []netip.Addr) (map[netip.Addr][]finding.Pair, error) {
	pairs := map[netip.Addr][]finding.Pair{}
	for _, client := range clients {
		pairs[client] = nil
	}
	if len(pairs) == 0 {
		return pairs, nil
	}
	for channel, err := range asked.Channels(ctx, engine.ChannelFilter{DstPort: Port}) {
		if err != nil {
			return nil, err
		}
		known, wanted := pairs[channel.SrcIP]
		pair := finding.Pair{SrcIP: channel.SrcIP, DstIP: channel.DstIP}
		if wanted && (len(known) == 0 || known[len(known)-1] != pair) { // channels come by source and destination
			pairs[channel.SrcIP] = append(known, pair)
		}
	}
	for _, client := range clients {
		if len(pairs[client]) == 0 {
			pairs[client] = []finding.Pair{{SrcIP: client, DstIP: client}}
		}
	}
	return pairs, nil
}
