// Package dns reads messages of the DNS (RFC 1035) as far as a capture holds them.
package dns

import "net/netip"

// Message is what is kept of one message. It can be read into again and again, without allocating once it has grown.
type Message struct {
	ID       uint16
	Response bool
	Opcode   uint8 // 0 is a query (RFC 1035, 4.1.1)
	Rcode    uint8
	Type     uint16 // of the first question; TypeName spells it
	Answers  uint16 // records in the answer section, as the header states them
	// Name is that of the first question in the form of flow.Lookup, of at most NameSize bytes; empty where there is no
	// question. It belongs to the Message until the next Read: string(m.Name) keeps it.
	Name []byte
	// Addresses are those of A and AAAA records in the answer section, at most MostAddresses, as far as captured. They
	// belong to the Message until the next Read.
	Addresses []netip.Addr
}

// Parse reads a message without its prefix of TCP. It may be cut short after the first question; ok is false where it
// is no message of the DNS.
func Parse(message []byte) (m Message, ok bool) {
	ok = m.Read(message)
	return m, ok
}

// Read is Parse into m, which keeps nothing of what it was.
func (m *Message) Read(message []byte) bool {
	return false
}

// Unframe takes the first message off a stream over TCP, whose messages have their length before them (RFC 1035,
// 4.2.2). The message may be cut short where the stream is; ok is false where there is none.
func Unframe(stream []byte) (message, rest []byte, ok bool) {
	return nil, nil, false
}

// TypeName spells a type of record by its IANA mnemonic, else as TYPEn (RFC 3597, 5).
func TypeName(kind uint16) string { return "" }

// CodeName spells the code of a response by its IANA mnemonic, else as RCODEn.
func CodeName(rcode uint8) string { return "" }
