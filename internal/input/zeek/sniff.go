package zeek

import (
	"bytes"
	"fmt"
	"io"

	"sentinel/internal/input"
)

// sight is what the beginning of a log shows.
type sight struct {
	json bool
	kind kind
	open bool   // of connections that had not ended
	path string // what Zeek calls the log, if it says
}

// sniff looks at the beginning of a log; why is empty where it is one of Zeek's.
func sniff(head []byte) (s sight, why string) {
	head = bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))
	if start := bytes.TrimLeft(head, " \t\r\n"); len(start) > 0 && (start[0] == '{' || start[0] == '[') {
		return sniffJSON(head)
	}
	return sniffTSV(head)
}

// sniffTSV reads the header, or takes the first line for a row of a conn.log that lost it.
func sniffTSV(head []byte) (s sight, why string) {
	l := newLayout()
	for line := range bytes.Lines(head) {
		line = bytes.TrimRight(line, "\r\n")
		if header, ok := comment(line); ok {
			l.header(header)
			continue
		}
		if !l.named && !l.plainHeader(line) {
			l.guess(line)
		}
		break
	}
	if !l.named {
		return sight{}, "has no line #fields and no objects with ts and uid"
	}
	return sight{kind: l.kind, open: l.open, path: l.path}, ""
}

// mostSniffed is how many objects are looked at: where all logs are one, those that tell of flows may come late.
const mostSniffed = 200

// sniffJSON looks at objects until one is of a connection.
func sniffJSON(head []byte) (s sight, why string) {
	log := newJSON(io.NopCloser(bytes.NewReader(head)), &input.Tally{})
	found := false
	s.json = true
	for range mostSniffed {
		if !log.next() {
			break
		}
		if _, ok := when(log.value(ts)); !ok || !log.present(uid) && !log.present(path) {
			continue
		}
		kind, open := log.kind()
		if !found || rank(kind) > rank(s.kind) {
			s.kind, s.open, s.path = kind, open, string(log.value(path))
		}
		found = true
	}
	if !found {
		return sight{}, "has no line #fields and no objects with ts and uid"
	}
	return s, ""
}

// rank orders kinds by what they tell of flows.
func rank(of kind) int {
	switch of {
	case connections:
		return 3
	case lookups:
		return 2
	case hosts:
		return 1
	}
	return 0
}

// Error says that a log of Zeek holds no flows.
type Error struct{ log string }

func (e *Error) Error() string { return fmt.Sprintf("it is %s of Zeek, which holds no flows", e.log) }

// Hint tells which does.
func (e *Error) Hint() string { return "give conn.log; logs beside it are read with it" }

// holdsNone is the error of a log that holds neither flows nor lookups.
func (s sight) holdsNone() error {
	if s.path == "" {
		return &Error{"a log"}
	}
	return &Error{s.path + ".log"}
}
