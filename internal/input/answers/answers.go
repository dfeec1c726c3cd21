// Package answers remembers which names the DNS gave clients addresses for, as logs tell.
package answers

import (
	"net/netip"

	"sentinel/internal/flow"
	"sentinel/internal/input/jsonline"
)

const (
	// most bounds the answers that are remembered, at some 70 bytes each.
	most = 2_000_000
	// steps bounds the answers about one address that are gone through for the one before a flow.
	steps = 32
)

// Book is what clients were told. Answers may come in any order, but are found quickest in that of their time.
type Book struct {
	words  jsonline.Words
	latest map[uint64]uint32 // per client and address, the answer that was added last, counted from 1
	list   []answer
	full   bool
}

// answer is a name for an address that the DNS gave to a client.
type answer struct {
	time   int64
	name   jsonline.Word
	before uint32 // the answer before it about the same
}

// New makes an empty book.
func New() *Book { return &Book{latest: map[uint64]uint32{}} }

// Add takes a lookup with the addresses in its answer.
func (b *Book) Add(lookup *flow.Lookup, found []netip.Addr) {
	if len(found) == 0 {
		return
	}
	name := b.words.Keep([]byte(lookup.Name))
	for _, addr := range found {
		key := key(lookup.Client, addr)
		before := b.latest[key]
		switch {
		case before > 0 && b.list[before-1].name == name && b.list[before-1].time <= lookup.Time:
			continue // says nothing new
		case len(b.list) == most:
			b.full = true
			return
		}
		b.list = append(b.list, answer{lookup.Time, name, before})
		b.latest[key] = uint32(len(b.list))
	}
}

// Name is what a client asked for last, up to the given time, when it was told the address. It is empty where nothing is
// known.
func (b *Book) Name(client, server netip.Addr, until int64) string {
	if len(b.list) == 0 {
		return ""
	}
	at := b.latest[key(client, server)]
	for range steps {
		if at == 0 {
			break
		}
		a := &b.list[at-1]
		if a.time <= until {
			return b.words.Text(a.name)
		}
		at = a.before
	}
	return ""
}

// Full tells whether answers were left out because there were too many.
func (b *Book) Full() bool { return b.full || b.words.Full() }

// key stands for both addresses.
func key(client, server netip.Addr) uint64 {
	from, to := client.As16(), server.As16()
	return jsonline.Hash(jsonline.Hash(0, from[:]), to[:])
}
