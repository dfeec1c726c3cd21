package wire

import (
	"net/netip"

	"sentinel/internal/flow"
)

// Sizes in bytes of headers (RFC 791, 8200, 9293, 768, 792) and of the largest IP packet on an Ethernet.
const (
	ethernetHeader = 14
	ip4Header      = 20
	ip6Header      = 40
	tcpHeader      = 20
	udpHeader      = 8
	icmpHeader     = 8
	mtu            = 1500
	// synOptions are those of a SYN in a handshake: segment size, SACK permitted and window scale. A SYN that stands
	// alone has as many as its flow has bytes for.
	synOptions, mostOptions = 12, 40
)

// plan is how many packets a conversation has each way, and what they carry.
type plan struct {
	shape    *shape
	app      *application
	asked    *question // of a lookup, if it is known
	header   int64     // bytes of the IP and transport headers, without options
	up, down way
}

// way is one direction of a plan.
type way struct {
	fixed   int64 // packets that open and close
	middle  int64 // packets between them
	payload int64 // bytes in the middle beyond the headers: data, or options of SYNs
	bytes   int64 // of all IP packets
}

func (w way) packets() int64 { return w.fixed + w.middle }

// heartbeat is the longest time without a packet in a connection, in microseconds: below the five minutes after which
// firewalls and meters take it for over.
const heartbeat = 240e6

// handshakes is how many packets follow each other at once where a connection opens and closes.
const handshakes = 6

// planFor decides on the packets of a flow, and of a lookup by what it asks if that is known.
func planFor(f *flow.Flow, asked *question) plan {
	p := plan{shape: shapeOf(f), app: applicationOf(f), asked: asked, header: headers(f)}
	upPackets, downPackets := f.UpPackets, f.DownPackets
	if upPackets == 0 && downPackets == 0 {
		upPackets, downPackets = p.packetsFor(f.UpBytes, f.DownBytes)
	}
	if missing := ceil(f.Duration, heartbeat) + handshakes - upPackets - downPackets; missing > 0 && f.Duration > heartbeat && len(p.shape.opening) > 0 {
		upPackets, downPackets = upPackets+ceil(missing, 2), downPackets+missing/2
	}
	p.up = p.settle(false, upPackets, f.UpBytes, p.shape.leastUp)
	p.down = p.settle(true, downPackets, f.DownBytes, p.shape.leastDown)
	if p.app == dnsApplication {
		p.settleDNS(f)
	}
	return p
}

func headers(f *flow.Flow) int64 {
	var size int64 = ip6Header
	if f.SrcIP.Is4() {
		size = ip4Header
	}
	switch f.Proto {
	case flow.TCP:
		return size + tcpHeader
	case flow.UDP:
		return size + udpHeader
	case flow.ICMP, flow.ICMPv6:
		return size + icmpHeader
	}
	return size
}

// packetsFor chooses the numbers of packets for bytes: full ones, and acknowledgements of every second one that comes
// the other way, which may take half of the bytes.
func (p *plan) packetsFor(upBytes, downBytes int64) (up, down int64) {
	up, down = ceil(upBytes, mtu), ceil(downBytes, mtu)
	if len(p.shape.opening) > 0 {
		up, down = max(up, min(down/2, upBytes/(2*p.header))), max(down, min(up/2, downBytes/(2*p.header)))
	}
	return up + p.shape.upFixed.packets, down + p.shape.downFixed.packets
}

// settle gives one direction as many packets as asked for, or as the shape and the bytes need.
func (p *plan) settle(down bool, packets, bytes, least int64) (w way) {
	fixed := p.shape.upFixed
	if down {
		fixed = p.shape.downFixed
	}
	taken := fixed.packets*p.header + fixed.syns*synOptions
	w.fixed = fixed.packets
	w.middle = max(packets-w.fixed, least, ceil(bytes-taken, p.header+p.room(down)))
	if w.middle > 0 {
		w.payload = max(0, bytes-taken-w.middle*p.header)
	}
	if p.optional(down) {
		w.payload = ceil(w.payload, 4) * 4 // RFC 9293, 3.1: a header is of whole words
	}
	w.bytes = taken + w.middle*p.header + w.payload
	return w
}

