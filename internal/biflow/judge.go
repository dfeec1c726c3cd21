package biflow

import (
	"net/netip"
	"time"

	"sentinel/internal/flow"
	"sentinel/internal/packet"
)

// judge makes a flow of what was joined: who opened it, and how it went.
func (j *Joiner) judge(p *joined, f *flow.Flow) {
	from, opener := p.opened()
	up, down := &p.sides[from], &p.sides[from^backward]
	*f = flow.Flow{
		Start: p.start, Duration: p.end - p.start, Proto: p.key.proto,
		UpBytes: up.bytes, UpPackets: up.packets, UpPayload: up.payload,
		DownBytes: down.bytes, DownPackets: down.packets, DownPayload: down.payload,
		Opener: opener, State: j.state(&p.key, up, down),
	}
	p.ends(f, from)
	if text := j.table.texts.merge(up.text, down.text); text != 0 {
		j.table.texts.take(text).put(f)
	}
}

// ends tells who opened the flow and who was asked. The type and code of ICMP are those of the question.
func (p *joined) ends(f *flow.Flow, from marks) {
	f.SrcIP, f.DstIP, f.SrcPort, f.DstPort = p.key.a.addr(), p.key.b.addr(), p.key.aPort, p.key.bPort
	if from == backward {
		f.SrcIP, f.DstIP = f.DstIP, f.SrcIP
	}
	if p.key.isICMP() {
		if f.SrcPort == untyped && (p.sides[0].marks|p.sides[1].marks)&asked != 0 {
			f.SrcPort = echo
		}
	} else if from == backward {
		f.SrcPort, f.DstPort = f.DstPort, f.SrcPort
	}
}

// put gives a flow its texts. What the record says itself goes before what follows from its flags.
func (w words) put(f *flow.Flow) {
	f.Service, f.Name, f.JA4 = w.service, w.name, w.ja4
	if w.state != "" {
		f.State = w.state
	}
	if w.opener != "" {
		f.Opener = w.opener
	}
}

// clearly is by how much a start must be earlier to be believed: exporters tell times in milliseconds.
const clearly = int64(time.Millisecond / time.Microsecond)

// answerTime is how long the answer to a first packet may take. Where the other direction begins later than that, the
// first record did not begin with a request: the input begins in the middle of the flow.
const answerTime = int64(3 * time.Second / time.Microsecond)

// opened tells from which end a flow was opened, forward standing for a, and why. The opener is empty where nothing
// speaks for either end.
func (p *joined) opened() (marks, flow.Opener) {
	switch {
	case p.sides[0].marks&told != 0:
		return forward, flow.ByFirst
	case p.sides[1].marks&told != 0:
		return backward, flow.ByFirst
	case p.key.isICMP():
		return p.byQuestion()
	case p.key.proto == flow.TCP:
		if from, ok := p.bySYN(); ok {
			return from, flow.BySYN
		}
	}
	if p.has(forward) && p.has(backward) {
		return p.byBoth()
	}
	return p.byOne()
}

// byQuestion finds who asked by ICMP: the question was seen, or follows from the type of the answer. Where the types
// are not known, whoever was first asked.
func (p *joined) byQuestion() (marks, flow.Opener) {
	a, b := &p.sides[0], &p.sides[1]
	if p.key.aPort != untyped {
		if p.has(forward) {
			return forward, flow.ByFirst
		}
		return forward, flow.ByPort
	}
	if (a.marks^b.marks)&asked != 0 {
		return backward * (b.marks & asked / asked), flow.ByFirst
	}
	if p.has(forward) && p.has(backward) {
		return p.earlier(), flow.ByFirst
	}
	return backward * (b.marks & seen / seen), flow.ByFirst
}

// bySYN finds the end that sent the SYN: there is one without ACK, or each direction has one and this was the first, or
// all that is there is the one packet of its answer.
func (p *joined) bySYN() (from marks, ok bool) {
	a, b := &p.sides[0], &p.sides[1]
	switch {
	case a.opens() != b.opens():
		return forward + backward*marks(b.opens()), true
	case a.flags&b.flags&packet.SYN != 0 && max(a.start-b.start, b.start-a.start) >= clearly:
		return p.earlier(), true
	case a.isAnswer() && !p.has(backward):
		return backward, true
	case b.isAnswer() && !p.has(forward):
		return forward, true
	}
	return 0, false
}

// isAnswer tells whether a direction is one SYN+ACK.
func (r *record) isAnswer() bool {
	return r.packets == 1 && r.flags&(packet.SYN|packet.ACK) == packet.SYN|packet.ACK
}

// earlier is the direction that began first; p has both.
func (p *joined) earlier() marks {
	if p.sides[1].start < p.sides[0].start {
		return backward
	}
	return forward
}

// byBoth judges two directions: the first one opened the flow, unless the input begins in its middle. That must be so
// where it comes from the port of a service to one that clients are given.
func (p *joined) byBoth() (marks, flow.Opener) {
	a, b := &p.sides[0], &p.sides[1]
	apart := max(a.start-b.start, b.start-a.start)
	client, ranked, sure := p.byRank()
	middle := sure || apart > answerTime || p.key.proto == flow.TCP && a.marks&b.marks&hasFlags != 0 && (a.flags|b.flags)&packet.SYN == 0
	if apart >= clearly && (!ranked || !middle || p.earlier() == client) {
		return p.earlier(), flow.ByFirst
	}
	if p.key.aPort != p.key.bPort {
		return p.toSmaller(), flow.ByPort
	}
	return p.earlier(), ""
}

// byOne judges a single direction: the port of a service tells the server, else who sent opened the flow. Groups send
// nothing.
func (p *joined) byOne() (marks, flow.Opener) {
	sender, to := forward, p.key.b
	if !p.has(forward) {
		sender, to = backward, p.key.a
	}
	client, ranked, _ := p.byRank()
	if !ranked || isGroup(to.addr()) {
		return sender, flow.ByFirst
	}
	return client, flow.ByPort
}

// isGroup tells whether an address is of multicast or of all (RFC 919).
func isGroup(a netip.Addr) bool {
	return a.IsMulticast() || a == netip.AddrFrom4([4]byte{255, 255, 255, 255})
}

// byRank finds the client where one end has the likelier port of a service, and tells whether there is no doubt: one
// has a port of the system, the other one that clients are given.
func (p *joined) byRank() (client marks, ok, sure bool) {
	a, b := flow.PortRank(p.key.aPort), flow.PortRank(p.key.bPort)
	return p.toSmaller(), a != b, a-b == flow.ClientPort || b-a == flow.ClientPort
}

// toSmaller is the direction to the smaller port.
func (p *joined) toSmaller() marks {
	if p.key.aPort < p.key.bPort {
		return backward
	}
	return forward
}
