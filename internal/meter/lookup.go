package meter

import (
	"net/netip"
	"time"

	"sentinel/internal/flow"
	"sentinel/internal/packet"
	"sentinel/internal/packet/dns"
)

// lookups pairs questions to the DNS with their answers.
type lookups struct {
	byKey map[question]uint32 // number of the latest that was asked
	// asked are the questions in the order of their time, answered or not, from number first on.
	asked []asked
	first uint32
	done  []flow.Lookup
	names names
}

// question is what an answer must repeat (RFC 5452, 9.1), but for the name.
type question struct {
	ends packet.Ends
	id   uint16
}

type asked struct {
	question
	kind     uint16
	answered bool
	size     uint32
	time     int64
	name     string
}

const (
	// patience is how long an answer may take. Stub resolvers give up sooner.
	patience = int64(30 * time.Second / time.Microsecond)
	// mostAsked bounds the questions that are remembered.
	mostAsked = 1 << 16
)

// hear takes the messages of the DNS in a packet.
func (m *Meter) hear(e *entry, c *cursor) {
	list := c.block.messages
	for list[c.messages].entry < c.entry {
		c.messages++
	}
	for ; c.messages < len(list) && list[c.messages].entry == c.entry; c.messages++ {
		if r := &list[c.messages]; r.response {
			m.lookups.reply(e, r, c.block)
		} else {
			m.lookups.ask(e, r, c.block)
		}
	}
}

func (l *lookups) ask(e *entry, r *reading, b *Block) {
	key := question{e.Ends, r.id}
	name := b.text[r.name.from:r.name.till]
	if before := l.find(key); before != nil && !before.answered && before.kind == r.kind && before.name == string(name) {
		return // asked again
	}
	if len(l.asked) >= mostAsked {
		l.drop()
	}
	if l.byKey == nil {
		l.byKey = map[question]uint32{}
	}
	l.byKey[key] = l.first + uint32(len(l.asked))
	l.asked = append(l.asked, asked{question: key, kind: r.kind, size: r.size, time: e.Time, name: string(name)})
}

func (l *lookups) find(key question) *asked {
	number, ok := l.byKey[key]
	if !ok {
		return nil
	}
	return &l.asked[number-l.first]
}

func (l *lookups) reply(e *entry, r *reading, b *Block) {
	key := question{reverse(&e.Ends), r.id}
	name := b.text[r.name.from:r.name.till]
	before := l.find(key)
	if before != nil && (before.kind != r.kind || before.name != string(name)) && len(name) > 0 {
		before = nil
	}
	if before == nil {
		before = &asked{question: key, kind: r.kind, time: e.Time, name: string(name)}
	}
	if before.answered {
		return // seen twice
	}
	before.answered = true
	l.done = append(l.done, before.lookup(r))
	for _, address := range b.addresses[r.addresses.from:r.addresses.till] {
		l.names.remember(key.ends.Src, address, before.name)
	}
}

// lookup tells of a question, with its answer or without one.
func (a *asked) lookup(r *reading) flow.Lookup {
	told := flow.Lookup{
		Time: a.time, Client: address(a.ends.Src), Server: address(a.ends.Dst), Name: a.name, Type: dns.TypeName(a.kind),
		UpBytes: int64(a.size),
	}
	if r != nil {
		told.Code, told.Answers, told.DownBytes = dns.CodeName(r.rcode), int64(r.answers), int64(r.size)
	}
	return told
}

// expire gives up the questions that had no answer for too long.
func (l *lookups) expire(now int64) {
	for len(l.asked) > 0 && over(now-l.asked[0].time, patience) {
		l.drop()
	}
}

// drop forgets the oldest question.
func (l *lookups) drop() {
	oldest := &l.asked[0]
	if l.byKey[oldest.question] == l.first {
		delete(l.byKey, oldest.question)
	}
	if !oldest.answered {
		l.done = append(l.done, oldest.lookup(nil))
	}
	oldest.name = ""
	l.asked = l.asked[1:]
	l.first++
}

func (l *lookups) take() []flow.Lookup {
	taken := l.done
	l.done = l.done[:0]
	return taken
}

func address(bytes [16]byte) netip.Addr { return netip.AddrFrom16(bytes).Unmap() }
