package report

import (
	"net/netip"
	"slices"

	"sentinel/internal/geo/reserved"
)

// External tells whether an address is surely somebody else's: public, and in none of the internal networks. Where
// no address of the capture is internal, nobody said which networks are, and none is.
func (r *Report) External(address netip.Addr) bool {
	networks := r.Summary.Internal.Networks
	inside := func(network netip.Prefix) bool { return network.Contains(address.Unmap()) }
	return address.IsValid() && len(networks) > 0 && !slices.ContainsFunc(networks, inside) && !reserved.Private(address)
}
