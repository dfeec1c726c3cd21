package packet_test

import (
	"net/netip"
	"testing"

	"sentinel/internal/packet"
)

// TestDecodeRefuses is of frames that give no packet, and why.
func TestDecodeRefuses(t *testing.T) {
	deep := hello
	for range 12 {
		deep = ether(0x88e7, bin("00000123"), deep)
	}
	tags := hello
	for range 20 {
		tags = join(bin("2007 8100"), tags)
	}
	for _, c := range []struct {
		name    string
		link    packet.LinkType
		data    []byte
		verdict packet.Verdict
		reason  string
	}{
		{"nothing", packet.Ethernet, nil, packet.Short, "shorter than its link header"},
		{"half an Ethernet header", packet.Ethernet, zeros(13), packet.Short, "shorter than its link header"},
		{"half a tag", packet.Ethernet, ether(0x8100, zeros(3)), packet.Short, "ends within a VLAN tag or an MPLS label"},
		{"half an IPv4 header", packet.Ethernet, ether(0x0800, hello[:19]), packet.Short, "shorter than its IPv4 header"},
		{"half an IPv6 header", packet.Ethernet, ether(0x86dd, hello6[:39]), packet.Short, "shorter than its IPv6 header"},
		{"ARP", packet.Ethernet, ether(0x0806, zeros(46)), packet.NotIP, "ARP"},
		{"LLDP", packet.Ethernet, ether(0x88cc, zeros(46)), packet.NotIP, "neither IP nor ARP"},
		{"spanning tree", packet.Ethernet, ether(38, bin("424203"), zeros(35)), packet.NotIP, "LLC: spanning tree, IS-IS, NetBIOS and others"},
		{"PPPoE discovery", packet.Ethernet, ether(0x8863, bin("1109 0000 0000")), packet.NotIP, "negotiation of PPP or PPPoE"},
		{"LCP", packet.PPP, bin("ff03 c021 0101 0004"), packet.NotIP, "negotiation of PPP or PPPoE"},
		{"beacon", packet.WiFi, join(bin("8000"), zeros(40)), packet.NotIP, "802.11 frame without data"},
		{"second fragment", packet.WiFi, join(bin("0800"), zeros(20), bin("0100"), zeros(30)), packet.NotIP, "later part of a fragmented frame"},
		{"protected", packet.WiFi, join(bin("0841"), zeros(40)), packet.Unknown, "encrypted 802.11 or MACsec frame"},
		{"MACsec", packet.Ethernet, ether(0x88e5, bin("0c00 00000001"), zeros(40)), packet.Unknown, "encrypted 802.11 or MACsec frame"},
		{"version 5", packet.Ethernet, ether(0x0800, edit(hello, 0, 0x55)), packet.Malformed, "no version 4 where IPv4 should be"},
		{"version 4 as 6", packet.Ethernet, ether(0x86dd, hello), packet.Malformed, "no version 6 where IPv6 should be"},
		{"no version", packet.RawIP, zeros(40), packet.Malformed, "neither version 4 nor 6 where IP should be"},
		{"short header", packet.RawIP, edit(hello, 0, 0x44), packet.Malformed, "IPv4 header of fewer than 20 bytes"},
		{"short packet", packet.RawIP, edit(hello, 3, 19), packet.Malformed, "IPv4 packet shorter than its header"},
		{"no room for TCP", packet.RawIP, edit(hello, 3, 39), packet.Malformed, "TCP header longer than its packet"},
		{"no room for TCP, nor is it there", packet.RawIP, edit(hello[:30], 3, 30), packet.Malformed, "IP packet too short for its protocol's header"},
		{"no room for UDP", packet.RawIP, edit(query[:27], 3, 27), packet.Malformed, "IP packet too short for its protocol's header"},
		{"no room for ICMP", packet.RawIP, ip4("192.0.2.1", "198.51.100.2", 1, bin("0800")), packet.Malformed, "IP packet too short for its protocol's header"},
		{"TCP header of 16", packet.RawIP, edit(hello, 32, 0x40), packet.Malformed, "TCP header of fewer than 20 bytes"},
		{"TCP header of 60", packet.RawIP, edit(hello, 32, 0xf0), packet.Malformed, "TCP header longer than its packet"},
		{"UDP length of 7", packet.RawIP, edit(query, 25, 7), packet.Malformed, "UDP length of fewer than 8 bytes"},
		{"long extension header", packet.RawIP, ip6("2001:db8::1", "2001:db8::2", 0, bin("0601 000000000000")),
			packet.Malformed, "IPv6 extension header longer than its packet"},
		{"radiotap of 4 bytes", packet.Radiotap, bin("0000 0400 00000000"), packet.Malformed, "link header that contradicts itself"},
		{"wrong MPLS", packet.MPLS, join(bin("00011140"), zeros(40)), packet.Unknown, "MPLS around neither IP nor Ethernet"},
		{"compressed PPP", packet.PPP, bin("ff03 00fd 1234"), packet.Unknown, "PPP protocol that is not read"},
		{"other family", packet.Null, bin("00000011 1234"), packet.Unknown, "address family that is not read"},
		{"other link type", 190, hello, packet.Unknown, "CAN (link type 190) is not read"},
		{"nameless link type", 4711, hello, packet.Unknown, "link type 4711 is not read"},
		{"other link type within", packet.PPI, bin("0000 0800 ff000000"), packet.Unknown, "link type that is not read"},
		{"too deep", packet.Ethernet, deep, packet.Malformed, "more encapsulations than any network has"},
		{"too many tags", packet.Ethernet, ether(0x8100, tags), packet.Malformed, "more encapsulations than any network has"},
	} {
		var p packet.Packet
		verdict, reason := packet.Decode(c.link, c.data, &p), packet.Reason(c.link, c.data)
		if verdict != c.verdict || reason != c.reason {
			t.Errorf("%s: %d, %q, want %d, %q", c.name, verdict, reason, c.verdict, c.reason)
		}
	}
}

