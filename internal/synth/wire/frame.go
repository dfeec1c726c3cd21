package wire

import (
	"encoding/binary"
	"net/netip"

	"sentinel/internal/flow"
	"sentinel/internal/packet"
)

// leastFrame is what an Ethernet frame is padded to, without its check sequence (IEEE 802.3, 4A.4.2).
const leastFrame = 60

// frame is a packet on an Ethernet that is being made. It is used over and over.
type frame struct {
	time      int64 // microseconds since the epoch
	bytes     [ethernetHeader + mtu]byte
	length    int // of bytes
	ipBytes   int // with the header
	transport int // where its header begins
	pseudo    uint64
}

// content is the frame as it is captured.
func (f *frame) content() []byte { return f.bytes[:f.length] }

// station is the Ethernet address of a host of the network, and one of a gateway for all that lie beyond.
func station(addr netip.Addr, gateway byte) [6]byte {
	if !addr.IsPrivate() {
		return [6]byte{2, 0, 0, 0, 0, gateway}
	}
	all := addr.As16()
	return [6]byte{2, 1, all[12], all[13], all[14], all[15]}
}

// begin writes the headers of Ethernet and IP, but for lengths and checksums.
func (f *frame) begin(v *conversation, down bool, from, to *side) {
	copy(f.bytes[0:], to.from[:])
	copy(f.bytes[6:], from.from[:])
	src, dst := v.flow.SrcIP, v.flow.DstIP
	if down {
		src, dst = dst, src
	}
	if src.Is4() {
		f.beginIP4(src.As4(), dst.As4(), v.flow.Proto, from)
	} else {
		f.beginIP6(src.As16(), dst.As16(), v.flow.Proto, from)
	}
}

func (f *frame) beginIP4(src, dst [4]byte, proto flow.Proto, from *side) {
	binary.BigEndian.PutUint16(f.bytes[12:], 0x0800)
	ip := f.bytes[ethernetHeader : ethernetHeader+ip4Header]
	ip[0], ip[1] = 0x45, 0
	binary.BigEndian.PutUint16(ip[4:], from.packets)
	from.packets++
	binary.BigEndian.PutUint16(ip[6:], 0x4000) // not to be fragmented
	ip[8], ip[9], ip[10], ip[11] = from.hops, byte(proto), 0, 0
	copy(ip[12:], src[:])
	copy(ip[16:], dst[:])
	f.transport = ethernetHeader + ip4Header
	f.pseudo = sum(ip[12:20], uint64(proto)<<8)
}

func (f *frame) beginIP6(src, dst [16]byte, proto flow.Proto, from *side) {
	binary.BigEndian.PutUint16(f.bytes[12:], 0x86dd)
	ip := f.bytes[ethernetHeader : ethernetHeader+ip6Header]
	clear(ip[:8])
	ip[0], ip[6], ip[7] = 0x60, byte(proto), from.hops
	copy(ip[8:], src[:])
	copy(ip[24:], dst[:])
	f.transport = ethernetHeader + ip6Header
	f.pseudo = sum(ip[8:40], uint64(proto)<<8)
}

// place gives the frame its lengths, for so many bytes of IP and transport headers and of payload, and returns where
// the payload goes.
func (f *frame) place(header, size int) []byte {
	f.ipBytes = header + size
	end := ethernetHeader + f.ipBytes
	if f.bytes[ethernetHeader] == 0x45 {
		ip := f.bytes[ethernetHeader : ethernetHeader+ip4Header]
		binary.BigEndian.PutUint16(ip[2:], uint16(f.ipBytes))
		binary.BigEndian.PutUint16(ip[10:], fold(sum(ip, 0)))
	} else {
		binary.BigEndian.PutUint16(f.bytes[ethernetHeader+4:], uint16(f.ipBytes-ip6Header))
	}
	if f.length = max(end, leastFrame); end < leastFrame {
		clear(f.bytes[end:leastFrame])
	}
	return f.bytes[end-size : end]
}

