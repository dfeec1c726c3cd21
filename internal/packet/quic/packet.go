package quic

import "encoding/binary"

const (
	longHeader     = 0xc0 // the form bit and the fixed bit (RFC 9000, 17.2)
	typeBits       = 0x30
	numberBits     = 0x03 // length of the packet number, less one
	protectedBits  = 0x0f // what header protection covers of the first byte (RFC 9001, 5.4.1)
	mostConnection = 20   // bytes of a connection identifier
)

// packet is one with a long header that has a length.
type packet struct {
	version     *version
	initial     bool
	whole       bool   // it is there to its end
	destination []byte // connection identifier
	data        []byte // from its first byte to its end, as far as it is there
	number      int    // where in data the packet number is
}

// readPacket takes the first packet off a datagram.
func readPacket(datagram []byte) (p packet, rest []byte, ok bool) {
	in := cursor{rest: datagram}
	head, ok := in.take(5)
	if !ok || head[0]&longHeader != longHeader {
		return p, nil, false
	}
	if p.version = versionOf(datagram); p.version == nil {
		return p, nil, false
	}
	kind := head[0] & typeBits
	p.initial = kind == p.version.initial
	if p.destination, ok = in.connection(); !ok {
		return p, nil, false
	}
	if _, ok = in.connection(); !ok || kind == p.version.retry {
		return p, nil, false
	}
	if p.initial {
		if _, ok = in.bytes(); !ok { // token
			return p, nil, false
		}
	}
	length, ok := in.varint()
	if !ok {
		return p, nil, false
	}
	p.number = len(datagram) - len(in.rest)
	p.whole = length <= uint64(len(in.rest))
	end := p.number + int(min(length, uint64(len(in.rest))))
	p.data = datagram[:end]
	return p, datagram[end:], true
}

// versionOf is that of a long header, if it is read.
func versionOf(data []byte) *version {
	number := binary.BigEndian.Uint32(data[1:])
	for i := range versions {
		if versions[i].number == number {
			return &versions[i]
		}
	}
	return nil
}

// Types of frame that Initial packets may have (RFC 9000, 12.4). After a CONNECTION_CLOSE no hello comes.
const (
	framePadding = 0x00
	framePing    = 0x01
	frameACK     = 0x02
	frameACKECN  = 0x03
	frameCrypto  = 0x06
)

// readFrame takes the first frame off; what is no CRYPTO frame has no data.
func readFrame(frames []byte) (p piece, rest []byte, ok bool) {
	in := cursor{rest: frames[1:]}
	switch frames[0] {
	case framePadding, framePing:
		return p, in.rest, true
	case frameACK:
		ok = in.ack(0)
	case frameACKECN:
		ok = in.ack(3)
	case frameCrypto:
		p, ok = in.crypto()
	}
	return p, in.rest, ok
}

// cursor takes fields off a packet.
type cursor struct{ rest []byte }

func (c *cursor) take(n uint64) (data []byte, ok bool) {
	if n > uint64(len(c.rest)) {
		return nil, false
	}
	data, c.rest = c.rest[:n], c.rest[n:]
	return data, true
}

// varint takes an integer of variable length (RFC 9000, 16).
func (c *cursor) varint() (value uint64, ok bool) {
	if len(c.rest) == 0 {
		return 0, false
	}
	data, ok := c.take(1 << (c.rest[0] >> 6))
	if !ok {
		return 0, false
	}
	value = uint64(data[0] & 0x3f)
	for _, b := range data[1:] {
		value = value<<8 | uint64(b)
	}
	return value, true
}

// bytes takes as many as an integer before them says.
func (c *cursor) bytes() (data []byte, ok bool) {
	length, ok := c.varint()
	if !ok {
		return nil, false
	}
	return c.take(length)
}

// connection takes a connection identifier.
func (c *cursor) connection() (id []byte, ok bool) {
	length, ok := c.take(1)
	if !ok || length[0] > mostConnection {
		return nil, false
	}
	return c.take(uint64(length[0]))
}

// ack passes over an ACK frame (RFC 9000, 19.3) with so many counts of ECN.
func (c *cursor) ack(counts uint64) bool {
	for range 2 { // largest number, delay
		if _, ok := c.varint(); !ok {
			return false
		}
	}
	ranges, ok := c.varint()
	if !ok || ranges > uint64(len(c.rest)) {
		return false
	}
	for range 1 + 2*ranges + counts { // first range; gap and length of others
		if _, ok := c.varint(); !ok {
			return false
		}
	}
	return true
}

// crypto takes a CRYPTO frame (RFC 9000, 19.6). One that is cut short has the data that is there.
func (c *cursor) crypto() (p piece, ok bool) {
	offset, ok := c.varint()
	if !ok || offset > mostBytes {
		return p, false
	}
	length, ok := c.varint()
	if !ok {
		return p, false
	}
	p.offset = int(offset)
	p.data, _ = c.take(min(length, uint64(len(c.rest))))
	return p, true
}
