package packet

// mpls reads what is behind the labels (RFC 3032). They do not tell what it is: the first bits do (RFC 4385, 3), and
// beyond them an Ethernet type that fits.
func mpls(data []byte, at int, n nest, p *Packet) fault {
	const label, bottom = 4, 1
	last := false
	for range maxTags {
		if len(data) < label {
			return shortTag
		}
		last = data[2]&bottom != 0
		data, at = data[label:], at+label
		if last {
			break
		}
	}
	if !last {
		return tooDeep
	}
	if len(data) == 0 {
		return shortTag
	}
	switch {
	case looksIP(data):
		return ip(data, at, n, p)
	case data[0]>>4 == 0 && len(data) >= 4 && looksEthernet(data[4:]): // behind a control word
		return bridged(data[4:], at+4, n, p)
	case looksEthernet(data):
		return bridged(data, at, n, p)
	default:
		return unknownMPLS
	}
}

// bridged reads a frame within a frame.
func bridged(data []byte, at int, n nest, p *Packet) fault {
	if n.full() {
		return tooDeep
	}
	return ethernet(data, at, n+1, p)
}

// looksIP tells an IP header by what must fit in it.
func looksIP(data []byte) bool {
	switch {
	case len(data) >= 20 && data[0]>>4 == 4:
		size, total := int(data[0]&15)*4, int(be16(data[2:]))
		return size >= 20 && (total >= size || total == 0)
	case len(data) >= 40:
		return data[0]>>4 == 6
	default:
		return false
	}
}

// looksEthernet tells an Ethernet header by its type, and by the version where that is IP.
func looksEthernet(data []byte) bool {
	if len(data) < ethernetHeader {
		return false
	}
	inside := data[ethernetHeader:]
	switch kind := be16(data[typePlace:]); kind {
	case typeIPv4:
		return len(inside) == 0 || inside[0]>>4 == 4
	case typeIPv6:
		return len(inside) == 0 || inside[0]>>4 == 6
	case typeVLAN, typeQinQ, typeQinQ9100, typeARP, typeMPLS, typeMPLSUp, typePPPoE, typeDiscovery, typePBB:
		return true
	default:
		return kind >= llcHeader && kind < typeLeast && int(kind) <= len(inside)
	}
}
