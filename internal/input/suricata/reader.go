package suricata

import (
	"fmt"
	"io"

	"sentinel/internal/biflow"
	"sentinel/internal/flow"
	"sentinel/internal/input"
	"sentinel/internal/input/jsonline"
)

// reader reads events one after the other.
type reader struct {
	content   io.ReadCloser
	events    events
	directory *directory
	desk      *desk
	alerts    alerts
	joiner    *biflow.Joiner // of netflow events
	mode      mode
	netflows  int64 // netflow events, used or not
	unused    int64 // flow events that came too late to be used
	done      bool  // all events are read
	words     jsonline.Words
	recent    recent
	lookups   []flow.Lookup
	tally     input.Tally
	filled    struct{ name, ja4, service bool }
}

// mode says which events become flows: those of type flow, which say more, unless there are none.
type mode int

const (
	undecided mode = iota
	byFlow
	byNetflow
)

// enough is how many netflow events are kept before flow events are no longer expected: Suricata writes both when a flow
// ends.
const enough = 100_000

// turn is how many events a Read goes through at most, so that lookups are handed over before they are many.
const turn = 1 << 14

// Read implements input.Reader.
func (r *reader) Read(dst []flow.Flow) (n int, err error) {
	r.lookups = r.lookups[:0]
	defer func() { r.lookups = r.desk.give(r.lookups, r.done) }()
	for range turn {
		if r.mode == byNetflow || r.done && r.mode == undecided {
			n += r.drain(dst[n:])
		}
		switch {
		case n == len(dst):
			return n, nil
		case r.done:
			return n, io.EOF
		case !r.events.Scan():
			r.done = true
			r.joiner.Finish()
		case r.take(&dst[n]):
			n++
		}
	}
	return n, nil
}

// drain takes flows that were joined.
func (r *reader) drain(dst []flow.Flow) int {
	n := r.joiner.Drain(dst)
	for i := range dst[:n] {
		r.finish(&dst[i])
	}
	return n
}

// take uses an event; it is true where it has become a flow, in f.
func (r *reader) take(f *flow.Flow) bool {
	e, reason, ready := r.events, "", false
	switch string(e.value(eventType).Raw()) {
	case "flow":
		ready, reason = r.takeFlow(f)
	case "netflow":
		reason = r.takeNetflow()
	case "dns":
		reason = r.takeDNS()
	case "tls":
		r.directory.add(e.key(), e.value(tlsSNI), e.value(tlsJA4))
	case "quic":
		r.directory.add(e.key(), e.value(quicSNI), e.value(quicJA4))
	case "http":
		r.directory.add(e.key(), e.value(httpHost), jsonline.Value{})
	case "alert":
		r.alerts.add(e.value(signature))
	}
	if reason != "" {
		r.tally.Add(reason, 1, e.Place())
	}
	return ready
}

const repeated = "repeats an event"

func (r *reader) takeFlow(f *flow.Flow) (ready bool, reason string) {
	if r.mode == byNetflow {
		r.unused++
		return false, ""
	}
	r.mode = byFlow
	if reason := r.flow(r.events, f); reason != "" {
		return false, reason
	}
	key := r.events.key()
	if r.recent.has(r.events.with(key, srcPort, flowEnd)) {
		return false, repeated
	}
	r.directory.take(key, f)
	r.finish(f)
	return true, ""
}

func (r *reader) takeDNS() (reason string) {
	if r.recent.has(r.events.with(r.events.key(), timestamp, dnsType, dnsID, dnsName, dnsRecord, dnsData, dnsQueries)) {
		return repeated
	}
	return r.desk.hear(r.events)
}

func (r *reader) takeNetflow() (reason string) {
	r.netflows++
	if r.mode == byFlow {
		return ""
	}
	half, reason := r.half(r.events)
	if reason != "" {
		return reason
	}
	key := r.events.key()
	if r.recent.has(r.events.with(key, srcPort, srcIP, netflowEnd)) {
		return repeated
	}
	if known := r.directory.find(key); known != (named{}) {
		half.Name, half.JA4 = r.directory.words.Text(known.name), r.directory.words.Text(known.ja4)
	}
	r.joiner.Add(&half)
	if r.netflows == enough {
		r.mode = byNetflow
	}
	return ""
}

// finish gives a flow the name that its client asked the DNS for, unless it has one, and notes which columns it fills.
func (r *reader) finish(f *flow.Flow) {
	if f.Name == "" {
		f.Name = r.desk.answers.Name(f.SrcIP, f.DstIP, f.Start)
	}
	r.filled.name = r.filled.name || f.Name != ""
	r.filled.ja4 = r.filled.ja4 || f.JA4 != ""
	r.filled.service = r.filled.service || f.Service != ""
}

// recent remembers some events, to know them when they come again, as they do where logs were copied while they grew.
type recent struct{ keys []uint64 }

// remembered is how many events are, at most: few enough to stay near the processor.
const remembered = 1 << 13

// has tells whether an event came lately, and remembers it.
func (r *recent) has(key uint64) bool {
	if r.keys == nil {
		r.keys = make([]uint64, remembered)
	}
	at := &r.keys[key%remembered]
	if *at == key {
		return true
	}
	*at = key
	return false
}

// Lookups implements input.Reader.
func (r *reader) Lookups() []flow.Lookup { return r.lookups }

// Columns implements input.Reader.
func (r *reader) Columns() flow.Set {
	set := flow.NewSet("duration", "src_port", "up_packets", "down_packets", "state", "opener")
	for name, filled := range map[string]bool{"name": r.filled.name, "ja4": r.filled.ja4, "service": r.filled.service} {
		if filled {
			set[name] = true
		}
	}
	return set
}

// Account implements input.Reader.
func (r *reader) Account() input.Account {
	return input.Account{
		Clock: "date and time as text, with their zone", Records: r.events.Objects(), Unit: "events",
		Skipped: r.tally.Skips(), Notes: r.notes(), Damage: r.events.Err(),
	}
}

func (r *reader) notes() (notes []input.Note) {
	note := func(text, hint string) { notes = append(notes, input.Note{Text: text, Hint: hint}) }
	switch {
	case r.mode == byFlow && r.netflows > 0:
		note(fmt.Sprintf("%d netflow events are not used, since flow events tell more of the same flows", r.netflows), "")
	case r.mode == byNetflow && r.unused > 0:
		note(fmt.Sprintf("%d flow events are not used, since only netflow events came for long", r.unused), "give the part with flow events by itself")
	case r.mode == undecided && r.netflows == 0:
		note("it has no flow events", "enable flow among the types of eve-log in suricata.yaml")
	}
	if note, ok := r.alerts.note(); ok {
		notes = append(notes, note)
	}
	if r.directory.lost || r.directory.words.Full() || r.desk.answers.Full() {
		note("it names more flows at once than are kept: some have no name", "")
	}
	if early := r.joiner.Early(); early > 0 && r.mode != byFlow {
		note(fmt.Sprintf("%d netflow events stand alone, since too many waited for their other direction", early), "")
	}
	return notes
}

// Close implements input.Reader.
func (r *reader) Close() error { return r.content.Close() }
