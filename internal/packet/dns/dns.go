// Package dns reads messages of the DNS (RFC 1035) as far as a capture holds them.
package dns

import (
	"encoding/binary"
	"net/netip"
)

// Message is what is kept of one message. It can be read into again and again, without allocating once it has grown.
type Message struct {
	ID       uint16
	Response bool
	Opcode   uint8  // 0 is a query (RFC 1035, 4.1.1)
	Rcode    uint16 // with the upper bits of EDNS (RFC 6891, 6.1.3) where they are captured
	Type     uint16 // of the first question; TypeName spells it
	Answers  uint16 // records in the answer section, as the header states them
	// Name is that of the first question in the form of flow.Lookup, of at most NameSize bytes; empty where there is no
	// question. It belongs to the Message until the next Read: string(m.Name) keeps it.
	Name []byte
	// Addresses are those of A and AAAA records in the answer section, at most MostAddresses, as far as captured. They
	// belong to the Message until the next Read.
	Addresses []netip.Addr
}

// MostAddresses is how many addresses of one answer are kept: larger answers are rare, and no name needs more.
const MostAddresses = 32

const headerSize = 12 // RFC 1035, 4.1.1

// lastOpcode is the highest that is assigned: DNS stateful operations (RFC 8490). What has a higher one is no DNS.
const lastOpcode = 6

// Parse reads a message without its prefix of TCP. It may be cut short after the first question; ok is false where it
// is no message of the DNS.
func Parse(message []byte) (m Message, ok bool) {
	ok = m.Read(message)
	return m, ok
}

// Read is Parse into m, which keeps nothing of what it was.
func (m *Message) Read(message []byte) bool {
	*m = Message{Name: m.Name[:0], Addresses: m.Addresses[:0]}
	if len(message) < headerSize {
		return false
	}
	flags := binary.BigEndian.Uint16(message[2:])
	m.ID = binary.BigEndian.Uint16(message)
	m.Response = flags&0x8000 != 0
	m.Opcode = uint8(flags >> 11 & 15)
	m.Rcode = flags & 15
	m.Answers = binary.BigEndian.Uint16(message[6:])
	if m.Opcode > lastOpcode {
		return false
	}
	rest, ok := m.questions(message[headerSize:], int(binary.BigEndian.Uint16(message[4:])))
	if ok {
		m.records(rest, message)
	}
	return ok
}

// questions keeps the first of count questions, which must be captured as a whole, and gives what comes after all.
func (m *Message) questions(data []byte, count int) (rest []byte, ok bool) {
	if count == 0 {
		return data, true // as in answers of multicast DNS (RFC 6762, 6) and in refusals
	}
	if m.Name, data, ok = appendName(m.Name, data); !ok || len(data) < 4 {
		m.Name = m.Name[:0]
		return nil, false
	}
	m.Type = binary.BigEndian.Uint16(data)
	data = data[4:]
	for range count - 1 {
		if data, ok = skipName(data); !ok || len(data) < 4 {
			return nil, true // cut short or broken after the question that counts
		}
		data = data[4:]
	}
	return data, true
}

// records goes through the sections after the questions as far as they are captured.
func (m *Message) records(data, header []byte) {
	total := 0
	for at := 6; at < headerSize; at += 2 {
		total += int(binary.BigEndian.Uint16(header[at:]))
	}
	for i := range total { // each takes 11 bytes of data or ends this
		record, rest, ok := readRecord(data)
		if !ok {
			return
		}
		if i < int(m.Answers) {
			m.address(record)
		} else if record.kind == typeOPT && m.Response {
			m.Rcode |= uint16(record.ttl>>24) << 4 // RFC 6891, 6.1.3
		}
		data = rest
	}
}

// record is a resource record without its owner (RFC 1035, 4.1.3).
type record struct {
	kind, class uint16
	ttl         uint32
	data        []byte
}

func readRecord(data []byte) (r record, rest []byte, ok bool) {
	const fixed = 10 // type, class, time to live and length
	if data, ok = skipName(data); !ok || len(data) < fixed {
		return r, nil, false
	}
	length := int(binary.BigEndian.Uint16(data[8:]))
	if len(data) < fixed+length {
		return r, nil, false
	}
	r = record{binary.BigEndian.Uint16(data), binary.BigEndian.Uint16(data[2:]), binary.BigEndian.Uint32(data[4:]), data[fixed : fixed+length]}
	return r, data[fixed+length:], true
}

const (
	classIN    = 1
	cacheFlush = 0x8000 // a bit of the class in multicast DNS (RFC 6762, 10.2)
)

// address keeps that of an A or AAAA record.
func (m *Message) address(r record) {
	if r.class&^cacheFlush != classIN || len(m.Addresses) == MostAddresses {
		return
	}
	if r.kind == typeA && len(r.data) == 4 || r.kind == typeAAAA && len(r.data) == 16 {
		address, _ := netip.AddrFromSlice(r.data) // no error: it is of either length
		m.Addresses = append(m.Addresses, address.Unmap())
	}
}

// Unframe takes the first message off a stream over TCP, whose messages have their length before them (RFC 1035,
// 4.2.2). The message may be cut short where the stream is; ok is false where there is none.
func Unframe(stream []byte) (message, rest []byte, ok bool) {
	if len(stream) < 2 {
		return nil, nil, false
	}
	length := int(binary.BigEndian.Uint16(stream))
	if length < headerSize {
		return nil, nil, false
	}
	end := min(2+length, len(stream))
	return stream[2:end], stream[end:], true
}
