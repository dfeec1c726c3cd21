package packet_test

import (
	"encoding/binary"
	"testing"

	"sentinel/internal/packet"
)

// BenchmarkDecode is of packets in cache: what the decoder itself costs.
func BenchmarkDecode(b *testing.B) {
	eth := func(kind uint16, rest ...byte) []byte {
		return append(binary.BigEndian.AppendUint16(make([]byte, 12), kind), rest...)
	}
	ip4 := func(proto byte, n int) []byte {
		h := make([]byte, 20)
		h[0] = 0x45
		binary.BigEndian.PutUint16(h[2:], uint16(20+n))
		h[9] = proto
		return h
	}
	ip6 := func(proto byte, n int) []byte {
		h := make([]byte, 40)
		h[0] = 0x60
		binary.BigEndian.PutUint16(h[4:], uint16(n))
		h[6] = proto
		return h
	}
	tcp := make([]byte, 100)
	tcp[0], tcp[1], tcp[3] = 1, 2, 80
	tcp[12] = 0x50
	udp := make([]byte, 100)
	udp[0], udp[1], udp[3], udp[5] = 1, 2, 53, 100
	frames := map[string][]byte{
		"ip4tcp": eth(0x800, append(ip4(6, 100), tcp...)...),
		"ip4udp": eth(0x800, append(ip4(17, 100), udp...)...),
		"ip6tcp": eth(0x86dd, append(ip6(6, 100), tcp...)...),
		"ip6udp": eth(0x86dd, append(ip6(17, 100), udp...)...),
		"vlan4":  eth(0x8100, append([]byte{0, 1, 8, 0}, append(ip4(6, 100), tcp...)...)...),
	}
	for _, name := range []string{"ip4tcp", "ip4udp", "ip6tcp", "ip6udp", "vlan4"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			var p packet.Packet
			f := frames[name]
			for b.Loop() {
				if packet.Decode(packet.Ethernet, f, &p) != packet.Decoded {
					b.Fatal()
				}
			}
		})
	}
}
