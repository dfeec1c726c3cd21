package wire

import (
	"encoding/binary"
	"net/netip"
	"strings"

	"sentinel/internal/flow"
)

// Sizes of the parts of a DNS message in bytes (RFC 1035, 4; RFC 6891, 6.1.2; RFC 7830, 3).
const (
	dnsHeader      = 12
	dnsQuestionEnd = 4  // type and class
	dnsRecord      = 12 // name by a pointer, type, class, time to live, length
	dnsOPT         = 11
	dnsPadding     = dnsOPT + 4 // an OPT record with an empty padding
)

// lookup is what one flow to a resolver asks and hears.
type lookup struct {
	id    uint16
	name  []byte // without the final dot
	kind  uint16 // of record
	code  byte   // of the response
	data  []byte // of the record that answers; nil: none does
	fills bool   // the record takes what room there is, so that nothing needs padding
}

// question is what a capture knows of a lookup: what is asked, and the address that is told if the question is for one.
type question struct {
	flow.Lookup
	address netip.Addr
}

// unknownShare is of how many lookups, of which a capture knows nothing, one is for a name that does not exist.
const unknownShare = 24

// Types of records (IANA, Resource Record Types), with data for those that hold no address. Names in the data are those
// of the question, to which they point.
var (
	dnsTypes = map[string]uint16{"A": typeA, "NS": 2, "CNAME": 5, "NULL": 10, "PTR": 12, "MX": 15, "TXT": typeTXT, "AAAA": typeAAAA, "HTTPS": 65}
	dnsData  = map[uint16][]byte{
		2: {2, 'n', 's', 0xc0, dnsHeader}, 5: {3, 'c', 'd', 'n', 0xc0, dnsHeader}, 10: {0}, 12: {4, 'h', 'o', 's', 't', 0xc0, dnsHeader},
		15: {0, 10, 2, 'm', 'x', 0xc0, dnsHeader}, typeTXT: {0}, 65: {0, 1, 0},
	}
	dnsCodes = map[string]byte{"NOERROR": 0, "FORMERR": 1, "SERVFAIL": 2, "NXDOMAIN": codeUnknown, "REFUSED": 5}
)

const typeA, typeTXT, typeAAAA, codeUnknown = 1, 16, 28, 3

// settleDNS makes the datagrams of a plan large enough for the messages in them.
func (p *plan) settleDNS(f *flow.Flow) {
	l := p.lookup(f)
	p.up.fit(p.header, l.questionSize(), false)
	p.down.fit(p.header, l.answerSize(), l.fills)
}

// fit raises the payload of datagrams to what messages of this size, at least, can have.
func (w *way) fit(header, size int64, fills bool) {
	if w.middle == 0 {
		return
	}
	each := w.payload / w.middle
	if fills {
		w.payload = max(w.payload, size*w.middle)
	} else if w.middle == 1 {
		w.payload = padded(each, size)
	} else if each < size+dnsPadding { // where they differ by a byte, all are padded
		w.payload = (size + dnsPadding) * w.middle
	}
	w.bytes = w.middle*header + w.payload
}

// padded is the least that a message of this size can have of at least so many bytes.
func padded(bytes, size int64) int64 {
	switch {
	case bytes <= size:
		return size
	case bytes <= size+dnsOPT:
		return size + dnsOPT
	}
	return max(bytes, size+dnsPadding)
}

func (l *lookup) questionSize() int64 { return dnsHeader + int64(len(l.name)) + 2 + dnsQuestionEnd }

func (l *lookup) answerSize() int64 {
	if l.data == nil {
		return l.questionSize()
	}
	return l.questionSize() + dnsRecord + int64(len(l.data))
}

// lookup is what the flow asks, or where nobody knows, something invented.
func (p *plan) lookup(f *flow.Flow) lookup {
	if p.asked != nil {
		return p.asked.lookup(f)
	}
	h := hashFlow(f)
	l := lookup{id: uint16(h), kind: typeA}
	if !f.DstIP.Is4() {
		l.kind = typeAAAA
	}
	l.data = inventAddress(l.kind, h)
	if f.Name != "" && isDomain(f.Name) {
		l.name = []byte(strings.ToLower(f.Name))
		return l
	}
	if h>>16%unknownShare == 0 {
		l.code, l.data = codeUnknown, nil
	}
	l.name = p.inventName(h, &l)
	return l
}

// lookup turns what is known into a message.
func (q *question) lookup(f *flow.Flow) lookup {
	h := hashFlow(f)
	l := lookup{id: uint16(h), name: []byte(q.Name), kind: dnsTypes[q.Type], code: dnsCodes[q.Code]}
	if l.kind == 0 {
		l.kind = typeA
	}
	switch {
	case q.Answers == 0:
	case q.address.IsValid():
		l.data = q.address.AsSlice()
	case l.kind == typeA || l.kind == typeAAAA:
		l.data = inventAddress(l.kind, h)
	default:
		l.data = dnsData[l.kind]
		l.fills = l.kind == typeTXT
	}
	return l
}

