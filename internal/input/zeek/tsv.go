package zeek

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"

	"sentinel/internal/input"
)

// rows are those of one log, in whatever writing. What it gives holds until the next row.
type rows interface {
	// next goes to the next row that can be read; it is false at the end.
	next() bool
	// kind tells what the row is, and whether it is of a connection that had not ended.
	kind() (of kind, open bool)
	// value is nil where the row has none.
	value(column) []byte
	// list goes through the elements of a value that is a set or vector.
	list(column) iter.Seq[[]byte]
	place() string
	// count is how many rows there were, and damage where they break off.
	count() int64
	damage() error
	close() error
}

// tsv reads the writing with a header and separators, which Zeek calls ASCII.
type tsv struct {
	layout
	*lines
	content io.Closer
	values  [columns][]byte
	rows    int64
	wrong   error
	noNames bool // the log has lost its header
}

func newTSV(content io.ReadCloser, tally *input.Tally) *tsv {
	return &tsv{layout: newLayout(), lines: newLines(content, tally), content: content}
}

func (t *tsv) next() bool {
	for {
		line, ok := t.lines.next()
		if !ok {
			return false
		}
		if header, ok := comment(line); ok {
			t.header(header)
			t.values = [columns][]byte{}
			continue
		}
		if len(line) == 0 || t.fields == nil && t.rows == 0 && t.plainHeader(line) {
			continue
		}
		t.rows++
		if t.fields == nil && t.rows == 1 {
			t.noNames = t.guess(line)
		}
		if t.split(line) {
			return true
		}
		t.refuse(line)
	}
}

// split takes a row apart; it is false where fields are missing.
func (t *tsv) split(line []byte) bool {
	for i, c := range t.fields {
		end := bytes.IndexByte(line, t.separator)
		value := line
		if end >= 0 {
			value, line = line[:end], line[end+1:]
		} else if i+1 < len(t.fields) {
			return false
		}
		if c < 0 {
			continue
		}
		if len(value) <= len(t.unset) && string(value) == t.unset || len(value) == len(t.empty) && string(value) == t.empty {
			value = nil
		}
		t.values[c] = value
	}
	return t.fields != nil
}

// refuse counts a row that cannot be taken apart. The last one may break off with the file.
func (t *tsv) refuse(line []byte) {
	switch {
	case t.fields == nil:
		t.tally.Add("comes before any header", 1, t.place())
	case !t.ended:
		t.wrong = fmt.Errorf("%s, of which %d of %d fields are there", t.where(), bytes.Count(line, []byte{t.separator})+1, len(t.fields))
	default:
		t.tally.Add("has fewer fields than its header", 1, t.place())
	}
}

func (t *tsv) kind() (kind, bool)    { return t.layout.kind, t.open }
func (t *tsv) value(c column) []byte { return t.values[c] }
func (t *tsv) count() int64          { return t.rows }
func (t *tsv) close() error          { return t.content.Close() }

func (t *tsv) list(c column) iter.Seq[[]byte] {
	if t.values[c] == nil {
		return func(func([]byte) bool) {}
	}
	return bytes.SplitSeq(t.values[c], []byte(t.set))
}

func (t *tsv) damage() error {
	if err := t.lines.err; err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("%s: %w", t.where(), err)
	}
	return t.wrong
}
