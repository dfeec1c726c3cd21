package nfcapd

import (
	"encoding/binary"
	"math"
	"net/netip"

	"sentinel/internal/biflow"
	"sentinel/internal/flow"
	"sentinel/internal/packet"
)

// record is what one record of either layout says.
type record struct {
	first, last          uint64 // milliseconds since 1970
	packets, bytes       uint64
	outPackets, outBytes uint64 // in the other direction
	src, dst             netip.Addr
	srcPort, dstPort     uint16
	natDst               netip.Addr // where the packets went in the end; invalid or unspecified where that is dst
	natPort              uint16
	proto                uint8
	flags, reverseFlags  packet.TCPFlags
	source               uint8 // version of NetFlow that it came by; 10 is IPFIX
	hasTimes             bool
	sampled              bool // the collector has scaled its counts up
	event                bool
	firewall             bool // it is an event of a Cisco firewall
	firewallEvent        uint8
	eventTime            uint64
	translation          bool // it is an event of address translation
}

// Reasons to skip a record.
const (
	reasonSize        = "with a size that does not fit its block"
	reasonElement     = "with an element that does not fit it"
	reasonNoFlow      = "without addresses or times"
	reasonMap         = "with an extension map that the file lacks"
	reasonTime        = "with a time beyond the year 2262"
	reasonOpened      = "of a firewall about a connection that opens; another tells its end"
	reasonTranslation = "of address translation"
	reasonOld         = "of nfdump 1.5"
)

// Events of Cisco's firewalls (NSEL).
const (
	eventCreate = 1
	eventDenied = 3
)

// ipv4 reads two addresses, which are stored as numbers.
func ipv4(e []byte) (src, dst netip.Addr) {
	var a, b [4]byte
	binary.BigEndian.PutUint32(a[:], binary.LittleEndian.Uint32(e))
	binary.BigEndian.PutUint32(b[:], binary.LittleEndian.Uint32(e[4:]))
	return netip.AddrFrom4(a), netip.AddrFrom4(b)
}

// ipv6 reads two addresses, each of which is stored as two numbers.
func ipv6(e []byte) (src, dst netip.Addr) {
	var a, b [16]byte
	binary.BigEndian.PutUint64(a[:], binary.LittleEndian.Uint64(e))
	binary.BigEndian.PutUint64(a[8:], binary.LittleEndian.Uint64(e[8:]))
	binary.BigEndian.PutUint64(b[:], binary.LittleEndian.Uint64(e[16:]))
	binary.BigEndian.PutUint64(b[8:], binary.LittleEndian.Uint64(e[24:]))
	return netip.AddrFrom16(a).Unmap(), netip.AddrFrom16(b).Unmap()
}

// latest is the last time, in milliseconds, that microseconds of 64 bits can tell.
const latest = math.MaxInt64 / 1000

// half makes a half of a record; the reason is empty, or says why there is none. Counts are multiplied by scale.
func (r *record) half(scale uint64, h *biflow.Half) (reason string) {
	switch {
	case r.translation:
		return reasonTranslation
	case !r.hasTimes || !r.src.IsValid():
		return reasonNoFlow
	case r.firewall && r.firewallEvent == eventCreate:
		return reasonOpened
	}
	if r.first == 0 && r.event {
		r.first, r.last = r.eventTime, r.eventTime
	}
	if r.first > latest || r.last > latest {
		return reasonTime
	}
	*h = biflow.Half{}
	h.Start, h.Proto = int64(r.first)*1000, flow.Proto(r.proto)
	h.SrcIP, h.DstIP, h.SrcPort, h.DstPort = r.src, r.dst, r.srcPort, r.dstPort
	if r.last > r.first {
		h.Duration = int64(r.last-r.first) * 1000
	}
	r.count(scale, h)
	r.translate(h)
	r.meaning(h)
	return ""
}

// translate names the end that received the packets, where the exporter translates addresses: the sender is told as it
// was before, so that both directions name the hosts themselves, and none the translator.
func (r *record) translate(h *biflow.Half) {
	if r.isTranslated() {
		h.DstIP = r.natDst
		if r.natPort != 0 {
			h.DstPort = r.natPort
		}
	}
}

func (r *record) isTranslated() bool {
	return r.natDst.IsValid() && !r.natDst.IsUnspecified() && r.natDst.Is4() == r.dst.Is4() && r.natDst != r.dst
}

// count sets the counts of a half. Some exporters count what leaves them only, which is no other direction.
func (r *record) count(scale uint64, h *biflow.Half) {
	if r.packets == 0 && r.bytes == 0 && !r.firewall {
		r.packets, r.bytes, r.outPackets, r.outBytes = r.outPackets, r.outBytes, 0, 0
	}
	h.UpPackets, h.UpBytes = scaled(r.packets, scale), scaled(r.bytes, scale)
	h.DownPackets, h.DownBytes = scaled(r.outPackets, scale), scaled(r.outBytes, scale)
}

// mostCount bounds counts, so that many of them can be added up.
const mostCount = 1 << 53

func scaled(count, scale uint64) int64 {
	if count > mostCount/scale {
		return mostCount
	}
	return int64(count * scale)
}

// ipfix is the version of NetFlow that is IPFIX.
const ipfix = 10

// meaning sets what follows from the protocol and from who counted.
func (r *record) meaning(h *biflow.Half) {
	switch h.Proto {
	case flow.ICMP, flow.ICMPv6:
		h.SrcPort, h.DstPort = icmp(r.dstPort)
	case flow.TCP:
		h.Flags, h.DownFlags = r.flags, r.reverseFlags
		h.HasFlags = r.flags != 0 // exporters that do not tell them leave 0
	}
	if r.firewall && r.firewallEvent == eventDenied {
		h.State = flow.Refused
	}
	both := h.DownPackets != 0 || h.DownBytes != 0
	if r.firewall || both && r.source == ipfix { // of RFC 5103
		h.Opener = flow.ByFirst
	}
}

// icmp takes type and code apart. The type is in the upper byte, as exporters send it; where that is 0, which has no
// codes, the bytes are the other way round.
func icmp(port uint16) (kind, code uint16) {
	if port < 0x100 {
		return port, 0
	}
	return port >> 8, port & 0xff
}
