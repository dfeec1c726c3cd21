package nfcapd

import (
	"encoding/binary"

	"sentinel/internal/packet"
)

// The header of a flow in layout 2: type, size, number of elements, engine, exporter, flags, version.
const (
	flowHeader   = 12
	flagsOffset  = 10
	sourceOffset = 11
	flagEvent    = 1
	flagSampled  = 2
)

// Elements of a flow that are read, nfxV3.h.
const (
	elementGeneric = 1
	elementIPv4    = 2
	elementIPv6    = 3
	elementMisc    = 4
	elementCount   = 5
	elementNSEL    = 19 // an event of a Cisco firewall
	elementNAT4    = 20 // addresses after translation
	elementNAT6    = 21
	elementNATPort = 22
	elementNEL     = 25 // an event of address translation
)

// Sizes of elements without their header, and offsets in them.
const (
	elementHeader = 4
	genericSize   = 48
	ipv4Size      = 8
	ipv6Size      = 32
	countSize     = 24
	portsSize     = 4
	miscReverse   = 14 // flags of TCP in the other direction
	miscSize      = miscReverse + 1
	nselEvent     = 14
	nselSize      = nselEvent + 1
)

// flow2 reads a record of layout 2 and gives an empty text, or why it is no flow.
func flow2(data []byte, r *record) string {
	r.sampled = data[flagsOffset]&flagSampled != 0
	r.event = data[flagsOffset]&flagEvent != 0
	r.source = data[sourceOffset]
	for rest := data[flowHeader:]; len(rest) > 0; {
		if len(rest) < elementHeader {
			return reasonElement
		}
		kind, size := binary.LittleEndian.Uint16(rest), int(binary.LittleEndian.Uint16(rest[2:]))
		if size < elementHeader || size > len(rest) {
			return reasonElement
		}
		r.element(kind, rest[elementHeader:size])
		rest = rest[size:]
	}
	return ""
}

// element takes what one element says. Longer ones than are known come from later versions; shorter ones say nothing.
func (r *record) element(kind uint16, e []byte) {
	switch kind {
	case elementGeneric:
		if len(e) >= genericSize {
			r.generic(e)
		}
	case elementIPv4:
		if len(e) >= ipv4Size {
			r.src, r.dst = ipv4(e)
		}
	case elementIPv6:
		if len(e) >= ipv6Size {
			r.src, r.dst = ipv6(e)
		}
	case elementCount:
		if len(e) >= countSize {
			r.outPackets, r.outBytes = binary.LittleEndian.Uint64(e[8:]), binary.LittleEndian.Uint64(e[16:])
		}
	case elementMisc:
		if len(e) >= miscSize {
			r.reverseFlags = packet.TCPFlags(e[miscReverse])
		}
	case elementNSEL:
		if len(e) >= nselSize {
			r.firewall, r.firewallEvent = true, e[nselEvent]
			r.eventTime = binary.LittleEndian.Uint64(e)
		}
	case elementNAT4:
		if len(e) >= ipv4Size {
			_, r.natDst = ipv4(e)
		}
	case elementNAT6:
		if len(e) >= ipv6Size {
			_, r.natDst = ipv6(e)
		}
	case elementNATPort:
		if len(e) >= portsSize {
			r.natPort = binary.LittleEndian.Uint16(e[2:])
		}
	case elementNEL:
		r.translation = true
	}
}

// generic takes the element that every flow has: times in milliseconds, counts, ports, protocol, flags.
func (r *record) generic(e []byte) {
	e = e[:genericSize]
	r.hasTimes = true
	r.first, r.last = binary.LittleEndian.Uint64(e), binary.LittleEndian.Uint64(e[8:])
	r.packets, r.bytes = binary.LittleEndian.Uint64(e[24:]), binary.LittleEndian.Uint64(e[32:])
	r.srcPort, r.dstPort = binary.LittleEndian.Uint16(e[40:]), binary.LittleEndian.Uint16(e[42:])
	r.proto, r.flags = e[44], packet.TCPFlags(e[45])
}
