package packet

import (
	"encoding/binary"

	"sentinel/internal/flow"
)

// ip reads what is IP, of either version.
func ip(data []byte, at int, n nest, p *Packet) fault {
	if len(data) == 0 {
		return shortIPv4
	}
	switch data[0] >> 4 {
	case 4:
		return ipv4(data, at, n, p)
	case 6:
		return ipv6(data, at, n, p)
	default:
		return badIPVersion
	}
}

// The last 14 bits of bytes 6 and 7 of IPv4 (RFC 791, 3.1): more fragments follow, and where this one belongs.
const (
	moreFragments  = 0x2000
	fragmentOffset = 0x1fff
)

func ipv4(data []byte, at int, n nest, p *Packet) fault {
	if len(data) < 20 {
		return shortIPv4
	}
	if data[0]>>4 != 4 {
		return badIPv4Version
	}
	size, total := int(data[0]&15)*4, int(be16(data[2:]))
	if size < 20 {
		return badIPv4Header
	}
	if total < size {
		if total != 0 {
			return badIPv4Length
		}
		// Captured before the network card cut it into segments, which then get their lengths.
		total = max(size, len(data))
	}
	setMapped(&p.Ends.Src, data[12:16])
	setMapped(&p.Ends.Dst, data[16:20])
	p.IPBytes = uint32(total)
	p.Marks = n.marks()
	p.Fragment = 0
	if place := be16(data[6:]) & (moreFragments | fragmentOffset); place != 0 {
		p.fragment(uint32(be16(data[4:])), place&fragmentOffset != 0)
	}
	proto := flow.Proto(data[9])
	if len(data) > total {
		data = data[:total] // Ethernet pads
	}
	length := total - size
	size = min(size, len(data))
	return transport(proto, data[size:], at+size, length, n, p)
}

// setMapped makes of an IPv4 address one of IPv6 (RFC 4291, 2.5.5.2). In halves: what is stored in halves and then copied
// as a whole makes the processor wait.
func setMapped(to *[16]byte, address []byte) {
	binary.LittleEndian.PutUint64(to[:8], 0)
	binary.LittleEndian.PutUint64(to[8:], uint64(binary.LittleEndian.Uint32(address))<<32|0xffff0000)
}

func (p *Packet) fragment(id uint32, later bool) {
	p.Fragment = id
	if later {
		p.Marks |= Continued
	} else {
		p.Marks |= Fragmented
	}
}

// The next headers that are extension headers (IANA, IPv6 Extension Header Types), and the end of a chain.
const (
	hopByHop           flow.Proto = 0
	routing            flow.Proto = 43
	fragmentHeader     flow.Proto = 44
	authentication     flow.Proto = 51
	noNextHeader       flow.Proto = 59
	destinationOptions flow.Proto = 60
	mobility           flow.Proto = 135
	hostIdentity       flow.Proto = 139
	shim6              flow.Proto = 140
)

func ipv6(data []byte, at int, n nest, p *Packet) fault {
	if len(data) < 40 {
		return shortIPv6
	}
	if data[0]>>4 != 6 {
		return badIPv6Version
	}
	length, next := int(be16(data[4:])), flow.Proto(data[6])
	p.Ends.Src = [16]byte(data[8:24])
	p.Ends.Dst = [16]byte(data[24:40])
	data = data[40:]
	if length == 0 && next != noNextHeader {
		length = len(data) // a jumbogram (RFC 2675), or captured before the network card cut it into segments
	}
	p.IPBytes = uint32(40 + length)
	p.Marks = n.marks()
	p.Fragment = 0
	if len(data) > length {
		data = data[:length]
	}
	return extensions(next, data, at+40, length, n, p)
}

// extensions reads the extension headers of IPv6 (RFC 8200, 4), and the authentication header of IPv4, down to the
// transport.
func extensions(next flow.Proto, data []byte, at, length int, n nest, p *Packet) fault {
	for range maxTags {
		size := 0
		switch next {
		case hopByHop, routing, destinationOptions:
			size = 8
		case mobility, hostIdentity, shim6:
			if len(data) > 0 && flow.Proto(data[0]) == noNextHeader {
				return opaque(next, data, at, length, p) // it is a message of its own
			}
			size = 8
		case fragmentHeader, authentication:
			size = 8
		default:
			return transport(next, data, at, length, n, p)
		}
		if len(data) < size {
			return cutExtension(next, data, at, length, size, p)
		}
		following := flow.Proto(data[0])
		switch next {
		case fragmentHeader:
			if place := be16(data[2:]) &^ 6; place != 0 { // zero: a packet in one piece (RFC 6946)
				p.fragment(be32(data[4:]), place&^1 != 0)
			}
		case authentication:
			size = (int(data[1]) + 2) * 4
		default:
			size = (int(data[1]) + 1) * 8
		}
		if len(data) < size || length < size {
			return cutExtension(next, data, at, length, size, p)
		}
		next, data, at, length = following, data[size:], at+size, length-size
		if p.Marks&Continued != 0 {
			break
		}
	}
	return opaque(next, data, at, length, p)
}

// cutExtension is for a header that does not fit: into the packet, or into what was captured of it.
func cutExtension(next flow.Proto, data []byte, at, length, size int, p *Packet) fault {
	if length < size && p.Marks&Fragmented == 0 {
		return badExtension
	}
	p.Marks |= Cut
	return opaque(next, data, at, length, p)
}
