package packet

// The ports of tunnels over UDP (IANA, Service Names and Port Numbers); Linux had one of its own for VXLAN.
const (
	portL2TP       = 1701
	portGTP        = 2152
	portGTP0       = 3386
	portTeredo     = 3544
	portGRE        = 4754
	portVXLAN      = 4789
	portVXLANGPE   = 4790
	portAYIYA      = 5072
	portGeneve     = 6081
	portMPLS       = 6635
	portVXLANLinux = 8472
)

// mayTunnel is false for most ports that are none of tunnels, and for those of DNS, HTTPS and the like: one look decides
// instead of eleven.
func mayTunnel(port uint16) bool { return tunnelBits>>(port*tunnelFactor>>10)&1 != 0 }

// The factor was sought so that the ports share bits, and that the common ports have others.
const (
	tunnelFactor = 6633
	tunnelBits   = uint64(1)<<(portL2TP*tunnelFactor&0xffff>>10) | 1<<(portGTP*tunnelFactor&0xffff>>10) |
		1<<(portGTP0*tunnelFactor&0xffff>>10) | 1<<(portTeredo*tunnelFactor&0xffff>>10) |
		1<<(portGRE*tunnelFactor&0xffff>>10) | 1<<(portVXLAN*tunnelFactor&0xffff>>10) |
		1<<(portVXLANGPE*tunnelFactor&0xffff>>10) | 1<<(portAYIYA*tunnelFactor&0xffff>>10) |
		1<<(portGeneve*tunnelFactor&0xffff>>10) | 1<<(portMPLS*tunnelFactor&0xffff>>10) |
		1<<(portVXLANLinux*tunnelFactor&0xffff>>10)
)

// udpTunnel reads what a tunnel over UDP to or from a port carries, into p, which already tells of the UDP packet. A port
// proves little: the tunnel's header and the inside must be sound. It tells whether the port is of a tunnel.
func udpTunnel(port uint16, data []byte, at int, n nest, p *Packet) bool {
	switch port {
	case portVXLAN, portVXLANGPE, portVXLANLinux:
		vxlan(data, at, n, p)
	case portGeneve:
		geneve(data, at, n, p)
	case portGTP:
		gtp(data, at, n, p)
	case portGTP0:
		gtp0(data, at, n, p)
	case portL2TP:
		l2tp(data, at, n, p)
	case portTeredo:
		teredo(data, at, n, p)
	case portGRE:
		gre(data, at, n, p)
	case portMPLS:
		inside(typeMPLS, data, at, n, p)
	case portAYIYA:
		ayiya(data, at, n, p)
	default:
		return false
	}
	return true
}

// vxlan is RFC 7348, 5, with the group policy of draft-smith-vxlan-group-policy, and the number of what follows of
// draft-ietf-nvo3-vxlan-gpe, 3.1.
func vxlan(data []byte, at int, n nest, p *Packet) {
	const header, flags, valid, hasNext, grouped = 8, 0xbc, 0x08, 0x04, 0x80
	if len(data) < header || data[7] != 0 {
		return
	}
	kind := uint16(typeBridging)
	switch data[0] & flags {
	case valid:
		if be32(data)&0xffffff != 0 {
			return
		}
	case valid | grouped:
	case valid | hasNext:
		kind = nextProtocol(data[3])
	default:
		return
	}
	inside(kind, data[header:], at+header, n, p)
}

// geneve is RFC 8926, 3.4.
func geneve(data []byte, at int, n nest, p *Packet) {
	const header, version, reserved = 8, 0xc0, 0x3f
	if len(data) < header || data[0]&version != 0 || data[1]&reserved != 0 || data[7] != 0 {
		return
	}
	size := header + int(data[0]&63)*4
	if len(data) >= size {
		inside(be16(data[2:]), data[size:], at+size, n, p)
	}
}

