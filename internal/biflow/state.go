package biflow

import (
	"sentinel/internal/flow"
	"sentinel/internal/packet"
)

// state tells how a flow went, from what was seen in each direction.
func (j *Joiner) state(k *key, up, down *record) flow.State {
	both := up.marks&down.marks&seen != 0
	switch {
	case k.proto == flow.TCP && (up.marks|down.marks)&hasFlags != 0:
		return j.stateByFlags(up, down, both)
	case k.proto == flow.TCP && both && refusedBySize(up, down):
		return flow.Refused
	case both:
		return flow.Established
	case down.marks&seen != 0 || j.sampled || !j.mirrored || !k.asks():
		return flow.Other
	}
	return flow.Unanswered
}

// stateByFlags judges a TCP connection.
func (j *Joiner) stateByFlags(up, down *record, both bool) flow.State {
	flags := up.flags | down.flags
	switch {
	case both && down.flags&(packet.RST|packet.SYN) == packet.RST && up.flags&packet.SYN != 0:
		return flow.Refused
	case flags&packet.RST != 0 && up.flags&down.flags&packet.FIN == 0: // after both FINs it only tidies up
		return flow.Reset
	case both:
		return flow.Established
	case up.opens() == 1 && !j.sampled && up.bytes <= largestSYN*up.packets: // else its flags are not of all packets
		return flow.Unanswered
	}
	return flow.Other
}

// Sizes of TCP packets without payload.
const (
	bareHeaders = 40 // IPv4 and TCP without options
	moreOfIPv6  = 20
	mostOptions = 20  // that a SYN has in practice: MSS, window scale, SACK and timestamps
	largestSYN  = 100 // with all options that there is room for, over IPv6
	mostTries   = 4   // SYNs that a client sends to a port that refuses them
)

// refusedBySize tells a refused connection where the input has no flags: each SYN, which has options, is answered with
// an RST, which has none, while a SYN+ACK has some.
func refusedBySize(up, down *record) bool {
	if up.packets != down.packets || up.packets == 0 || up.packets > mostTries {
		return false
	}
	for _, bare := range []int64{bareHeaders, bareHeaders + moreOfIPv6} {
		if down.bytes == bare*down.packets && up.bytes > bare*up.packets && up.bytes <= (bare+mostOptions)*up.packets {
			return true
		}
	}
	return false
}
