package packet

// cooked reads what Linux gives where a capture is of all interfaces at once (tcpdump.org, LINKTYPE_LINUX_SLL).
func cooked(data []byte, at int, n nest, p *Packet) fault {
	const header = 16
	if len(data) < header {
		return shortFrame
	}
	return cookedProtocol(be16(data[14:]), be16(data[2:]), data[header:], at+header, n, p)
}

// cooked2 is its second version (tcpdump.org, LINKTYPE_LINUX_SLL2).
func cooked2(data []byte, at int, n nest, p *Packet) fault {
	const header = 20
	if len(data) < header {
		return shortFrame
	}
	return cookedProtocol(be16(data), be16(data[8:]), data[header:], at+header, n, p)
}

// cookedProtocol reads a protocol as Linux numbers it (linux/if_ether.h): an Ethernet type, or a number of its own, which
// the hardware type explains (linux/if_arp.h).
func cookedProtocol(protocol, hardware uint16, data []byte, at int, n nest, p *Packet) fault {
	const wifiBare, wifiPrism, wifiRadiotap = 801, 802, 803
	const llcOnly = 0x0004
	if protocol >= typeLeast {
		return etherType(protocol, data, at, n, p)
	}
	switch hardware {
	case wifiBare:
		return wifi(data, at, false, n, p)
	case wifiPrism:
		return prism(data, at, n, p)
	case wifiRadiotap:
		return radiotap(data, at, n, p)
	}
	if protocol == llcOnly {
		return llc(data, at, n, p)
	}
	return notIP // Netlink, CAN and others
}

// The numbers of address families, which differ between systems: IPv6 is 10 on Linux, 23 on Windows, 24 on NetBSD and
// OpenBSD, 28 on FreeBSD, 30 on Darwin.
const (
	familyIPv4        = 2
	familyOSI         = 7
	familyIPv6Linux   = 10
	familyIPv6Windows = 23
	familyIPv6BSD     = 24
	familyIPv6Free    = 28
	familyIPv6Darwin  = 30
)

// loopback reads an address family in four bytes, in either order.
func loopback(data []byte, at int, n nest, p *Packet) fault {
	const header = 4
	if len(data) < header {
		return shortFrame
	}
	family := be32(data)
	if family > 0xffff {
		family = le32(data)
	}
	return addressFamily(family, data[header:], at+header, n, p)
}

func addressFamily(family uint32, data []byte, at int, n nest, p *Packet) fault {
	switch family {
	case familyIPv4:
		return ipv4(data, at, n, p)
	case familyIPv6Linux, familyIPv6Windows, familyIPv6BSD, familyIPv6Free, familyIPv6Darwin:
		return ipv6(data, at, n, p)
	case familyOSI:
		return notLLC
	default:
		return unknownFamily
	}
}
