// Package reserved knows the address blocks that belong to nobody on the public internet.
package reserved

import "net/netip"

// private are the blocks of the IANA special-purpose registries (RFC 6890) that are not globally
// reachable, without the documentation blocks.
var private = parse(
	"0.0.0.0/8",      // RFC 791, 3.2: this network
	"10.0.0.0/8",     // RFC 1918
	"100.64.0.0/10",  // RFC 6598: behind a carrier's NAT
	"127.0.0.0/8",    // RFC 1122, 3.2.1.3: loopback
	"169.254.0.0/16", // RFC 3927: link-local
	"172.16.0.0/12",  // RFC 1918
	"192.0.0.0/24",   // RFC 6890: protocol assignments
	"192.168.0.0/16", // RFC 1918
	"198.18.0.0/15",  // RFC 2544: benchmarks
	"224.0.0.0/4",    // RFC 5771: multicast
	"240.0.0.0/4",    // RFC 1112, 4: reserved, and the broadcast address
	"::/127",         // RFC 4291: unspecified and loopback
	"64:ff9b:1::/48", // RFC 8215: translation inside a network
	"100::/64",       // RFC 6666: discard
	"fc00::/7",       // RFC 4193: unique local
	"fe80::/10",      // RFC 4291: link-local
	"fec0::/10",      // RFC 3879: site-local, deprecated
	"ff00::/8",       // RFC 4291: multicast
)

// documentation are the blocks of examples.
var documentation = parse(
	"192.0.2.0/24",    // RFC 5737
	"198.51.100.0/24", // RFC 5737
	"203.0.113.0/24",  // RFC 5737
	"2001:db8::/32",   // RFC 3849
	"3fff::/20",       // RFC 9637
)

func parse(blocks ...string) []netip.Prefix {
	prefixes := make([]netip.Prefix, len(blocks))
	for i, block := range blocks {
		prefixes[i] = netip.MustParsePrefix(block)
	}
	return prefixes
}

// Private tells whether a lies in a block for use inside networks or by protocols. IPv4-mapped addresses
// count as IPv4. Documentation addresses are not private: in examples they stand for public hosts.
func Private(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	for _, p := range private {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// Blocks are all the blocks, private ones and those for documentation.
func Blocks() []netip.Prefix {
	return append(append([]netip.Prefix(nil), private...), documentation...)
}
