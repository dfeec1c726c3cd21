package packet

import "sentinel/internal/flow"

// tunnel reads what a protocol of IP carries, into p, which already tells of the packet around it and keeps doing so
// where the inside is no sound IP packet.
func tunnel(proto flow.Proto, data []byte, at int, n nest, p *Packet) {
	switch proto {
	case flow.GRE:
		gre(data, at, n, p)
	case ipInIP:
		inside(typeIPv4, data, at, n, p)
	case ipv6InIP:
		inside(typeIPv6, data, at, n, p)
	case mplsInIP:
		inside(typeMPLS, data, at, n, p)
	case ethernetInIP:
		inside(typeBridging, data, at, n, p)
	case pim:
		pimRegister(data, at, n, p)
	case etherIP:
		const header, version = 2, 0x30 // RFC 3378, 3
		if len(data) >= header && data[0] == version {
			inside(typeBridging, data[header:], at+header, n, p)
		}
	}
}

// inside reads the packet in a tunnel, by Ethernet type. The first of several fragments gives the packet inside with its
// whole length; the later ones, which no header tells apart, stay with the tunnel.
func inside(kind uint16, data []byte, at int, n nest, p *Packet) {
	if n.full() {
		return
	}
	var inner Packet
	if etherType(kind, data, at, n+1|overIP, &inner) != none {
		return
	}
	if inner.IPBytes > p.Payload && p.Marks&Fragmented == 0 {
		return // it has no room
	}
	inner.Time = p.Time
	*p = inner
}

// The flags of GRE (RFC 2784, RFC 2890, and RFC 2637 for version 1).
const (
	greChecksum = 0x8000
	greRouting  = 0x4000
	greKey      = 0x2000
	greSequence = 0x1000
	greAck      = 0x0080
	greVersion  = 0x0007
)

// The types under which Aruba's access points send what they hear.
const (
	greArubaLeast = 0x8200
	greArubaMost  = 0x8250
)

func gre(data []byte, at int, n nest, p *Packet) {
	if len(data) < 4 {
		return
	}
	flags, kind := be16(data), be16(data[2:])
	size := greSize(flags)
	if len(data) < size || flags&greRouting != 0 || flags&greVersion > 1 {
		return
	}
	data, at = data[size:], at+size
	switch {
	case kind == typeERSPAN:
		kind, size = typeBridging, 0
		if flags&greSequence != 0 {
			size = 8 // of type II; type I has no header (draft-foschiano-erspan-03)
		}
	case kind == typeCiscoMeta && len(data) >= 2:
		kind, size = be16(data), 8 // there the type of what follows comes first
	case kind >= greArubaLeast && kind <= greArubaMost:
		kind, size = typeWiFi, 0
	default:
		size = 0
	}
	if len(data) >= size {
		inside(kind, data[size:], at+size, n, p)
	}
}

// greSize is the size of the header with the optional fields that its flags announce.
func greSize(flags uint16) int {
	size := 4
	optional := uint16(greChecksum | greKey | greSequence)
	if flags&greVersion == 1 {
		optional = greKey | greSequence | greAck
	}
	for flags &= optional; flags != 0; flags &= flags - 1 {
		size += 4
	}
	return size
}

// erspan3 skips the header of ERSPAN type III, of 12 bytes and 8 more if its last bit says so. The frame is of Ethernet
// or of IP.
func erspan3(data []byte, at int, n nest, p *Packet) fault {
	const header, subheader = 12, 8
	const hasSubheader, kind, kindIP = 1, 0x1f, 2
	if len(data) < header {
		return shortTunnel
	}
	size := header
	if data[11]&hasSubheader != 0 {
		size += subheader
	}
	if len(data) < size {
		return shortTunnel
	}
	if data[10]>>2&kind == kindIP {
		return ip(data[size:], at+size, n, p)
	}
	return ethernet(data[size:], at+size, n, p)
}

// wccp reads the packets that routers redirect to caches: since version 2 behind a header, whose first byte is no
// version of IP (draft-wilson-wrec-wccp-v2-01).
func wccp(data []byte, at int, n nest, p *Packet) fault {
	const header = 4
	if len(data) > header && data[0]>>4 != 4 {
		data, at = data[header:], at+header
	}
	return ipv4(data, at, n, p)
}

// pimRegister reads what a router sends to the rendezvous point (RFC 7761, 4.9.3).
func pimRegister(data []byte, at int, n nest, p *Packet) {
	const header, version2, register, null = 8, 0x20, 1, 0x40
	if len(data) >= header && data[0] == version2|register && data[4]&null == 0 {
		insideIP(header, data, at, n, p)
	}
}
