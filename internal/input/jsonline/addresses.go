package jsonline

import "net/netip"

// Addresses reads addresses as Addr does and remembers them, since the same ones come again and again. The zero value is
// ready.
type Addresses struct {
	known [1 << knownBits]knownAddress // by hash
}

const knownBits = 11

type knownAddress struct {
	text   [39]byte // the longest are of IPv6: eight times four digits, and colons
	length uint8
	addr   netip.Addr
}

// Of reads an IP address, an IPv4-mapped one unmapped and without zone.
func (a *Addresses) Of(text []byte) (netip.Addr, bool) {
	known := &a.known[Hash(0, text)>>(64-knownBits)]
	if len(text) > 0 && string(known.text[:known.length]) == string(text) {
		return known.addr, true
	}
	addr, ok := Addr(text)
	if ok && len(text) <= len(known.text) {
		known.length, known.addr = uint8(copy(known.text[:], text)), addr
	}
	return addr, ok
}
