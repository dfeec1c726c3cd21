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
	next                    uint32 // record of the same conversation that came before it, plus 1; or the next free one
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
	asked         // ICMP: this direction has the question, or its answer came the other way
	forward marks = 0
)

// conversation is all that was said between two ends. The record that came first lies in it, since most have no more.
type conversation struct {
	key   key
	hash  uint32
	held  uint32 // records; 0 where the conversation is free
	last  uint32 // of the records after the first, plus 1
	next  uint32 // the next free one, plus 1
	first record
}

// table holds records by conversation. It is a hash table with open addressing over indices; what they point to grows
// by chunks, is used again and never copied.
type table struct {
	seed             uint64
	slots            []uint64 // hash of 32 bits, and index of the conversation plus 1
	conversations    slab[conversation]
	records          slab[record] // of conversations that have more than one
	texts            texts
	freeConversation uint32 // first free conversation, plus 1
	freeRecord       uint32
	held             int // records in use
	used             int // conversations in use
}

const firstSlots = 1 << 10

func newTable() table { return table{seed: rand.Uint64(), slots: make([]uint64, firstSlots)} }

// find gives the index of the conversation with a key, new if need be, and its slot until the next one is found.
func (t *table) find(k *key) (index uint32, slot uint64) {
	hash := uint32(k.hash(t.seed) >> 32)
	mask := uint64(len(t.slots) - 1)
	for i := uint64(hash) & mask; ; i = (i + 1) & mask {
		slot := t.slots[i]
		if slot == 0 {
			return t.insert(k, i, hash), i
		}
		if uint32(slot>>32) == hash {
			if index := uint32(slot) - 1; t.conversations.at(index).key == *k {
				return index, i
			}
		}
	}
}

func (t *table) insert(k *key, slot uint64, hash uint32) uint32 {
	index := t.freeConversation - 1
	if t.freeConversation == 0 {
		index = t.conversations.push()
	}
	c := t.conversations.at(index)
	t.freeConversation = c.next
	c.key, c.hash = *k, hash
	t.slots[slot] = uint64(hash)<<32 | uint64(index+1)
	t.used++
	if t.used*2 > len(t.slots) {
		t.grow()
	}
	return index
}

// grow doubles the slots.
func (t *table) grow() {
	old := t.slots
	t.slots = make([]uint64, 2*len(old))
	mask := uint64(len(t.slots) - 1)
	for _, slot := range old {
		if slot == 0 {
			continue
		}
		i := slot >> 32 & mask
		for t.slots[i] != 0 {
			i = (i + 1) & mask
		}
		t.slots[i] = slot
	}
}

// slot finds where the index of a conversation is kept.
func (t *table) slot(index uint32) uint64 {
	mask := uint64(len(t.slots) - 1)
	i := uint64(t.conversations.at(index).hash) & mask
	for uint32(t.slots[i]) != index+1 {
		i = (i + 1) & mask
	}
	return i
}

// remove frees a conversation without records. The slots after its own move up, so that none is hidden behind a gap.
func (t *table) remove(index uint32, slot uint64) {
	mask := uint64(len(t.slots) - 1)
	gap := slot
	for i := (gap + 1) & mask; t.slots[i] != 0; i = (i + 1) & mask {
		home := t.slots[i] >> 32 & mask
		if (i-home)&mask >= (i-gap)&mask {
			t.slots[gap] = t.slots[i]
			gap = i
		}
	}
	t.slots[gap] = 0
	t.conversations.at(index).next, t.freeConversation = t.freeConversation, index+1
	t.used--
}

// add appends a record to a conversation and tells whether the one before went the other way.
func (t *table) add(index uint32, r *record) (mirrored bool) {
	c := t.conversations.at(index)
	c.held++
	t.held++
	if c.held == 1 {
		c.first, c.last = *r, 0
		return false
	}
	latest := &c.first
	if c.last != 0 {
		latest = t.records.at(c.last - 1)
	}
	mirrored = (latest.marks^r.marks)&backward != 0
	place := t.freeRecord - 1
	if t.freeRecord == 0 {
		place = t.records.push()
	}
	to := t.records.at(place)
	t.freeRecord = to.next
	*to = *r
	to.next = c.last
	c.last = place + 1
	return mirrored
}

// take moves the records of a conversation out of the table, into list, the latest first.
func (t *table) take(c *conversation, list []record) []record {
	for c.last != 0 {
		place := c.last - 1
		r := t.records.at(place)
		list = append(list, *r)
		c.last = r.next
		r.next, t.freeRecord = t.freeRecord, place+1
	}
	if c.held > 0 {
		list = append(list, c.first)
	}
	t.held -= int(c.held)
	c.held = 0
	return list
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

// push makes room for one more and gives its index. The room is as it was left.
func (s *slab[T]) push() uint32 {
	if s.len == len(s.chunks)<<chunkBits {
		s.chunks = append(s.chunks, make([]T, 1<<chunkBits))
	}
	s.len++
	return uint32(s.len - 1)
}

// clear empties the list; some room is kept.
func (s *slab[T]) clear() {
	const keep = 16
	s.len = 0
	if len(s.chunks) > keep {
		clear(s.chunks[keep:])
		s.chunks = s.chunks[:keep]
	}
}

// texts are the words of the flows that have any.
type texts struct {
	words []words
	free  []uint32
}

// words are the texts of a flow, which few inputs have.
type words struct {
	state              flow.State
	opener             flow.Opener
	service, name, ja4 string
}

// keep stores words and gives their index plus 1.
func (t *texts) keep(w words) uint32 {
	if last := len(t.free) - 1; last >= 0 {
		index := t.free[last]
		t.free = t.free[:last]
		t.words[index-1] = w
		return index
	}
	t.words = append(t.words, w)
	return uint32(len(t.words))
}

// take gives words back and forgets them.
func (t *texts) take(index uint32) (w words) {
	if index == 0 {
		return w
	}
	w, t.words[index-1] = t.words[index-1], w
	t.free = append(t.free, index)
	return w
}
