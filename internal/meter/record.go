package meter

import (
	"sentinel/internal/flow"
	"sentinel/internal/packet"
)

// record is an open flow. It is 128 bytes, two lines of the cache, and holds no pointers: what few flows have is in
// notes. Of pairs, the first is from the opener, the second to it.
type record struct {
	ends    packet.Ends // Src opened it
	isn     uint32      // sequence number of its SYN
	last    int64       // time of the latest packet
	packets [2]uint32
	proto   flow.Proto
	flags   [2]packet.TCPFlags
	marks   mark
	service service
	looks   uint8 // packets with payload so far, up to mostLooks
	opener  opener

	bytes, payload [2]uint64
	start          int64
	prev, next     uint32 // in the bucket of the wheel, or the queue of ended flows
	bucket         uint32
	note           uint32
}

// mark says more of a flow.
type mark uint8

const (
	closed    mark = 1 << iota // FIN both ways, or RST
	refused                    // by ICMP
	gathering                  // a ClientHello has begun
	request                    // ICMP that asks for an answer
	volunteer                  // ICMP that begins with an answer
)

// opener is a flow.Opener in a byte.
type opener uint8

const (
	byFirst opener = iota
	byPort
	bySYN
)

var openers = [...]flow.Opener{byFirst: flow.ByFirst, byPort: flow.ByPort, bySYN: flow.BySYN}

// Directions of packets in a flow, and indexes of its pairs.
const (
	up      = 0 // from the opener
	down    = 1
	neither = 2 // of another flow
)

// flip makes the other end the opener.
func (r *record) flip() {
	r.ends = reverse(&r.ends)
	r.packets[up], r.packets[down] = r.packets[down], r.packets[up]
	r.flags[up], r.flags[down] = r.flags[down], r.flags[up]
	r.bytes[up], r.bytes[down] = r.bytes[down], r.bytes[up]
	r.payload[up], r.payload[down] = r.payload[down], r.payload[up]
}

func reverse(e *packet.Ends) packet.Ends {
	return packet.Ends{Src: e.Dst, Dst: e.Src, SrcPort: e.DstPort, DstPort: e.SrcPort}
}

// state tells how the flow went.
func (r *record) state() flow.State {
	switch r.proto {
	case flow.TCP:
		return r.stateTCP()
	case flow.ICMP, flow.ICMPv6:
		if r.marks&request == 0 && r.packets[down] == 0 {
			return flow.Other // a message, which nothing answers
		}
	}
	switch {
	case r.packets[up] != 0 && r.packets[down] != 0:
		return flow.Established
	case r.marks&refused != 0:
		return flow.Refused
	case r.packets[up] == 0:
		return flow.Other
	}
	return flow.Unanswered
}

func (r *record) stateTCP() flow.State {
	syn, answer := r.flags[up]&packet.SYN != 0, r.flags[down]&packet.SYN != 0
	fins := r.flags[up] & r.flags[down] & packet.FIN
	reset := (r.flags[up]|r.flags[down])&packet.RST != 0 && fins == 0
	handshake := syn && answer && r.flags[up]&packet.ACK != 0
	switch {
	case handshake || fins != 0 || r.payload[up] != 0 && r.payload[down] != 0:
		if reset {
			return flow.Reset
		}
		return flow.Established
	case syn && answer && reset:
		return flow.Reset
	case syn && r.flags[down]&packet.RST != 0:
		return flow.Refused
	case syn && r.packets[down] == 0:
		return flow.Unanswered
	}
	return flow.Other
}
