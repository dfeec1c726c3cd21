package pcap

import (
	"errors"
	"io"
	"iter"

	"sentinel/internal/packet"
)

// Record is one packet as a capture holds it.
type Record struct {
	Time   int64           // microseconds since 1970-01-01 UTC; 0 where the capture tells none
	Link   packet.LinkType // what Data begins with
	Data   []byte          // as captured; valid until the next record
	Length uint32          // of the packet on the wire
}

// Records lists the packets of a capture of either format, for readers of what packets carry. Data belongs to the
// caller until it asks for the next record. Packets that cannot be used are left out; the last record comes with an
// error where the capture breaks off, and is empty then.
func Records(capture io.Reader) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		s := newStream(capture)
		for {
			what, err := s.next()
			switch {
			case errors.Is(err, io.EOF):
				return
			case err != nil:
				yield(Record{}, err)
				return
			case what == aPacket && !yield(Record{s.time, s.link, s.data, s.length}, nil):
				return
			}
		}
	}
}
