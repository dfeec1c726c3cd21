// Package hello reads the ClientHello with which TLS and QUIC connections begin: the name of the server and the JA4
// fingerprint of the client.
package hello

// Hello is what a ClientHello tells.
type Hello struct {
	Name string // of the server (SNI, RFC 6066, 3), lower case; empty where it is not told
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

// Limit is how much of a stream is looked at: a ClientHello that ends later does not count as one.
const Limit = 64 << 10

// Transport says what carries the ClientHello, as JA4 spells it.
type Transport byte

// The transports.
const (
	OverTCP  Transport = 't'
	OverQUIC Transport = 'q'
)

// Parse reads what a client sends over TCP, from the beginning of the stream. Hello is set only where it is Complete.
// Where it is NeedMore, the caller calls again with all bytes from the beginning.
func Parse(stream []byte) (Hello, Progress) {
	return Hello{}, NotTLS
}

// ParseMessage reads handshake messages without record layer, as QUIC carries them in CRYPTO frames.
func ParseMessage(message []byte, transport Transport) (Hello, Progress) {
	return Hello{}, NotTLS
}
