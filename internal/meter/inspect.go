package meter

import (
	"sentinel/internal/flow"
	"sentinel/internal/packet/hello"
	"sentinel/internal/packet/quic"
)

// early is how many packets of a flow may tell what it is. STARTTLS in SMTP comes as the sixth with payload, so that
// some 15 packets were before it.
const early = 32

// cursor is where the meter is in a block.
type cursor struct {
	block                    *Block
	entry                    int
	finds, messages, rejects int
}

// inspect takes what a look at the payload found to the flow.
func (m *Meter) inspect(ref uint32, r *record, e *entry, dir int, c *cursor) {
	d := m.table.details(ref)
	if e.signs&message != 0 {
		m.hear(e, c)
	}
	if e.signs&rejection != 0 {
		m.refuse(c)
	}
	if r.marks&gathering != 0 && dir == up {
		m.goOn(r, d, e, c.block)
	}
	if r.marks&settled != 0 || r.packets[up]+r.packets[down] > early {
		return
	}
	if d.service == 0 {
		d.service = e.service
	}
	if e.signs&named != 0 {
		m.name(d, c)
	}
	if e.signs&unfinished != 0 && r.marks&gathering == 0 && dir == up {
		m.gather(r, d, e, c.block)
	}
}

// name notes what a packet tells of its flow, unless an earlier one did.
func (m *Meter) name(d *details, c *cursor) {
	finds := c.block.finds
	for finds[c.finds].entry < c.entry {
		c.finds++
	}
	n := m.notes.of(d)
	if n.name == "" {
		n.name = finds[c.finds].name
	}
	if n.ja4 == "" {
		n.ja4 = finds[c.finds].ja4
	}
}

// refuse marks the flow whose packet a host sent back.
func (m *Meter) refuse(c *cursor) {
	rejects := c.block.rejects
	for rejects[c.rejects].entry < c.entry {
		c.rejects++
	}
	quoted := entry{}
	quoted.Ends, quoted.Proto = rejects[c.rejects].ends, rejects[c.rejects].proto
	quoted.hash = hashOf(&quoted.Ends, quoted.Proto)
	if ref, r, dir := m.table.find(&quoted, 0); ref != 0 && dir == up {
		r.marks |= refused
	}
}

// gather is a ClientHello of which more is to come.
type gather struct {
	over    flow.Proto
	next    uint32 // sequence number of TCP
	data    []byte
	stream  quic.Stream
	packets int
}

const (
	// mostGathers bounds the hellos that are gathered at once, each of up to hello.Limit bytes.
	mostGathers = 1024
	// mostParts is how many packets one may have: its limit in packets of the usual size, and some.
	mostParts = 64
)

// gather begins with the first part of a ClientHello.
func (m *Meter) gather(r *record, d *details, e *entry, b *Block) {
	if m.gathers >= mostGathers {
		return
	}
	m.gathers++
	r.marks |= gathering
	m.notes.of(d).gather = &gather{over: r.proto, next: e.Sequence}
	m.goOn(r, d, e, b)
}

// goOn adds a part to a ClientHello.
func (m *Meter) goOn(r *record, d *details, e *entry, b *Block) {
	n := m.notes.of(d)
	offer, progress := n.gather.add(e, b)
	if offer.Name != "" {
		n.name = offer.Name
	}
	if offer.JA4 != "" {
		n.ja4 = offer.JA4
	}
	if progress != hello.NeedMore {
		m.giveUp(r, n)
	}
}

func (m *Meter) giveUp(r *record, n *note) {
	r.marks &^= gathering
	n.gather = nil
	m.gathers--
}

// add takes the next part. It is no hello any more where a part is missing.
func (g *gather) add(e *entry, b *Block) (hello.Hello, hello.Progress) {
	if g.packets++; g.packets > mostParts {
		return hello.Hello{}, hello.NotTLS
	}
	if g.over != flow.TCP {
		offer, progress := g.stream.Add(b.payload(e))
		if progress == hello.NotTLS {
			progress = hello.NeedMore // packets of other kinds come in between
		}
		return offer, progress
	}
	switch {
	case e.Sequence-g.next > 1<<31: // sent again
		return hello.Hello{}, hello.NeedMore
	case e.Sequence != g.next || e.Till-e.From < e.Payload || len(g.data)+int(e.Payload) > hello.Limit:
		return hello.Hello{}, hello.NotTLS
	}
	g.next += e.Payload
	g.data = append(g.data, b.payload(e)...)
	return hello.Parse(g.data)
}
