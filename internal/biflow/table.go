package biflow

import (
	"math/rand/v2"

	"sentinel/internal/flow"
	"sentinel/internal/packet"
)

// record is what one half says, less its ends. It holds no pointers, so that many cost the garbage collector nothing.
type record struct {
	start, end              int64
	packets, bytes, payload int64
	next                    uint32 // record of the same conversation that came before it, plus 1
	text                    uint32 // index of its words, plus 1
	flags                   packet.TCPFlags
	marks                   marks
}

type marks uint8

const (
	backward marks = 1 << iota // from b to a
	hasFlags
	told // the record itself knows that its source opened the flow
	seen
	forward marks = 0
)

// words are the texts of a flow, which few inputs have.
type words struct {
	state              flow.State
	opener             flow.Opener
	service, name, ja4 string
}

// conversation is all that was said between two ends.
type conversation struct {
	key  key
	last uint32 // record, plus 1
}

// table holds records by conversation, in order of their arrival. It is a hash table with open addressing over indices;
// what they point to grows by chunks and is never copied.
type table struct {
	seed          uint64
	slots         []uint64 // upper half of the hash, and index of the conversation plus 1
	conversations slab[conversation]
	records       slab[record]
	texts         []words
}

const firstSlots = 1 << 10

func newTable() table { return table{seed: rand.Uint64(), slots: make([]uint64, firstSlots)} }

// find gives the index of the conversation with a key, new if need be.
func (t *table) find(k *key) uint32 {
	hash := k.hash(t.seed)
	mask := uint64(len(t.slots) - 1)
	tag := hash &^ 0xffffffff
	for i := hash & mask; ; i = (i + 1) & mask {
		slot := t.slots[i]
		if slot == 0 {
			return t.insert(k, i, tag)
		}
		if slot&^0xffffffff == tag {
			if index := uint32(slot) - 1; t.conversations.at(index).key == *k {
				return index
			}
		}
	}
}

func (t *table) insert(k *key, slot, tag uint64) uint32 {
	index := t.conversations.push()
	*t.conversations.at(index) = conversation{key: *k}
	t.slots[slot] = tag | uint64(index+1)
	if t.conversations.len*2 > len(t.slots) {
		t.grow()
	}
	return index
}

// grow doubles the slots. The lower bits of the hashes are not kept, hence they are computed again.
func (t *table) grow() {
	slots := make([]uint64, 2*len(t.slots))
	mask := uint64(len(slots) - 1)
	for index := range uint32(t.conversations.len) {
		hash := t.conversations.at(index).key.hash(t.seed)
		i := hash & mask
		for slots[i] != 0 {
			i = (i + 1) & mask
		}
		slots[i] = hash&^0xffffffff | uint64(index+1)
	}
	t.slots = slots
}

// add appends a record to a conversation and tells whether the one before went the other way.
func (t *table) add(index uint32, r record) (mirrored bool) {
	conversation := t.conversations.at(index)
	if conversation.last != 0 {
		mirrored = (t.records.at(conversation.last-1).marks^r.marks)&backward != 0
	}
	r.next = conversation.last
	place := t.records.push()
	*t.records.at(place) = r
	conversation.last = place + 1
	return mirrored
}

// keep stores words and gives their index plus 1.
func (t *table) keep(w words) uint32 {
	t.texts = append(t.texts, w)
	return uint32(len(t.texts))
}

// slab is a list that grows by chunks, so that nothing is copied and no more than a chunk is unused.
type slab[T any] struct {
	chunks [][]T
	len    int
}

const (
	chunkBits = 12
	chunkMask = 1<<chunkBits - 1
)

func (s *slab[T]) at(index uint32) *T { return &s.chunks[index>>chunkBits][index&chunkMask] }

// push makes room for one more and gives its index.
func (s *slab[T]) push() uint32 {
	if s.len == len(s.chunks)<<chunkBits {
		s.chunks = append(s.chunks, make([]T, 1<<chunkBits))
	}
	s.len++
	return uint32(s.len - 1)
}
