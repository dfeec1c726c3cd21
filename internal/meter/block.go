package meter

import (
	"math"
	"net/netip"
	"slices"

	"sentinel/internal/flow"
	"sentinel/internal/packet"
	"sentinel/internal/packet/dns"
)

// entry is a packet on its way to the meter. It holds no pointers.
type entry struct {
	packet.Packet
	hash    uint32
	at      uint32 // where its frame begins in Block.data
	service service
	signs   signs
}

// signs say what looking at a packet found.
type signs uint8

const (
	named      signs = 1 << iota // Block.finds has it
	unfinished                   // a ClientHello begins, and ends in a later packet
	message                      // Block.messages has it
	rejection                    // Block.rejects has it
	answer                       // ICMP that answers another
	query                        // ICMP that asks
)

// Block is a number of packets with their headers read and their payloads looked at, which can be done on any
// goroutine before the meter takes them. It is reused with Reset.
type Block struct {
	entries   []entry
	data      []byte
	finds     []find
	messages  []reading
	text      []byte       // names of messages
	addresses []netip.Addr // of messages
	rejects   []reject
	faults    []Fault
	strange   int   // frames among the faults
	snapped   int64 // packets that were captured in part
	scratch   dns.Message
}

// MostData is how much data a block can take.
const MostData = math.MaxUint32

// Reset empties the block. The frames to come lie in data, which must stay as it is until the meter has taken the
// block.
func (b *Block) Reset(data []byte) {
	*b = Block{
		data: data, entries: b.entries[:0], finds: b.finds[:0], messages: b.messages[:0], text: b.text[:0],
		addresses: b.addresses[:0], rejects: b.rejects[:0], faults: b.faults[:0], scratch: b.scratch,
	}
}

// Add reads the frame data[from:till] of a time in microseconds; 0 stands for that of the packet before.
func (b *Block) Add(time int64, link packet.LinkType, from, till int) {
	n := len(b.entries)
	if n == cap(b.entries) {
		b.entries = slices.Grow(b.entries, max(n, firstEntries))
	}
	b.entries = b.entries[:n+1]
	e := &b.entries[n]
	frame := b.data[from:till]
	if packet.Decode(link, frame, &e.Packet) != packet.Decoded {
		b.entries = b.entries[:n]
		b.Skip(packet.Reason(link, frame))
		return
	}
	e.Time = time
	e.at = uint32(from)
	e.service, e.signs = 0, 0
	if e.Proto == flow.ICMP || e.Proto == flow.ICMPv6 {
		b.control(e, frame)
	}
	e.hash = hashOf(&e.Ends, e.Proto)
	if e.Till-e.From < e.Payload {
		b.snapped++
	}
	if e.Till > e.From {
		b.look(e, frame[e.From:e.Till])
	}
}

const firstEntries = 1024

// Fault counts frames that are no packets to meter.
type Fault struct {
	Reason string
	Frames int64
	First  int // how many frames were added before the first one
}

// Skip counts a frame that cannot be used.
func (b *Block) Skip(reason string) {
	first := b.Frames()
	b.strange++
	for i := range b.faults {
		if b.faults[i].Reason == reason {
			b.faults[i].Frames++
			return
		}
	}
	b.faults = append(b.faults, Fault{reason, 1, first})
}

// Faults lists what was added and is no packet to meter, in the order of the first frames.
func (b *Block) Faults() []Fault { return b.faults }

// Frames is how many frames were added.
func (b *Block) Frames() int { return len(b.entries) + b.strange }

// Snapped is how many packets were captured without the end of their payload.
func (b *Block) Snapped() int64 { return b.snapped }

// payload is the captured part of what a packet carries.
func (b *Block) payload(e *entry) []byte { return b.data[e.at+e.From : e.at+e.Till] }