// gtp reads the user's packets of version 1 (3GPP TS 29.281, 5.1).
func gtp(data []byte, at int, n nest, p *Packet) {
	const header, optional = 8, 4
	const versionAndType, version1 = 0xf0, 0x30
	const hasOptional, hasExtension = 0x07, 0x04
	const userPacket = 0xff
	if len(data) < header || data[0]&versionAndType != version1 || data[1] != userPacket {
		return
	}
	if header+uint32(be16(data[2:])) > p.Payload && p.Marks&Fragmented == 0 {
		return
	}
	size := header
	if data[0]&hasOptional != 0 {
		size += optional
		if len(data) < size {
			return
		}
		if data[0]&hasExtension != 0 {
			size = gtpExtensions(data, size)
		}
	}
	insideIP(size, data, at, n, p)
}

// gtp0 reads those of version 0, under a header of 20 bytes (3GPP TS 09.60, 6).
func gtp0(data []byte, at int, n nest, p *Packet) {
	const header, versionAndType, version0, userPacket = 20, 0xf0, 0x10, 0xff
	if len(data) >= header && data[0]&versionAndType == version0 && data[1] == userPacket {
		insideIP(header, data, at, n, p)
	}
}

// gtpExtensions finds the end of the extension headers (3GPP TS 29.281, 5.2.1). Each tells at its end what follows.
func gtpExtensions(data []byte, size int) int {
	for range maxTags {
		if size > len(data) || data[size-1] == 0 {
			return size
		}
		if size == len(data) || data[size] == 0 {
			break
		}
		size += int(data[size]) * 4
	}
	return len(data) // nothing is there
}

// insideIP reads a packet of IP behind a header.
func insideIP(size int, data []byte, at int, n nest, p *Packet) {
	if len(data) <= size {
		return
	}
	switch data[size] >> 4 {
	case 4:
		inside(typeIPv4, data[size:], at+size, n, p)
	case 6:
		inside(typeIPv6, data[size:], at+size, n, p)
	}
}

// teredo reads IPv6 behind what servers and relays add (RFC 4380, 5.1.1). One of the ends is Teredo's, or both talk
// within the link.
func teredo(data []byte, at int, n nest, p *Packet) {
	const authenticated, origin = 1, 0
	const prefix, linkLocal = 0x20010000, 0xfe80
	size := 0
	if len(data) >= 4 && be16(data) == authenticated {
		size = 13 + int(data[2]) + int(data[3])
	}
	if len(data) >= size+8 && be16(data[size:]) == origin {
		size += 8
	}
	if len(data) < size+40 {
		return
	}
	src, dst := data[size+8:], data[size+24:]
	if be32(src) == prefix || be32(dst) == prefix || be16(src) == linkLocal {
		inside(typeIPv6, data[size:], at+size, n, p)
	}
}

// l2tp reads the frames of version 2 (RFC 2661, 3.1).
func l2tp(data []byte, at int, n nest, p *Packet) {
	const control, hasLength, hasSequence, hasOffset = 0x8000, 0x4000, 0x0800, 0x0200
	const version, version2 = 0x000f, 2
	if len(data) < 2 {
		return
	}
	flags := be16(data)
	if flags&control != 0 || flags&version != version2 {
		return
	}
	size := 6 // flags, tunnel, session
	if flags&hasLength != 0 {
		size += 2
	}
	if flags&hasSequence != 0 {
		size += 4
	}
	if flags&hasOffset != 0 {
		if len(data) < size+2 {
			return
		}
		size += 2 + int(be16(data[size:]))
	}
	if len(data) >= size {
		inside(typePPP, data[size:], at+size, n, p)
	}
}

// ayiya reads the IPv6 of tunnel brokers (draft-massar-v6ops-ayiya-02, 3), behind an identity and a signature of which
// the header tells the sizes.
func ayiya(data []byte, at int, n nest, p *Packet) {
	const header, forward, carriesIPv6 = 8, 1, 41
	if len(data) < header || data[2]&15 != forward || data[3] != carriesIPv6 {
		return
	}
	size := header + 1<<(data[0]>>4) + int(data[1]>>4)*4
	if len(data) >= size {
		inside(typeIPv6, data[size:], at+size, n, p)
	}
}
