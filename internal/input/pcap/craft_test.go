package pcap_test

import (
	"encoding/binary"
	"net/netip"

	"sentinel/internal/packet"
)

// segment is a packet to craft.
type segment struct {
	at       int64 // microseconds
	src, dst netip.AddrPort
	udp      bool
	flags    packet.TCPFlags
	sequence uint32
	payload  []byte
	declared int // bytes of payload that the headers state; 0: those of payload
}

// frame crafts an Ethernet frame, without checksums.
func (s segment) frame() []byte {
	transport := s.transport()
	total := 20 + len(transport) + max(0, s.declared-len(s.payload))
	ip := []byte{0x45, 0, 0, 0, 0, 0, 0, 0, 64, 6, 0, 0}
	if s.udp {
		ip[9] = 17
	}
	binary.BigEndian.PutUint16(ip[2:], uint16(total))
	src, dst := s.src.Addr().As4(), s.dst.Addr().As4()
	frame := append([]byte{2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0}, ip...)
	frame = append(append(frame, src[:]...), dst[:]...)
	return append(frame, transport...)
}

func (s segment) transport() []byte {
	ports := binary.BigEndian.AppendUint16(nil, s.src.Port())
	ports = binary.BigEndian.AppendUint16(ports, s.dst.Port())
	if s.udp {
		header := binary.BigEndian.AppendUint16(ports, uint16(8+max(s.declared, len(s.payload))))
		return append(append(header, 0, 0), s.payload...)
	}
	header := binary.BigEndian.AppendUint32(ports, s.sequence)
	header = append(header, 0, 0, 0, 0, 0x50, byte(s.flags), 0xff, 0xff, 0, 0, 0, 0)
	return append(header, s.payload...)
}

// order is a byte order to write numbers in.
type order interface {
	binary.ByteOrder
	binary.AppendByteOrder
}

// pcapFile crafts a pcap file of Ethernet frames.
func pcapFile(o order, magic uint32, segments ...segment) []byte {
	file := o.AppendUint32(nil, magic)
	file = o.AppendUint16(o.AppendUint16(file, 2), 4)
	file = append(file, make([]byte, 8)...)
	file = o.AppendUint32(o.AppendUint32(file, 65535), 1)
	unit := int64(1)
	if magic == nanoMagic {
		unit = 1000
	}
	for _, s := range segments {
		frame := s.frame()
		file = o.AppendUint32(o.AppendUint32(file, uint32(s.at/1e6)), uint32(s.at%1e6*unit))
		file = o.AppendUint32(o.AppendUint32(file, uint32(len(frame))), uint32(len(frame)+max(0, s.declared-len(s.payload))))
		if magic == kuznetsovMagic {
			file = append(file, make([]byte, 8)...)
		}
		file = append(file, frame...)
	}
	return file
}

const (
	microMagic     = 0xa1b2c3d4
	nanoMagic      = 0xa1b23c4d
	kuznetsovMagic = 0xa1b2cd34
)

// block crafts a block of pcapng.
func block(o order, kind uint32, body ...byte) []byte {
	for len(body)%4 != 0 {
		body = append(body, 0)
	}
	size := uint32(12 + len(body))
	return o.AppendUint32(append(o.AppendUint32(o.AppendUint32(nil, kind), size), body...), size)
}

// section crafts a section header.
func section(o order) []byte {
	body := o.AppendUint32(nil, 0x1a2b3c4d)
	body = o.AppendUint16(o.AppendUint16(body, 1), 0)
	return block(o, 0x0a0d0d0a, o.AppendUint64(body, 1<<64-1)...)
}

// ethernet crafts the description of an interface; options are those of the block, as bytes.
func ethernet(o order, options ...byte) []byte {
	body := o.AppendUint32(o.AppendUint16(o.AppendUint16(nil, 1), 0), 0)
	return block(o, 1, append(body, options...)...)
}

// enhanced crafts an Enhanced Packet Block; stamp counts what the interface says.
func enhanced(o order, number uint32, stamp uint64, frame []byte) []byte {
	body := o.AppendUint32(o.AppendUint32(o.AppendUint32(nil, number), uint32(stamp>>32)), uint32(stamp))
	body = o.AppendUint32(o.AppendUint32(body, uint32(len(frame))), uint32(len(frame)))
	return block(o, 6, append(body, frame...)...)
}
