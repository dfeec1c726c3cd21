package meter

import (
	"encoding/binary"
	"math/bits"
	"math/rand/v2"

	"sentinel/internal/flow"
	"sentinel/internal/packet"
)

// table finds the open flow of two ends: open addressing with linear probing over slots of 8 bytes, and the records
// apart from it, in chunks that never move. A reference is the number of a record plus 1, so that 0 is none.
type table struct {
	slots  []slot
	used   int
	chunks []*chunk
	fresh  uint32 // records that were ever used
	free   uint32 // the first of those that are not, linked by next
}

type slot struct{ hash, ref uint32 }

// chunk holds records, and apart from them their details.
type chunk struct {
	records [chunkSize]record
	details [chunkSize]details
}

const (
	chunkBits  = 10
	chunkSize  = 1 << chunkBits
	firstSlots = 1 << 12
)

func (t *table) at(ref uint32) *record {
	return &t.chunks[(ref-1)>>chunkBits].records[(ref-1)%chunkSize]
}

func (t *table) details(ref uint32) *details {
	return &t.chunks[(ref-1)>>chunkBits].details[(ref-1)%chunkSize]
}

// find gives the flow that a packet belongs to, and the direction of the packet in it. It looks at the likely one
// first, unless that is 0.
func (t *table) find(e *entry, likely uint32) (ref uint32, r *record, dir int) {
	if likely != 0 {
		r = t.at(likely)
		if dir := r.direction(e); dir != neither {
			return likely, r, dir
		}
	}
	mask := uint32(len(t.slots) - 1)
	for i := e.hash & mask; ; i = (i + 1) & mask {
		s := t.slots[i]
		if s.ref == 0 {
			return 0, nil, neither
		}
		if s.hash != e.hash {
			continue
		}
		r = t.at(s.ref)
		if dir := r.direction(e); dir != neither {
			return s.ref, r, dir
		}
	}
}

// direction tells which way a packet goes in a flow, if it belongs there.
func (r *record) direction(e *entry) int {
	switch {
	case r.proto != e.Proto:
	case r.ends.SrcPort == e.Ends.SrcPort && r.ends.DstPort == e.Ends.DstPort && r.ends.Src == e.Ends.Src && r.ends.Dst == e.Ends.Dst:
		return up
	case r.ends.SrcPort == e.Ends.DstPort && r.ends.DstPort == e.Ends.SrcPort && r.ends.Src == e.Ends.Dst && r.ends.Dst == e.Ends.Src:
		if !e.oneWay() {
			return down
		}
	}
	return neither
}

// add makes an empty record for ends that have none.
func (t *table) add(hash uint32) (ref uint32, r *record) {
	if t.used*4 >= len(t.slots)*3 {
		t.grow()
	}
	t.used++
	if t.free != 0 {
		ref = t.free
		t.free = t.details(ref).next
		*t.at(ref), *t.details(ref) = record{}, details{}
	} else {
		if t.fresh%chunkSize == 0 {
			t.chunks = append(t.chunks, new(chunk))
		}
		t.fresh++
		ref = t.fresh
	}
	t.place(slot{hash, ref})
	return ref, t.at(ref)
}

func (t *table) place(s slot) {
	mask := uint32(len(t.slots) - 1)
	i := s.hash & mask
	for t.slots[i].ref != 0 {
		i = (i + 1) & mask
	}
	t.slots[i] = s
}

func (t *table) grow() {
	old := t.slots
	t.slots = make([]slot, max(2*len(old), firstSlots))
	for _, s := range old {
		if s.ref != 0 {
			t.place(s)
		}
	}
}

// remove takes a flow out of the slots. Its record stays until release.
func (t *table) remove(ref uint32, hash uint32) {
	mask := uint32(len(t.slots) - 1)
	hole := hash & mask
	for t.slots[hole].ref != ref {
		hole = (hole + 1) & mask
	}
	// Those behind the hole that would be found only over it move into it (Knuth, volume 3, 6.4, algorithm R).
	for i := (hole + 1) & mask; t.slots[i].ref != 0; i = (i + 1) & mask {
		if home := t.slots[i].hash & mask; (i-home)&mask >= (i-hole)&mask {
			t.slots[hole] = t.slots[i]
			hole = i
		}
	}
	t.slots[hole] = slot{}
	t.used--
}

func (t *table) release(ref uint32) {
	t.details(ref).next = t.free
	t.free = ref
}

// The seeds keep a sender from choosing ends that all hash alike. The flows and their order do not depend on them.
var seed1, seed2 = rand.Uint64() | 1, rand.Uint64() | 1

// hashOf is the same in both directions.
func hashOf(ends *packet.Ends, proto flow.Proto) uint32 {
	sum := hashEnd(&ends.Src, ends.SrcPort) + hashEnd(&ends.Dst, ends.DstPort) + uint64(proto)
	high, low := bits.Mul64(sum, seed1)
	return uint32(high ^ low)
}

func hashEnd(address *[16]byte, number uint16) uint64 {
	first := binary.NativeEndian.Uint64(address[:8])
	second := binary.NativeEndian.Uint64(address[8:])
	high, low := bits.Mul64(first^seed1, second+uint64(number)*0x9e3779b97f4a7c15^seed2)
	return high ^ low
}
