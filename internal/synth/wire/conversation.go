package wire

import (
	"strings"

	"sentinel/internal/flow"
	"sentinel/internal/packet"
)

// conversation is a flow whose packets are being written.
type conversation struct {
	flow     flow.Flow
	plan     plan
	duration int64
	turns    int64
	turn     int64 // that comes next
	latency  int64 // of packets that open and close, microseconds
	hash     uint64
	up, down side
}

// side is one direction of a conversation so far.
type side struct {
	sent     int64 // packets of the middle
	carried  int64 // bytes of data
	sequence uint32
	packets  uint16 // identification of the next packet
	hops     byte
	from     [6]byte // of the Ethernet
}

func (v *conversation) open(f *flow.Flow, asked *question) {
	*v = conversation{flow: complete(*f)}
	f = &v.flow
	v.plan = planFor(f, asked)
	v.hash = hashFlow(f)
	v.turns, v.duration = v.plan.turns(), v.plan.duration(f)
	v.latency = 200 + int64(v.hash>>40%40_000)
	v.up = side{sequence: uint32(v.hash), packets: uint16(v.hash >> 32), hops: 64, from: station(f.SrcIP, 1)}
	v.down = side{sequence: uint32(mix(v.hash)), packets: uint16(v.hash >> 48), hops: 48 + byte(hashEnds(f)%16), from: station(f.DstIP, 2)}
}

// time is when the packet of this turn is sent: those that open and close at the pace of the network, the others evenly
// between them.
func (v *conversation) time() int64 {
	if v.turns == 1 {
		return v.flow.Start
	}
	last := v.turns - 1
	first, closing := max(0, int64(len(v.plan.shape.opening))-1), max(0, int64(len(v.plan.shape.closing))-1)
	latency := min(v.latency, v.duration/last)
	switch {
	case v.turn <= first:
		return v.flow.Start + v.turn*latency
	case v.turn >= last-closing:
		return v.flow.Start + v.duration - (last-v.turn)*latency
	}
	span, steps, step := v.duration-(first+closing)*latency, last-first-closing, v.turn-first
	// In two parts, since the product of the whole may be beyond 64 bits.
	return v.flow.Start + first*latency + span/steps*step + span%steps*step/steps
}

// next takes the next turn: its direction and flags, and whether it stands in the middle.
func (v *conversation) next() (t turn, middle bool) {
	shape := v.plan.shape
	opening, middles := int64(len(shape.opening)), v.plan.up.middle+v.plan.down.middle
	at := v.turn
	v.turn++
	switch {
	case at < opening:
		return shape.opening[at], false
	case at >= opening+middles:
		return shape.closing[at-opening-middles], false
	case v.downNext():
		return turn{true, shape.down}, true
	}
	return turn{false, shape.up}, true
}

// downNext shares out the turns in the middle in proportion, beginning with who opened.
func (v *conversation) downNext() bool {
	up, down := v.plan.up.middle, v.plan.down.middle
	return v.up.sent == up || v.down.sent < down && v.up.sent*down > v.down.sent*up
}

// sides are who sends a packet and who receives it.
func (v *conversation) sides(down bool) (from, to *side) {
	if down {
		return &v.down, &v.up
	}
	return &v.up, &v.down
}

// write makes the frame of the next packet, in f.
func (v *conversation) write(f *frame) {
	f.time = v.time()
	t, middle := v.next()
	from, to := v.sides(t.down)
	size := 0
	if middle {
		size = int(v.plan.size(t.down, from.sent))
		from.sent++
	}
	f.begin(v, t.down, from, to)
	if v.flow.Proto == flow.TCP {
		v.writeSegment(f, t, middle, size)
		return
	}
	v.fill(f.place(int(v.plan.header), size), t.down, from)
	switch v.flow.Proto {
	case flow.UDP:
		f.finishUDP(v, t.down)
	case flow.ICMP, flow.ICMPv6:
		f.finishICMP(v, t.down, uint16(from.sent))
	}
}

// writeSegment makes a packet of TCP, whose size is of data or, in a SYN, of options.
func (v *conversation) writeSegment(f *frame, t turn, middle bool, size int) {
	from, to := v.sides(t.down)
	options := 0
	switch {
	case t.flags&syn != 0 && middle:
		options, size = size, 0
	case t.flags&syn != 0:
		options = synOptions
	case size == 0:
		t.flags &^= packet.PSH
	}
	data := f.place(int(v.plan.header)+options, size)
	sequence, next := from.sequence, to.sequence
	if v.plan.shape.bears {
		v.fill(data, t.down, from)
		from.sequence += uint32(size)
	} else { // all SYNs are the same one sent again, and what refuses them has none to go by (RFC 9293, 3.5.2)
		copy(data, resetCause)
		next++
		if t.down {
			sequence = 0
		}
	}
	if len(v.plan.shape.opening) > 0 && t.flags&(packet.SYN|packet.FIN) != 0 {
		from.sequence++
	}
	if t.flags&ack == 0 {
		next = 0
	}
	f.finishTCP(v, t, options, sequence, next)
}

// resetCause is what a reset may say (RFC 9293, 3.5.3, note), over and over.
var resetCause = strings.Repeat("no such service ", mtu/16+1)

// fill writes the payload of a packet.
func (v *conversation) fill(b []byte, down bool, from *side) {
	switch {
	case v.plan.app == dnsApplication:
		l := v.plan.lookup(&v.flow)
		l.write(b, down)
		return
	case v.flow.Proto == flow.ICMP || v.flow.Proto == flow.ICMPv6: // an echo comes back as it was
		copy(b, noise(v.hash, len(b)))
		return
	case len(b) == 0:
		return
	}
	total, began := v.plan.up.payload, 0
	if down {
		total = v.plan.down.payload
	}
	if from.carried == 0 || v.flow.Proto == flow.UDP {
		t := newTalk(&v.flow, total)
		began = v.plan.app.begin(down, &t, b)
	}
	rest := b[began:]
	copy(rest, noise(v.hash+uint64(from.carried), len(rest)))
	from.carried += int64(len(b))
	if v.plan.app.record != nil {
		v.plan.app.record(rest, total-from.carried)
	}
}
