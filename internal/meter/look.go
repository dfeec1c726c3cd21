package meter

import (
	"sentinel/internal/flow"
	"sentinel/internal/packet/dns"
	"sentinel/internal/packet/hello"
	"sentinel/internal/packet/host"
	"sentinel/internal/packet/quic"
)

// find is what the payload of one packet tells of its flow.
type find struct {
	entry     int
	name, ja4 string
}

// look recognises what a packet carries, and reads what is in it whole. Only the first packets of a flow are of use,
// but which those are is not known here; to look at all of them, in parallel, costs less than to look at few in turn.
func (b *Block) look(e *entry, payload []byte) {
	if e.Proto != flow.TCP && e.Proto != flow.UDP {
		return
	}
	e.service = recognise(e.Proto, min(e.Ends.SrcPort, e.Ends.DstPort), payload)
	if e.service == 0 {
		return
	}
	switch patterns[e.service].part {
	case clientHello:
		b.begun(e, payload, hello.Parse)
	case httpRequest:
		b.found(e, find{name: host.Parse(payload)})
	case quicInitial:
		b.initial(e, payload)
	case dnsMessage:
		b.message(e, payload)
	}
}

// found keeps what a packet tells, where that is anything.
func (b *Block) found(e *entry, f find) {
	if f.name == "" && f.ja4 == "" {
		return
	}
	f.entry = len(b.entries) - 1
	b.finds = append(b.finds, f)
	e.signs |= named
}

// begun reads a ClientHello, or marks the one that is not all there.
func (b *Block) begun(e *entry, payload []byte, parse func([]byte) (hello.Hello, hello.Progress)) {
	offer, progress := parse(payload)
	switch progress {
	case hello.Complete:
		b.found(e, find{name: offer.Name, ja4: offer.JA4})
	case hello.NeedMore:
		b.found(e, find{name: offer.Name})
		e.signs |= unfinished
	}
}

// initial reads the ClientHello out of an Initial packet. Those from a server hold none, and are not worth the
// decryption.
func (b *Block) initial(e *entry, payload []byte) {
	if !quic.Looks(payload) {
		e.service = 0
		return
	}
	if serves(e.Ends.SrcPort) && !serves(e.Ends.DstPort) {
		return
	}
	var stream quic.Stream
	b.begun(e, payload, stream.Add)
}

// reading is a message of the DNS that a packet holds.
type reading struct {
	entry             int
	id, kind, answers uint16
	rcode             uint16
	response          bool
	size              uint32 // of the message, as the packet states it
	name              span   // in Block.text
	addresses         span   // in Block.addresses
}

type span struct{ from, till uint32 }

// message reads the messages of the DNS in a packet.
func (b *Block) message(e *entry, payload []byte) {
	if e.Proto == flow.UDP {
		if !b.read(e, payload, e.Payload) {
			e.service = 0
		}
		return
	}
	found := false
	for rest := payload; ; {
		one, after, ok := dns.Unframe(rest)
		if !ok || !b.read(e, one, uint32(len(one))) {
			break
		}
		found, rest = true, after
	}
	// Some send the length before a message in a packet of its own.
	if !found && !b.read(e, payload, e.Payload) {
		e.service = 0
	}
}

func (b *Block) read(e *entry, bytes []byte, size uint32) bool {
	m := &b.scratch
	if !m.Read(bytes) || m.Opcode != 0 {
		return false
	}
	name := span{from: uint32(len(b.text))}
	b.text = append(b.text, m.Name...)
	name.till = uint32(len(b.text))
	addresses := span{from: uint32(len(b.addresses))}
	b.addresses = append(b.addresses, m.Addresses...)
	addresses.till = uint32(len(b.addresses))
	b.messages = append(b.messages, reading{
		entry: len(b.entries) - 1, id: m.ID, kind: m.Type, answers: m.Answers, rcode: m.Rcode, response: m.Response,
		size: size, name: name, addresses: addresses,
	})
	e.signs |= message
	return true
}
