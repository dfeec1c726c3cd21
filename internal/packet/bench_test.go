package packet_test

import (
	"testing"

	"sentinel/internal/packet"
)

// BenchmarkDecode is of frames in cache: what decoding itself costs.
func BenchmarkDecode(b *testing.B) {
	for _, bench := range []struct {
		name string
		link packet.LinkType
		data []byte
	}{
		{"ethernet/ipv4/tcp", packet.Ethernet, ether(0x0800, hello)},
		{"ethernet/ipv4/udp", packet.Ethernet, ether(0x0800, query)},
		{"ethernet/ipv6/tcp", packet.Ethernet, ether(0x86dd, hello6)},
		{"ethernet/ipv6/udp", packet.Ethernet, ether(0x86dd, ip6("2001:db8::1", "2001:db8::2", 17, udp(1000, 53, zeros(40))))},
		{"vlan/ipv4/tcp", packet.Ethernet, ether(0x8100, vlan(0x0800, hello))},
		{"vlan/ipv6/tcp", packet.Ethernet, ether(0x8100, vlan(0x86dd, hello6))},
		{"raw/ipv4/tcp", packet.RawIP, hello},
		{"cooked/ipv6/tcp", packet.LinuxCooked, join(zeros(14), u16(0x86dd), hello6)},
		{"qinq/ipv4/udp", packet.Ethernet, ether(0x88a8, vlan(0x8100, vlan(0x0800, query)))},
		{"vxlan/ipv4/tcp", packet.Ethernet, ether(0x0800, over(4789, bin("08000000 00000100"), ether(0x0800, hello)))},
		{"ethernet/arp", packet.Ethernet, ether(0x0806, zeros(46))},
	} {
		b.Run(bench.name, func(b *testing.B) {
			var p packet.Packet
			b.ReportAllocs()
			for b.Loop() {
				packet.Decode(bench.link, bench.data, &p)
			}
		})
	}
}
