package packet

// The Ethernet types (IANA, IEEE 802 Numbers) that lead to IP, and the most frequent that do not.
const (
	typeLeast      = 0x0600 // what is less is a length, of IEEE 802.3
	typeIPv4       = 0x0800
	typeARP        = 0x0806
	typeERSPAN3    = 0x22eb
	typeTRILL      = 0x22f3
	typeBridging   = 0x6558 // a whole frame, in GRE
	typeRARP       = 0x8035
	typeVLAN       = 0x8100
	typeIPv6       = 0x86dd
	typePPP        = 0x880b // in GRE
	typeWCCP       = 0x883e // in GRE
	typeMPLS       = 0x8847
	typeMPLSUp     = 0x8848 // with labels that the upstream router chose
	typeDiscovery  = 0x8863 // of PPPoE
	typePPPoE      = 0x8864
	typeJumboLLC   = 0x8870
	typeQinQ       = 0x88a8
	typeERSPAN     = 0x88be
	typeMACsec     = 0x88e5
	typePBB        = 0x88e7 // IEEE 802.1ah
	typeFabricPath = 0x8903
	typeCiscoMeta  = 0x8909
	typeVNTag      = 0x8926
	typeNSH        = 0x894f
	typeQinQ9100   = 0x9100 // before the standard
	typeQinQ9200   = 0x9200
	typeArista     = 0xd28b
	typeSwitch     = 0xdada // of Linux, for Marvell's switches
	typeRedundancy = 0xf1c1 // IEEE 802.1CB
	typeWiFi       = 0x0001 // none of IEEE's: a frame of IEEE 802.11, in GRE
)

const (
	ethernetHeader = 14
	typePlace      = 12
)

func ethernet(data []byte, at int, n nest, p *Packet) fault {
	if len(data) < ethernetHeader {
		return shortFrame
	}
	kind := be16(data[typePlace:])
	if kind == typeIPv4 {
		return ipv4(data[ethernetHeader:], at+ethernetHeader, n, p)
	}
	if kind < typeLeast {
		return ieee8023(data, at, n, p)
	}
	return etherType(kind, data[ethernetHeader:], at+ethernetHeader, n, p)
}

// etherType reads what follows an Ethernet type: behind tags, IP or something that holds it.
func etherType(kind uint16, data []byte, at int, n nest, p *Packet) fault {
	for range maxTags {
		size := 4
		switch kind {
		case typeIPv4:
			return ipv4(data, at, n, p)
		case typeIPv6:
			return ipv6(data, at, n, p)
		case typeVLAN, typeQinQ, typeQinQ9100, typeQinQ9200:
		case typeVNTag, typeRedundancy:
			size = 6
		case typeCiscoMeta, typeSwitch:
			size = 8
		case typeArista, typeMACsec:
			if size = longTag(kind, data); size == 0 {
				return encrypted
			}
		default:
			return encapsulated(kind, data, at, n, p)
		}
		if len(data) < size {
			return shortTag
		}
		kind = be16(data[size-2:])
		data, at = data[size:], at+size
		if kind < typeLeast {
			return llc(data[:min(len(data), int(kind))], at, n, p)
		}
	}
	return tooDeep
}

// longTag is the size of a tag that tells it: a time, of 6 or 8 bytes, or the security of IEEE 802.1AE, with or without an
// identifier. It is 0 where that encrypts.
func longTag(kind uint16, data []byte) int {
	if len(data) < 4 {
		return 4 // more than there is
	}
	const identified, hidden = 0x20, 0x0c
	switch {
	case kind == typeMACsec && data[0]&hidden != 0:
		return 0
	case kind == typeMACsec && data[0]&identified != 0:
		return 16
	case kind == typeMACsec:
		return 8
	case data[3]&0x20 != 0:
		return 12
	default:
		return 14
	}
}

// encapsulated reads the types that hold a frame or packet of their own.
func encapsulated(kind uint16, data []byte, at int, n nest, p *Packet) fault {
	if n.full() {
		return tooDeep
	}
	n++
	switch kind {
	case typeMPLS, typeMPLSUp:
		return mpls(data, at, n, p)
	case typePPPoE:
		return pppoe(data, at, n, p)
	case typePPP:
		return ppp(data, at, n, p)
	case typeBridging:
		return ethernet(data, at, n, p)
	case typePBB:
		return ethernetBehind(4, data, at, n, p) // the service's number
	case typeFabricPath:
		return ethernetBehind(2, data, at, n, p)
	case typeTRILL:
		return trill(data, at, n, p)
	case typeNSH:
		return nsh(data, at, n, p)
	case typeERSPAN3:
		return erspan3(data, at, n, p)
	case typeJumboLLC:
		return llc(data, at, n, p)
	case typeWCCP:
		return wccp(data, at, n, p)
	case typeARP, typeRARP:
		return notARP
	case typeDiscovery:
		return notPPP
	case typeWiFi:
		return wifi(data, at, false, n, p)
	default:
		return notIP
	}
}

