package pcap

import (
	"errors"
	"runtime/debug"

	"sentinel/internal/meter"
)

// piece is a stretch of a capture whose records a worker reads, ahead of the meter.
type piece struct {
	number  int
	data    []byte // where the records lie
	offset  int64  // of data in the capture
	from    int    // where in data the first record begins; -1: for the worker to guess
	about   int    // where to guess
	near    int64  // seconds, of the first packet of the capture
	limit   int    // records that begin before it belong to this piece
	setting *setting
	exact   bool   // from and setting are known to be true
	cause   error  // why data ends early
	buffer  []byte // what data is part of, if that belongs to the piece

	block  meter.Block
	till   int // behind the last record
	after  *setting
	ending ending
	reason string // why nothing can be read behind till
}

// ending says whether the capture goes on behind a piece.
type ending uint8

const (
	goesOn    ending = iota
	endsShort        // within a record
	endsBad          // in what is no record
	endsLost         // in memory that is gone
)

// read fills the block with the records of the piece.
func (p *piece) read() {
	p.ending, p.reason = goesOn, ""
	if err := guarded(p.walk); err != nil {
		p.block.Reset(nil)
		p.till, p.after, p.ending, p.reason = max(p.from, 0), p.setting, endsLost, err.Error()
	}
}

func (p *piece) walk() {
	p.block.Reset(nil)
	if p.from < 0 {
		p.from = p.setting.guess(p.data, p.about, p.near)
	}
	if p.from < 0 {
		return // nothing like a record is near
	}
	p.block.Reset(p.data[p.from:])
	w := walker{setting: p.setting}
	at := p.from
	for at < p.limit {
		size, what := w.next(p.data[at:])
		switch what {
		case aPacket:
			start := at - p.from + w.skip
			p.block.Add(w.time, w.link, start, start+len(w.data))
		case badPacket:
			p.block.Skip(w.reason)
		case cut:
			p.ending = endsShort
		case broken:
			p.ending, p.reason = endsBad, w.reason
		}
		if p.ending != goesOn {
			break
		}
		at += size
	}
	p.till, p.after = at, w.setting
}

// errGone is a file that became shorter while it was mapped.
var errGone = errors.New("the file was made shorter while it was being read")

// guarded runs a function that reads mapped memory, and gives an error where that is not there any more.
func guarded(f func()) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		switch fault := recover().(type) {
		case nil:
		case interface{ Addr() uintptr }: // runtime.Error of a memory fault
			err = errGone
		default:
			panic(fault)
		}
	}()
	f()
	return nil
}
