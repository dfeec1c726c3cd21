package packet

// ppp reads a PPP frame, with or without address and control in front (RFC 1662, 3.1), where routers also put other
// things: Cisco's HDLC, and a direction.
func ppp(data []byte, at int, n nest, p *Packet) fault {
	const unicast, broadcast = 0x0f, 0x8f // of Cisco's HDLC
	if len(data) < 2 {
		return shortFrame
	}
	switch {
	case data[0] == 0xff && data[1] == 0x03, data[0] <= 1 && data[1] == 0x03:
		return pppProtocol(data[2:], at+2, n, p)
	case (data[0] == unicast || data[0] == broadcast) && data[1] == 0:
		return ciscoHDLC(data, at, n, p)
	default:
		return pppProtocol(data, at, n, p)
	}
}

// The numbers of PPP's protocols (IANA, PPP DLL Protocol Numbers).
const (
	pppIPv4      = 0x0021
	pppBridging  = 0x0031
	pppMultilink = 0x003d
	pppIPv6      = 0x0057
	pppMPLS      = 0x0281
	pppMPLSUp    = 0x0283
	pppControl   = 0x4000 // and above
)

// pppProtocol reads the number of a protocol, in one byte where that is odd (RFC 1661, 2), and what it tells.
func pppProtocol(data []byte, at int, n nest, p *Packet) fault {
	if len(data) < 2 {
		return shortFrame
	}
	kind, size := be16(data), 2
	if data[0]&1 != 0 {
		kind, size = uint16(data[0]), 1
	}
	data, at = data[size:], at+size
	switch kind {
	case pppIPv4:
		return ipv4(data, at, n, p)
	case pppIPv6:
		return ipv6(data, at, n, p)
	case pppMPLS, pppMPLSUp:
		return mpls(data, at, n, p)
	case pppMultilink:
		return multilink(data, at, n, p)
	case pppBridging:
		return pppBridged(data, at, n, p)
	}
	if kind >= pppControl {
		return notPPP
	}
	return unknownPPP
}

// multilink reads the frames that are in one piece, or begin here, with a sequence number of 24 bits (RFC 1990, 3).
func multilink(data []byte, at int, n nest, p *Packet) fault {
	const header, begin = 4, 0x80
	if len(data) < header {
		return shortTunnel
	}
	if data[0]&begin == 0 {
		return laterPart
	}
	if n.full() {
		return tooDeep
	}
	return pppProtocol(data[header:], at+header, n+1, p)
}

// pppBridged reads the frames of a bridge, where they are of Ethernet (RFC 3518, 4.2).
func pppBridged(data []byte, at int, n nest, p *Packet) fault {
	const header, ethernetMAC = 2, 1
	if len(data) < header {
		return shortTunnel
	}
	if data[1] != ethernetMAC {
		return unknownPPP
	}
	return bridged(data[header:], at+header, n, p)
}

// pppoe reads a frame of a PPPoE session (RFC 2516, 4).
func pppoe(data []byte, at int, n nest, p *Packet) fault {
	const header, version, session = 6, 0x11, 0
	if len(data) < header {
		return shortTunnel
	}
	if data[0] != version {
		return badLink
	}
	if data[1] != session {
		return notPPP
	}
	return pppProtocol(data[header:], at+header, n, p)
}

// ciscoHDLC reads an address, a zero and an Ethernet type. Captures of that link type show PPP as well.
func ciscoHDLC(data []byte, at int, n nest, p *Packet) fault {
	const header = 4
	const slarp, cdp = 0x8035, 0x2000
	if len(data) < header {
		return shortFrame
	}
	if data[0] == 0xff && data[1] == 0x03 {
		return pppProtocol(data[2:], at+2, n, p)
	}
	switch kind := be16(data[2:]); kind {
	case slarp, cdp:
		return notIP
	case 0x00fe, 0xfefe:
		return notLLC // IS-IS
	default:
		return etherType(kind, data[header:], at+header, n, p)
	}
}

// frameRelay reads an address (ITU-T Q.922, 3.3) and what is behind it: an Ethernet type of Cisco's, or a number of
// OSI's (RFC 2427, 3).
func frameRelay(data []byte, at int, n nest, p *Packet) fault {
	const last, longest, unnumbered = 1, 4, 3
	size := 0
	for size < len(data) && size < longest && data[size]&last == 0 {
		size++
	}
	if size == longest {
		return badLink
	}
	size++
	if len(data) < size+2 {
		return shortFrame
	}
	if data[size] == unnumbered {
		return nlpid(data[size+1:], at+size+1, n, p)
	}
	return etherType(be16(data[size:]), data[size+2:], at+size+2, n, p)
}
