package netflow

import (
	"encoding/binary"
	"net/netip"
)

// slot is where a record keeps what an information element says.
type slot uint8

const (
	unread slot = iota // not looked at
	octets
	packets
	octetsTotal
	packetsTotal
	reverseOctets
	reversePackets
	reverseOctetsTotal
	reversePacketsTotal
	responderOctets
	responderPackets
	initiatorOctets
	initiatorPackets
	postOctets
	postPackets
	proto
	srcPort
	dstPort
	tcpFlags
	reverseFlags
	icmpTypeCode
	icmpType
	icmpCode
	start // microseconds since 1970
	end
	startBefore // microseconds before the export
	endBefore
	startUptime // milliseconds since the exporter started
	endUptime
	bootTime // microseconds since 1970
	duration // microseconds
	observed // microseconds since 1970
	firewallEvent
	natEvent
	biflowDirection
	samplerID
	inputInterface
	samplingInterval
	samplingSpace
	selectorAlgorithm
	samplingSize
	samplingPopulation
	applicationID
	ipLength
	linkType
	numbers // how many slots hold numbers; what follows has fields of its own

	srcAddress
	dstAddress
	frame     // a packet from its link layer on
	ipSection // a packet from its IP header on
	hostName
	applicationName
)

// key names an information element: the enterprise, 0 for IANA's, and its number there.
type key struct {
	enterprise uint32
	number     uint16
}

// element is where an information element goes, and how its bytes become a number, if it is one.
type element struct {
	slot slot
	read func([]byte) uint64
}

// Enterprises (IANA, Private Enterprise Numbers) whose elements are read.
const (
	reverse = 29305 // RFC 5103: IANA's elements, of the other direction
	cesnet  = 8057
	masaryk = 16982 // Masaryk University
	flowmon = 39499
	ntop    = 35632
	ixia    = 3054
	citrix  = 5951
	yaf     = 6871 // CERT; the reverse of an element has a bit of its own
)

// reverseOfYAF marks elements of YAF's as those of the other direction.
const reverseOfYAF = 0x4000

// elements are the information elements that flows are made of (IANA, IP Flow Information Export Entities). Those of
// addresses and ports after translation (225 to 228) are left out: a flow has the ends that its hosts know.
var elements = map[key]element{
	{0, 1}:   {octets, number},
	{0, 2}:   {packets, number},
	{0, 4}:   {proto, number},
	{0, 6}:   {tcpFlags, number},
	{0, 7}:   {srcPort, number},
	{0, 8}:   {srcAddress, nil},
	{0, 10}:  {inputInterface, number},
	{0, 11}:  {dstPort, number},
	{0, 12}:  {dstAddress, nil},
	{0, 21}:  {endUptime, number},
	{0, 22}:  {startUptime, number},
	{0, 23}:  {postOctets, number},
	{0, 24}:  {postPackets, number},
	{0, 27}:  {srcAddress, nil},
	{0, 28}:  {dstAddress, nil},
	{0, 32}:  {icmpTypeCode, number},
	{0, 34}:  {samplingInterval, number},
	{0, 48}:  {samplerID, number},
	{0, 50}:  {samplingInterval, number},
	{0, 85}:  {octetsTotal, number},
	{0, 86}:  {packetsTotal, number},
	{0, 95}:  {applicationID, number},
	{0, 96}:  {applicationName, nil},
	{0, 104}: {frame, nil}, // layer2packetSectionData
	{0, 139}: {icmpTypeCode, number},
	{0, 150}: {start, seconds},
	{0, 151}: {end, seconds},
	{0, 152}: {start, milliseconds},
	{0, 153}: {end, milliseconds},
	{0, 154}: {start, ntpTime},
	{0, 155}: {end, ntpTime},
	{0, 156}: {start, ntpTime},
	{0, 157}: {end, ntpTime},
	{0, 158}: {startBefore, number},
	{0, 159}: {endBefore, number},
	{0, 160}: {bootTime, milliseconds},
	{0, 161}: {duration, milliseconds},
	{0, 162}: {duration, number},
	{0, 176}: {icmpType, number},
	{0, 177}: {icmpCode, number},
	{0, 178}: {icmpType, number},
	{0, 179}: {icmpCode, number},
	{0, 180}: {srcPort, number},
	{0, 181}: {dstPort, number},
	{0, 182}: {srcPort, number},
	{0, 183}: {dstPort, number},
	{0, 224}: {ipLength, number},
	{0, 230}: {natEvent, number},
	{0, 231}: {initiatorOctets, number},
	{0, 232}: {responderOctets, number},
	{0, 233}: {firewallEvent, number},
	{0, 239}: {biflowDirection, number},
	{0, 298}: {initiatorPackets, number},
	{0, 299}: {responderPackets, number},
	{0, 302}: {samplerID, number},
	{0, 304}: {selectorAlgorithm, number},
	{0, 305}: {samplingInterval, number},
	{0, 306}: {samplingSpace, number},
	{0, 309}: {samplingSize, number},
	{0, 310}: {samplingPopulation, number},
	{0, 313}: {ipSection, nil},
	{0, 315}: {frame, nil},
	{0, 322}: {observed, seconds},
	{0, 323}: {observed, milliseconds},
	{0, 324}: {observed, ntpTime},
	{0, 325}: {observed, ntpTime},
	{0, 408}: {linkType, number},

	{reverse, 1}:  {reverseOctets, number},
	{reverse, 2}:  {reversePackets, number},
	{reverse, 6}:  {reverseFlags, number},
	{reverse, 85}: {reverseOctetsTotal, number},
	{reverse, 86}: {reversePacketsTotal, number},

	{yaf, 14}:                {tcpFlags, number}, // initialTCPFlags
	{yaf, 15}:                {tcpFlags, number}, // unionTCPFlags, of all packets but the first
	{yaf, 14 | reverseOfYAF}: {reverseFlags, number},
	{yaf, 15 | reverseOfYAF}: {reverseFlags, number},
	{citrix, 142}:            {hostName, nil}, // httpReqHost
	{cesnet, 808}:            {hostName, nil}, // TLS_SNI
	{cesnet, 890}:            {hostName, nil}, // QUIC_SNI
	{flowmon, 1}:             {hostName, nil}, // HTTP_DOMAIN
	{masaryk, 102}:           {hostName, nil}, // the same in older versions
	{ixia, 176}:              {reverseOctets, number},
	{ixia, 177}:              {reversePackets, number},
	{ntop, 119}:              {applicationName, nil},
	{ntop, 187}:              {hostName, nil}, // HTTP_HOST
	{ntop, 188}:              {hostName, nil}, // TLS_SERVER_NAME
}

