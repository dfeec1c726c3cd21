package scan

import (
	"context"
	"maps"
	"net/netip"
	"slices"

	"sentinel/internal/detect"
	"sentinel/internal/engine"
	"sentinel/internal/finding"
)

const (
	mostPairs    = 1 << 16 // kept of one scan, to know what other findings it covers
	pairsOutside = 256     // of one from outside, of which there may be thousands
	payload      = 500     // bytes up above which a datagram without answer is data and no probe
	fewFlows     = 3       // a probe is not repeated more often
	registered   = 1024    // ports from here on may be those of clients
)

// eachChannel reads the channels from some addresses to some, nil being all, and others too where they are many.
func eachChannel(ctx context.Context, scene *detect.Scene, from, to []netip.Addr, use func(engine.Channel)) error {
	filter := engine.ChannelFilter{SrcIPs: engine.Few(from), DstIPs: engine.Few(to)}
	for channel, err := range scene.Channels(ctx, filter) {
		if err != nil {
			return err
		}
		use(channel)
	}
	return nil
}

// examine reads the channels of the suspects: what they tried, and what of it are late answers of a server.
func examine(ctx context.Context, c *detect.Case, suspects []*suspect) error {
	if err := dropAnswers(ctx, c, suspects); err != nil {
		return err
	}
	bySource := map[netip.Addr]*suspect{}
	for _, s := range suspects {
		bySource[s.src] = s
		if s.mostPairs = mostPairs; !c.Test.Judged(s.src) {
			s.mostPairs = pairsOutside
		}
	}
	if len(suspects) == 0 {
		return nil
	}
	return eachChannel(ctx, c.Test, slices.Collect(maps.Keys(bySource)), nil, func(channel engine.Channel) {
		if s := bySource[channel.SrcIP]; s != nil {
			s.add(channel, c.Test.Network.Popular(channel.Sources))
		}
	})
}

// add counts a channel if it belongs to the scan.
func (s *suspect) add(channel engine.Channel, popular bool) {
	swept := slices.Contains(s.ports(), service{channel.Proto, channel.DstPort})
	probed := !isICMP(channel.Proto) && slices.ContainsFunc(s.probes, func(p engine.Probe) bool { return p.DstIP == channel.DstIP })
	if !swept && !probed || channel.Proto == "udp" && channel.UpBytes > payload*channel.Flows {
		return
	}
	s.tried++
	dead := channel.Failed == channel.Flows
	if dead {
		s.dead++
		if s.first == 0 || channel.First < s.first {
			s.first = channel.First
		}
		s.last = max(s.last, channel.Last)
	}
	if dead && swept {
		s.deadTargets++
		if popular && !probed {
			s.usual++
		}
	}
	if (dead || channel.Flows <= fewFlows) && len(s.pairs) < s.mostPairs {
		if pair := (finding.Pair{SrcIP: s.src, DstIP: channel.DstIP}); len(s.pairs) == 0 || s.pairs[len(s.pairs)-1] != pair {
			s.pairs = append(s.pairs, pair)
		}
	}
}

// dropAnswers takes back the charge of having tried many ports from servers whose late answers look like that:
// the ports are those of clients, and the address asked the server.
func dropAnswers(ctx context.Context, c *detect.Case, suspects []*suspect) error {
	asked := map[finding.Pair]int64{} // flows from client to server
	low := map[finding.Pair]int64{}   // ports that no client has, from server to client
	either := map[netip.Addr]bool{}
	for _, s := range suspects {
		for _, probe := range s.probes {
			asked[finding.Pair{SrcIP: probe.DstIP, DstIP: s.src}] = 0
			low[finding.Pair{SrcIP: s.src, DstIP: probe.DstIP}] = 0
			either[s.src], either[probe.DstIP] = true, true
		}
	}
	if len(either) == 0 {
		return nil
	}
	ends := slices.Collect(maps.Keys(either))
	err := eachChannel(ctx, c.Test, ends, ends, func(channel engine.Channel) {
		pair := finding.Pair{SrcIP: channel.SrcIP, DstIP: channel.DstIP}
		if _, wanted := low[pair]; wanted && channel.DstPort < registered {
			low[pair]++
		}
		if flows, wanted := asked[pair]; wanted {
			asked[pair] = flows + channel.Flows
		}
	})
	if err != nil {
		return err
	}
	for _, s := range suspects {
		s.probes = slices.DeleteFunc(s.probes, func(probe engine.Probe) bool {
			pair := finding.Pair{SrcIP: s.src, DstIP: probe.DstIP}
			return 2*asked[finding.Pair{SrcIP: probe.DstIP, DstIP: s.src}] >= probe.DeadPorts && 20*low[pair] < probe.DeadPorts
		})
	}
	return nil
}

// scannedBefore counts, for each suspect, the dead ports and addresses of its sweeps and probes in the baseline.
func scannedBefore(ctx context.Context, c *detect.Case, suspects []*suspect) (map[netip.Addr]int64, error) {
	before := map[netip.Addr]int64{}
	if c.Base == nil || len(suspects) == 0 {
		return before, nil
	}
	suspected := map[netip.Addr]bool{}
	for _, s := range suspects {
		suspected[s.src] = true
	}
	for sweep, err := range c.Base.Sweeps(ctx, int64(c.Param("min_targets"))) {
		if err != nil {
			return nil, err
		}
		if suspected[sweep.SrcIP] {
			before[sweep.SrcIP] += sweep.DeadTargets
		}
	}
	for probe, err := range c.Base.Probes(ctx, int64(c.Param("min_ports"))) {
		if err != nil {
			return nil, err
		}
		if suspected[probe.SrcIP] {
			before[probe.SrcIP] += probe.DeadPorts
		}
	}
	return before, nil
}