// TestDeepTunnels reads what is not too deep, and counts the rest as what is around.
func TestDeepTunnels(t *testing.T) {
	data := hello
	for range 20 {
		data = outer(4, data)
	}
	var p packet.Packet
	if packet.Decode(packet.RawIP, data, &p) != packet.Decoded || p.Proto != 4 || p.Marks != packet.Tunnelled {
		t.Errorf("20 tunnels: %+v", p)
	}
}

// TestDecodeCut cuts every sample at every byte: it never gives other ends than those of the packet, or of the tunnel
// around it.
func TestDecodeCut(t *testing.T) {
	for _, c := range frames {
		var whole packet.Packet
		packet.Decode(c.link, c.data, &whole)
		for length := range c.data {
			p, ok := sound(t, c.link, c.data[:length])
			if ok && p.Marks&packet.Cut != 0 {
				p.Ends.SrcPort, p.Ends.DstPort = whole.Ends.SrcPort, whole.Ends.DstPort
			}
			if ok && p.Ends != whole.Ends && !around[netip.AddrFrom16(p.Ends.Src).Unmap()] {
				t.Errorf("%s, cut to %d bytes: %s", c.name, length, describe(&p, c.data))
			}
		}
	}
}

// around are the addresses that the samples' tunnels come from.
var around = map[netip.Addr]bool{netip.MustParseAddr("203.0.113.1"): true, netip.MustParseAddr("2001:db8::3"): true}

// sound decodes and checks what always holds.
func sound(t *testing.T, link packet.LinkType, data []byte) (packet.Packet, bool) {
	t.Helper()
	p := packet.Packet{Sequence: 1, Fragment: 1, Proto: 1, Flags: 0xff, Marks: 0xff, Ends: packet.Ends{Src: [16]byte{1}, Dst: [16]byte{1}}}
	var again packet.Packet
	verdict := packet.Decode(link, data, &p)
	if other := packet.DecodeAnything(link, data, &again); other != verdict || verdict == packet.Decoded && again != p {
		t.Errorf("link type %d, %x:\n the short way gives %d, %+v\nthe long way gives %d, %+v", link, data, verdict, p, other, again)
	}
	if reason := packet.Reason(link, data); (reason == "") != (verdict == packet.Decoded) {
		t.Errorf("link type %d, %x: verdict %d, reason %q", link, data, verdict, reason)
	}
	if verdict != packet.Decoded {
		return p, false
	}
	if p.From > p.Till || int(p.Till) > len(data) || p.Payload > p.IPBytes || p.Till-p.From > p.Payload {
		t.Errorf("link type %d, %x: %+v", link, data, p)
	}
	return p, true
}

func TestDecodeAllocatesNothing(t *testing.T) {
	var p packet.Packet
	for _, c := range frames {
		if n := testing.AllocsPerRun(10, func() { packet.Decode(c.link, c.data, &p) }); n != 0 {
			t.Errorf("%s: %v allocations", c.name, n)
		}
	}
}

func TestDecodeOfOthers(t *testing.T) {
	eachCapture(t, func(_ string, frames []frame) {
		for _, f := range frames {
			sound(t, f.link, f.data)
		}
	})
}

func FuzzDecode(f *testing.F) {
	for _, c := range frames {
		f.Add(uint16(c.link), c.data)
	}
	f.Fuzz(func(t *testing.T, link uint16, data []byte) { sound(t, packet.LinkType(link), data) })
}

// FuzzTunnel has random bytes in the tunnels, where they cannot hide the packet around.
func FuzzTunnel(f *testing.F) {
	for _, c := range frames {
		if c.link == packet.RawIP && c.data[0] == 0x45 && len(c.data) > 28 {
			f.Add(c.data[9], uint16(c.data[22])<<8|uint16(c.data[23]), c.data[20:])
		}
	}
	f.Fuzz(func(t *testing.T, proto byte, port uint16, inside []byte) {
		if len(inside) > 60000 {
			return
		}
		sound(t, packet.RawIP, outer(proto, inside))
		sound(t, packet.RawIP, over(port, inside))
	})
}

// TestLinkTypes holds the names to what Decode reads.
func TestLinkTypes(t *testing.T) {
	for link := range packet.LinkType(1 << 10) {
		unread := packet.Decode(link, zeros(200), &packet.Packet{}) == packet.Unknown && packet.Reason(link, zeros(200)) == link.String()+" is not read"
		if unread == link.Known() {
			t.Errorf("%v: Known() = %v", link, link.Known())
		}
	}
}
