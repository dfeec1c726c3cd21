package meter

import (
	"sentinel/internal/flow"
	"sentinel/internal/packet"
)

// pairs are types of ICMP that ask, each with the type that answers it, as Zeek pairs them.
var (
	pairs   = []pair{{8, 0}, {13, 14}, {15, 16}, {17, 18}}
	pairsV6 = []pair{{128, 129}, {130, 131}, {133, 134}, {135, 136}, {144, 145}}
)

type pair struct{ asks, answers uint16 }

// Types and codes of ICMP by which a host says that a port is closed.
var (
	unreachable   = pair{3, 3}
	unreachableV6 = pair{1, 4}
)

// control gives requests of ICMP and their answers the same ends, those of the request: its type at the end that asks,
// its code at the other.
func (b *Block) control(e *entry, frame []byte) {
	known, closed := pairs, unreachable
	if e.Proto == flow.ICMPv6 {
		known, closed = pairsV6, unreachableV6
	}
	kind, code := e.Ends.SrcPort, e.Ends.DstPort
	if (pair{kind, code}) == closed && e.Till > e.From {
		b.quote(e, frame[e.From:e.Till])
		return
	}
	for _, p := range known {
		switch kind {
		case p.asks:
			e.signs |= query
			return
		case p.answers:
			e.signs |= answer
			e.Ends.SrcPort, e.Ends.DstPort = code, p.asks
			return
		}
	}
}

// answerTo is the type that answers another.
func answerTo(proto flow.Proto, asks uint16) uint16 {
	known := pairs
	if proto == flow.ICMPv6 {
		known = pairsV6
	}
	for _, p := range known {
		if p.asks == asks {
			return p.answers
		}
	}
	return asks
}

// reject is a packet that was refused, as ICMP quotes it.
type reject struct {
	entry int
	ends  packet.Ends
	proto flow.Proto
}

// quote reads the headers of the packet to a closed port that ICMP sends back (RFC 792, RFC 4443, 3.1).
func (b *Block) quote(e *entry, quoted []byte) {
	var p packet.Packet
	if packet.Decode(packet.RawIP, quoted, &p) != packet.Decoded || p.Marks&packet.Cut != 0 {
		return
	}
	b.rejects = append(b.rejects, reject{len(b.entries) - 1, p.Ends, p.Proto})
	e.signs |= rejection
}

// oneWay tells of a message of ICMP that nothing answers: one the other way is another flow.
func (e *entry) oneWay() bool {
	return (e.Proto == flow.ICMP || e.Proto == flow.ICMPv6) && e.signs&(query|answer) == 0
}
