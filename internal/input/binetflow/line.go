package binetflow

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// longest is the line that is read. Those with the user data that ra prints, s[640]=..., have a few kilobytes.
const longest = 256 << 10

// lines reads a text line by line.
type lines struct {
	source *bufio.Reader
	number int64 // of the last line, from 1
	whole  bool  // the last line had its end
	broken error // why the text ends before its end
}

func newLines(source io.Reader) *lines { return &lines{source: bufio.NewReaderSize(source, longest)} }

// next gives a line without its end, which holds until the next one; long tells that it was too long and is not there.
func (l *lines) next() (line []byte, long, ok bool) {
	if l.broken != nil {
		return nil, false, false
	}
	line, err := l.source.ReadSlice('\n')
	for errors.Is(err, bufio.ErrBufferFull) {
		long = true
		line, err = l.source.ReadSlice('\n')
	}
	l.number++
	l.whole = err == nil
	if err != nil && !errors.Is(err, io.EOF) {
		l.broken = fmt.Errorf("reading line %d: %w", l.number, err)
		return nil, false, false
	}
	if err != nil && len(line) == 0 {
		l.number--
		return nil, false, false
	}
	if long {
		return nil, true, true
	}
	return bytes.TrimRight(line, "\r\n"), false, true
}
