package zeek

import (
	"net/netip"

	"sentinel/internal/flow"
	"sentinel/internal/input/jsonline"
)

// What is kept of the logs beside a conn.log is bounded. A connection takes about 50 bytes, an answer 70.
const (
	mostNamed   = 2_000_000 // connections with a name
	mostAnswers = 2_000_000 // addresses that answers gave to clients
	mostSteps   = 32        // answers about one address that are gone through for the one before a flow
)

// directory knows what the other ends of connections are called: those that name them by uid, and those whose address the
// client has asked the DNS for.
type directory struct {
	words   jsonline.Words
	byUID   map[uint64]named
	latest  map[uint64]uint32 // per client and address, the answer that came last, counted from 1
	answers []answer
	scratch []byte
	full    bool
	named   bool // some connection has a name
	printed bool // some connection has a JA4
}

// named is what a connection is called.
type named struct{ name, ja4 jsonline.Word }

// answer is a name for an address that the DNS gave to a client.
type answer struct {
	time   int64
	name   jsonline.Word
	before uint32 // the answer before it about the same
}

func newDirectory() *directory {
	return &directory{byUID: map[uint64]named{}, latest: map[uint64]uint32{}}
}

// host takes a row of ssl.log, quic.log or http.log. The first name of a connection counts.
func (d *directory) host(row rows) {
	key := hash(row.value(uid))
	known, met := d.byUID[key]
	if known.name == 0 {
		name := row.value(serverName)
		if name == nil {
			name = row.value(host)
		}
		d.scratch = jsonline.AppendHost(d.scratch[:0], unescape(name))
		known.name = d.words.Keep(d.scratch)
	}
	if known.ja4 == 0 {
		known.ja4 = d.words.Keep(row.value(ja4))
	}
	switch {
	case known == named{}:
		return
	case !met && len(d.byUID) == mostNamed:
		d.full = true
		return
	}
	d.byUID[key] = known
}

// answer takes a lookup with the addresses that it gave.
func (d *directory) answer(lookup *flow.Lookup, found []netip.Addr) {
	if len(found) == 0 {
		return
	}
	name := d.words.Keep([]byte(lookup.Name))
	for _, addr := range found {
		key := hashEnds(lookup.Client, addr)
		before := d.latest[key]
		switch {
		case before > 0 && d.answers[before-1].name == name && d.answers[before-1].time <= lookup.Time:
			continue // says nothing new
		case len(d.answers) == mostAnswers:
			d.full = true
			return
		}
		d.answers = append(d.answers, answer{lookup.Time, name, before})
		d.latest[key] = uint32(len(d.answers))
	}
}

// fill gives a flow its name: that of its connection, else the last that its client was told before it began.
func (d *directory) fill(f *flow.Flow, key uint64) {
	if len(d.byUID) > 0 {
		known := d.byUID[key]
		f.Name, f.JA4 = d.words.Text(known.name), d.words.Text(known.ja4)
		d.printed = d.printed || known.ja4 != 0
	}
	if f.Name == "" && len(d.answers) > 0 {
		f.Name = d.words.Text(d.asked(f))
	}
	d.named = d.named || f.Name != ""
}

func (d *directory) asked(f *flow.Flow) jsonline.Word {
	at := d.latest[hashEnds(f.SrcIP, f.DstIP)]
	for range mostSteps {
		if at == 0 {
			break
		}
		a := &d.answers[at-1]
		if a.time <= f.Start {
			return a.name
		}
		at = a.before
	}
	return 0
}

// hash is FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv. Two of some million keys that Zeek makes are hardly ever
// the same, and what follows is a wrong name.
func hash(text []byte) uint64 {
	h := uint64(14695981039346656037)
	for _, b := range text {
		h = (h ^ uint64(b)) * 1099511628211
	}
	return h
}

func hashEnds(client, server netip.Addr) uint64 {
	var key [32]byte
	from, to := client.As16(), server.As16()
	copy(key[:16], from[:])
	copy(key[16:], to[:])
	return hash(key[:])
}
