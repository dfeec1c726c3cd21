package wire

import (
	"slices"

	"sentinel/internal/flow"
	"sentinel/internal/packet"
)

// shape is how a conversation goes: packets that open it, as many as needed in the middle, and packets that close it.
type shape struct {
	opening, closing []turn
	up, down         packet.TCPFlags // of the packets in the middle
	// least is how many packets there must be in the middle each way, so that the flow has its state.
	leastUp, leastDown int64
	bears              bool // the packets in the middle carry data of the application
	upFixed, downFixed fixed
}

// fixed counts the packets of one direction that open and close a conversation, and those of them with SYN.
type fixed struct{ packets, syns int64 }

// turn is one packet of the opening or closing.
type turn struct {
	down  bool
	flags packet.TCPFlags
}

const (
	syn    = packet.SYN
	synAck = packet.SYN | packet.ACK
	ack    = packet.ACK
	finAck = packet.FIN | packet.ACK
	rstAck = packet.RST | packet.ACK
	push   = packet.PSH | packet.ACK
)

var handshake = []turn{{false, syn}, {true, synAck}, {false, ack}}

// The shapes of TCP by the state that they end in (RFC 9293, 3.5 and 3.6). Other is a connection whose ends the
// capture missed.
var shapes = map[flow.State]*shape{
	flow.Established: {opening: handshake, closing: []turn{{true, finAck}, {false, finAck}, {true, ack}}, up: push, down: push, bears: true},
	flow.Reset:       {opening: handshake, closing: []turn{{true, rstAck}}, up: push, down: push, bears: true},
	flow.Refused:     {up: syn, down: rstAck, leastUp: 1, leastDown: 1},
	flow.Unanswered:  {up: syn, leastUp: 1},
	flow.Other:       {up: push, down: push, leastUp: 1, bears: true},
}

// datagrams is the shape of what has no connections.
var datagrams = &shape{leastUp: 1, bears: true}

// shapeOf chooses the shape of a flow. A flow without state has the one that its bytes speak for.
func shapeOf(f *flow.Flow) *shape {
	if f.Proto != flow.TCP {
		return datagrams
	}
	state := f.State
	switch {
	case f.DownBytes == 0 && f.DownPackets == 0 && state != flow.Other:
		state = flow.Unanswered
	case shapes[state] == nil || state == flow.Unanswered:
		state = flow.Established
	}
	return shapes[state]
}

func init() {
	for _, s := range shapes {
		s.upFixed, s.downFixed = s.count(false), s.count(true)
	}
}

func (s *shape) count(down bool) (f fixed) {
	for _, turn := range slices.Concat(s.opening, s.closing) {
		if turn.down == down {
			f.packets++
			f.syns += int64(turn.flags & syn / syn)
		}
	}
	return f
}
