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
	dnsQuestionEnd = 4 // type and class
	dnsAnswerA     = 16
	dnsAnswerAAAA  = 28
	dnsOPT         = 11
	dnsPadding     = dnsOPT + 4 // an OPT record with an empty padding
)

// lookup is what one flow to a resolver asks and hears.
type lookup struct {
	id      uint16
	name    []byte // without the final dot
	answer  netip.Addr
	unknown bool // there is no such name
}

// unknownShare is of how many lookups one is for a name that does not exist.
const unknownShare = 24

// settleDNS makes the datagrams of a plan large enough for the messages in them.
func (p *plan) settleDNS(f *flow.Flow) {
	l := p.lookup(f)
	p.up.fit(p.header, l.questionSize())
	p.down.fit(p.header, l.answerSize())
}

// fit raises the payload of datagrams to what messages of this size can be padded to.
func (w *way) fit(header, size int64) {
	if w.middle == 0 {
		return
	}
	each := w.payload / w.middle
	if w.middle == 1 {
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
	switch {
	case l.unknown:
		return l.questionSize()
	case l.answer.Is4():
		return l.questionSize() + dnsAnswerA
	}
	return l.questionSize() + dnsAnswerAAAA
}

// lookup invents what the flow asks, with a name that fits the sizes of its messages where one can.
func (p *plan) lookup(f *flow.Flow) lookup {
	h := hashFlow(f)
	l := lookup{id: uint16(h), unknown: h>>16%unknownShare == 0, answer: netip.AddrFrom4([4]byte{203, 0, 113, byte(h >> 32)})}
	if !f.DstIP.Is4() {
		l.answer = netip.AddrFrom16([16]byte{0x20, 0x01, 0x0d, 0xb8, 15: byte(h >> 32)})
	}
	if f.Name != "" && isDomain(f.Name) {
		l.name, l.unknown = []byte(strings.ToLower(f.Name)), false
		return l
	}
	l.name = appendName(nil, mix(h>>20%inventedNames))
	up, needs := p.up.payload, l.questionSize()
	switch {
	case p.up.middle != 1:
	case up < needs:
		l.name = cut(l.name, int(needs-up))
	case up < needs+dnsPadding:
		l.name = stretched(l.name, int(up-needs))
	}
	return l
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

// Bits and codes of the header (RFC 1035, 4.1.1).
const (
	dnsRecursion = 0x0100
	dnsResponse  = 0x8080
	dnsUnknown   = 3
)

// write fills b with the question or the answer, padded to its length (RFC 7830).
func (l *lookup) write(b []byte, answer bool) {
	records, padding := 0, len(b)-int(l.questionSize())
	flags := uint16(dnsRecursion)
	if answer {
		padding = len(b) - int(l.answerSize())
		if flags |= dnsResponse; l.unknown {
			flags |= dnsUnknown
		} else {
			records = 1
		}
	}
	head := b[:0:len(b)]
	for _, field := range []uint16{l.id, flags, 1, uint16(records), 0, uint16(min(1, max(0, padding)))} {
		head = binary.BigEndian.AppendUint16(head, field)
	}
	head = l.appendQuestion(head)
	if records > 0 {
		head = l.appendAnswer(head)
	}
	if padding > 0 {
		appendPadding(head, padding)
	}
}

// typeOf is the type of record that gives the address: A or AAAA.
func (l *lookup) typeOf() byte {
	if l.answer.Is4() {
		return 1
	}
	return 28
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
	return append(b, 0, 0, l.typeOf(), 0, 1)
}

// appendAnswer adds an address for the name of the question, to which it points, for five minutes.
func (l *lookup) appendAnswer(b []byte) []byte {
	address := l.answer.AsSlice()
	b = append(b, 0xc0, dnsHeader, 0, l.typeOf(), 0, 1, 0, 0, 1, 44, 0, byte(len(address)))
	return append(b, address...)
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
