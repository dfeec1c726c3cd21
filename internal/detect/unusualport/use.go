package unusualport

import (
	"context"
	"fmt"
	"net/netip"
	"slices"

	"sentinel/internal/detect"
	"sentinel/internal/engine"
	"sentinel/internal/finding"
)

// port is a port of a protocol.
type port struct {
	proto  string
	number int64
}

func (p port) String() string { return fmt.Sprintf("%s %d", p.proto, p.number) }

// use is what one host did with a port that hardly anybody else uses.
type use struct {
	src      netip.Addr
	port     port
	main     engine.Channel // the one with most answered flows
	answered int64
	up, down int64
	hosts    int64 // that use the port with success
	first    int64
	last     int64
	pairs    []finding.Pair
}

// tried is how many hosts more than allowed may have touched a port: scanners try every port, and do not make it usual.
const tried = 3

// ephemeral is the first port that clients take for themselves on most systems.
const ephemeral = 32_768

// read collects the uses of rare ports, by source and port.
func read(ctx context.Context, c *detect.Case) ([]*use, error) {
	limit := max(int64(c.Param("max_share")*float64(c.Test.Network.Hosts)), 1)
	type key struct {
		src  netip.Addr
		port port
	}
	uses, hosts := map[key]*use{}, map[port]int64{}
	var order []*use
	for channel, err := range c.Test.Channels(ctx, engine.ChannelFilter{MaxPortHosts: limit + tried}) {
		if err != nil {
			return nil, err
		}
		if !serves(c.Test, channel) {
			continue
		}
		k := key{channel.SrcIP, port{channel.Proto, channel.DstPort}}
		if uses[k] == nil {
			uses[k] = &use{src: k.src, port: k.port, main: channel, first: channel.First, last: channel.Last}
			hosts[k.port]++
			order = append(order, uses[k])
		}
		uses[k].add(channel)
	}
	for _, u := range order {
		u.hosts = hosts[u.port]
	}
	return slices.DeleteFunc(order, func(u *use) bool { return u.hosts > limit }), nil
}

// serves tells whether a channel is a service that answers: flows mostly with success, both ways. A server that sends
// to a client's port answers, and asks nothing.
func serves(scene *detect.Scene, channel engine.Channel) bool {
	network := scene.Network
	switch {
	case channel.Proto != "tcp" && channel.Proto != "udp", !scene.Judged(channel.SrcIP):
		return false
	case !detect.Scorable(channel.DstIP, channel.Proto, channel.DstPort):
		return false
	case channel.UpBytes == 0, channel.DownBytes == 0, 2*channel.Failed >= channel.Flows:
		return false
	}
	answers := network.Is(channel.SrcIP, detect.Server) || network.Popular(network.Node(channel.SrcIP).AskedBy)
	return !answers || channel.DstPort < ephemeral
}

func (u *use) add(channel engine.Channel) {
	if channel.Flows-channel.Failed > u.main.Flows-u.main.Failed {
		u.main = channel
	}
	u.answered += channel.Flows - channel.Failed
	u.up += channel.UpBytes
	u.down += channel.DownBytes
	u.first, u.last = min(u.first, channel.First), max(u.last, channel.Last)
	u.pairs = append(u.pairs, finding.Pair{SrcIP: channel.SrcIP, DstIP: channel.DstIP})
}

// byHost groups uses, which come by source, by source.
func byHost(uses []*use) [][]*use {
	var groups [][]*use
	for i, u := range uses {
		if i == 0 || uses[i-1].src != u.src {
			groups = append(groups, nil)
		}
		groups[len(groups)-1] = append(groups[len(groups)-1], u)
	}
	return groups
}

// portsOf are the ports that answered in the baseline.
func portsOf(ctx context.Context, base *detect.Scene) (map[port]bool, error) {
	usual := map[port]bool{}
	if base == nil {
		return usual, nil
	}
	for row, err := range base.Ports(ctx) {
		if err != nil {
			return nil, err
		}
		if row.DownBytes > 0 {
			usual[port{row.Proto, row.DstPort}] = true
		}
	}
	return usual, nil
}
