// Package flow is the one record that every input becomes: a bidirectional flow (RFC 5103).
package flow

import (
	"io"
	"net/netip"
)

// Flow is one conversation between two endpoints. Columns declares the same fields for engines and files.
type Flow struct {
	Start       int64      // microseconds since 1970-01-01 UTC
	Duration    int64      // microseconds
	SrcIP       netip.Addr // who opened it
	DstIP       netip.Addr
	Proto       Proto
	SrcPort     uint16 // of ICMP the type, as in Zeek's logs
	DstPort     uint16 // of ICMP the code
	UpBytes     int64  // from SrcIP to DstIP: of IP packets with their headers, where the input tells
	DownBytes   int64  // from DstIP to SrcIP
	UpPackets   int64
	DownPackets int64
	UpPayload   int64 // bytes above the transport header
	DownPayload int64
	State       State
	Service     string // application protocol, as its authors spell it in lower case
	Name        string // host name of DstIP, as the capture tells it
	JA4         string // fingerprint of the TLS or QUIC client
	Opener      Opener
}

// Opener says why SrcIP counts as who opened a flow. An absent opener is the empty text.
type Opener string

// The ways to tell.
const (
	BySYN   Opener = "syn"   // it sent the SYN, or the other end the SYN+ACK
	ByFirst Opener = "first" // it sent the first packet, or the source says so
	ByPort  Opener = "port"  // the other end has the port of a service, and the first packet came from there
)

// Reader yields flows in batches, as io.Reader yields bytes.
type Reader interface {
	// Columns tells which optional columns the flows carry; the required ones always count as present.
	Columns() Set
	// Read fills dst from its start and returns how many flows it wrote. Flows may come with the
	// last error, which is io.EOF at the end of a sound input.
	Read(dst []Flow) (int, error)
}

// State is how a connection went, as far as the capture tells.
type State string

// The states of a flow. An absent state is the empty text.
const (
	Established State = "established"
	Refused     State = "refused"
	Unanswered  State = "unanswered"
	Reset       State = "reset"
	Other       State = "other"
)

// States and Openers list the values, which are few.
var (
	States  = []State{Established, Refused, Unanswered, Reset, Other}
	Openers = []Opener{BySYN, ByFirst, ByPort}
)

// ReadAll collects the flows of r up to io.EOF.
func ReadAll(r Reader) ([]Flow, error) {
	var all []Flow
	batch := make([]Flow, 1024)
	for {
		n, err := r.Read(batch)
		all = append(all, batch[:n]...)
		if err == io.EOF {
			return all, nil
		}
		if err != nil {
			return all, err
		}
	}
}
