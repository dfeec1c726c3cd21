package packet

// decodeRare reads the link types that few captures have.
func decodeRare(link LinkType, data []byte, at int, n nest, p *Packet) fault {
	switch link {
	case FDDI:
		return fddi(data, at, n, p)
	case TokenRing:
		return tokenRing(data, at, n, p)
	case SLIP:
		return ipBehind(16, data, at, n, p) // a direction, and the compressed header
	case ENC:
		return ipBehind(12, data, at, n, p) // a family, the security association and flags
	case IPNet:
		return ipBehind(24, data, at, n, p) // zones and interfaces of Solaris
	case PFLog:
		return pfLog(data, at, n, p)
	case NFLog:
		return nfLog(data, at, n, p)
	case IPOverFC:
		return llcBehind(16, data, at, n, p) // two addresses (RFC 2625, 4)
	case SunATM:
		return llcBehind(4, data, at, n, p) // what it holds, and the circuit
	case ARCNet:
		return arcnet(2, data, at, n, p) // two addresses
	case ARCNetLinux:
		return arcnet(4, data, at, n, p) // and an offset
	case FireWire:
		return typeBehind(16, data, at, n, p) // two addresses
	case InfiniBand:
		return infiniBand(data, at, n, p)
	case DOCSIS:
		return docsis(data, at, n, p)
	case NetAnalyzer:
		return ethernetBehind(4, data, at, n, p) // status and port of the tap
	case BroadcomTag, MarvellDSA:
		return typeBehind(16, data, at, n, p) // two addresses and a tag
	case BroadcomFront:
		return ethernetBehind(4, data, at, n, p)
	case MarvellEDSA:
		return ethernet(data, at, n, p) // whose type tells it
	case MultilinkFR:
		return multilinkFrameRelay(data, at, n, p)
	case ATMClassical:
		return classicalIP(data, at, n, p)
	case JuniperEthernet:
		return juniperEthernet(data, at, n, p)
	case ERF:
		return erf(data, at, n, p)
	case PPI:
		return ppi(data, at, n, p)
	case PKTAP, PKTAPUser:
		return pktap(data, at, n, p)
	default:
		return unknownLink
	}
}

func ipBehind(size int, data []byte, at int, n nest, p *Packet) fault {
	if len(data) < size {
		return shortFrame
	}
	return ip(data[size:], at+size, n, p)
}

func llcBehind(size int, data []byte, at int, n nest, p *Packet) fault {
	if len(data) < size {
		return shortFrame
	}
	return llc(data[size:], at+size, n, p)
}

func typeBehind(size int, data []byte, at int, n nest, p *Packet) fault {
	if len(data) < size+2 {
		return shortFrame
	}
	return etherType(be16(data[size:]), data[size+2:], at+size+2, n, p)
}

// fddi reads the frames whose control says LLC (ISO 9314-2).
func fddi(data []byte, at int, n nest, p *Packet) fault {
	const header, kind, isLLC = 13, 0xf0, 0x50
	if len(data) < header {
		return shortFrame
	}
	if data[0]&kind != isLLC {
		return notIP
	}
	return llcBehind(header, data, at, n, p)
}

// tokenRing reads the frames whose control says LLC (IEEE 802.5), behind the route if there is one.
func tokenRing(data []byte, at int, n nest, p *Packet) fault {
	const header, kind, isLLC, routed = 14, 0xc0, 0x40, 0x80
	if len(data) < header+1 {
		return shortFrame
	}
	if data[1]&kind != isLLC {
		return notIP
	}
	size := header
	if data[8]&routed != 0 {
		size += int(data[header] & 31)
	}
	return llcBehind(size, data, at, n, p)
}

// pfLog skips a header that tells its size without the padding to four bytes (OpenBSD, net/if_pflog.h).
func pfLog(data []byte, at int, n nest, p *Packet) fault {
	if len(data) == 0 {
		return shortFrame
	}
	return ipBehind((int(data[0])+3)&^3, data, at, n, p)
}

// nfLog looks among the attributes for the packet (tcpdump.org, LINKTYPE_NFLOG). They are in the byte order of the host,
// which the first length tells: it is small.
func nfLog(data []byte, at int, n nest, p *Packet) fault {
	const header, attribute, payload, most = 4, 4, 9, 64
	if len(data) < header+attribute {
		return shortFrame
	}
	data, at = data[header:], at+header
	bigEndian := be16(data) < le16(data)
	for range most {
		if len(data) < attribute {
			return shortFrame
		}
		size, kind := int(le16(data)), le16(data[2:])
		if bigEndian {
			size, kind = int(be16(data)), be16(data[2:])
		}
		if size < attribute {
			return badLink
		}
		if kind == payload {
			return ip(data[attribute:min(size, len(data))], at+attribute, n, p)
		}
		size = (size + 3) &^ 3
		if size > len(data) {
			return shortFrame
		}
		data, at = data[size:], at+size
	}
	return badLink
}

