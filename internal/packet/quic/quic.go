// Package quic reads the ClientHello out of the Initial packets of QUIC versions 1 and 2 (RFC 9001, RFC 9369).
package quic

import "sentinel/internal/packet/hello"

// Looks tells cheaply whether a UDP payload may begin with an Initial packet of a version that is read.
func Looks(payload []byte) bool {
	return false
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
}

// Add reads the next datagram of the client. It is NotTLS where the datagram has no Initial packet that can be
// decrypted, or none of a ClientHello; what was gathered before it stays.
func (s *Stream) Add(datagram []byte) (hello.Hello, hello.Progress) {
	return hello.Hello{}, hello.NotTLS
}
