// Package explore says what a page asks of a capture while somebody looks around in it: the same few figures, for
// whatever part of the traffic is chosen.
package explore

import (
	"context"
	"iter"
	"net/netip"

	"sentinel/internal/flow"
)

// Explorer answers questions about the part of a capture that a filter chooses. Answers are the same for the same
// question, in the order that each method states. Methods may be called from any goroutine.
type Explorer interface {
	// Extent is the time from the first flow to the last, microseconds since the epoch.
	Extent() (first, last int64)
	// Totals adds up the chosen flows.
	Totals(context.Context, Filter) (Totals, error)
	// Timeline has a row per step with flows, earliest first. Step tells how long a step is.
	Timeline(ctx context.Context, filter Filter, steps int) (step int64, rows []Moment, err error)
	// Week counts by weekday, Monday first, and hour.
	Week(context.Context, Filter) ([7][24]int64, error)
	// Top ranks the values of a dimension, most flows first, of equal ones in the order of their texts, field by field,
	// a port by its number; and counts the values there are.
	Top(ctx context.Context, filter Filter, by Dimension, rows int) (ranked []Row, values int64, err error)
	// Channel is one channel, flow by flow, earliest first, of equal ones by bytes up, then down, at most limit flows, 0
	// for all; ok tells whether it has any.
	Channel(ctx context.Context, channel Channel, limit int) (contacts []Contact, ok bool, err error)
	// Flows streams the flows behind a figure, by start and then all other columns in their order, from the offset on. It
	// ends after limit flows; a limit of 0 means all.
	Flows(ctx context.Context, filter Filter, offset, limit int64) iter.Seq2[flow.Flow, error]
	// Close gives up what the explorer holds.
	Close() error
}

// Filter chooses flows. What is not set chooses all; what is set must all be true of a flow. Times count in whole minutes,
// as Minutes rounds them.
type Filter struct {
	Host    netip.Addr   // source or destination
	Network netip.Prefix // that holds the source or the destination
	SrcIP   netip.Addr
	DstIP   netip.Addr
	Country string // of the destination: ISO 3166-1 alpha-2; Unplaced: private or unknown
	Proto   string
	DstPort int64  // -1: any
	Name    string // of the destination, as a flow tells it
	From    int64  // microseconds since the epoch; 0: from the beginning
	To      int64  // exclusive; 0: to the end
}

// Unplaced is the country of addresses that have none.
const Unplaced = "-"

// Everything is the filter that chooses all flows.
var Everything = Filter{DstPort: -1}

// Dimension is what Top divides flows by.
type Dimension string

// The dimensions.
const (
	Sources      Dimension = "sources"
	Destinations Dimension = "destinations"
	Countries    Dimension = "countries" // of destinations
	Ports        Dimension = "ports"     // protocol and destination port
	Names        Dimension = "names"     // of flows that tell one
	Channels     Dimension = "channels"
	Edges        Dimension = "edges" // source and destination, both internal
)

// Totals are what a filter chooses, added up.
type Totals struct {
	Flows     int64
	Hosts     int64 // distinct sources
	Servers   int64 // distinct destinations
	UpBytes   int64
	DownBytes int64
	First     int64 // start of the first flow, microseconds since the epoch
	Last      int64
}

// Moment is what began within one step.
type Moment struct {
	Start     int64 // microseconds since the epoch
	Flows     int64
	UpBytes   int64
	DownBytes int64
}

// Row is what went to one value of a dimension. Of the key, those fields are set that the dimension names; beside a
// destination also its country and its name, of several in the whole capture the first by its text.
type Row struct {
	SrcIP     netip.Addr
	DstIP     netip.Addr
	Country   string // Unplaced where there is none
	Proto     string
	DstPort   int64
	Name      string
	Flows     int64
	UpBytes   int64
	DownBytes int64
	First     int64
	Last      int64
}

// Channel names what one host has to do with one service of another.
type Channel struct {
	SrcIP   netip.Addr
	DstIP   netip.Addr
	Proto   string
	DstPort int64
}

// Contact is one flow of a channel.
type Contact struct {
	Start     int64 // microseconds since the epoch
	UpBytes   int64
	DownBytes int64
}
