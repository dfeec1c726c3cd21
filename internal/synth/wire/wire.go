// Package wire turns flows into the packets that they could be the record of, and writes those as pcap or pcapng.
//
// The packets of a flow have its ends, its state and its times, and as many IP bytes each way as it has; Expected tells
// where that cannot be. All packets come in order of time, and the same flows give the same bytes.
package wire

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"

	"sentinel/internal/flow"
)

// Capture is flows that become packets. It holds them all, at about 330 bytes a flow.
type Capture struct {
	flows []flow.Flow
	order []place             // of the flows, by their start
	asked map[int32]*question // what lookups ask, by the index of their flow
}

// place is where a flow stands in order of time.
type place struct {
	start int64
	index int32
}

// NewCapture takes over the flows, and what is known of the questions to the DNS among them. It changes the source ports
// of flows that could not be told apart.
func NewCapture(flows []flow.Flow, lookups []flow.Lookup) *Capture {
	c := &Capture{flows: flows, order: make([]place, len(flows))}
	for i := range flows {
		c.order[i] = place{flows[i].Start, int32(i)}
	}
	slices.SortFunc(c.order, func(a, b place) int { return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.index, b.index)) })
	c.separate()
	c.resolve(lookups)
	return c
}

// MaxFlows is how many flows Collect takes: 7 GB of them, beyond which a capture is better made in parts.
const MaxFlows = 20_000_000

// Collect makes a capture of all flows of a reader, of which there are about so many.
func Collect(reader flow.LookupReader, about int) (*Capture, error) {
	flows, lookups := make([]flow.Flow, 0, min(about, MaxFlows)+1), []flow.Lookup(nil)
	for {
		if len(flows) == cap(flows) {
			flows = slices.Grow(flows, cap(flows)/4+1024)
		}
		n, err := reader.Read(flows[len(flows):cap(flows)])
		flows, lookups = flows[:len(flows)+n], append(lookups, reader.Lookups()...)
		switch {
		case len(flows) > MaxFlows:
			return nil, fmt.Errorf("more than %d flows", MaxFlows)
		case errors.Is(err, io.EOF):
			return NewCapture(flows, lookups), nil
		case err != nil:
			return nil, err
		}
	}
}

// Expected are the flows as whoever meters the packets should find them, in order of their start.
func (c *Capture) Expected(yield func(flow.Flow) bool) {
	for _, place := range c.order {
		if !yield(expected(c.flows[place.index], c.asked[place.index])) {
			return
		}
	}
}

// Options say how packets are kept.
type Options struct {
	Format  Format
	Snaplen int // bytes of a packet that are kept; 0: all
}

// Count is what was written.
type Count struct {
	Packets int64 `json:"packets"`
	Bytes   int64 `json:"ip_bytes"` // of the IP packets, as they were before any were cut to the snap length
}

// Write writes the packets of all flows in order of time. Flows that are open at the same time are held together, the
// others are read as they come.
func (c *Capture) Write(w io.Writer, options Options) (count Count, err error) {
	buffered := bufio.NewWriterSize(w, 1<<20)
	out, err := options.Format.begin(buffered, options.Snaplen)
	if err != nil {
		return count, err
	}
	for frame := range c.packets() {
		count.Packets++
		count.Bytes += int64(frame.ipBytes)
		if err := out.write(frame); err != nil {
			return count, err
		}
	}
	return count, buffered.Flush()
}
