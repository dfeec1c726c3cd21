package pcap

import (
	"encoding/binary"
	"math"
	"math/bits"

	"sentinel/internal/packet"
)

// setting is what must be known to read the records from some place of a capture on. It is never changed, only
// replaced, so that any number of goroutines may hold it.
type setting struct {
	big        bool   // byte order of numbers: the most significant byte comes first
	section    bool   // records are blocks of a section of pcapng
	header     int    // bytes before the packet in a record of pcap
	nano       bool   // pcap counts nanoseconds
	swapped    swap   // pcap before version 2.4
	plain      bool   // pcap as nearly all write it: little-endian, microseconds, headers of plainHeader bytes
	interfaces []port // of the section so far, by number; pcap has one
}

// port is a network interface that packets were captured at.
type port struct {
	link packet.LinkType
	snap uint32 // bytes kept of a packet; 0: all
	tick tick
}

// swap says in which order the two lengths of a record stand.
type swap uint8

const (
	inOrder  swap = iota // captured, then original
	reversed             // before version 2.3
	either               // version 2.3: the smaller is the captured one
)

// tick turns time stamps into microseconds.
type tick struct {
	perSecond uint64 // 0: more than 64 bits hold, so that a time stamp is less than a second
	offset    int64  // seconds
}

var microseconds = tick{perSecond: 1e6}

// Times are kept within these seconds, those that dates with years of four digits can express.
const (
	firstSecond = 0
	lastSecond  = 253402300799 // 9999-12-31
)

func (t tick) micros(stamp uint64) int64 {
	if t == microseconds && stamp <= lastSecond*1e6 {
		return int64(stamp)
	}
	var seconds, rest uint64
	if t.perSecond != 0 {
		seconds = stamp / t.perSecond
		high, low := bits.Mul64(stamp%t.perSecond, 1e6)
		rest, _ = bits.Div64(high, low, t.perSecond) // no overflow: the remainder is smaller than the divisor
	}
	return clampSeconds(seconds, t.offset)*1e6 + int64(rest)
}

func clampSeconds(seconds uint64, offset int64) int64 {
	if seconds > math.MaxInt64/2 || offset > math.MaxInt64/2 {
		return lastSecond
	}
	return min(max(int64(seconds)+offset, firstSecond), lastSecond)
}

// newTick reads the option if_tsresol (pcapng, 4.2): a power of 10, or of 2 with the highest bit set.
func newTick(resolution byte, offset int64) tick {
	power, base := uint64(resolution&0x7f), uint64(10)
	if resolution&0x80 != 0 {
		base = 2
	}
	perSecond := uint64(1)
	for range power {
		high, low := bits.Mul64(perSecond, base)
		if high != 0 {
			return tick{0, offset}
		}
		perSecond = low
	}
	return tick{perSecond, offset}
}

func (s *setting) u32(b []byte) uint32 {
	if s.big {
		return binary.BigEndian.Uint32(b)
	}
	return binary.LittleEndian.Uint32(b)
}

func (s *setting) u16(b []byte) uint16 {
	if s.big {
		return binary.BigEndian.Uint16(b)
	}
	return binary.LittleEndian.Uint16(b)
}

func (s *setting) u64(b []byte) uint64 {
	if s.big {
		return binary.BigEndian.Uint64(b)
	}
	return binary.LittleEndian.Uint64(b)
}
