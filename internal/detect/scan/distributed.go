package scan

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"net/netip"
	"slices"

	"sentinel/internal/detect"
	"sentinel/internal/engine"
	"sentinel/internal/finding"
)

// target is a port of an address that many tried and that answered nobody.
type target struct {
	dst netip.Addr
	service
}

// crowd is who tried a target.
type crowd struct {
	target
	sources     []netip.Addr
	own         bool // one of them is of the network
	answered    bool
	first, last int64
}

// distributed finds targets that many hosts try in vain, each a few times: one finding per port, over all addresses.
func distributed(ctx context.Context, c *detect.Case, known *network, suspects []*suspect) ([]finding.Finding, error) {
	scanner := map[netip.Addr]bool{}
	for _, s := range suspects {
		scanner[s.src] = true
	}
	crowds := map[target]*crowd{}
	crowded := map[netip.Addr]bool{}
	for _, dst := range known.crowded {
		crowded[dst] = true
	}
	if len(crowded) == 0 {
		return nil, nil
	}
	err := eachChannel(ctx, c.Test, nil, known.crowded, func(channel engine.Channel) {
		if crowded[channel.DstIP] && !scanner[channel.SrcIP] {
			join(crowds, channel, c.Test.Judged(channel.SrcIP))
		}
	})
	if err != nil {
		return nil, err
	}
	byService := map[service][]*crowd{}
	for _, crowd := range crowds {
		if !crowd.answered && len(crowd.sources) >= int(c.Param("min_sources")) {
			byService[crowd.service] = append(byService[crowd.service], crowd)
		}
	}
	var findings []finding.Finding
	for tried, targets := range byService {
		slices.SortFunc(targets, func(a, b *crowd) int { return a.dst.Compare(b.dst) })
		findings = append(findings, describeCrowds(c, tried, targets))
	}
	slices.SortFunc(findings, func(a, b finding.Finding) int { return cmp.Compare(a.ID, b.ID) })
	return findings, nil
}

// join adds a channel to the crowd of its target. Who tries often is no scanner: a program that insists.
func join(crowds map[target]*crowd, channel engine.Channel, own bool) {
	key := target{channel.DstIP, service{channel.Proto, channel.DstPort}}
	if crowds[key] == nil {
		crowds[key] = &crowd{target: key, first: math.MaxInt64}
	}
	there := crowds[key]
	switch {
	case channel.Failed < channel.Flows:
		there.answered = true
	case channel.Flows <= fewFlows:
		there.sources = append(there.sources, channel.SrcIP)
		there.own = there.own || own
		there.first, there.last = min(there.first, channel.First), max(there.last, channel.Last)
	}
}

func describeCrowds(c *detect.Case, tried service, targets []*crowd) finding.Finding {
	f := finding.Finding{
		ID: finding.Key("scan", "shared", tried.proto, tried.port), PValue: math.NaN(), DstPort: tried.port, Proto: tried.proto, First: math.MaxInt64,
		Explanation: fmt.Sprintf("None of them got an answer, none tried more than %d times, and the port answered nobody. "+
			"A scan shared among many hosts looks like that, and so does a service that is gone (threshold: %.0f hosts).", fewFlows, c.Param("min_sources")),
		Remedy: "it stops being a finding when the port answers, or fewer hosts try it",
	}
	sources := map[netip.Addr]bool{}
	own := false
	for _, crowd := range targets {
		own = own || crowd.own
		f.First, f.Last = min(f.First, crowd.first), max(f.Last, crowd.last)
		for _, source := range crowd.sources {
			sources[source] = true
			if len(f.Pairs) < mostPairs {
				f.Pairs = append(f.Pairs, finding.Pair{SrcIP: source, DstIP: crowd.dst})
			}
		}
	}
	for source := range sources {
		f.Hosts = append(f.Hosts, source)
	}
	slices.SortFunc(f.Hosts, netip.Addr.Compare)
	f.Hosts = f.Hosts[:min(len(f.Hosts), mostHosts)]
	f.Title = fmt.Sprintf("%d hosts tried %s on %d addresses in vain", len(sources), tried, len(targets))
	if len(targets) == 1 {
		f.DstIP = targets[0].dst
		f.Title = fmt.Sprintf("%d hosts tried %s on %s in vain", len(sources), tried, f.DstIP)
	}
	f.Evidence = []finding.Evidence{
		{Name: "sources", Value: float64(len(sources)), Text: fmt.Sprint(len(sources))},
		{Name: "targets", Value: float64(len(targets)), Text: fmt.Sprint(len(targets))},
	}
	base := 0.3
	if own && len(targets) >= severalTargets {
		base = 0.5
	}
	f.Weigh(base)
	return f
}

// severalTargets are more than one service that is gone.
const severalTargets = 5