// arcnet reads the two ways in which IP goes over ARCNET: of RFC 1051, and of RFC 1201, which numbers its parts.
func arcnet(typePlace int, data []byte, at int, n nest, p *Packet) fault {
	const oldIP, newIP = 240, 212
	const numbers, split = 3, 0x01
	size := typePlace + 1
	if len(data) < size+numbers {
		return shortFrame
	}
	switch data[typePlace] {
	case oldIP:
		return ipBehind(size, data, at, n, p)
	case newIP:
		if flag := data[size]; flag != 0 && flag&split == 0 {
			return laterPart // the first has an odd flag, later ones even ones
		}
		return ipBehind(size+numbers, data, at, n, p)
	default:
		return notIP
	}
}

// multilinkFrameRelay reads the frames that begin here (FRF.16.1, 2.2).
func multilinkFrameRelay(data []byte, at int, n nest, p *Packet) fault {
	const header, begin, control = 2, 0x80, 0x20
	if len(data) < header {
		return shortFrame
	}
	if data[0]&control != 0 {
		return notIP
	}
	if data[0]&begin == 0 {
		return laterPart
	}
	return frameRelay(data[header:], at+header, n, p)
}

// classicalIP reads IP over ATM of Linux, with LLC or without.
func classicalIP(data []byte, at int, n nest, p *Packet) fault {
	if len(data) >= 3 && be16(data) == 0xaaaa && data[2] == 3 {
		return llc(data, at, n, p)
	}
	return ip(data, at, n, p)
}

// infiniBand reads IP over InfiniBand (RFC 4391, 6), where captures have a global route header of 40 bytes in front.
func infiniBand(data []byte, at int, n nest, p *Packet) fault {
	const route, header = 40, 4
	if len(data) < route+header {
		return shortFrame
	}
	return etherType(be16(data[route:]), data[route+header:], at+route+header, n, p)
}

// docsis reads the frames of a cable modem that hold Ethernet (CableLabs, MULPI, 6.2).
func docsis(data []byte, at int, n nest, p *Packet) fault {
	const header, kind, extended = 6, 0xc0, 1
	if len(data) < header {
		return shortFrame
	}
	if data[0]&kind != 0 {
		return notIP
	}
	size := header
	if data[0]&extended != 0 {
		size += int(data[1])
	}
	return ethernetBehind(size, data, at, n, p)
}

// juniperEthernet skips what Juniper's routers put in front: a magic number, flags, and perhaps extensions with their
// size (tcpdump.org, LINKTYPE_JUNIPER_ETHER).
func juniperEthernet(data []byte, at int, n nest, p *Packet) fault {
	const header, magic, extended, noLink = 4, 0x4d4743, 0x80, 0x02
	if len(data) < header+2 {
		return shortFrame
	}
	if be32(data)>>8 != magic {
		return badLink
	}
	size := header
	if data[3]&extended != 0 {
		size += 2 + int(be16(data[header:]))
	}
	if data[3]&noLink != 0 {
		return ipBehind(size+4, data, at, n, p)
	}
	return ethernetBehind(size, data, at, n, p)
}

// erf reads the Ethernet records of Endace's cards (tcpdump.org, LINKTYPE_ERF).
func erf(data []byte, at int, n nest, p *Packet) fault {
	const header, extension, more, pad = 16, 8, 0x80, 2
	if len(data) < header {
		return shortFrame
	}
	size := header
	for flags := data[8]; flags&more != 0; size += extension {
		if len(data) <= size {
			return shortFrame
		}
		flags = data[size]
	}
	switch data[8] &^ more {
	case 2, 11, 16, 20: // plain, coloured, and with a hash or a colour by the card's processor
		return ethernetBehind(size+pad, data, at, n, p)
	case 22: // IPv4
		return ipBehind(size, data, at, n, p)
	case 23: // IPv6
		return ipBehind(size, data, at, n, p)
	default:
		return unknownType
	}
}

// ppi skips fields about the packet and reads the link type that the header names (CACE Technologies, PPI, 3.1).
func ppi(data []byte, at int, n nest, p *Packet) fault {
	const header = 8
	if len(data) < header {
		return shortFrame
	}
	size := int(le16(data[2:]))
	if size < header {
		return badLink
	}
	return linkBehind(le32(data[4:]), size, data, at, n, p)
}

// pktap does so for captures by Darwin (tcpdump.org, LINKTYPE_PKTAP), which have the byte order of the host: little.
func pktap(data []byte, at int, n nest, p *Packet) fault {
	const header = 12
	if len(data) < header {
		return shortFrame
	}
	size := int(le32(data))
	if size < header {
		return badLink
	}
	return linkBehind(le32(data[8:]), size, data, at, n, p)
}

func linkBehind(link uint32, size int, data []byte, at int, n nest, p *Packet) fault {
	if len(data) < size {
		return shortFrame
	}
	if n.full() {
		return tooDeep
	}
	if link > 0xffff {
		return unknownLink
	}
	return decode(LinkType(link), data[size:], at+size, n+1, p)
}
