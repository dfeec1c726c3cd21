package meter

import (
	"encoding/binary"

	"sentinel/internal/flow"
	"sentinel/internal/packet"
)

// orient tells who opened the flow that begins with a packet: its sender, or its receiver.
func orient(e *entry) (by opener, reversed bool) {
	switch {
	case e.Proto == flow.TCP && e.Flags&packet.SYN != 0:
		return bySYN, e.Flags&packet.ACK != 0
	case e.Proto == flow.ICMP || e.Proto == flow.ICMPv6:
		return byFirst, false // also of an answer: advertisements come without a question
	case serves(e.Ends.SrcPort) && !serves(e.Ends.DstPort) && !multicast(&e.Ends.Dst):
		return byPort, true
	}
	return byFirst, false
}

// servicePorts are the registered ports (RFC 6335, 6) that servers commonly have; of the ports below 1024 all are
// taken for those of servers.
var servicePorts = []uint16{
	1080, 1194, 1433, 1434, 1521, 1701, 1723, 1812, 1813, 1883, 1900, 2049, 2055, 2123, 2152, 2375, 2376, 3128, 3268, 3269,
	3306, 3389, 3478, 3544, 3702, 4433, 4500, 4739, 4789, 5060, 5061, 5072, 5222, 5223, 5269, 5353, 5355, 5432, 5671, 5672,
	5900, 5985, 5986, 6081, 6343, 6379, 6443, 6514, 6667, 8000, 8008, 8080, 8081, 8086, 8088, 8443, 8883, 8888, 9000, 9042,
	9090, 9092, 9100, 9200, 9300, 9418, 9443, 11211, 19302, 25565, 27017, 51820,
}

// clientPorts are ports below 1024 that clients send from: DHCP for IPv4 and IPv6.
var clientPorts = []uint16{68, 546}

var served = func() (set [1 << 16 / 64]uint64) {
	for number := 1; number < 1024; number++ {
		set[number/64] |= 1 << (number % 64)
	}
	for _, number := range clientPorts {
		set[number/64] &^= 1 << (number % 64)
	}
	for _, number := range servicePorts {
		set[number/64] |= 1 << (number % 64)
	}
	return set
}()

// serves tells whether a port is one that servers have.
func serves(port uint16) bool { return served[port/64]>>(port%64)&1 != 0 }

// multicast tells whether an address stands for many hosts, which open nothing: multicast, or the broadcast of IPv4.
func multicast(address *[16]byte) bool {
	if binary.BigEndian.Uint64(address[:]) != 0 || address[10] != 0xff {
		return address[0] == 0xff
	}
	return address[12]>>4 == 14 || binary.BigEndian.Uint32(address[12:]) == 1<<32-1
}
