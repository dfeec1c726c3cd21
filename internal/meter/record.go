package meter

import (
	"math"

	"sentinel/internal/flow"
	"sentinel/internal/packet"
)

// record is what every packet of an open flow needs: one line of the cache, since fetching those is what metering many
// flows takes its time for. It holds no pointers. Of pairs, the first is from the opener, the second to it.
type record struct {
	ends  packet.Ends // Src opened it
	proto flow.Proto
	flags [2]packet.TCPFlags
	marks mark
	last  int64 // time of the latest packet
	// What was counted since it was last added to the details. Headers are what bytes have over payload.
	bytes            [2]uint32
	packets, headers [2]uint16
}

// details are what few packets of a flow need.
type details struct {
	bytes, payload, packets [2]uint64
	start                   int64
	prev, next              uint32 // in the bucket of the wheel, or the queue of ended flows
	note                    uint32
	isn                     uint32 // sequence number of the opener's SYN
	bucket                  uint16
	service                 service
	opener                  opener
}

// count adds a packet. It is false where the record cannot hold that.
func (r *record) count(dir int, bytes, payload uint32) bool {
	headers := bytes - payload
	// None, or fewer than none, is a number beyond all limits here.
	if headers-1 >= math.MaxUint16-uint32(r.headers[dir]) || r.bytes[dir]+bytes < bytes {
		return false
	}
	r.bytes[dir] += bytes
	r.headers[dir] += uint16(headers)
	r.packets[dir]++
	return true
}

// settle adds what a record has counted to its details.
func (r *record) settle(d *details) {
	for dir := range r.packets {
		d.packets[dir] += uint64(r.packets[dir])
		d.bytes[dir] += uint64(r.bytes[dir])
		d.payload[dir] += uint64(r.bytes[dir]) - uint64(r.headers[dir])
	}
	r.packets, r.bytes, r.headers = [2]uint16{}, [2]uint32{}, [2]uint16{}
}

// mark says more of a flow.
type mark uint8

const (
	closed    mark = 1 << iota // FIN both ways, or RST
	refused                    // by ICMP
	gathering                  // a ClientHello has begun
	request                    // ICMP that asks for an answer
	volunteer                  // ICMP that begins with an answer
	settled                    // record.settle was called
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
func (r *record) flip(d *details) {
	r.settle(d)
	r.ends = reverse(&r.ends)
	r.flags[up], r.flags[down] = r.flags[down], r.flags[up]
	d.packets[up], d.packets[down] = d.packets[down], d.packets[up]
	d.bytes[up], d.bytes[down] = d.bytes[down], d.bytes[up]
	d.payload[up], d.payload[down] = d.payload[down], d.payload[up]
}

func reverse(e *packet.Ends) packet.Ends {
	return packet.Ends{Src: e.Dst, Dst: e.Src, SrcPort: e.DstPort, DstPort: e.SrcPort}
}

// state tells how the flow went, once it is settled.
func (r *record) state(d *details) flow.State {
	switch r.proto {
	case flow.TCP:
		return r.stateTCP(d)
	case flow.ICMP, flow.ICMPv6:
		if r.marks&request == 0 && d.packets[down] == 0 {
			return flow.Other // a message, which nothing answers
		}
	}
	switch {
	case d.packets[up] != 0 && d.packets[down] != 0:
		return flow.Established
	case r.marks&refused != 0:
		return flow.Refused
	case d.packets[up] == 0:
		return flow.Other
	}
	return flow.Unanswered
}

func (r *record) stateTCP(d *details) flow.State {
	syn, answer := r.flags[up]&packet.SYN != 0, r.flags[down]&packet.SYN != 0
	fins := r.flags[up] & r.flags[down] & packet.FIN
	reset := (r.flags[up]|r.flags[down])&packet.RST != 0 && fins == 0
	handshake := syn && answer && r.flags[up]&packet.ACK != 0
	switch {
	case handshake || fins != 0 || d.payload[up] != 0 && d.payload[down] != 0:
		if reset {
			return flow.Reset
		}
		return flow.Established
	case syn && answer && reset:
		return flow.Reset
	case syn && r.flags[down]&packet.RST != 0:
		return flow.Refused
	case syn && d.packets[down] == 0:
		return flow.Unanswered
	}
	return flow.Other
}
