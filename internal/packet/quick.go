package packet

import "sentinel/internal/flow"

// quick reads what nearly all frames are: Ethernet with at most one VLAN tag, or another common link type, IP without
// options and fragments, TCP or UDP outside tunnels, captured with their headers. Of all else it says false, and decode,
// which reads everything the same way, sees to it; a test holds the two together. It takes half the time.
func quick(link LinkType, data []byte, p *Packet) bool {
	if len(data) < 20+20 { // a link header, and IPv4; or IPv4 and TCP
		return false
	}
	kind, at := be16(data[typePlace:]), ethernetHeader
	if link != Ethernet {
		kind, at = quickType(link, data)
	} else if kind == typeVLAN {
		kind, at = be16(data[typePlace+4:]), ethernetHeader+4
	}
	header := data[at:]
	p.Fragment, p.Marks = 0, 0
	switch kind {
	case typeIPv4:
		if len(header) < 20 {
			return false
		}
		total := int(be16(header[2:]))
		if header[0] != 0x45 || be16(header[6:])&(moreFragments|fragmentOffset) != 0 || total < 20+udpHeader {
			return false
		}
		setMapped(&p.Ends.Src, header[12:16])
		setMapped(&p.Ends.Dst, header[16:20])
		p.IPBytes = uint32(total)
		return quickTransport(flow.Proto(header[9]), header[20:], at+20, total-20, p)
	case typeIPv6:
		if len(header) < 40+udpHeader || header[0]>>4 != 6 {
			return false
		}
		length := int(be16(header[4:]))
		p.Ends.Src = [16]byte(header[8:24])
		p.Ends.Dst = [16]byte(header[24:40])
		p.IPBytes = uint32(40 + length)
		return quickTransport(flow.Proto(header[6]), header[40:], at+40, length, p)
	default:
		return false
	}
}

// quickType finds the Ethernet type of what is behind another link header, and the place of that.
func quickType(link LinkType, data []byte) (kind uint16, at int) {
	switch link {
	case LinuxCooked:
		return be16(data[14:]), 16
	case LinuxCooked2:
		return be16(data), 20
	case RawIP:
		if data[0]>>4 == 6 {
			return typeIPv6, 0
		}
		return typeIPv4, 0
	default:
		return 0, 0
	}
}

func quickTransport(proto flow.Proto, data []byte, at, length int, p *Packet) bool {
	if len(data) < udpHeader {
		return false
	}
	size := udpHeader
	src, dst := be16(data), be16(data[2:])
	switch proto {
	case flow.TCP:
		if len(data) < tcpHeader {
			return false
		}
		size = int(data[12]>>4) * 4
		if size < tcpHeader || size > length {
			return false
		}
		p.Sequence, p.Flags = be32(data[4:]), TCPFlags(data[13])&(FIN|SYN|RST|PSH|ACK)
	case flow.UDP:
		if int(be16(data[4:])) != length || length < udpHeader || mayTunnel(src) || mayTunnel(dst) {
			return false
		}
		p.Sequence, p.Flags = 0, 0
	default:
		return false
	}
	p.Proto, p.Ends.SrcPort, p.Ends.DstPort = proto, src, dst
	p.payload(size, at, min(len(data), length), length)
	return true
}
