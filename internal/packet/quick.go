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
		if len(header) < 20+tcpHeader {
			return false
		}
		h := (*[20 + tcpHeader]byte)(header)
		total := int(be16(h[2:]))
		if h[0] != 0x45 || be16(h[6:])&(moreFragments|fragmentOffset) != 0 || total < 20+udpHeader {
			return false
		}
		setMapped(&p.Ends.Src, h[12:16])
		setMapped(&p.Ends.Dst, h[16:20])
		p.IPBytes = uint32(total)
		return quickTransport(flow.Proto(h[9]), (*[tcpHeader]byte)(h[20:]), at+20, len(header)-20, total-20, p)
	case typeIPv6:
		if len(header) < 40+tcpHeader || header[0]>>4 != 6 {
			return false
		}
		h := (*[40 + tcpHeader]byte)(header)
		length := int(be16(h[4:]))
		p.Ends.Src = [16]byte(h[8:24])
		p.Ends.Dst = [16]byte(h[24:40])
		p.IPBytes = uint32(40 + length)
		return quickTransport(flow.Proto(h[6]), (*[tcpHeader]byte)(h[40:]), at+40, len(header)-40, length, p)
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

// quickTransport reads the header of which h holds the beginning: length bytes by its header, of which so many were captured.
func quickTransport(proto flow.Proto, h *[tcpHeader]byte, at, captured, length int, p *Packet) bool {
	size := udpHeader
	src, dst := be16(h[:]), be16(h[2:])
	switch proto {
	case flow.TCP:
		size = int(h[12]>>4) * 4
		if size < tcpHeader || size > length {
			return false
		}
		p.Sequence, p.Flags = be32(h[4:]), TCPFlags(h[13])&(FIN|SYN|RST|PSH|ACK)
	case flow.UDP:
		if int(be16(h[4:])) != length || length < udpHeader || mayTunnel(src) || mayTunnel(dst) {
			return false
		}
		p.Sequence, p.Flags = 0, 0
	default:
		return false
	}
	p.Proto, p.Ends.SrcPort, p.Ends.DstPort = proto, src, dst
	p.payload(size, at, min(captured, length), length)
	return true
}
