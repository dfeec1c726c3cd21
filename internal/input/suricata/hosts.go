package suricata

import (
	"sentinel/internal/flow"
	"sentinel/internal/input/jsonline"
)

// mostNamed bounds the flows whose name is kept until they end; names that wait for twice as many flows are forgotten.
const mostNamed = 500_000

// directory keeps what flows are called, by their flow_id, until the event of the flow comes.
type directory struct {
	words   jsonline.Words
	young   map[uint64]named
	old     map[uint64]named
	scratch []byte
	lost    bool // some were forgotten
}

// named is what a flow is called.
type named struct{ name, ja4 jsonline.Word }

func newDirectory() *directory {
	return &directory{young: map[uint64]named{}, old: map[uint64]named{}}
}

// add takes what an event tells. The first name of a flow counts.
func (d *directory) add(key uint64, host, ja4 jsonline.Value) {
	known := d.find(key)
	if known.name == 0 {
		d.scratch = jsonline.AppendHost(d.scratch[:0], host.Bytes())
		known.name = d.words.Keep(d.scratch)
	}
	if known.ja4 == 0 && ja4.Kind() == jsonline.String {
		known.ja4 = d.words.Keep(ja4.Bytes())
	}
	if known == (named{}) {
		return
	}
	if len(d.young) == mostNamed {
		d.lost = d.lost || len(d.old) > 0
		d.young, d.old = map[uint64]named{}, d.young
	}
	d.young[key] = known
}

func (d *directory) find(key uint64) named {
	if known, ok := d.young[key]; ok {
		return known
	}
	return d.old[key]
}

// take gives a flow what it is called, which is forgotten then.
func (d *directory) take(key uint64, f *flow.Flow) {
	if len(d.young) == 0 && len(d.old) == 0 {
		return
	}
	known := d.find(key)
	if known == (named{}) {
		return
	}
	f.Name, f.JA4 = d.words.Text(known.name), d.words.Text(known.ja4)
	delete(d.young, key)
	delete(d.old, key)
}
