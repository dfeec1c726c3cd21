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

// PortRank orders ports by how likely they are those of a service: of the system (RFC 6335, 6), others, and those that
// clients are given (from 32768 on Linux, from 49152 by RFC 6335).
func PortRank(port uint16) int {
	switch {
	case port < 1024:
		return 0
	case port < 32768:
		return 1
	}
	return ClientPort
}

// ClientPort is the rank of ports that clients are given.
const ClientPort = 2
