package pcap

import (
	"encoding/binary"
	"errors"
	"runtime/debug"
	"slices"
	"unsafe"

	"sentinel/internal/meter"
	"sentinel/internal/prefetch"
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

	walker walker
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
	if err := guarded(func() {
		p.begin()
		for p.step() {
		}
	}); err != nil {
		p.block.Reset(nil)
		p.from = max(p.from, 0)
		p.till, p.after, p.ending, p.reason = p.from, p.setting, endsLost, err.Error()
	}
}

// readTogether reads several pieces in turns, a record of each. Where one record is follows from the one before, which
// has to come from memory: while one piece waits for that, the others go on.
func readTogether(pieces []*piece) {
	err := guarded(func() {
		for _, p := range pieces {
			p.begin()
		}
		for unread := slices.Clone(pieces); len(unread) > 0; {
			for i, p := range unread {
				if !p.step() {
					unread = slices.Delete(unread, i, i+1)
					break
				}
			}
		}
	})
	if err != nil {
		for _, p := range pieces {
			p.from = -1 // whoever needs it reads it again and tells
		}
	}
}

// begin finds the first record.
func (p *piece) begin() {
	p.ending, p.reason = goesOn, ""
	p.block.Reset(nil)
	if p.from < 0 {
		p.from = p.setting.guess(p.data, p.about, p.near)
	}
	p.walker = walker{setting: p.setting}
	p.till, p.after = p.from, p.setting
	if p.from >= 0 {
		p.block.Reset(p.data[p.from:])
	}
}

// step reads a record. It is false where there is none any more.
func (p *piece) step() bool {
	if p.till >= p.limit || p.till < 0 {
		return false
	}
	if p.plain() {
		return true
	}
	w := &p.walker
	size, what := w.next(p.data[p.till:])
	switch what {
	case aPacket:
		p.ahead(p.till + size)
		start := p.till - p.from + w.skip
		p.block.Add(w.time, w.link, start, start+len(w.data))
	case badPacket:
		p.block.Skip(w.reason)
	case cut:
		p.ending = endsShort
		return false
	case broken:
		p.ending, p.reason = endsBad, w.reason
		return false
	}
	p.till += size
	p.after = w.setting
	return true
}

// plain reads a record of the commonest kind of pcap, as the walker does. It is false for all others, and where the record
// may be none, or the last one.
func (p *piece) plain() bool {
	rest := p.data[p.till:]
	if !p.walker.plain || len(rest) < plainHeader {
		return false
	}
	size := plainHeader + int(binary.LittleEndian.Uint32(rest[8:]))
	if size >= min(len(rest), mostRecord) {
		return false
	}
	p.ahead(p.till + size)
	time := int64(binary.LittleEndian.Uint32(rest))*1e6 + int64(binary.LittleEndian.Uint32(rest[4:]))
	start := p.till - p.from
	p.block.Add(time, p.walker.interfaces[0].link, start+plainHeader, start+size)
	p.till += size
	return true
}

// headersSize is how many bytes of a record are looked at: its own header, and those of Ethernet, IPv4 and TCP.
const headersSize = 96

// ahead asks for the headers of the next record.
func (p *piece) ahead(at int) {
	if at+headersSize < len(p.data) {
		first := uintptr(unsafe.Pointer(&p.data[at]))
		prefetch.Lines([]uintptr{first, first + 64, first + headersSize})
	}
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
