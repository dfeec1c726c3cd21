// Package hello reads the ClientHello with which TLS and QUIC connections begin: the name of the server and the JA4
// fingerprint of the client.
package hello

// Hello is what a ClientHello tells.
type Hello struct {
	// Name is that of the server (SNI, RFC 6066, 3) in lower case, without a final dot; empty where it is not told. Of
	// an Encrypted ClientHello it is the outer name, which is the one that can be seen.
	Name string
	JA4  string // fingerprint of the client: "t13d1516h2_8daaf6152771_e5627efa2ab1"
}

// Progress says how far a ClientHello has been read.
type Progress uint8

// The states of progress.
const (
	NotTLS   Progress = iota // what is there does not begin with a ClientHello
	NeedMore                 // it does, as far as it goes
	Complete                 // all of it is there
)

// Limit is how much of a stream is looked at. The largest hellos, with certificates of post-quantum keys to resume
// with, have some 10 KiB; what claims more than this does not count as one.
const Limit = 64 << 10

// Transport says what carries the ClientHello, as JA4 spells it.
type Transport byte

// The transports.
const (
	OverTCP  Transport = 't'
	OverQUIC Transport = 'q'
)

// Parse reads what a client sends over TCP, from the beginning of the stream. Where it is NeedMore, the caller calls
// again with all bytes from the beginning, and Hello has the name if that is there already; the fingerprint comes with
// Complete. Each call reads all that it is given: callers bound how often, lest a client that sends byte by byte make
// much work.
func Parse(stream []byte) (Hello, Progress) {
	message, progress := unwrap(stream)
	if progress == NotTLS {
		return Hello{}, NotTLS
	}
	return ParseMessage(message, OverTCP)
}

// ParseMessage is Parse for handshake messages without a record layer, as QUIC carries them in CRYPTO frames.
func ParseMessage(message []byte, transport Transport) (Hello, Progress) {
	body, progress := open(message)
	if progress == NotTLS {
		return Hello{}, NotTLS
	}
	offer, whole := read(body)
	found := Hello{Name: offer.serverName()}
	if progress == NeedMore {
		return found, NeedMore
	}
	if !whole {
		return Hello{}, NotTLS
	}
	found.JA4 = offer.ja4(transport)
	return found, Complete
}
