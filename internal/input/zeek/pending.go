package zeek

import "sentinel/internal/flow"

// mostPending bounds the open connections that are held back until it is known whether they have ended.
const mostPending = 500_000

// pending are connections that had not ended when open_conn.log was written. They are flows unless a conn.log tells of
// their end; of several tellings the last counts.
type pending struct {
	flows []openFlow
	byUID map[uint64]int // places in flows
	given int            // of flows, from the start
}

type openFlow struct {
	flow.Flow
	key  uint64
	over bool // a conn.log has it
}

func newPending() *pending { return &pending{byUID: map[uint64]int{}} }

// add takes an open connection; it is false where there is no room.
func (p *pending) add(f *flow.Flow, key uint64) bool {
	if at, ok := p.byUID[key]; ok {
		p.flows[at].Flow = *f
		return true
	}
	if len(p.flows) == mostPending {
		return false
	}
	p.byUID[key] = len(p.flows)
	p.flows = append(p.flows, openFlow{Flow: *f, key: key})
	return true
}

// ended takes back a connection that a conn.log has.
func (p *pending) ended(key uint64) {
	if at, ok := p.byUID[key]; ok {
		p.flows[at].over = true
	}
}

// next gives the open connections one after the other.
func (p *pending) next() (f *flow.Flow, key uint64, ok bool) {
	for p.given < len(p.flows) {
		open := &p.flows[p.given]
		p.given++
		if !open.over {
			return &open.Flow, open.key, true
		}
	}
	return nil, 0, false
}
