package cloud

import (
	"sentinel/internal/flow"
	"sentinel/internal/packet"
)

// twice is why a record is left out though nothing is wrong with it.
const twice = "record of what another interface has reported, counted once"

// ends are those of a flow, in its direction. They hold no pointers, so that many cost the garbage collector nothing.
type ends struct {
	packet.Ends
	proto flow.Proto
}

func endsOf(f *flow.Flow) ends {
	return ends{packet.Ends{Src: f.SrcIP.As16(), Dst: f.DstIP.As16(), SrcPort: f.SrcPort, DstPort: f.DstPort}, f.Proto}
}

// witnesses remember who reported what goes from one end to another. Where both ends lie in the cloud, both report the
// same packets; who did so first is believed.
type witnesses struct {
	young, old map[ends]witness
	numbers    map[string]witness // of those who report, by name
}

// witness is the number of an interface, or of another that reports.
type witness uint32

// Bounds of what is remembered: when so many ends are known, those that were not met for as long are forgotten.
const (
	mostEnds      = 1 << 19
	mostWitnesses = 1 << 16
)

// believes tells whether what reporter says of the ends counts.
func (w *witnesses) believes(e ends, reporter []byte) bool {
	number := w.number(reporter)
	if number == 0 {
		return true
	}
	first, ok := w.young[e]
	if !ok {
		if first, ok = w.old[e]; !ok {
			first = number
		}
		w.remember(e, first)
	}
	return first == number
}

func (w *witnesses) remember(e ends, first witness) {
	if w.young == nil || len(w.young) >= mostEnds {
		w.old, w.young = w.young, map[ends]witness{}
	}
	w.young[e] = first
}

// number is that of a reporter; 0 for one without a name, and where there are too many.
func (w *witnesses) number(reporter []byte) witness {
	if number, ok := w.numbers[string(reporter)]; ok || len(reporter) == 0 || len(w.numbers) >= mostWitnesses {
		return number
	}
	if w.numbers == nil {
		w.numbers = map[string]witness{}
	}
	number := witness(len(w.numbers) + 1)
	w.numbers[string(reporter)] = number
	return number
}
