package wire

import (
	"net/netip"

	"sentinel/internal/flow"
)

// ahead is how long before a connection its lookup may be, in microseconds.
const ahead = 2e6

// resolve answers lookups with the server that their client connects to next. Those of which nothing is known ask for it
// where the sizes of their messages are right for its name.
func (c *Capture) resolve(lookups []flow.Lookup) {
	known := make(map[flow.Lookup]*flow.Lookup, len(lookups)) // by time and ends
	for i := range lookups {
		l := &lookups[i]
		if !isDomain(l.Name) {
			continue
		}
		known[flow.Lookup{Time: l.Time, Client: l.Client, Server: l.Server}] = l
	}
	c.asked = map[int32]*question{}
	next := map[netip.Addr]*flow.Flow{} // connection of a client
	for i := len(c.order) - 1; i >= 0; i-- {
		index := c.order[i].index
		f := &c.flows[index]
		if applicationOf(f) != dnsApplication {
			if f.Name != "" {
				next[f.SrcIP] = f
			}
			continue
		}
		to := next[f.SrcIP]
		if to != nil && to.Start-f.Start > ahead {
			to = nil
		}
		if l := known[flow.Lookup{Time: f.Start, Client: f.SrcIP, Server: f.DstIP}]; l != nil {
			c.asked[index] = &question{*l, addressFor(l, to)}
		} else if to != nil && f.Name == "" && suits(f, to) {
			c.asked[index] = questionFor(to)
			delete(next, f.SrcIP)
		}
	}
}

// questionFor asks for the address of a server.
func questionFor(to *flow.Flow) *question {
	kind := "A"
	if !to.DstIP.Is4() {
		kind = "AAAA"
	}
	return &question{flow.Lookup{Name: to.Name, Type: kind, Code: "NOERROR", Answers: 1}, to.DstIP}
}

// suits tells whether a lookup can be for the server of a connection without being made larger.
func suits(f, to *flow.Flow) bool {
	if !isDomain(to.Name) {
		return false
	}
	p := planFor(f, questionFor(to))
	return p.up.bytes == f.UpBytes && p.down.bytes == f.DownBytes
}

// addressFor is the address that a lookup is told of the server that is connected to next, if it is about that one.
func addressFor(l *flow.Lookup, to *flow.Flow) (none netip.Addr) {
	if to == nil || l.Name != to.Name || dnsTypes[l.Type] != dnsTypes[questionFor(to).Type] {
		return none
	}
	return to.DstIP
}