// ethernetBehind reads a frame behind a header of a fixed size.
func ethernetBehind(size int, data []byte, at int, n nest, p *Packet) fault {
	if len(data) < size {
		return shortTunnel
	}
	return ethernet(data[size:], at+size, n, p)
}

// trill skips the header of RFC 6325, 3: of 6 bytes, and options, of which it tells the size in units of 4.
func trill(data []byte, at int, n nest, p *Packet) fault {
	if len(data) < 6 {
		return shortTunnel
	}
	return ethernetBehind(6+int(be16(data)>>6&31)*4, data, at, n, p)
}

// nsh skips a service header (RFC 8300, 2.2), which tells its size in units of 4 and what follows it.
func nsh(data []byte, at int, n nest, p *Packet) fault {
	if len(data) < 4 {
		return shortTunnel
	}
	size := int(data[1]&63) * 4
	if len(data) < size {
		return shortTunnel
	}
	if size < 8 {
		return badLink
	}
	return etherType(nextProtocol(data[3]), data[size:], at+size, n, p)
}

// nextProtocol is the Ethernet type of what NSH and VXLAN-GPE number alike (IANA, NSH Next Protocol), else 0.
func nextProtocol(number byte) uint16 {
	kinds := [...]uint16{1: typeIPv4, 2: typeIPv6, 3: typeBridging, 4: typeNSH, 5: typeMPLS}
	if int(number) < len(kinds) {
		return kinds[number]
	}
	return 0
}

// ieee8023 reads a frame that has its length instead of a type.
func ieee8023(data []byte, at int, n nest, p *Packet) fault {
	const isl, islHeader = 0x01000c, 26
	if be32(data)>>8 == isl && data[3] == 0 && len(data) >= islHeader { // Cisco's ISL: a tag around the whole frame
		if n.full() {
			return tooDeep
		}
		return ethernet(data[islHeader:], at+islHeader, n+1, p)
	}
	length := int(be16(data[typePlace:]))
	data, at = data[ethernetHeader:], at+ethernetHeader
	return llc(data[:min(len(data), length)], at, n, p)
}

const llcHeader = 3

// llc reads IEEE 802.2, with SNAP (RFC 1042), OSI's numbers (RFC 1483, 5.1) or the code of IP itself.
func llc(data []byte, at int, n nest, p *Packet) fault {
	const header, unnumbered = llcHeader, 3
	if len(data) < header {
		return shortFrame
	}
	if data[2] != unnumbered {
		return notLLC
	}
	switch be16(data) {
	case 0xaaaa:
		return snap(data[header:], at+header, n, p)
	case 0xfefe:
		return nlpid(data[header:], at+header, n, p)
	case 0x0606:
		return ip(data[header:], at+header, n, p)
	default:
		return notLLC
	}
}

// snap reads an organisation and a type. The organisations are Ethernet itself, its bridges (IEEE 802.1H), and
// IEEE 802.1 for whole frames (RFC 2427, 4.2).
func snap(data []byte, at int, n nest, p *Packet) fault {
	const header = 5
	if len(data) < header {
		return shortFrame
	}
	if n.full() {
		return tooDeep
	}
	kind := be16(data[3:])
	switch be32(data) >> 8 {
	case 0x000000, 0x0000f8:
		return etherType(kind, data[header:], at+header, n+1, p)
	case 0x0080c2:
		if kind == 1 || kind == 7 {
			return ethernetBehind(0, data[header:], at+header, n+1, p)
		}
	}
	return notLLC
}

// nlpid reads what follows one of OSI's numbers of protocols (RFC 2427, 3).
func nlpid(data []byte, at int, n nest, p *Packet) fault {
	if len(data) > 0 && data[0] == 0 { // a pad, for alignment
		data, at = data[1:], at+1
	}
	if len(data) == 0 {
		return shortFrame
	}
	kind := data[0]
	data, at = data[1:], at+1
	switch kind {
	case 0xcc:
		return ipv4(data, at, n, p)
	case 0x8e:
		return ipv6(data, at, n, p)
	case 0x80:
		return snap(data, at, n, p)
	case 0xcf:
		return ppp(data, at, n, p)
	default:
		return notLLC
	}
}
