package zeek

import (
	"bytes"
	"fmt"
	"io"

	"sentinel/internal/input"
)

const (
	bufferSize = 256 << 10
	// longestLine bounds the memory that a file without line ends takes. URLs in http.log reach some 10 KiB.
	longestLine = 1 << 20
)

// lines reads a text line by line. Lines that are too long it skips and counts.
type lines struct {
	source io.Reader
	tally  *input.Tally
	buffer []byte // what is read and not yet given is buffer[at:]
	at     int
	passed int64 // bytes before the buffer
	number int64 // of the last line, from 1
	ended  bool  // the last line ends with a line end
	err    error // of the source
}

func newLines(source io.Reader, tally *input.Tally) *lines {
	return &lines{source: source, tally: tally, buffer: make([]byte, 0, bufferSize), ended: true}
}

// next gives the next line without its end, which holds until the one after; ok is false where there is none.
func (l *lines) next() (line []byte, ok bool) {
	for {
		if end := bytes.IndexByte(l.buffer[l.at:], '\n'); end >= 0 {
			line = l.buffer[l.at : l.at+end]
			l.at += end + 1
			l.number++
			return bytes.TrimSuffix(line, []byte("\r")), true
		}
		if len(l.buffer)-l.at >= longestLine {
			l.skip()
			continue
		}
		if !l.fill() {
			break
		}
	}
	if l.at == len(l.buffer) {
		return nil, false
	}
	line, l.at, l.ended = l.buffer[l.at:], len(l.buffer), false
	l.number++
	return line, true
}

// skip goes behind the end of a line that is too long.
func (l *lines) skip() {
	l.number++
	l.tally.Add("is longer than 1 MiB", 1, l.place())
	for {
		if end := bytes.IndexByte(l.buffer[l.at:], '\n'); end >= 0 {
			l.at += end + 1
			return
		}
		l.at = len(l.buffer)
		if !l.fill() {
			return
		}
	}
}

// fill reads more, over what was given; it is false at the end of the source.
func (l *lines) fill() bool {
	if l.at > 0 {
		l.passed += int64(l.at)
		l.buffer = l.buffer[:copy(l.buffer, l.buffer[l.at:])]
		l.at = 0
	}
	if len(l.buffer) == cap(l.buffer) {
		l.buffer = append(make([]byte, 0, 2*cap(l.buffer)), l.buffer...)
	}
	for l.err == nil {
		n, err := l.source.Read(l.buffer[len(l.buffer):cap(l.buffer)])
		l.buffer, l.err = l.buffer[:len(l.buffer)+n], err
		if n > 0 {
			return true
		}
	}
	return false
}

func (l *lines) place() string { return fmt.Sprintf("line %d", l.number) }

// where tells how far the text goes.
func (l *lines) where() string {
	return fmt.Sprintf("cut short at byte %d, in line %d", l.passed+int64(len(l.buffer)), l.number)
}