// ntopInV9 is what ntop adds to the numbers of its elements in NetFlow v9, which knows no enterprises.
const ntopInV9 = 57472

// elementOf finds what a field of a template is.
func elementOf(version uint16, k key) element {
	if version == 9 && k.number >= ntopInV9 {
		k = key{ntop, k.number - ntopInV9}
	}
	return elements[k]
}

// number is an unsigned integer, of reduced size or not (RFC 7011, 6.2).
func number(b []byte) uint64 {
	switch len(b) {
	case 1:
		return uint64(b[0])
	case 2:
		return uint64(binary.BigEndian.Uint16(b))
	case 4:
		return uint64(binary.BigEndian.Uint32(b))
	case 8:
		return binary.BigEndian.Uint64(b)
	}
	var value uint64
	for _, digit := range b {
		value = value<<8 | uint64(digit)
	}
	return value
}

const (
	noTime   = 0
	lastTime = 4102444800 * 1e6 // 2100-01-01, in microseconds: what lies later is no time
)

func seconds(b []byte) uint64      { return micros(number(b), 1e6) }
func milliseconds(b []byte) uint64 { return micros(number(b), 1e3) }

// micros is a time in microseconds, or noTime where it cannot be one.
func micros(value, unit uint64) uint64 {
	if value > lastTime/unit {
		return noTime
	}
	return value * unit
}

// ntpEpoch is 1970 in the seconds of NTP, which count from 1900.
const ntpEpoch = 2208988800

// ntpTime is a time as NTP writes it: seconds and their fraction (RFC 7011, 6.1.9 and 6.1.10).
func ntpTime(b []byte) uint64 {
	if len(b) != 8 {
		return noTime
	}
	whole, fraction := number(b[:4]), number(b[4:])
	if whole < ntpEpoch {
		return noTime
	}
	return micros(whole-ntpEpoch, 1e6) + fraction*1e6>>32
}

// address is an IPv4 or IPv6 address; ok is false where b is neither.
func address(b []byte) (a netip.Addr, ok bool) {
	a, ok = netip.AddrFromSlice(b)
	return a.Unmap(), ok
}
