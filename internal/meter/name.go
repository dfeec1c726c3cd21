package meter

import (
	"net/netip"

	"sentinel/internal/packet"
)

// names remembers which name a client asked for to get an address.
type names struct {
	byPair map[clientAddress]string
	order  ring[clientAddress]
	// maybe tells quickly that nobody asked for an address: a bit of its hash.
	maybe [1 << 12]uint64
}

type clientAddress struct{ client, address [16]byte }

// mostNames bounds the answers that are remembered, in some 20 MB.
const mostNames = 1 << 17

func (n *names) remember(client [16]byte, address netip.Addr, name string) {
	if n.byPair == nil {
		n.byPair = map[clientAddress]string{}
	}
	key := clientAddress{client, address.As16()}
	if _, known := n.byPair[key]; !known {
		if last, full := n.order.push(key, mostNames); full {
			delete(n.byPair, last)
		}
	}
	n.byPair[key] = name
	bit := n.bit(&key.address)
	n.maybe[bit/64] |= 1 << (bit % 64)
}

func (n *names) bit(address *[16]byte) uint64 {
	return hashEnd(address, 0) >> 16 % (64 * uint64(len(n.maybe)))
}

// of gives the name that the source asked for before it turned to the destination.
func (n *names) of(ends *packet.Ends) string {
	if n.byPair == nil {
		return ""
	}
	if bit := n.bit(&ends.Dst); n.maybe[bit/64]>>(bit%64)&1 == 0 {
		return ""
	}
	return n.byPair[clientAddress{ends.Src, ends.Dst}]
}
