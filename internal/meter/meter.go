// Package meter groups packets into flows (RFC 7011, 2; RFC 5103).
package meter

import (
	"time"

	"sentinel/internal/flow"
)

// Settings say when a flow ends. The zero value stands for what the comments name.
type Settings struct {
	Idle     time.Duration // without packets: 5 min for TCP, 1 min for others
	Active   time.Duration // although it goes on: never
	MaxFlows int           // open at once, beyond which those next to their end are ended early: 2,000,000
}

const (
	idleTCP    = 5 * time.Minute
	idleOthers = time.Minute
	mostFlows  = 2_000_000 // at 128 bytes a flow and 8 to 16 of the table
)

// Meter is one observation point. It is used by one goroutine.
//
// Flows come out in the order in which they end. One ends when it has been idle for too long, soon after TCP closed it,
// when its ends begin a new connection, or early where too many are open. Those open at the end come in the order of
// their start.
type Meter struct {
	table     table
	wheel     wheel
	clock     clock
	active    int64 // microseconds; 0: never
	most      int
	notes     notes
	lookups   lookups
	fragments fragments
	ended     queue
	rest      []uint32 // flows that were open at the end, in the order of their start
	counts    Counts
	gathers   int  // ClientHellos that are being gathered
	stale     bool // a flow has ended since records were looked up ahead
}

// Counts are remarks about what was metered.
type Counts struct {
	Early     int64 // flows that were ended for the bound on open flows
	Back      int64 // times at which the clock jumped back
	Strange   int64 // packets with a time before 1990 or after 2100
	Headless  int64 // packets of which too little was captured to tell their ports
	Tunnelled int64 // packets inside others
	Midway    int64 // flows of TCP whose beginning was not seen
}

// New makes a meter.
func New(settings Settings) *Meter {
	idle := [2]int64{idleOthers.Microseconds(), idleTCP.Microseconds()}
	if settings.Idle > 0 {
		idle = [2]int64{settings.Idle.Microseconds(), settings.Idle.Microseconds()}
	}
	m := &Meter{active: settings.Active.Microseconds(), most: settings.MaxFlows, wheel: newWheel(idle)}
	if m.most <= 0 {
		m.most = mostFlows
	}
	m.table.grow()
	return m
}

// Counts are those so far.
func (m *Meter) Counts() Counts { return m.counts }

// Lookups hands over the questions to the DNS that were answered or given up since the last call. They belong to the
// meter again with the next Add.
func (m *Meter) Lookups() []flow.Lookup { return m.lookups.take() }
