package pcap

import (
	"errors"
	"io"
	"sync/atomic"

	"sentinel/internal/input"
)

// source cuts a capture into pieces, one after another, from one goroutine.
type source interface {
	// next prepares the piece that follows, but for its block. It tells whether there is one.
	next(p *piece) bool
	// done takes back a piece that the meter is through with.
	done(p *piece)
	close() error
}

// mapped is a file in memory. Its pieces have no known beginning, but for the first.
type mapped struct {
	mapping
	file   *input.File
	first  int   // where the first record begins
	near   int64 // seconds, of the first packet
	at     int
	held   int                      // up to which memory was given back; used by done only
	latest *atomic.Pointer[setting] // as far as the meter has got
}

// pieceSize is how much of a capture makes a piece: large against what it costs to hand it over, small enough for its
// block to stay in the caches until the meter takes it.
const pieceSize = 1024 << 10

// firstPiece is how much is read first of a stream. The pieces that follow double up to pieceSize, so that small
// captures take little memory.
const firstPiece = 64 << 10

// openSource maps a file where that can be done, else reads it as a stream.
func openSource(file *input.File, s start, latest *atomic.Pointer[setting]) (source, error) {
	if file.InPlace() {
		if m, err := openMapping(file.Path); err == nil {
			return &mapped{mapping: m, file: file, first: s.size, near: s.seconds, latest: latest}, nil
		}
	}
	content, err := file.Open()
	if err != nil {
		return nil, err
	}
	return &streamed{content: content, walker: walker{setting: s.setting}, header: s.size}, nil
}

// releaseSize is how much of a file is kept in memory before it is given back: doing so interrupts all processors.
const releaseSize = 32 << 20

func (m *mapped) next(p *piece) bool {
	if m.at >= len(m.mapping) {
		return false
	}
	p.data, p.offset = m.mapping, 0
	p.from, p.about, p.near = -1, m.at, m.near
	if m.at == 0 {
		p.from = m.first
	}
	m.at = min(m.at+pieceSize, len(m.mapping))
	p.limit = m.at
	p.setting = m.latest.Load()
	return true
}

func (m *mapped) done(p *piece) {
	if p.limit-m.held >= releaseSize || p.limit == len(m.mapping) {
		m.release(m.held, p.about) // the next piece may share a page with this one
		m.held = p.about
	}
	m.file.Advance(int64(p.limit - p.about))
}

// streamed is a capture that is read through buffers. Its pieces are whole records.
type streamed struct {
	content io.ReadCloser
	walker
	size   int    // of the buffer of the latest piece
	header int    // of the file, which comes before the first record
	tail   []byte // of the piece before, which belongs to the next one
	offset int64  // of tail in the capture
	ended  error  // of content
}

func (s *streamed) next(p *piece) bool {
	if s.ended != nil && len(s.tail) == 0 {
		return false
	}
	s.size = min(max(2*s.size, firstPiece), pieceSize)
	if cap(p.buffer) < s.size {
		p.buffer = make([]byte, 0, s.size)
	}
	p.buffer = append(p.buffer[:0], s.tail...)
	for {
		s.fill(p)
		if s.hop(p) {
			return true
		}
		// Doubled and not grown to what a record claims, so that memory follows what is there.
		p.buffer = append(make([]byte, 0, 2*cap(p.buffer)), p.buffer...)
	}
}

// fill reads until the buffer of a piece is full.
func (s *streamed) fill(p *piece) {
	for s.ended == nil && len(p.buffer) < cap(p.buffer) {
		var n int
		n, s.ended = s.content.Read(p.buffer[len(p.buffer):cap(p.buffer)])
		p.buffer = p.buffer[:len(p.buffer)+n]
	}
}

// hop finds the end of the last whole record. It is false where the first one is not whole, and more can be read.
func (s *streamed) hop(p *piece) bool {
	p.data, p.offset, p.from, p.setting = p.buffer, s.offset, min(s.header, len(p.buffer)), s.setting
	at := p.from
	for at < len(p.buffer) {
		size, what := s.walker.next(p.buffer[at:])
		if what == cut && s.ended == nil {
			break
		}
		if what == cut || what == broken {
			at = len(p.buffer) // the worker comes upon it, too
			break
		}
		at += size
	}
	if at == p.from && s.ended == nil {
		s.setting = p.setting
		return false
	}
	p.limit, s.header = at, 0
	p.exact = true
	if !errors.Is(s.ended, io.EOF) {
		p.cause = s.ended
	}
	s.tail = append(s.tail[:0], p.buffer[at:]...)
	s.offset += int64(at)
	return true
}

func (*streamed) done(p *piece) {
	if cap(p.buffer) > 4*pieceSize {
		p.buffer = nil // one long packet does not keep its memory
	}
}

func (s *streamed) close() error { return s.content.Close() }
