package peertopeer

import (
	"context"
	"net/netip"
	"slices"

	"sentinel/internal/detect"
	"sentinel/internal/engine"
	"sentinel/internal/finding"
)

// adminPorts are where machines are administered or files shared: SSH, Telnet, RPC, NetBIOS, SMB, RDP, VNC, WinRM
// (DETECTION.md, 4).
var adminPorts = []int64{22, 23, 135, 139, 445, 3389, 5900, 5985, 5986}

// edge is a source and a destination, both internal, with flows that were answered.
type edge struct {
	src, dst    netip.Addr
	flows       int64
	bytes       int64
	port        int64 // of most flows
	portFlows   int64
	admin       bool // one of the ports administers machines
	first, last int64
}

// graph is the talk between internal hosts, without that to servers.
type graph struct {
	list []edge // by source and destination
	seen map[finding.Pair]bool
}

// edgesOf reads the edges of a scene. Failed flows make none, and neither do sources most of whose targets stay silent.
func edgesOf(ctx context.Context, c *detect.Case, scene *detect.Scene) (graph, error) {
	var pairs []edge // also those without answer, which have no flows
	for channel, err := range scene.Channels(ctx, engine.ChannelFilter{}) {
		if err != nil {
			return graph{}, err
		}
		if counts(c, scene.Network, channel) {
			pairs = add(pairs, channel)
		}
	}
	g := graph{seen: map[finding.Pair]bool{}}
	scans := scanners(pairs, c.Param("max_dead"))
	for _, e := range pairs {
		if e.flows >= int64(c.Param("min_flows")) && !scans[e.src] {
			g.list = append(g.list, e)
			g.seen[finding.Pair{SrcIP: e.src, DstIP: e.dst}] = true
		}
	}
	return g, nil
}

// counts tells whether a channel joins two internal hosts of which the second is no server. What the baseline says
// of it comes first: a host that many of a group contact for the first time is no server for that.
func counts(c *detect.Case, network *detect.Network, channel engine.Channel) bool {
	if channel.SrcIP == channel.DstIP || !network.Inside(channel.SrcIP) || !network.Inside(channel.DstIP) {
		return false
	}
	return detect.Scorable(channel.DstIP, channel.Proto, channel.DstPort) && !serves(c.Base.Network, channel.DstIP)
}

func serves(network *detect.Network, host netip.Addr) bool {
	return network.Is(host, detect.Server) || network.Is(host, detect.Resolver)
}

// add puts a channel to the edge of its pair; channels come by source and destination.
func add(pairs []edge, channel engine.Channel) []edge {
	last := len(pairs) - 1
	if last < 0 || pairs[last].src != channel.SrcIP || pairs[last].dst != channel.DstIP {
		pairs = append(pairs, edge{src: channel.SrcIP, dst: channel.DstIP, first: channel.First, last: channel.Last})
		last++
	}
	e := &pairs[last]
	answered := channel.Flows - channel.Failed
	if answered == 0 {
		return pairs
	}
	e.flows += answered
	e.bytes += channel.UpBytes + channel.DownBytes
	e.admin = e.admin || channel.Proto == "tcp" && slices.Contains(adminPorts, channel.DstPort)
	if answered > e.portFlows {
		e.port, e.portFlows = channel.DstPort, answered
	}
	e.first, e.last = min(e.first, channel.First), max(e.last, channel.Last)
	return pairs
}

// fewTargets are too few to call a source a scanner.
const fewTargets = 5

func scanners(pairs []edge, maxDead float64) map[netip.Addr]bool {
	tried, dead := map[netip.Addr]int{}, map[netip.Addr]int{}
	for _, e := range pairs {
		tried[e.src]++
		if e.flows == 0 {
			dead[e.src]++
		}
	}
	scans := map[netip.Addr]bool{}
	for src, n := range tried {
		scans[src] = n >= fewTargets && float64(dead[src]) > maxDead*float64(n)
	}
	return scans
}

// newAgainst lists the edges that a baseline has in neither direction.
func (g graph) newAgainst(before graph) []edge {
	var fresh []edge
	for _, e := range g.list {
		if !before.seen[finding.Pair{SrcIP: e.src, DstIP: e.dst}] && !before.seen[finding.Pair{SrcIP: e.dst, DstIP: e.src}] {
			fresh = append(fresh, e)
		}
	}
	return fresh
}
