// Package engine says what an engine is: a set of flows that answers the rollups, the few fixed aggregations
// from which all measures and detectors work.
package engine

import (
	"context"
	"iter"
	"net/netip"
)

// Engine answers rollups over one set of flows. Rows stream in the order that each method states, the same
// on every engine and number of cores; the first error ends a stream. One rollup runs at a time.
type Engine interface {
	// Hosts has a row per source address, in the order of their text.
	Hosts(context.Context) iter.Seq2[Host, error]
	// Servers has a row per destination address, in the order of their text.
	Servers(context.Context) iter.Seq2[Server, error]
	// Minutes has a row per minute with flows, earliest first.
	Minutes(context.Context) iter.Seq2[Minute, error]
	// Ports has a row per protocol and destination port, in that order.
	Ports(context.Context) iter.Seq2[Port, error]
	// Peers has a row per destination and source that both lie in one of the networks, in that order.
	Peers(context.Context, []netip.Prefix) iter.Seq2[Peer, error]
	// Nodes has a row per address, source or destination, in the order of their text.
	Nodes(context.Context) iter.Seq2[Node, error]
	// Channels has a row per channel that the filter chooses, by source, destination, protocol and port.
	Channels(context.Context, ChannelFilter) iter.Seq2[Channel, error]
	// Rhythms is Channels with the flows of each, so ask for few.
	Rhythms(context.Context, ChannelFilter) iter.Seq2[Rhythm, error]
	// Visits has a row per source with at least that many flows, in the order of their text.
	Visits(ctx context.Context, minFlows int64) iter.Seq2[Visits, error]
	// Sweeps has a row per source, protocol and port with at least that many targets, in that order.
	Sweeps(ctx context.Context, minTargets int64) iter.Seq2[Sweep, error]
	// Probes has a row per source and destination with at least that many ports, in that order.
	Probes(ctx context.Context, minPorts int64) iter.Seq2[Probe, error]
	// HostHours has a row per source and hour, of flows to dstPort or, where it is 0, to any, in that order.
	HostHours(ctx context.Context, dstPort int64) iter.Seq2[HostHour, error]
	// Bursts has a row per destination and ten seconds that stand out and have at least that many flows, in that order.
	Bursts(ctx context.Context, minFlows int64) iter.Seq2[Burst, error]
	// Queries has a row per client and name that it asked the DNS for, by the labels of the name from the last to the
	// first, so that the names below one domain come together, then by client.
	Queries(context.Context) iter.Seq2[Query, error]
	// Duplicates counts the flows that equal an earlier one in every column.
	Duplicates(context.Context) (int64, error)
	// Version names the engine and its version.
	Version() string
	Close() error
}

// Host is what one source address did.
type Host struct {
	SrcIP     netip.Addr
	Flows     int64
	UpBytes   int64
	DownBytes int64
}

// Server is what one destination address got.
type Server struct {
	DstIP     netip.Addr
	Name      string // host name, where the flows tell one; of several the first by its text
	Flows     int64
	UpBytes   int64
	DownBytes int64
}

// Minute is what began within one minute.
type Minute struct {
	Start int64 // microseconds since the epoch, a whole minute
	Flows int64
}

// Port is what went to one port of one protocol.
type Port struct {
	Proto     string
	DstPort   int64
	Flows     int64
	UpBytes   int64
	DownBytes int64
}

// Peer is what went from one source to one destination.
type Peer struct {
	DstIP netip.Addr
	SrcIP netip.Addr
	Flows int64
	First int64 // start of the first flow, microseconds since the epoch
	Last  int64 // start of the last
}

// MaxBytes is the most that one flow may carry one way, 1 PiB. A row that claims more is damaged.
const MaxBytes = 1 << 50
