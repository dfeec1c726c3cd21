package netflow

import (
	"encoding/binary"
	"net/netip"

	"sentinel/internal/biflow"
	"sentinel/internal/flow"
	"sentinel/internal/packet"
)

// The kinds of samples and of records in them that are looked at (sFlow Version 5, 5). An enterprise other than 0 in
// the upper 20 bits makes others.
const (
	flowSample         = 1
	counterSample      = 2
	expandedFlowSample = 3
	expandedCounters   = 4
	discardedPacket    = 5

	rawHeader   = 1
	sampledIPv4 = 3
	sampledIPv6 = 4
)

// xdr reads the 32-bit words of sFlow (RFC 4506). What lies beyond the end reads as 0 and makes it short.
type xdr struct {
	data  []byte
	short bool
}

func (x *xdr) word() uint32 {
	b := x.bytes(4)
	if b == nil {
		return 0
	}
	return binary.BigEndian.Uint32(b)
}

// bytes takes n bytes, or none where there are less.
func (x *xdr) bytes(n int) []byte {
	if n < 0 || n > len(x.data) {
		x.short, x.data = true, nil
		return nil
	}
	b := x.data[:n]
	x.data = x.data[n:]
	return b
}

// opaque takes bytes with their length before them, to the next word.
func (x *xdr) opaque() []byte {
	n := int(x.word())
	b := x.bytes(n)
	x.data = x.data[min(len(x.data), -n&3):]
	return b
}

// part takes a sample or a record: what kind it is, and its content.
func (x *xdr) part() (kind uint32, content xdr) {
	kind = x.word()
	return kind, xdr{data: x.bytes(int(x.word()))}
}

// addressLength is how long the address of an agent is, by its type; 0 where there is no such type.
func addressLength(kind uint32) int {
	switch kind {
	case 1:
		return 4
	case 2:
		return 16
	}
	return 0
}

// sample reads a datagram of sFlow.
func (d *decoder) sample(g datagram) {
	x := xdr{data: g.data}
	x.word() // version
	agent := x.bytes(addressLength(x.word()))
	subAgent := x.word()
	x.word() // sequence
	uptime, samples := x.word(), x.word()
	if x.short {
		d.skip("shorter than the header of sFlow", 1, g.place)
		return
	}
	if a, ok := address(agent); ok {
		g.exporter = netip.AddrPortFrom(a, 0) // the agent knows better than the sender, which may be a relay
	}
	m := message{domain: d.domain(g, sFlow, subAgent), version: sFlow, place: g.place, moment: moment{exported: g.captured}}
	if m.domain == nil {
		return
	}
	if g.captured == noTime {
		m.exported = int64(uptime) * 1000
	}
	for range samples {
		kind, content := x.part()
		if x.short {
			d.skip("sFlow datagram cut short", 1, g.place)
			return
		}
		d.oneSample(&m, kind, content)
	}
}

func (d *decoder) oneSample(m *message, kind uint32, x xdr) {
	switch kind {
	case flowSample:
		x.bytes(8) // sequence, source
		m.rate = int64(x.word())
		x.bytes(16) // pool, drops, input, output
	case expandedFlowSample:
		x.bytes(12)
		m.rate = int64(x.word())
		x.bytes(24)
	case counterSample, expandedCounters:
		return
	case discardedPacket:
		d.skip("sFlow sample of a packet that was not forwarded", 1, m.place)
		return
	default:
		d.skip("sFlow sample of an unknown kind", 1, m.place)
		return
	}
	d.records++
	d.sampledPacket(m, x)
}

// sampledPacket makes half a flow of the first record of a sample that tells the packet.
func (d *decoder) sampledPacket(m *message, x xdr) {
	for range x.word() {
		kind, content := x.part()
		if x.short {
			break
		}
		var half biflow.Half
		if !readPacket(kind, &content, &half) {
			continue
		}
		rate := d.samplingRate(m)
		half.Start = m.exported
		half.UpBytes, half.UpPackets = scaled(uint64(half.UpBytes), rate), rate
		d.joiner.Add(&half)
		return
	}
	reason := "sFlow sample without an IP packet"
	if x.short {
		reason = "sFlow sample cut short"
	}
	d.skip(reason, 1, m.place)
}

func (d *decoder) samplingRate(m *message) int64 {
	if d.forced > 0 {
		return d.sampled(d.forced)
	}
	rate := max(believed(uint64(m.rate)), 1)
	m.scaling.add(rate)
	return d.sampled(rate)
}

// readPacket reads a record of a sample; ok is false where it tells no IP packet.
func readPacket(kind uint32, x *xdr, half *biflow.Half) (ok bool) {
	switch kind {
	case rawHeader:
		return readHeader(x, half)
	case sampledIPv4:
		return readIP(x, half, 4)
	case sampledIPv6:
		return readIP(x, half, 16)
	}
	return false
}

// headerLinks are the link layers of sampled headers, by header_protocol.
var headerLinks = map[uint32]packet.LinkType{
	1: packet.Ethernet, 2: packet.TokenRing, 4: packet.FDDI, 5: packet.FrameRelay, 7: packet.PPP, 11: packet.RawIP,
	12: packet.RawIP, 13: packet.MPLS,
}

func readHeader(x *xdr, half *biflow.Half) (ok bool) {
	link, known := headerLinks[x.word()]
	x.bytes(8) // length of the frame, bytes stripped from it: the IP header tells the length of the packet
	var p packet.Packet
	if !known || packet.Decode(link, x.opaque(), &p) != packet.Decoded {
		return false
	}
	half.SrcIP, half.DstIP = netip.AddrFrom16(p.Ends.Src).Unmap(), netip.AddrFrom16(p.Ends.Dst).Unmap()
	half.SrcPort, half.DstPort = p.Ends.SrcPort, p.Ends.DstPort
	half.Proto, half.UpBytes = p.Proto, int64(p.IPBytes)
	half.Flags, half.HasFlags = p.Flags, p.Proto == flow.TCP
	return true
}

// readIP reads a packet that the agent has decoded itself.
func readIP(x *xdr, half *biflow.Half, size int) (ok bool) {
	half.UpBytes, half.Proto = int64(x.word()), flow.Proto(x.word())
	half.SrcIP, _ = address(x.bytes(size))
	half.DstIP, _ = address(x.bytes(size))
	half.SrcPort, half.DstPort = uint16(x.word()), uint16(x.word())
	half.Flags, half.HasFlags = packet.TCPFlags(x.word()), half.Proto == flow.TCP
	return !x.short
}
