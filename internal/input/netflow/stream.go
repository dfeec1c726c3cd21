package netflow

import (
	"errors"
	"fmt"
	"io"
)

// source gives the datagrams of an input.
type source interface {
	// next gives a datagram, or io.EOF. What it passes over it counts in d.
	next(d *decoder) (datagram, error)
	// damage tells where the input broke off, once it has ended.
	damage() error
}

// stream is a file of datagrams one after another.
type stream struct {
	input  io.Reader
	buffer []byte
	from   int   // of buffer, what has not been used
	offset int64 // in the file, of buffer[from]
	ended  error // of input: io.EOF at its end
	broken error
	whole  int64 // datagrams that are not cut short
}

// window is how much of a file is in memory: enough for the longest datagram and what tells where it ends.
const window = 256 << 10

func newStream(input io.Reader) *stream {
	return &stream{input: input, buffer: make([]byte, 0, window)}
}

func (s *stream) damage() error { return s.broken }

func (s *stream) next(d *decoder) (datagram, error) {
	for {
		rest := s.ahead()
		if len(rest) == 0 {
			return datagram{}, s.end()
		}
		length, ok := measure(rest)
		if !ok || length == 0 {
			s.skip(d, rest)
			continue
		}
		if length > len(rest) {
			s.broken = fmt.Errorf("cut short at byte %d, in the datagram that begins at byte %d", s.offset+int64(len(rest)), s.offset)
			length = len(rest)
		} else {
			s.whole++
		}
		g := datagram{data: rest[:length], place: s.offset}
		s.take(length)
		return g, nil
	}
}

// end is how reading ends: with an error only where there was no datagram at all.
func (s *stream) end() error {
	if !errors.Is(s.ended, io.EOF) {
		if s.whole == 0 {
			return s.ended
		}
		s.broken = fmt.Errorf("reading at byte %d: %w", s.offset, s.ended)
	}
	if s.whole == 0 && s.broken == nil {
		return errors.New("holds no datagram of NetFlow, IPFIX or sFlow")
	}
	return io.EOF
}

// ahead is what lies ahead: more than any datagram, if the file has as much.
func (s *stream) ahead() []byte {
	if len(s.buffer)-s.from >= 2*maxDatagram || s.ended != nil {
		return s.buffer[s.from:]
	}
	s.buffer = s.buffer[:copy(s.buffer, s.buffer[s.from:])]
	s.from = 0
	for len(s.buffer) < cap(s.buffer) && s.ended == nil {
		var n int
		n, s.ended = s.input.Read(s.buffer[len(s.buffer):cap(s.buffer)])
		s.buffer = s.buffer[:len(s.buffer)+n]
	}
	return s.buffer
}

func (s *stream) take(n int) {
	s.from += n
	s.offset += int64(n)
}

// skip passes over bytes that begin no datagram, up to the next that do, as far as whole ones are in memory. Zeros between
// datagrams are no loss.
func (s *stream) skip(d *decoder, rest []byte) {
	end := len(rest)
	if s.ended == nil {
		end -= maxDatagram
	}
	n := 1
	for n < end && !begins(rest[n:]) {
		n++
	}
	if !allZero(rest[:n]) {
		d.skip("bytes between datagrams", 1, s.offset)
	}
	s.take(n)
}

// begins tells whether b begins with a whole datagram.
func begins(b []byte) bool {
	length, ok := measure(b)
	return ok && length > 0 && length <= len(b) && dated(b)
}