// inventAddress makes an address of those that are kept for documentation (RFC 5737, RFC 3849).
func inventAddress(kind uint16, h uint64) []byte {
	if kind == typeA {
		return []byte{203, 0, 113, byte(h >> 32)}
	}
	return []byte{0x20, 0x01, 0x0d, 0xb8, 15: byte(h >> 32)}
}

// inventName makes a name that fits the size of the question where one can.
func (p *plan) inventName(h uint64, l *lookup) []byte {
	l.name = appendName(nil, mix(h>>20%inventedNames))
	up, needs := p.up.payload, l.questionSize()
	switch {
	case p.up.middle != 1:
	case up < needs:
		return cut(l.name, int(needs-up))
	case up < needs+dnsPadding:
		return stretched(l.name, int(up-needs))
	}
	return l.name
}

// inventedNames is how many names are asked for.
const inventedNames = 4_000

// stretched makes a name longer by so many letters.
func stretched(name []byte, letters int) []byte {
	longer := make([]byte, letters, letters+len(name))
	for i := range longer {
		longer[i] = name[i%(len(name)-len(ending))]
	}
	return append(longer, name...)
}

// cut makes a name shorter by so many letters, or as short as it can be.
func cut(name []byte, letters int) []byte { return name[min(letters, len(name)-len(ending)-1):] }

// isDomain tells whether a name can be asked for.
func isDomain(name string) bool {
	for label := range strings.SplitSeq(name, ".") {
		if label == "" || len(label) > longestLabel {
			return false
		}
	}
	return len(name) <= longestName
}

// Bits of the header (RFC 1035, 4.1.1): recursion desired; a response, with recursion.
const (
	dnsRecursion = 0x0100
	dnsResponse  = 0x8080
)

// write fills b with the question or the answer, padded to its length (RFC 7830).
func (l *lookup) write(b []byte, answer bool) {
	flags, records, spare := uint16(dnsRecursion), uint16(0), len(b)-int(l.questionSize())
	if answer {
		flags |= dnsResponse | uint16(l.code)
		spare = len(b) - int(l.answerSize())
		if l.data != nil {
			records = 1
		}
	}
	additional := uint16(0)
	if spare > 0 && (!answer || !l.fills) {
		additional = 1
	}
	head := b[:0:len(b)]
	for _, field := range []uint16{l.id, flags, 1, records, 0, additional} {
		head = binary.BigEndian.AppendUint16(head, field)
	}
	head = l.appendQuestion(head)
	if records > 0 {
		head = l.appendAnswer(head, spare)
	}
	if additional > 0 {
		appendPadding(head, spare)
	}
}

func (l *lookup) appendQuestion(b []byte) []byte {
	length := len(b) // where that of the label goes
	b = append(append(b, 0), l.name...)
	for i := length + 1; i < len(b); i++ {
		if b[i] == '.' {
			length = i
			b[i] = 0
		} else {
			b[length]++
		}
	}
	return append(b, 0, byte(l.kind>>8), byte(l.kind), 0, 1)
}

// appendAnswer adds a record for the name of the question, to which it points, for five minutes. A text takes all that
// is spare, in strings of at most 255 bytes (RFC 1035, 3.3.14).
func (l *lookup) appendAnswer(b []byte, spare int) []byte {
	size := len(l.data)
	if l.fills {
		size += spare
	}
	b = append(b, 0xc0, dnsHeader, byte(l.kind>>8), byte(l.kind), 0, 1, 0, 0, 1, 44, byte(size>>8), byte(size))
	if !l.fills {
		return append(b, l.data...)
	}
	for size > 0 {
		letters := min(size-1, 255)
		b = append(b, byte(letters))
		for _, c := range noise(uint64(l.id)+uint64(size), letters) {
			b = append(b, 'a'+c%26)
		}
		size -= 1 + letters
	}
	return b
}

// appendPadding adds an OPT record of so many bytes.
func appendPadding(b []byte, bytes int) {
	const payloadSize = 1232 // that a resolver takes in a datagram
	b = append(b, 0, 0, 41, payloadSize>>8, payloadSize&255, 0, 0, 0, 0)
	b = binary.BigEndian.AppendUint16(b, uint16(bytes-dnsOPT))
	if bytes == dnsOPT {
		return
	}
	b = binary.BigEndian.AppendUint16(b, 12)
	b = binary.BigEndian.AppendUint16(b, uint16(bytes-dnsPadding))
	clear(b[len(b):cap(b)])
}
