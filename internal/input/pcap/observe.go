package pcap

import (
	"fmt"
	"sync/atomic"

	"sentinel/internal/flow"
	"sentinel/internal/input"
	"sentinel/internal/meter"
)

// observer meters the pieces of a capture in their order.
type observer struct {
	reader   *reader
	meter    *meter.Meter
	latest   *atomic.Pointer[setting] // what workers read with
	setting  *setting                 // what is true at offset
	offset   int64                    // behind the last record
	frames   int64
	snapped  int64 // packets that were captured in part
	tally    input.Tally
	damage   error
	current  *batch
	batches  int // made so far
	sampling int64
}

// run meters to the end of the capture, or until the reader is closed.
func (o *observer) run() {
	defer close(o.reader.full)
	for o.damage == nil {
		p, ok := o.reader.lines.next()
		if !ok {
			break
		}
		o.take(p)
		if !o.give() {
			return
		}
		o.reader.lines.done(p)
	}
	o.meter.End()
	if o.give() && o.send() {
		o.reader.account = o.account()
	}
}

// take meters a piece. A worker that guessed wrong where it begins, or read it with a setting that was not true any
// more, has read it in vain.
func (o *observer) take(p *piece) {
	if !p.exact && (int64(p.from) != o.offset || p.setting != o.setting) {
		p.setting, p.from = o.setting, int(o.offset)
		p.read()
	}
	if err := guarded(func() { o.meter.Add(&p.block) }); err != nil {
		p.ending, p.reason = endsLost, err.Error()
	}
	for _, fault := range p.block.Faults() {
		o.tally.Add(fault.Reason, fault.Frames, fmt.Sprintf("packet %d", o.frames+int64(fault.First)+1))
	}
	o.frames += int64(p.block.Frames())
	o.snapped += p.block.Snapped()
	o.offset = p.offset + int64(p.till)
	if p.after != o.setting {
		o.setting = p.after
		o.latest.Store(p.after)
	}
	o.damage = o.judge(p)
}

// judge tells where and why the capture breaks off, if it does so in a piece.
func (o *observer) judge(p *piece) error {
	switch {
	case p.cause != nil:
		return fmt.Errorf("breaks off at byte %d, in packet %d: %w", p.offset+int64(len(p.data)), o.frames+1, p.cause)
	case p.ending == goesOn:
		return nil
	case p.ending == endsShort:
		return shortAt(p.offset, int64(len(p.data)), o.frames+1)
	}
	return damage(o.offset, o.frames+1, p.reason)
}

// give passes on what the meter is through with. It is false where the reader was closed.
func (o *observer) give() bool {
	for {
		if o.current == nil && !o.fetch() {
			return false
		}
		b := o.current
		before := len(b.flows)
		b.flows = b.flows[:before+o.meter.Take(b.flows[before:batchSize])]
		o.scale(b.flows[before:])
		b.lookups = append(b.lookups, o.meter.Lookups()...)
		if len(b.flows) < batchSize && len(b.lookups) < mostLookups {
			return true
		}
		if !o.send() {
			return false
		}
	}
}

// fetch waits for a batch to fill, or makes one.
func (o *observer) fetch() bool {
	if len(o.reader.empty) == 0 && o.batches < batches {
		o.batches++
		o.current = &batch{flows: make([]flow.Flow, 0, batchSize)}
		return true
	}
	select {
	case o.current = <-o.reader.empty:
		o.current.flows, o.current.lookups = o.current.flows[:0], o.current.lookups[:0]
		return true
	case <-o.reader.stop:
		return false
	}
}

func (o *observer) send() bool {
	select {
	case o.reader.full <- o.current: // there is room for all
		o.current = nil
		return true
	case <-o.reader.stop:
		return false
	}
}

// scale counts every packet for those that the user says were not captured.
func (o *observer) scale(flows []flow.Flow) {
	if o.sampling == 1 {
		return
	}
	for i := range flows {
		f := &flows[i]
		for _, count := range []*int64{&f.UpBytes, &f.DownBytes, &f.UpPackets, &f.DownPackets, &f.UpPayload, &f.DownPayload} {
			*count *= o.sampling
		}
	}
}
