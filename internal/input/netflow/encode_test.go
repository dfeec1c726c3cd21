package netflow_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net/netip"
)

// pack writes numbers in network order, addresses (as text) and bytes one after another.
func pack(parts ...any) (b []byte) {
	for _, part := range parts {
		switch part := part.(type) {
		case string:
			b = append(b, netip.MustParseAddr(part).AsSlice()...)
		case []byte:
			b = append(b, part...)
		default:
			var err error
			if b, err = binary.Append(b, binary.BigEndian, part); err != nil {
				panic(err)
			}
		}
	}
	return b
}

type (
	u8  = uint8
	u16 = uint16
	u32 = uint32
	u64 = uint64
)

// When the exporters of the tests make their messages: 2023-11-14 22:13:20, an hour after they started.
const (
	now    = 1700000000
	uptime = 3600_000
)

// v5 is a datagram of NetFlow v5; sampling is the last field of its header.
func v5(sampling u16, records ...[]byte) []byte {
	return pack(u16(5), u16(len(records)), u32(uptime), u32(now), u32(250_000_000), u32(1), u8(0), u8(0), sampling, bytes.Join(records, nil))
}

// record5 is a record of NetFlow v5, of 2 packets with 100 bytes; times are uptimes.
func record5(src, dst string, srcPort, dstPort u16, proto, flags u8, first, last u32) []byte {
	return pack(src, dst, "0.0.0.0", u16(1), u16(2), u32(2), u32(100), first, last, srcPort, dstPort, u8(0), flags, proto, u8(0), u16(0), u16(0), u8(24), u8(24), u16(0))
}

// v9 is a datagram of NetFlow v9, of source 7.
func v9(sets ...[]byte) []byte {
	return pack(u16(9), u16(len(sets)), u32(uptime), u32(now), u32(1), u32(7), bytes.Join(sets, nil))
}

// ipfix is a message of IPFIX, of domain 7.
func ipfix(sets ...[]byte) []byte { return ipfixOf(7, sets...) }

func ipfixOf(domain u32, sets ...[]byte) []byte {
	body := bytes.Join(sets, nil)
	return pack(u16(10), u16(16+len(body)), u32(now), u32(1), domain, body)
}

func set(id u16, parts ...[]byte) []byte {
	body := bytes.Join(parts, nil)
	return pack(id, u16(4+len(body)), body)
}

// field is a field specifier of a template.
type field struct {
	number, length u16
	enterprise     u32
}

func specifiers(fields []field) (b []byte) {
	for _, f := range fields {
		if f.enterprise == 0 {
			b = append(b, pack(f.number, f.length)...)
			continue
		}
		b = append(b, pack(f.number|0x8000, f.length, f.enterprise)...)
	}
	return b
}

func template(id u16, fields ...field) []byte {
	return pack(id, u16(len(fields)), specifiers(fields))
}

// optionsIPFIX is an options template of IPFIX whose first field is the scope.
func optionsIPFIX(id u16, fields ...field) []byte {
	return pack(id, u16(len(fields)), u16(1), specifiers(fields))
}

// options9 is one of NetFlow v9.
func options9(id u16, scope field, fields ...field) []byte {
	return pack(id, u16(4), u16(4*len(fields)), specifiers([]field{scope}), specifiers(fields))
}

// ends are the fields that most templates of the tests begin with; theEnds are values of them.
var (
	ends    = []field{{8, 4, 0}, {12, 4, 0}, {4, 1, 0}, {7, 2, 0}, {11, 2, 0}}
	theEnds = pack("192.0.2.1", "198.51.100.2", u8(17), u16(5000), u16(53))
)

// with is a template of ends and further fields.
func with(id u16, fields ...field) []byte { return template(id, append(ends[:5:5], fields...)...) }

// of is a record of such a template.
func of(parts ...any) []byte { return pack(theEnds, pack(parts...)) }

