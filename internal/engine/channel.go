package engine

import (
	"math"
	"net/netip"
	"slices"
)

// Channel is what went from one source to one port of one destination.
type Channel struct {
	SrcIP     netip.Addr
	DstIP     netip.Addr
	Proto     string
	DstPort   int64
	Name      string // host name of the destination, where the flows tell one
	Flows     int64
	Failed    int64 // flows that brought nothing back; see Failure
	UpBytes   int64
	DownBytes int64
	First     int64 // start of the first flow, microseconds since the epoch
	Last      int64 // start of the last
	Longest   int64 // duration of the longest flow, microseconds; 0 where the input tells none
	Open      int64 // durations of all flows together, microseconds
	UpPackets int64 // 0 where the input tells none
	Sources   int64 // distinct sources that contact the destination
	// NetSources are those that contact its network: the /24 of an IPv4 address, an IPv6 address itself. One
	// service has many addresses, so this tells better who shares a service, and worse who shares a server.
	NetSources int64
	PortHosts  int64 // distinct sources that use this port of this protocol anywhere
}

// ChannelFilter chooses channels. The zero value chooses all.
type ChannelFilter struct {
	MinFlows     int64
	MinUpBytes   int64
	MinLongest   int64 // microseconds
	MinSources   int64
	MaxSources   int64 // 0: no limit
	MaxPortHosts int64 // 0: no limit
	Proto        string
	DstPort      int64        // 0: any
	SrcIPs       []netip.Addr // none: any
	DstIPs       []netip.Addr // none: any
	// DstNet is where the destination lies; invalid: anywhere. An engine may give others too: who asks must look.
	DstNet netip.Prefix
}

// Few are addresses for a filter, or none where they are so many that reading all channels is cheaper: who asks must
// look.
func Few(addresses []netip.Addr) []netip.Addr {
	const most = 256
	if len(addresses) > most {
		return nil
	}
	return addresses
}

// Chooses tells whether the filter chooses a channel.
func (f ChannelFilter) Chooses(c Channel) bool {
	return c.Flows >= f.MinFlows && c.UpBytes >= f.MinUpBytes && c.Longest >= f.MinLongest && c.Sources >= f.MinSources &&
		c.Sources <= Limit(f.MaxSources) && c.PortHosts <= Limit(f.MaxPortHosts) &&
		(f.Proto == "" || c.Proto == f.Proto) && (f.DstPort == 0 || c.DstPort == f.DstPort) &&
		(len(f.SrcIPs) == 0 || slices.Contains(f.SrcIPs, c.SrcIP)) && (len(f.DstIPs) == 0 || slices.Contains(f.DstIPs, c.DstIP)) &&
		(!f.DstNet.IsValid() || f.DstNet.Contains(c.DstIP))
}

// Limit reads a limit for which 0 means none.
func Limit(most int64) int64 {
	if most == 0 {
		return math.MaxInt64
	}
	return most
}

// Rhythm is a channel with its flows one by one, in order of their start.
type Rhythm struct {
	Channel
	Starts []int64 // microseconds since the epoch
	Ups    []int64 // bytes up, flow by flow
	Downs  []int64 // bytes down
}

// Visits are the flows of one source, whatever their destination, in order of their start.
type Visits struct {
	SrcIP  netip.Addr
	Starts []int64 // microseconds since the epoch
}

// Node is what one address opened and accepted.
type Node struct {
	Address      netip.Addr
	Opened       int64 // flows that it opened
	OpenedTo     int64 // distinct destinations of them
	Failed       int64 // of those flows, the ones that brought nothing back
	FailedTo     int64 // destinations that never answered it
	UpBytes      int64 // that it sent in flows it opened
	DownBytes    int64 // that it got in flows it opened
	Accepted     int64 // flows to it that it answered
	AcceptedFrom int64 // distinct sources of them
	AskedBy      int64 // distinct sources that tried, answered or not
	Ports        int64 // distinct ports on which it answered
	DNSFrom      int64 // distinct sources that it answered on port 53
}

// Sweep is what one source tried on one port, over all destinations.
type Sweep struct {
	SrcIP       netip.Addr
	Proto       string
	DstPort     int64
	Flows       int64
	Targets     int64 // distinct destinations
	DeadTargets int64 // those that never answered on this port
	First       int64
	Last        int64
}

// Probe is what one source tried on one destination, over all ports.
type Probe struct {
	SrcIP     netip.Addr
	DstIP     netip.Addr
	Flows     int64
	Ports     int64 // distinct protocols and ports
	DeadPorts int64 // those that never answered
	First     int64
	Last      int64
}

// HostHour is what one source did in one hour.
type HostHour struct {
	SrcIP     netip.Addr
	Hour      int64 // microseconds since the epoch, a whole hour
	Flows     int64
	UpBytes   int64
	DownBytes int64
}

// Burst is what one destination got within ten seconds.
type Burst struct {
	DstIP   netip.Addr
	Start   int64 // microseconds since the epoch, a whole ten seconds
	Flows   int64
	Failed  int64
	Sources int64 // distinct sources
	Port    int64 // of the service of most flows; of equals the least port
	Proto   string
	UpBytes int64
}

// A burst stands out: it has at least BurstFactor times the flows that its destination gets in ten seconds on
// average, unless the flows of the engine span fewer than ShortSpan times ten seconds.
const (
	BurstFactor = 3
	ShortSpan   = 30
)

// BurstLength is how long a burst is, in microseconds.
const BurstLength = 10_000_000

// Failure says when a flow counts as failed: its state tells so, or without state it brought nothing back, or
// over TCP so little (40 to 60 bytes down, 180 up) that only handshake or refusal fit (DETECTION.md, rule 10).
const Failure = "state refused or unanswered; without state no bytes back, or over TCP at most 60 back and 180 out"
