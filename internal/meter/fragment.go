package meter

import (
	"sentinel/internal/flow"
	"sentinel/internal/packet"
)

// fragments remembers the ports of packets that come in fragments, since only the first one has them.
type fragments struct {
	ports map[whole][2]uint16
	order ring[whole]
}

// whole is what the fragments of one packet have in common (RFC 791, 3.2).
type whole struct {
	src, dst [16]byte
	id       uint32
	proto    flow.Proto
}

// mostWholes bounds the fragmented packets that are remembered: a fragment comes shortly after the first one.
const mostWholes = 4096

func wholeOf(e *entry) whole { return whole{e.Ends.Src, e.Ends.Dst, e.Fragment, e.Proto} }

func (f *fragments) keep(e *entry) {
	if f.ports == nil {
		f.ports = map[whole][2]uint16{}
	}
	key := wholeOf(e)
	if _, known := f.ports[key]; !known {
		if last, full := f.order.push(key, mostWholes); full {
			delete(f.ports, last)
		}
	}
	f.ports[key] = [2]uint16{e.Ends.SrcPort, e.Ends.DstPort}
}

// complete gives a later fragment the ports of its first; where that was not seen, they stay 0.
func (f *fragments) complete(e *entry) {
	ports, known := f.ports[wholeOf(e)]
	if !known || e.Marks&packet.Continued == 0 {
		return
	}
	e.Ends.SrcPort, e.Ends.DstPort = ports[0], ports[1]
	e.hash = hashOf(&e.Ends, e.Proto)
}

// ring is a queue of bounded length.
type ring[T any] struct {
	list []T
	next int // where the oldest is, once it is full
}

// push adds an element. Where that is one too many, it returns the oldest, which it takes out.
func (r *ring[T]) push(element T, most int) (oldest T, full bool) {
	if len(r.list) < most {
		r.list = append(r.list, element)
		return oldest, false
	}
	oldest = r.list[r.next]
	r.list[r.next] = element
	r.next = (r.next + 1) % most
	return oldest, true
}
