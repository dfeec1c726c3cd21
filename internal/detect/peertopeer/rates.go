package peertopeer

import (
	"net/netip"

	"sentinel/internal/detect"
)

// rates are how many new edges are to be expected of hosts.
type rates struct {
	own     map[netip.Addr]float64 // by sessions seen once in the baseline
	network float64                // of any host
	unknown float64                // of a host that the baseline does not know: as many as hosts have edges
	known   func(netip.Addr) bool
}

// ratesOf takes what the baseline saw for one session only as what another such time will bring anew: the first
// term of Good and Toulmin (1956). Each host's own is added to the mean of all, so that nobody expects none.
func ratesOf(c *detect.Case, before graph) rates {
	longer := c.Test.Seconds() / c.Base.Seconds()
	hosts := float64(max(c.Base.Network.Hosts, 1))
	r := rates{own: map[netip.Addr]float64{}, known: func(host netip.Addr) bool { return c.Base.Network.Node(host).Opened > 0 }}
	once := 0.5
	for _, e := range before.list {
		if float64(e.last-e.first) < c.Param("session")*3600e6 {
			r.own[e.src] += longer
			once++
		}
	}
	r.network = once / hosts * longer
	r.unknown = float64(len(before.list)) / hosts * longer
	return r
}

// of is how many new edges are to be expected of a host.
func (r rates) of(host netip.Addr) float64 {
	if r.known(host) {
		return r.own[host] + r.network
	}
	return r.unknown + r.network
}