// sflow is a datagram of sFlow v5.
func sflow(samples ...[]byte) []byte {
	return pack(u32(5), u32(1), "192.0.2.254", u32(0), u32(1), u32(uptime), u32(len(samples)), bytes.Join(samples, nil))
}

// part is a sample of sFlow, or a record of one.
func part(kind u32, parts ...any) []byte {
	body := pack(parts...)
	return pack(kind, u32(len(body)), body)
}

// sampled is a flow sample at a rate.
func sampled(rate u32, records ...[]byte) []byte {
	return part(1, u32(1), u32(3), rate, u32(0), u32(0), u32(1), u32(2), u32(len(records)), bytes.Join(records, nil))
}

// header is a record of a sample: the first bytes of a frame of 1018 bytes.
func header(frame []byte) []byte {
	return part(1, u32(1), u32(1018), u32(4), u32(len(frame)), frame, make([]byte, -len(frame)&3))
}

// tcpFrame is the start of an Ethernet frame with 1000 bytes of IPv4.
func tcpFrame(src, dst string, srcPort, dstPort u16, flags u8) []byte {
	return pack(make([]byte, 12), u16(0x0800), ipv4(6, 1000, src, dst),
		srcPort, dstPort, u32(1), u32(1), u8(0x50), flags, u16(1024), u32(0))
}

func ipv4(proto u8, length u16, src, dst string) []byte {
	return pack(u8(0x45), u8(0), length, u32(0), u8(64), proto, u16(0), src, dst)
}

// capture is a pcap file of datagrams that 192.0.2.254 sends, a second apart from the time now.
func capture(datagrams ...[]byte) []byte {
	var packets [][]byte
	for _, datagram := range datagrams {
		packets = append(packets, sent("192.0.2.254", 40000, datagram))
	}
	return captureOf(packets...)
}

// sent is the IP packet in which an exporter sends a datagram.
func sent(exporter string, port u16, datagram []byte) []byte {
	return pack(ipv4(17, u16(28+len(datagram)), exporter, "192.0.2.253"),
		port, u16(2055), u16(8+len(datagram)), u16(0), datagram)
}

// captureOf is a pcap file of IP packets.
func captureOf(packets ...[]byte) []byte {
	file := pack(u32(0xa1b2c3d4), u16(2), u16(4), u64(0), u32(65535), u32(101))
	for i, packet := range packets {
		file = append(file, pack(u32(now+i), u32(0), u32(len(packet)), u32(len(packet)), packet)...)
	}
	return file
}

// busy is a file of NetFlow v9 with records of both directions of connections.
func busy(records int) []byte {
	fields := []field{
		{8, 4, 0}, {12, 4, 0}, {15, 4, 0}, {10, 2, 0}, {14, 2, 0}, {2, 4, 0}, {1, 4, 0}, {22, 4, 0}, {21, 4, 0}, {7, 2, 0},
		{11, 2, 0}, {6, 1, 0}, {4, 1, 0}, {5, 1, 0}, {16, 2, 0}, {17, 2, 0}, {9, 1, 0}, {13, 1, 0},
	}
	file := bytes.NewBuffer(v9(set(0, template(256, fields...))))
	var batch []byte
	for i := range records {
		client, server := fmt.Sprintf("10.%d.%d.%d", i>>17&0xff, i>>9&0xff, i>>1&0xff), fmt.Sprintf("198.51.100.%d", i>>1&63)
		clientPort, serverPort := u16(32768+i>>1%28000), u16(443)
		if i&1 == 1 {
			client, server, clientPort, serverPort = server, client, serverPort, clientPort
		}
		first := u32(i / 100)
		batch = append(batch, pack(client, server, "0.0.0.0", u16(1), u16(2), u32(5+i%7), u32(500+i%900), first, first+500,
			clientPort, serverPort, u8(0x1b), u8(6), u8(0), u16(0), u16(0), u8(24), u8(24))...)
		if i%30 == 29 || i == records-1 {
			file.Write(v9(set(256, batch)))
			batch = batch[:0]
		}
	}
	return file.Bytes()
}
