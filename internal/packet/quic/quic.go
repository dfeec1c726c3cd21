// Package quic reads the ClientHello out of the Initial packets of QUIC (RFC 9001).
package quic

import (
	"slices"

	"sentinel/internal/packet/hello"
)

const (
	// mostPackets bounds what one datagram makes to decrypt: real ones have an Initial and a 0-RTT packet.
	mostPackets = 4
	// mostBytes bounds what a Stream keeps. Hellos with post-quantum key shares have 2 KiB.
	mostBytes = 16 << 10
	// mostPieces bounds how they are cut up. Chrome makes some 20 of a hello so that nobody relies on its order.
	mostPieces = 256
)

// Looks tells cheaply whether a UDP payload may begin with an Initial packet of a version that is read.
func Looks(payload []byte) bool {
	if len(payload) < 7 || payload[0]&longHeader != longHeader {
		return false
	}
	v := versionOf(payload)
	return v != nil && payload[0]&typeBits == v.initial
}

// Hello reads the ClientHello of the first datagram of a client, where it lies in that one as a whole.
func Hello(datagram []byte) (hello.Hello, bool) {
	var stream Stream
	found, progress := stream.Add(datagram)
	return found, progress == hello.Complete
}

// Stream gathers a ClientHello out of the datagrams that a client sends first: those of browsers fill two. The zero
// value is ready.
type Stream struct {
	keys   *keys
	pieces []piece // of the hello, in any order; they belong to the Stream
	size   int     // of all pieces
	full   bool    // there was more than is kept
}

// piece is the data of a CRYPTO frame.
type piece struct {
	offset int
	data   []byte
}

// Add reads the next datagram of the client. It is NotTLS where the datagram has no Initial packet that can be
// decrypted, or the hello is none, or larger than is kept; what was gathered before stays. Where it is NeedMore, hello
// has the name if that is there already.
func (s *Stream) Add(datagram []byte) (hello.Hello, hello.Progress) {
	if s.full {
		return hello.Hello{}, hello.NotTLS
	}
	gathered := false
	for range mostPackets {
		p, rest, ok := readPacket(datagram)
		if !ok {
			break
		}
		if p.initial && s.packet(p) {
			gathered = true
		}
		datagram = rest
	}
	if !gathered {
		return hello.Hello{}, hello.NotTLS
	}
	return hello.ParseMessage(s.beginning(), hello.OverQUIC)
}

// packet decrypts an Initial packet and gathers its pieces. Its keys are those of the packet before, or its own: they
// change with a Retry (RFC 9001, 5.2).
func (s *Stream) packet(p packet) bool {
	if s.keys != nil && s.keys.version == p.version && s.read(p, s.keys) {
		return true
	}
	own, err := deriveKeys(p.version, p.destination)
	if err != nil || !s.read(p, own) {
		return false
	}
	s.keys = own
	return true
}

// read gathers the pieces of a packet. One that is cut short is not authenticated and must have some, lest noise count.
func (s *Stream) read(p packet, k *keys) bool {
	frames, ok := k.open(p)
	if !ok {
		return false
	}
	kept := len(s.pieces)
	s.gather(frames)
	return p.whole || len(s.pieces) > kept
}

// gather keeps the pieces among frames.
func (s *Stream) gather(frames []byte) {
	for len(frames) > 0 {
		p, rest, ok := readFrame(frames)
		if !ok {
			return
		}
		if len(p.data) > 0 {
			if s.full = len(s.pieces) == mostPieces || s.size+len(p.data) > mostBytes; s.full {
				return
			}
			s.pieces = append(s.pieces, p)
			s.size += len(p.data)
		}
		frames = rest
	}
}

// beginning puts the pieces together as far as there is no gap.
func (s *Stream) beginning() []byte {
	if len(s.pieces) == 1 && s.pieces[0].offset == 0 {
		return s.pieces[0].data
	}
	slices.SortStableFunc(s.pieces, func(a, b piece) int { return a.offset - b.offset })
	whole := make([]byte, 0, s.size)
	for _, p := range s.pieces {
		if p.offset > len(whole) {
			break
		}
		if known := len(whole) - p.offset; known < len(p.data) {
			whole = append(whole, p.data[known:]...)
		}
	}
	return whole
}
