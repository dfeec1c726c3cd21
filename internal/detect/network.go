package detect

import (
	"context"
	"net/netip"
	"slices"

	"sentinel/internal/engine"
)

// Role is what a host does in its network.
type Role string

// The roles. A host may have several.
const (
	Client   Role = "client"   // opens flows, and few open any to it
	Server   Role = "server"   // many hosts open flows to it and it answers
	Resolver Role = "resolver" // many hosts ask it on port 53
)

// Network is who is who in a capture, inferred from who answers whom.
type Network struct {
	internal []netip.Prefix
	nodes    map[netip.Addr]engine.Node // internal ones, and sources
	fixed    map[netip.Addr]Role        // what the user says
	Hosts    int64                      // internal sources, or where none is internal, all sources
	pairs    int64                      // of a source and a destination: a capture has at least as many channels
	flows    int64
	quorum   int64 // sources from which on a host counts as a server
	outside  bool  // no source is internal
}

// Shares of the hosts from which on a destination counts as a server, and the least number.
const (
	serverShare  = 0.05
	serverLeast  = 5
	popularShare = 0.10
)

// Orient reads the nodes of a capture.
func Orient(ctx context.Context, flows engine.Engine, internal []netip.Prefix, fixed map[netip.Addr]Role) (*Network, error) {
	n := &Network{internal: internal, nodes: map[netip.Addr]engine.Node{}, fixed: fixed}
	var sources int64
	for node, err := range flows.Nodes(ctx) {
		if err != nil {
			return nil, err
		}
		n.pairs += node.OpenedTo
		n.flows += node.Opened
		if node.Opened > 0 {
			sources++
		}
		if !n.Inside(node.Address) {
			continue
		}
		n.nodes[node.Address] = node
		if node.Opened > 0 {
			n.Hosts++
		}
	}
	if n.Hosts == 0 {
		n.Hosts, n.outside = sources, true
	}
	n.quorum = max(serverLeast, int64(serverShare*float64(n.Hosts)))
	return n, nil
}

// Inside tells whether an address belongs to the internal networks.
func (n *Network) Inside(address netip.Addr) bool {
	return slices.ContainsFunc(n.internal, func(p netip.Prefix) bool { return p.Contains(address) })
}

// Node is what an internal address opened and accepted; zero for others.
func (n *Network) Node(address netip.Addr) engine.Node { return n.nodes[address] }

// Nodes lists the internal addresses in their order.
func (n *Network) Nodes() []engine.Node {
	nodes := make([]engine.Node, 0, len(n.nodes))
	for _, node := range n.nodes {
		nodes = append(nodes, node)
	}
	slices.SortFunc(nodes, func(a, b engine.Node) int { return a.Address.Compare(b.Address) })
	return nodes
}

// Is tells whether an internal host has a role; what the user says comes first.
func (n *Network) Is(address netip.Addr, role Role) bool {
	if fixed, ok := n.fixed[address]; ok {
		return fixed == role
	}
	node := n.nodes[address]
	switch role {
	case Server:
		return node.AcceptedFrom >= n.quorum
	case Resolver:
		return node.DNSFrom >= n.quorum
	}
	return node.Opened > 0 && node.AcceptedFrom < n.quorum
}

// Popular tells whether so many sources make a destination one of the network's usual ones.
func (n *Network) Popular(sources int64) bool {
	return float64(sources) >= max(popularShare*float64(n.Hosts), 3)
}

// Prevalence is the share of the hosts that so many sources are, 0 to 1.
func (n *Network) Prevalence(sources int64) float64 {
	return min(float64(sources)/float64(max(n.Hosts, 1)), 1)
}

// linkPorts serve the neighbourhood and never reach a controller: DHCP, NetBIOS, SSDP, WS-Discovery, mDNS, LLMNR.
var linkPorts = []int64{67, 68, 137, 138, 546, 547, 1900, 3702, 5353, 5355}

// limitedBroadcast is 255.255.255.255 (RFC 919, 7).
var limitedBroadcast = netip.AddrFrom4([4]byte{255, 255, 255, 255})

// Scorable tells whether traffic to a destination can be command and control or exfiltration at all: what stays
// on the link cannot (DETECTION.md, rule 2).
func Scorable(dst netip.Addr, proto string, port int64) bool {
	switch {
	case dst.IsMulticast(), dst.IsLoopback(), dst.IsLinkLocalUnicast(), dst.IsUnspecified(), dst == limitedBroadcast:
		return false
	case proto == "udp" && slices.Contains(linkPorts, port):
		return false
	}
	return true
}

// ReportsError tells of a channel of ICMP messages with a code, which stands as the port: only reports have one, such as
// of a port that is closed (RFC 792, RFC 4443). They come at the pace of what they report, and echoes have code 0.
func ReportsError(channel engine.Channel) bool {
	return (channel.Proto == "icmp" || channel.Proto == "ipv6-icmp") && channel.DstPort != 0
}
