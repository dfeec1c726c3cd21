package beacon

import (
	"fmt"
	"net/netip"

	"sentinel/internal/engine"
	"sentinel/internal/finding"
	"sentinel/internal/flow"
)

// groupKey names what counts as one beacon: a host and a network of servers on one port, since a controller
// behind several addresses is one controller.
type groupKey struct {
	src   netip.Addr
	dst   netip.Prefix
	proto string
	port  int64
}

func groupOf(channel engine.Channel) groupKey {
	return groupKey{channel.SrcIP, flow.ServiceNetwork(channel.DstIP), channel.Proto, channel.DstPort}
}

// join adds a beacon to another address of one network to the first of them; the stronger tells the story.
func join(first, second finding.Finding) finding.Finding {
	if second.Score > first.Score {
		first, second = second, first
	}
	first.Pairs = append(first.Pairs, second.Pairs...)
	first.First, first.Last = min(first.First, second.First), max(first.Last, second.Last)
	first.Evidence = append(first.Evidence, finding.Evidence{
		Name: "also_to", Value: float64(len(first.Pairs)), Text: fmt.Sprintf("%s, of the same network", second.Pairs[0].DstIP),
	})
	return first
}
