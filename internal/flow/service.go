package flow

import "net/netip"

// ServiceNetwork is what an address counts with where one service has many addresses: its /24, or its /64 of IPv6.
func ServiceNetwork(address netip.Addr) netip.Prefix {
	bits := 24
	if address.Is6() {
		bits = 64
	}
	network, _ := address.Prefix(bits) // no error: the family has that many bits
	return network
}
