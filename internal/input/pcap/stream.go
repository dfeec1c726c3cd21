package pcap

import (
	"errors"
	"fmt"
	"io"
)

// stream reads a capture through a buffer, record by record.
type stream struct {
	walker
	source  io.Reader
	buffer  []byte // from its start, what has been read and not used
	used    int    // of buffer
	offset  int64  // in the capture, of buffer[used]
	records int64  // packets so far, with those that could not be used
	err     error  // of source, once it ended
}

// streamBuffer is how much is read at once: large against a call, small against the caches.
const streamBuffer = 256 << 10

func newStream(source io.Reader) *stream {
	return &stream{source: source, buffer: make([]byte, 0, streamBuffer)}
}

// next reads a record. Its error is io.EOF at the end, else tells where the capture breaks off.
func (s *stream) next() (step, error) {
	if s.setting == nil {
		if err := s.start(); err != nil {
			return broken, err
		}
	}
	for {
		size, what := s.walker.next(s.buffer[s.used:])
		switch what {
		case cut:
			if err := s.more(size); err != nil {
				return cut, s.ends(err)
			}
			continue
		case broken:
			return broken, damage(s.offset, s.records+1, s.reason)
		case aPacket, badPacket:
			s.records++
		}
		s.used += size
		s.offset += int64(size)
		return what, nil
	}
}

func (s *stream) start() error {
	err := s.more(fileHeader)
	setting, size, reason := begin(s.buffer)
	if reason != "" {
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		return errors.New(reason)
	}
	s.setting, s.used, s.offset = setting, size, int64(size)
	return nil
}

// more makes at least size bytes available, if there are as many. Its error is io.EOF or that of the source.
func (s *stream) more(size int) error {
	if s.used > 0 {
		s.buffer = s.buffer[:copy(s.buffer, s.buffer[s.used:])]
		s.used = 0
	}
	for len(s.buffer) < size {
		if s.err != nil {
			return s.err
		}
		if len(s.buffer) == cap(s.buffer) {
			// Doubled and not grown to size, so that memory follows what is there and not what a length claims.
			s.buffer = append(make([]byte, 0, 2*cap(s.buffer)), s.buffer...)
		}
		var n int
		n, s.err = s.source.Read(s.buffer[len(s.buffer):cap(s.buffer)])
		s.buffer = s.buffer[:len(s.buffer)+n]
	}
	return nil
}

// ends tells how a capture ends whose last record is cut: soundly where nothing of it is there.
func (s *stream) ends(err error) error {
	switch {
	case !errors.Is(err, io.EOF):
		return fmt.Errorf("breaks off at byte %d, in packet %d: %w", s.offset, s.records+1, err)
	case len(s.buffer) == 0:
		return io.EOF
	}
	return shortAt(s.offset, int64(len(s.buffer)), s.records+1)
}

// damage says where a capture stops to make sense.
func damage(offset, record int64, reason string) error {
	return fmt.Errorf("cannot be read on at byte %d, packet %d: %s", offset, record, reason)
}

// shortAt says where a capture ends before its last record does.
func shortAt(offset, there, record int64) error {
	return fmt.Errorf("cut short at byte %d, in packet %d", offset+there, record)
}
