package pcap

import (
	"fmt"

	"sentinel/internal/packet"
)

// step is what walker.next found.
type step uint8

const (
	aPacket   step = iota // in the fields of the walker
	noPacket              // something else, or nothing: goes on behind it
	badPacket             // a packet that cannot be used, for walker.reason
	cut                   // the bytes end before the record does
	broken                // what is there is no record, for walker.reason; nothing behind it can be found
)

// mostRecord bounds one record: the largest packets that are written are those of USB and D-Bus, and longer ones are
// errors in the length. A stream is buffered up to it.
const mostRecord = 128 << 20

// walker reads one record after another.
type walker struct {
	*setting // replaced by section headers and descriptions of interfaces
	time     int64
	link     packet.LinkType
	data     []byte // the packet as captured
	skip     int    // bytes of the record before data
	length   uint32 // on the wire
	reason   string
}

// next reads the record that rest begins with. Size is where the next one begins; where the record is cut, how many
// bytes it needs at least.
func (w *walker) next(rest []byte) (size int, what step) {
	if w.section {
		return w.nextBlock(rest)
	}
	if len(rest) < w.header {
		return w.header, cut
	}
	seconds, fraction, captured, length := w.u32(rest), w.u32(rest[4:]), w.u32(rest[8:]), w.u32(rest[12:])
	if w.swapped == reversed || w.swapped == either && captured > length {
		captured, length = length, captured
	}
	if captured > mostRecord {
		w.reason = fmt.Sprintf("a packet of %d bytes is no packet", captured)
		return 0, broken
	}
	size = w.header + int(captured)
	if size > len(rest) {
		return size, cut
	}
	if w.nano {
		fraction /= 1000
	}
	w.time = int64(seconds)*1e6 + int64(fraction)
	w.link = w.interfaces[0].link
	w.data, w.skip = rest[w.header:size:size], w.header
	w.length = length
	return size, aPacket
}
