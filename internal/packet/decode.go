package packet

import "encoding/binary"

// Decode reads the headers of a frame, down to the innermost IP packet, into all of p but Time. Only after Decoded does p
// hold something. Decode neither allocates nor keeps data. Checksums are not looked at: captures on the sending host
// have wrong ones.
func Decode(link LinkType, data []byte, p *Packet) Verdict {
	if quick(link, data, p) {
		return Decoded
	}
	return faults[decode(link, data, 0, 0, p)].verdict
}

// Reason says, for counting, why Decode gives another verdict than Decoded: "shorter than its IPv4 header". The texts are
// few, whatever the data.
func Reason(link LinkType, data []byte) string {
	if !link.Known() {
		return link.String() + " is not read"
	}
	var p Packet
	return faults[decode(link, data, 0, 0, &p)].text
}

// nest counts the headers around that hold a whole frame or packet. Its top bit tells that one of them is IP.
type nest uint8

const (
	// maxNest is deeper than networks build: VXLAN over IPsec over PPPoE over MPLS makes six. Beyond it lies an attack.
	maxNest = 8
	// maxTags bounds chains of headers that take turns within a layer: VLAN tags, MPLS labels, IPv6 extension headers.
	maxTags = 16

	overIP nest = 0x80
)

func (n nest) full() bool { return n&^overIP >= maxNest }

func (n nest) marks() Marks { return Marks(n>>7) * Tunnelled }

// be16 and be32 read numbers in network order.
func be16(b []byte) uint16 { return binary.BigEndian.Uint16(b) }
func be32(b []byte) uint32 { return binary.BigEndian.Uint32(b) }

// decode is a switch and not a table of functions: through those the compiler loses sight of p, and every packet would
// be allocated.
func decode(link LinkType, data []byte, at int, n nest, p *Packet) fault {
	switch link {
	case Ethernet:
		return ethernet(data, at, n, p)
	case RawIP, RawBSD, RawOpenBSD:
		return ip(data, at, n, p)
	case IPv4:
		return ipv4(data, at, n, p)
	case IPv6:
		return ipv6(data, at, n, p)
	case LinuxCooked:
		return cooked(data, at, n, p)
	case LinuxCooked2:
		return cooked2(data, at, n, p)
	case Null, Loop:
		return loopback(data, at, n, p)
	case WiFi:
		return wifi(data, at, false, n, p)
	case Radiotap:
		return radiotap(data, at, n, p)
	case Prism:
		return prism(data, at, n, p)
	case AVS:
		return avs(data, at, n, p)
	case PPP, PPPSerial, PPPDirection:
		return ppp(data, at, n, p)
	case PPPoE:
		return pppoe(data, at, n, p)
	case CiscoHDLC:
		return ciscoHDLC(data, at, n, p)
	case FrameRelay:
		return frameRelay(data, at, n, p)
	case ATM:
		return llc(data, at, n, p)
	case MPLS:
		return mpls(data, at, n, p)
	default:
		return decodeRare(link, data, at, n, p)
	}
}
