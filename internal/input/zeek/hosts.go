package zeek

import (
	"sentinel/internal/flow"
	"sentinel/internal/input/answers"
	"sentinel/internal/input/jsonline"
)

// mostNamed bounds the connections whose names are kept, at some 50 bytes each.
const mostNamed = 2_000_000

// directory knows what the other ends of connections are called: those that name them by uid, and those whose address the
// client has asked the DNS for.
type directory struct {
	words   jsonline.Words
	byUID   map[uint64]named
	answers *answers.Book
	scratch []byte
	full    bool
	named   bool // some connection has a name
	printed bool // some connection has a JA4
}

// named is what a connection is called.
type named struct{ name, ja4 jsonline.Word }

func newDirectory() *directory {
	return &directory{byUID: map[uint64]named{}, answers: answers.New()}
}

// host takes a row of ssl.log, quic.log or http.log. The first name of a connection counts.
func (d *directory) host(row rows) {
	key := keyOf(row)
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

// fill gives a flow its name: that of its connection, else the last that its client was told before it began.
func (d *directory) fill(f *flow.Flow, key uint64) {
	if len(d.byUID) > 0 {
		known := d.byUID[key]
		f.Name, f.JA4 = d.words.Text(known.name), d.words.Text(known.ja4)
		d.printed = d.printed || known.ja4 != 0
	}
	if f.Name == "" {
		f.Name = d.answers.Name(f.SrcIP, f.DstIP, f.Start)
	}
	d.named = d.named || f.Name != ""
}

// overflowed tells whether names were left out.
func (d *directory) overflowed() bool { return d.full || d.words.Full() || d.answers.Full() }

// keyOf stands for the connection of a row.
func keyOf(row rows) uint64 { return jsonline.Hash(0, row.value(uid)) }