// optional tells whether the packets in the middle are SYNs, which carry options and no data.
func (p *plan) optional(down bool) bool { return !down && p.shape.up == syn }

// room is how many bytes a packet in the middle has beside its headers.
func (p *plan) room(down bool) int64 {
	if p.optional(down) {
		return mostOptions
	}
	return mtu - p.header
}

// size is how many of the payload the packet in the middle with this number carries. Data of a connection comes in
// full packets first; all else is shared out evenly.
func (p *plan) size(down bool, number int64) int64 {
	w := p.up
	if down {
		w = p.down
	}
	if len(p.shape.opening) > 0 || p.shape == shapes[flow.Other] {
		return max(0, min(p.room(down), w.payload-number*p.room(down)))
	}
	unit := int64(1)
	if p.optional(down) {
		unit = 4
	}
	units := w.payload / unit
	share := units / w.middle
	if number < units%w.middle {
		share++
	}
	return share * unit
}

// turns is how many packets the conversation has.
func (p *plan) turns() int64 { return p.up.packets() + p.down.packets() }

func ceil(a, b int64) int64 { return (max(a, 0) + b - 1) / b }

// pace is the time from one packet to the next where a flow does not say how long it lasts, in microseconds.
const pace = 2_000

// patience is the longest time from one datagram to the next, in microseconds: below the minute after which meters no
// longer take them for one conversation.
const patience = 50e6

// Expected is the flow as its packets show it. It differs from f where f leaves something open, has fewer bytes than
// the headers of its packets need, or fewer packets than its state and its duration take.
func Expected(f flow.Flow) flow.Flow { return expected(f, nil) }

func expected(f flow.Flow, asked *question) flow.Flow {
	f = complete(f)
	p := planFor(&f, asked)
	f.UpPackets, f.DownPackets = p.up.packets(), p.down.packets()
	f.UpBytes, f.DownBytes = p.up.bytes, p.down.bytes
	f.UpPayload, f.DownPayload = 0, p.down.payload
	if p.shape.bears {
		f.UpPayload = p.up.payload
	}
	f.Duration = p.duration(&f)
	f.State, f.Opener = p.state(), flow.BySYN
	if p.shape.up&syn == 0 && len(p.shape.opening) == 0 {
		f.Opener = flow.ByFirst
	}
	f.Service, f.Name = p.shown(&f)
	return f
}

// complete fills in what every packet needs.
func complete(f flow.Flow) flow.Flow {
	f.SrcIP, f.DstIP = f.SrcIP.Unmap().WithZone(""), f.DstIP.Unmap().WithZone("")
	if f.SrcIP.Is4() != f.DstIP.Is4() {
		f.SrcIP, f.DstIP = netip.AddrFrom16(f.SrcIP.As16()), netip.AddrFrom16(f.DstIP.As16())
	}
	switch {
	case f.Proto == flow.ICMP && f.SrcPort == 0 && f.DstPort == 0:
		f.SrcPort = 8
	case f.Proto == flow.ICMPv6 && f.SrcPort == 0 && f.DstPort == 0:
		f.SrcPort = 128
	case f.SrcPort == 0 && (f.Proto == flow.TCP || f.Proto == flow.UDP):
		f.SrcPort = sourcePort(&f)
	}
	return f
}

func (p *plan) duration(f *flow.Flow) int64 {
	switch {
	case p.turns() == 1:
		return 0
	case f.Duration <= 0:
		return (p.turns() - 1) * pace
	case p.shape == datagrams:
		return min(f.Duration, (p.turns()-1)*patience)
	}
	return f.Duration
}

func (p *plan) state() flow.State {
	for _, state := range []flow.State{flow.Established, flow.Reset, flow.Refused, flow.Other} {
		if p.shape == shapes[state] {
			return state
		}
	}
	if p.down.packets() > 0 {
		return flow.Established
	}
	return flow.Unanswered
}
