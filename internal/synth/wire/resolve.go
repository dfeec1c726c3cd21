package wire

import (
	"net/netip"

	"sentinel/internal/flow"
)

// ahead is how long before a connection its lookup may be, in microseconds.
const ahead = 2e6

// resolve makes lookups ask for the server that their client connects to next, where the sizes of their messages are
// right for its name, and be answered with its address. The others ask for something else.
func (c *Capture) resolve() {
	c.answers = map[int32]netip.Addr{}
	next := map[netip.Addr]*flow.Flow{} // connection of a client
	for i := len(c.order) - 1; i >= 0; i-- {
		f := &c.flows[c.order[i].index]
		if applicationOf(f).named {
			next[f.SrcIP] = f
			continue
		}
		to := next[f.SrcIP]
		if applicationOf(f) != dnsApplication || f.Name != "" || to == nil || to.Start-f.Start > ahead || !suits(*f, to) {
			continue
		}
		f.Name, c.answers[c.order[i].index] = to.Name, to.DstIP
		delete(next, f.SrcIP)
	}
}

// suits tells whether a lookup can be for the server of a connection without being made larger.
func suits(f flow.Flow, to *flow.Flow) bool {
	if !isDomain(to.Name) || to.DstIP.Is4() != f.DstIP.Is4() {
		return false
	}
	f.Name = to.Name
	p := planFor(&f)
	return p.up.bytes == f.UpBytes && p.down.bytes == f.DownBytes
}
