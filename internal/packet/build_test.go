package packet_test

import (
	"encoding/binary"
	"encoding/hex"
	"net/netip"
	"slices"
	"strings"
)

// What frames are built of, from the inside out.

var be = binary.BigEndian

func u16(n uint16) []byte { return be.AppendUint16(nil, n) }

func join(parts ...[]byte) []byte { return slices.Concat(parts...) }

// bin reads hexadecimal with spaces.
func bin(text string) []byte {
	b, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
	if err != nil {
		panic(err)
	}
	return b
}

func zeros(n int) []byte { return make([]byte, n) }

func ether(kind uint16, inside ...[]byte) []byte {
	return join(bin("020000000002 020000000001"), u16(kind), join(inside...))
}

func vlan(kind uint16, inside []byte) []byte { return join(u16(0x2007), u16(kind), inside) }

func ip4(src, dst string, proto byte, inside []byte) []byte {
	h := bin("4500 0000 0102 4000 4000 0000")
	be.PutUint16(h[2:], uint16(20+len(inside)))
	h[9] = proto
	return join(h, address(src), address(dst), inside)
}

func ip6(src, dst string, next byte, inside []byte) []byte {
	h := bin("6000 0000 0000 0040")
	be.PutUint16(h[4:], uint16(len(inside)))
	h[6] = next
	return join(h, address(src), address(dst), inside)
}

func address(text string) []byte { return netip.MustParseAddr(text).AsSlice() }

func tcp(src, dst uint16, flags byte, payload string) []byte {
	return join(u16(src), u16(dst), bin("00000007 00000009 50"), []byte{flags}, bin("0400 0000 0000"), []byte(payload))
}

func udp(src, dst uint16, payload []byte) []byte {
	return join(u16(src), u16(dst), u16(uint16(8+len(payload))), u16(0), payload)
}

// The packets that the tests wrap: what is inside, and around.
var (
	hello  = ip4("192.0.2.1", "198.51.100.2", 6, tcp(1000, 80, 0x18, "hello"))
	hello6 = ip6("2001:db8::1", "2001:db8::2", 6, tcp(1000, 80, 0x18, "hello"))
	query  = ip4("192.0.2.1", "198.51.100.2", 17, udp(1000, 53, []byte("query")))
)

const (
	isHello  = `tcp 192.0.2.1.1000 > 198.51.100.2.80 [18] 45 bytes, 5 payload "hello"`
	isHello6 = `tcp 2001:db8::1.1000 > 2001:db8::2.80 [18] 65 bytes, 5 payload "hello"`
	isQuery  = `udp 192.0.2.1.1000 > 198.51.100.2.53 33 bytes, 5 payload "query"`
)

// outer is IPv4 around something.
func outer(proto byte, inside ...[]byte) []byte {
	return ip4("203.0.113.1", "203.0.113.2", proto, join(inside...))
}

// over is a tunnel over UDP.
func over(port uint16, inside ...[]byte) []byte { return outer(17, udp(50000, port, join(inside...))) }