// checksum is that of the transport header and what follows, with the pseudo header (RFC 9293, 3.1) or without.
func (f *frame) checksum(pseudo bool) uint16 {
	end := ethernetHeader + f.ipBytes
	if !pseudo {
		return fold(sum(f.bytes[f.transport:end], 0))
	}
	length := uint16(end - f.transport)
	return fold(sum(f.bytes[f.transport:end], f.pseudo+uint64(length>>8|length<<8)))
}

// header is the transport header as it is being written, of so many bytes and zero.
func (f *frame) header(bytes int) []byte {
	h := f.bytes[f.transport : f.transport+bytes]
	clear(h)
	return h
}

// writePorts writes those of a direction.
func writePorts(h []byte, v *flow.Flow, down bool) {
	src, dst := v.SrcPort, v.DstPort
	if down {
		src, dst = dst, src
	}
	binary.BigEndian.PutUint16(h, src)
	binary.BigEndian.PutUint16(h[2:], dst)
}

// The window of both ends, in units of 1 KiB after the handshake, and how much it varies: it is never the same twice
// running, so that no acknowledgement looks like one sent again.
const window, windowShift, windowChange = 64_240, 10, 1_024

func (f *frame) finishTCP(v *conversation, t turn, options int, sequence, next uint32) {
	h := f.header(tcpHeader + options)
	writePorts(h, &v.flow, t.down)
	binary.BigEndian.PutUint32(h[4:], sequence)
	binary.BigEndian.PutUint32(h[8:], next)
	h[12], h[13] = byte((tcpHeader+options)/4<<4), byte(t.flags)
	if t.flags&packet.RST == 0 {
		binary.BigEndian.PutUint16(h[14:], window-uint16(v.turn%windowChange))
	}
	writeOptions(h[tcpHeader:], v.plan.header)
	binary.BigEndian.PutUint16(h[16:], f.checksum(true))
}

// writeOptions fills the options of a SYN: those that there is room for, then padding (RFC 9293, 3.1; RFC 2018, 2;
// RFC 7323, 2.2).
func writeOptions(b []byte, header int64) {
	segment := mtu - header
	for _, option := range [][]byte{{2, 4, byte(segment >> 8), byte(segment)}, {1, 1, 4, 2}, {1, 3, 3, windowShift}} {
		if len(b) >= len(option) {
			b = b[copy(b, option):]
		}
	}
	for i := range b {
		b[i] = 1
	}
}

func (f *frame) finishUDP(v *conversation, down bool) {
	h := f.header(udpHeader)
	writePorts(h, &v.flow, down)
	binary.BigEndian.PutUint16(h[4:], uint16(ethernetHeader+f.ipBytes-f.transport))
	checksum := f.checksum(true)
	if checksum == 0 { // which stands for none (RFC 768)
		checksum = 0xffff
	}
	binary.BigEndian.PutUint16(h[6:], checksum)
}

// replies are the types of ICMP messages that answer others (RFC 792; RFC 4443, 4).
var replies = map[flow.Proto]map[byte]byte{
	flow.ICMP:   {8: 0, 13: 14, 15: 16, 17: 18},
	flow.ICMPv6: {128: 129, 133: 134, 135: 136},
}

func (f *frame) finishICMP(v *conversation, down bool, number uint16) {
	h := f.header(icmpHeader)
	h[0], h[1] = byte(v.flow.SrcPort), byte(v.flow.DstPort)
	if reply, ok := replies[v.flow.Proto][h[0]]; ok && down {
		h[0] = reply
	}
	binary.BigEndian.PutUint16(h[4:], uint16(v.hash))
	binary.BigEndian.PutUint16(h[6:], number)
	binary.BigEndian.PutUint16(h[2:], f.checksum(v.flow.Proto == flow.ICMPv6))
}
