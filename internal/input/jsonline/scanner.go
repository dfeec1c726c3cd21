package jsonline

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"sentinel/internal/input"
)

// MaxObject bounds the length of an object, so that one that never ends does not fill the memory. Flow logs of clouds
// have records of hundreds of kilobytes.
const MaxObject = 4 << 20

// firstBuffer is large enough that reading from disk is no cost, and small enough for the processor's cache.
const firstBuffer = 256 << 10

// Why something is skipped.
const (
	noObject = "is no JSON object"
	tooLong  = "is longer than 4 MiB"
)

// Scanner reads objects one after the other: a line each, over several lines, or in arrays. What is no object it skips
// to the end of the line and counts.
type Scanner struct {
	object  *Object
	source  io.Reader
	tally   *input.Tally
	buffer  []byte // all read and not yet left behind is buffer[at:]
	at      int
	passed  int64 // bytes before the buffer
	line    int64 // at which the last object began
	ended   int64 // lines before buffer[at:]
	objects int64
	err     error // of the source
	cut     bool  // the source ended inside an object
	unwrap  []string
}

// NewScanner reads from source the objects with the wanted paths, as NewObject takes them, and counts in tally what is
// not one.
func NewScanner(source io.Reader, tally *input.Tally, paths ...string) *Scanner {
	return &Scanner{object: NewObject(paths...), source: source, tally: tally, buffer: make([]byte, 0, firstBuffer)}
}

// Unwrap makes the first Scan look for an object around all objects, whose only or first member is an array of them
// and has one of these names, as in {"records": [...]}. It comes before the first Scan.
func (s *Scanner) Unwrap(names ...string) { s.unwrap = names }

// Scan goes to the next object, whose values hold until the next Scan; it is false at the end.
func (s *Scanner) Scan() bool {
	if s.unwrap != nil {
		s.enter()
	}
	for s.gap() {
		end := s.object.parse(s.buffer, s.at)
		for end == incomplete && len(s.buffer)-s.at <= MaxObject && s.fill() {
			end = s.object.parse(s.buffer, s.at)
		}
		if end > s.at+MaxObject {
			end = incomplete
		}
		if end < 0 {
			s.skip(end)
			continue
		}
		s.line = s.ended + 1
		s.ended += s.object.lines
		s.at, s.cut = end, false
		s.objects++
		return true
	}
	return false
}

// Value is what the object has at the path of that place, as Object.Value gives it.
func (s *Scanner) Value(place int) Value { return s.object.Value(place) }

// Line is that on which the object begins, counted from 1.
func (s *Scanner) Line() int64 { return s.line }

// Place names the line for who reads of it.
func (s *Scanner) Place() string { return place(s.line) }

func place(line int64) string { return fmt.Sprintf("line %d", line) }

// Objects counts those that Scan has found.
func (s *Scanner) Objects() int64 { return s.objects }

// Err tells, after the last Scan, where the input breaks off, if it does.
func (s *Scanner) Err() error {
	where := fmt.Sprintf("cut short at byte %d, in line %d", s.passed+int64(len(s.buffer)), s.ended+1)
	switch {
	case s.err != nil && !errors.Is(s.err, io.EOF):
		return fmt.Errorf("%s: %w", where, s.err)
	case s.cut:
		return fmt.Errorf("%s, whose object does not end", where)
	}
	return nil
}

// gap goes over what may stand between objects, to the next brace.
func (s *Scanner) gap() bool {
	for {
		if s.at == len(s.buffer) && !s.fill() {
			return false
		}
		switch s.buffer[s.at] {
		case '{':
			return true
		case '\n':
			s.ended++
			s.at++
		case ' ', '\t', '\r', '[', ']', ',', '\x1e': // RFC 7464 puts a record separator before each
			s.at++
		case '}':
			s.at++ // of the object that Unwrap entered, or left over
		default:
			if s.passed == 0 && s.at == 0 && s.mark() {
				continue
			}
			s.skip(invalid)
		}
	}
}

// mark goes over a byte order mark.
func (s *Scanner) mark() bool {
	for len(s.buffer) < 3 && s.fill() {
	}
	if !bytes.HasPrefix(s.buffer, []byte("\xef\xbb\xbf")) {
		return false
	}
	s.at = 3
	return true
}

// skip counts what is no object and goes behind the end of its line: an object may have been cut off there.
func (s *Scanner) skip(why int) {
	reason := noObject
	if why == incomplete && len(s.buffer)-s.at > MaxObject {
		reason = tooLong
	}
	s.tally.Add(reason, 1, place(s.ended+1))
	s.cut = why == incomplete && reason == noObject
	for {
		if end := bytes.IndexByte(s.buffer[s.at:], '\n'); end >= 0 {
			s.at += end // the gap counts the line
			return
		}
		s.at = len(s.buffer)
		if !s.fill() {
			return
		}
	}
}

// fill reads more, over what is left behind where that makes room; it is false at the end of the source.
func (s *Scanner) fill() bool {
	if s.err != nil {
		return false
	}
	if s.at > 0 {
		s.passed += int64(s.at)
		s.buffer = s.buffer[:copy(s.buffer, s.buffer[s.at:])]
		s.at = 0
	}
	if len(s.buffer) == cap(s.buffer) {
		s.buffer = append(make([]byte, 0, 2*cap(s.buffer)), s.buffer...)
	}
	for s.err == nil {
		n, err := s.source.Read(s.buffer[len(s.buffer):cap(s.buffer)])
		s.buffer, s.err = s.buffer[:len(s.buffer)+n], err
		if n > 0 {
			return true
		}
	}
	return false
}

// enter goes over the beginning of the object that is to be unwrapped.
func (s *Scanner) enter() {
	names := s.unwrap
	s.unwrap = nil
	if !s.gap() {
		return
	}
	for len(s.buffer)-s.at < 256 && s.fill() {
	}
	o := Object{data: s.buffer}
	name := o.space(s.at + 1)
	for _, want := range names {
		quoted := []byte(`"` + want + `"`)
		if name >= len(s.buffer) || !bytes.HasPrefix(s.buffer[name:], quoted) {
			continue
		}
		colon := o.space(name + len(quoted))
		if colon < len(s.buffer) && s.buffer[colon] == ':' {
			if array := o.space(colon + 1); array < len(s.buffer) && s.buffer[array] == '[' {
				s.at, s.ended = array, s.ended+o.lines
			}
		}
		return
	}
}
