package packet

import "sentinel/internal/flow"

// Protocols with ports, or with a packet inside, that flow does not name (IANA, Assigned Internet Protocol Numbers).
const (
	ipInIP       flow.Proto = 4
	dccp         flow.Proto = 33
	ipv6InIP     flow.Proto = 41
	etherIP      flow.Proto = 97
	pim          flow.Proto = 103
	udpLite      flow.Proto = 136
	mplsInIP     flow.Proto = 137
	ethernetInIP flow.Proto = 143 // of SRv6 (RFC 8986, 10.1)
)

// transport reads what IP carries: length bytes by its header, of which data was captured.
func transport(proto flow.Proto, data []byte, at, length int, n nest, p *Packet) fault {
	if p.Marks&Continued != 0 {
		return opaque(proto, data, at, length, p)
	}
	switch proto {
	case flow.TCP:
		return tcp(data, at, length, p)
	case flow.UDP:
		return udp(data, at, length, n, p)
	case flow.ICMP, flow.ICMPv6:
		return icmp(proto, data, at, length, p)
	case flow.SCTP, dccp, udpLite:
		return ported(proto, data, at, length, p)
	case authentication:
		return extensions(proto, data, at, length, n, p)
	case flow.GRE, ipInIP, ipv6InIP, etherIP, pim, mplsInIP, ethernetInIP:
		f := opaque(proto, data, at, length, p)
		tunnel(proto, data, at, n, p)
		return f
	default:
		return opaque(proto, data, at, length, p)
	}
}

// opaque is for what has no ports: protocols without, and later fragments.
func opaque(proto flow.Proto, data []byte, at, length int, p *Packet) fault {
	p.Ends.SrcPort, p.Ends.DstPort = 0, 0
	p.Proto, p.Flags, p.Sequence = proto, 0, 0
	p.payload(0, at, len(data), length)
	return none
}

// payload notes what is above a transport header of the given size, which is at a place in the frame. There are length
// bytes from it on, by the headers, and so many captured.
func (p *Packet) payload(size, at, captured, length int) {
	p.Payload = uint32(max(length-size, 0))
	p.From, p.Till = uint32(at+min(size, captured)), uint32(at+captured)
}

const tcpHeader = 20

func tcp(data []byte, at, length int, p *Packet) fault {
	if len(data) < 14 { // up to the control bits
		return cutTCP(data, at, length, p)
	}
	size := int(data[12]>>4) * 4
	if size < tcpHeader {
		return badTCPHeader
	}
	if size > length {
		if p.Marks&Fragmented == 0 {
			return badTCPLength
		}
		p.Marks |= Cut
	}
	p.Ends.SrcPort, p.Ends.DstPort = be16(data), be16(data[2:])
	p.Sequence = be32(data[4:])
	p.Proto, p.Flags = flow.TCP, TCPFlags(data[13])&(FIN|SYN|RST|PSH|ACK)
	p.payload(size, at, len(data), length)
	return none
}

func cutTCP(data []byte, at, length int, p *Packet) fault {
	f := cut(flow.TCP, tcpHeader, data, at, length, p)
	if len(data) >= 8 {
		p.Sequence = be32(data[4:])
	}
	return f
}

// cut is for a transport header, of at least size bytes, that does not fit: into the packet, or into what was captured.
func cut(proto flow.Proto, size int, data []byte, at, length int, p *Packet) fault {
	if length < size && p.Marks&Fragmented == 0 {
		return badLength
	}
	opaque(proto, data, at, length, p)
	if len(data) >= 4 {
		p.Ends.SrcPort, p.Ends.DstPort = be16(data), be16(data[2:])
	}
	p.Marks |= Cut
	p.payload(size, at, len(data), length)
	return none
}

const udpHeader = 8

func udp(data []byte, at, length int, n nest, p *Packet) fault {
	if len(data) < udpHeader {
		return cut(flow.UDP, udpHeader, data, at, length, p)
	}
	if stated := int(be16(data[4:])); stated < length {
		if stated >= udpHeader {
			length = stated
			data = data[:min(len(data), length)]
		} else if stated != 0 { // zero in jumbograms, and before the network card cuts into segments
			return badUDPLength
		}
	}
	src, dst := be16(data), be16(data[2:])
	p.Ends.SrcPort, p.Ends.DstPort = src, dst
	p.Proto, p.Flags, p.Sequence = flow.UDP, 0, 0
	p.payload(udpHeader, at, len(data), length)
	if mayTunnel(src) || mayTunnel(dst) {
		data, at = data[udpHeader:], at+udpHeader
		if !udpTunnel(dst, data, at, n, p) {
			udpTunnel(src, data, at, n, p)
		}
	}
	return none
}

// icmp takes the 8 bytes that most of its messages have as the header (RFC 792, RFC 4443).
func icmp(proto flow.Proto, data []byte, at, length int, p *Packet) fault {
	const header = 8
	if length < 4 && p.Marks&Fragmented == 0 {
		return badLength
	}
	opaque(proto, data, at, length, p)
	if len(data) >= 2 {
		p.Ends.SrcPort, p.Ends.DstPort = uint16(data[0]), uint16(data[1])
	} else {
		p.Marks |= Cut
	}
	p.payload(header, at, len(data), length)
	return none
}

// ported is for the rarer protocols that begin with two ports.
func ported(proto flow.Proto, data []byte, at, length int, p *Packet) fault {
	size := 12 // of SCTP (RFC 9260, 3.1)
	switch proto {
	case udpLite:
		size = udpHeader
	case dccp:
		if len(data) > 4 {
			size = max(size, int(data[4])*4) // RFC 4340, 5.1
		}
	}
	if len(data) < 4 || length < size {
		return cut(proto, size, data, at, length, p)
	}
	opaque(proto, data, at, length, p)
	p.Ends.SrcPort, p.Ends.DstPort = be16(data), be16(data[2:])
	p.payload(size, at, len(data), length)
	return none
}
