package netflow

import (
	"bytes"
	"math"
	"net/netip"
	"strings"

	"sentinel/internal/flow"
	"sentinel/internal/packet"
)

// record is what one record says. Its slices lie in the datagram.
type record struct {
	has       uint64 // by slot, of numbers
	number    [numbers]uint64
	src, dst  netip.Addr
	host, app []byte
	frame, ip []byte
}

func (r *record) clear() {
	r.has = 0
	r.src, r.dst = netip.Addr{}, netip.Addr{}
	r.host, r.app, r.frame, r.ip = nil, nil, nil, nil
}

// put keeps the value of a field. Of several for one slot the last that says something counts: exporters send fields of
// IPv4 and of IPv6 in one record, one of them filled with zeros. Flags add up.
func (r *record) put(e *element, value []byte) {
	if e.slot < numbers {
		n := e.read(value)
		if e.slot == tcpFlags || e.slot == reverseFlags {
			n |= r.of(e.slot)
		}
		if bit := uint64(1) << e.slot; n != 0 || r.has&bit == 0 {
			r.has |= bit
			r.number[e.slot] = n
		}
		return
	}
	switch e.slot {
	case srcAddress:
		putAddress(&r.src, value)
	case dstAddress:
		putAddress(&r.dst, value)
	case frame:
		r.frame = value
	case ipSection:
		r.ip = value
	case hostName:
		putText(&r.host, value)
	case applicationName:
		putText(&r.app, value)
	}
}

func putAddress(into *netip.Addr, value []byte) {
	if a, ok := address(value); ok && (!into.IsValid() || !a.IsUnspecified()) {
		*into = a
	}
}

// putText keeps a text without the zeros that fill fields of fixed length.
func putText(into *[]byte, value []byte) {
	if end := bytes.IndexByte(value, 0); end >= 0 {
		value = value[:end]
	}
	if len(value) > 0 {
		*into = value
	}
}

// tells tells whether the record has any of the slots.
func (r *record) tells(slots ...slot) bool {
	for _, s := range slots {
		if r.has&(1<<s) != 0 {
			return true
		}
	}
	return false
}

// first is the number of the first of the slots that the record has and that is not 0.
func (r *record) first(slots ...slot) uint64 {
	for _, s := range slots {
		if n := r.of(s); n != 0 {
			return n
		}
	}
	return 0
}

// of is the number in a slot, 0 where the record has none.
func (r *record) of(s slot) uint64 {
	if r.has&(1<<s) == 0 {
		return 0
	}
	return r.number[s]
}

// unpack fills in what a packet tells that lies in the record (RFC 5477, 8.5).
func (r *record) unpack() {
	link, data := packet.Ethernet, r.frame
	if kind := r.of(linkType); kind > 1 { // dataLinkFrameType: 1 is Ethernet, 2 is IEEE 802.11
		link = packet.WiFi
	}
	if data == nil {
		link, data = packet.RawIP, r.ip
	}
	var p packet.Packet
	if packet.Decode(link, data, &p) != packet.Decoded {
		return
	}
	r.src, r.dst = netip.AddrFrom16(p.Ends.Src).Unmap(), netip.AddrFrom16(p.Ends.Dst).Unmap()
	r.set(proto, uint64(p.Proto))
	r.set(srcPort, uint64(p.Ends.SrcPort))
	r.set(dstPort, uint64(p.Ends.DstPort))
	r.has &^= 1<<icmpType | 1<<icmpTypeCode
	if p.Proto == flow.ICMP || p.Proto == flow.ICMPv6 {
		r.set(icmpType, uint64(p.Ends.SrcPort))
		r.set(icmpCode, uint64(p.Ends.DstPort))
	}
	if p.Proto == flow.TCP {
		r.set(tcpFlags, uint64(p.Flags))
	}
	if !r.tells(octets, octetsTotal) {
		r.set(octets, uint64(p.IPBytes))
	}
	if !r.tells(packets, packetsTotal) {
		r.set(packets, 1)
	}
}

func (r *record) set(s slot, n uint64) {
	r.has |= 1 << s
	r.number[s] = n
}

// ports are the ports, or of ICMP type and code, which exporters tell in one of three ways.
func (r *record) ports(p flow.Proto) (src, dst uint16) {
	if p != flow.ICMP && p != flow.ICMPv6 {
		return uint16(r.of(srcPort)), uint16(r.of(dstPort))
	}
	if r.tells(icmpType) {
		return uint16(r.of(icmpType) & 0xff), uint16(r.of(icmpCode) & 0xff)
	}
	both := r.first(icmpTypeCode, dstPort)
	return uint16(both >> 8 & 0xff), uint16(both & 0xff)
}

// counts are what a record counts each way.
type counts struct {
	up, upPackets, down, downPackets uint64
	both                             bool // the record counts both ways
}

func (c counts) zero() bool { return c.up|c.upPackets|c.down|c.downPackets == 0 }

// counted finds the counts of a record, which exporters tell in one of three ways: deltas or totals; with those of the
// other direction (RFC 5103); by who opened the connection (Cisco). Records of NetFlow v9 may have those of the other
// direction in OUT_BYTES and OUT_PKTS (ntop), unless those count the same packets as they leave (Cisco, Fortinet).
func (r *record) counted(version uint16) counts {
	c := counts{
		up:        r.first(octets, octetsTotal, initiatorOctets),
		upPackets: r.first(packets, packetsTotal, initiatorPackets),
	}
	switch {
	case r.tells(reverseOctets, reverseOctetsTotal, reversePackets, reversePacketsTotal):
		c.both = true
		c.down = r.first(reverseOctets, reverseOctetsTotal)
		c.downPackets = r.first(reversePackets, reversePacketsTotal)
	case r.tells(responderOctets, responderPackets):
		c.both = true
		c.down, c.downPackets = r.of(responderOctets), r.of(responderPackets)
	case r.tells(postOctets, postPackets) && c.zero(): // of egress; no flow is answered that did not begin
		c.up, c.upPackets = r.of(postOctets), r.of(postPackets)
	case version == 9 && r.tells(postOctets, postPackets) && (r.of(postOctets) != c.up || r.of(postPackets) != c.upPackets):
		c.both = true
		c.down, c.downPackets = r.of(postOctets), r.of(postPackets)
	}
	return c
}

// scaled is a count times a sampling rate, as large as a count can be where it would not fit.
func scaled(count uint64, rate int64) int64 {
	if count > uint64(math.MaxInt64)/uint64(rate) {
		return math.MaxInt64
	}
	return int64(count) * rate
}

// maxText is how long a host name or the name of an application may be: that of a domain name (RFC 1035, 2.3.4).
const maxText = 255

// text is a name, in lower case. Other bytes than those of ASCII stay as they are.
func text(b []byte) string {
	name := bytes.Clone(b[:min(len(b), maxText)])
	for i, letter := range name {
		if letter >= 'A' && letter <= 'Z' {
			name[i] = letter + 'a' - 'A'
		}
	}
	return string(name)
}

// host is the name of a host, without the port that a Host header may have.
func host(b []byte) string {
	if b == nil {
		return ""
	}
	name := text(b)
	if i := strings.LastIndexByte(name, ':'); i >= 0 && strings.IndexByte(name, ':') == i {
		name = name[:i]
	}
	return strings.TrimSuffix(name, ".")
}
