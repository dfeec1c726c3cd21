package suricata

import (
	"bytes"
	"net/netip"
	"time"

	"sentinel/internal/flow"
	"sentinel/internal/input/answers"
	"sentinel/internal/input/jsonline"
	"sentinel/internal/packet/dns"
)

const (
	// patience is how long an answer may take. Stub resolvers give up sooner.
	patience = int64(30 * time.Second / time.Microsecond)
	// mostAsked bounds the questions that wait. It is what ends their waiting: events are not in the order of their time.
	mostAsked = 1 << 16
)

// desk pairs questions to the DNS with their answers, and gives them in the order in which they were asked.
type desk struct {
	words   jsonline.Words
	answers *answers.Book
	waiting []question // those from given on wait, the oldest first; the first of all has the number first
	given   int
	first   int
	byKey   map[uint64]int // numbers of the latest
	record  *jsonline.Object
	groups  *jsonline.Object
	scratch []byte
	found   []netip.Addr
}

// question is one that was asked, and its answer as far as it came.
type question struct {
	flow.Lookup
	key      uint64
	answered bool
}

// recordMembers are the members of an answer or a query.
const (
	recordName = iota
	recordType
	recordData
)

// groups are the types by which Suricata groups answers.
var groups = []string{"A", "AAAA", "CNAME", "NS", "MX", "PTR", "TXT", "SRV", "SOA", "NULL", "SSHFP"}

func newDesk() *desk {
	return &desk{
		answers: answers.New(), byKey: map[uint64]int{}, record: jsonline.NewObject("rrname", "rrtype", "rdata"), groups: jsonline.NewObject(groups...),
	}
}

// hear takes an event of the DNS. There are three versions: of the first, each answer is an event; of the second, an event
// has all answers; of the third, it has all questions, too.
func (d *desk) hear(e events) (reason string) {
	var f flow.Flow
	if reason := e.ends(&f); reason != "" {
		return reason
	}
	at, ok := e.value(timestamp).Time()
	if !ok {
		return noTime
	}
	answer := isAnswer(e)
	if answer && fromServer(e, &f) {
		f.SrcIP, f.DstIP = f.DstIP, f.SrcIP
	}
	asked := flow.Lookup{Time: at, Client: f.SrcIP, Server: f.DstIP}
	key := e.with(e.key(), dnsID)
	if !e.value(dnsQueries).Present() {
		return d.one(e, key, asked, e.value(dnsName), e.value(dnsRecord), answer)
	}
	reason = noName
	for query := range e.value(dnsQueries).Elements() {
		if d.record.Parse(query.Raw()) && d.one(e, key, asked, d.record.Value(recordName), d.record.Value(recordType), answer) == "" {
			reason = ""
		}
	}
	return reason
}

func isAnswer(e events) bool {
	switch string(e.value(dnsType).Raw()) {
	case "answer", "response":
		return true
	}
	return false
}

// fromServer tells whether the source of an answer is who gave it. In the second version it is who asked; else ports tell.
func fromServer(e events, f *flow.Flow) bool {
	from, to := isService(f.SrcPort), isService(f.DstPort)
	if from != to {
		return from
	}
	version, _ := e.value(dnsVersion).Int()
	return version != 2
}

func isService(port uint16) bool { return port == 53 || port == 5353 || port == 5355 }

// one takes a question, or what was answered to it.
func (d *desk) one(e events, key uint64, asked flow.Lookup, name, kind jsonline.Value, answer bool) (reason string) {
	d.scratch = dns.AppendText(d.scratch[:0], name.Bytes())
	if len(d.scratch) == 0 {
		return noName
	}
	asked.Name, asked.Type = d.text(d.scratch), d.mnemonic(kind, dns.TypeName)
	key = jsonline.Hash(key, d.scratch) // an answer repeats the name
	if !answer {
		switch before := d.find(key, asked.Time); {
		case before == nil || before.answered && asked.Time > before.Time:
			d.wait(question{asked, key, false})
		default: // asked again, or known from its answer
			before.Time = min(before.Time, asked.Time)
		}
		return ""
	}
	before := d.find(key, asked.Time)
	if before == nil {
		before = d.wait(question{asked, key, false})
	}
	d.complete(e, before)
	return ""
}

// complete notes what was answered.
func (d *desk) complete(e events, q *question) {
	first := !q.answered
	q.answered = true
	q.Code = d.mnemonic(e.value(dnsCode), dns.CodeName)
	count := d.gather(e)
	if first || e.value(dnsData).Present() { // more answers come as more events
		q.Answers += count
	}
	d.answers.Add(&q.Lookup, d.found)
}

// gather collects the addresses in an answer, and counts its records.
func (d *desk) gather(e events) (count int64) {
	d.found = d.found[:0]
	switch {
	case e.value(dnsAnswers).Present():
		for element := range e.value(dnsAnswers).Elements() {
			count++
			if d.record.Parse(element.Raw()) {
				d.keep(d.record.Value(recordData))
			}
		}
	case e.value(dnsGrouped).Present() && d.groups.Parse(e.value(dnsGrouped).Raw()):
		for i := range groups {
			for element := range d.groups.Value(i).Elements() {
				count++
				d.keep(element)
			}
		}
	case e.value(dnsData).Present():
		count++
		d.keep(e.value(dnsData))
	}
	return count
}

func (d *desk) keep(data jsonline.Value) {
	if addr, ok := data.Addr(); ok && len(d.found) < dns.MostAddresses {
		d.found = append(d.found, addr)
	}
}

// find gives the question that waits under a key since about that time, or nil.
func (d *desk) find(key uint64, at int64) *question {
	number, ok := d.byKey[key]
	if !ok {
		return nil
	}
	q := &d.waiting[number-d.first]
	if at-q.Time > patience || q.Time-at > patience {
		return nil
	}
	return q
}

func (d *desk) wait(q question) *question {
	d.byKey[q.key] = d.first + len(d.waiting)
	d.waiting = append(d.waiting, q)
	return &d.waiting[len(d.waiting)-1]
}

// give hands over the questions that nothing more is expected of, or all of them.
func (d *desk) give(dst []flow.Lookup, all bool) []flow.Lookup {
	for ; d.given < len(d.waiting); d.given++ {
		q := &d.waiting[d.given]
		if !all && len(d.waiting)-d.given <= mostAsked {
			break
		}
		dst = append(dst, q.Lookup)
		if d.byKey[q.key] == d.first+d.given {
			delete(d.byKey, q.key)
		}
	}
	if d.given > len(d.waiting)/2 {
		d.first += d.given
		d.waiting = d.waiting[:copy(d.waiting, d.waiting[d.given:])]
		d.given = 0
	}
	return dst
}

// text is one string for texts that come again, a new one where too many are kept.
func (d *desk) text(text []byte) string {
	if same := d.words.Same(text); same != "" {
		return same
	}
	return string(text)
}

// mnemonic is IANA's for a number, else what Suricata writes.
func (d *desk) mnemonic(value jsonline.Value, spell func(uint16) string) string {
	if number, ok := value.Int(); ok && number >= 0 && number <= 65535 {
		return spell(uint16(number))
	}
	return d.text(bytes.ToUpper(value.Bytes()))
}
