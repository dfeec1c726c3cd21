package zeek

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"iter"
	"math/bits"

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
	line    []byte
	ends    []int32 // of the fields of the line, as places count them; the first is -1
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
			continue
		}
		if len(line) == 0 || !t.named && t.rows == 0 && t.plainHeader(line) {
			continue
		}
		t.rows++
		if !t.named && t.rows == 1 {
			t.noNames = t.guess(line)
		}
		if t.split(line) {
			return true
		}
		t.refuse(line)
	}
}

// split finds where the fields of a row end; it is false where some are missing. It looks at eight bytes at a time, since
// most fields are shorter than a call is worth.
func (t *tsv) split(line []byte) bool {
	ends, at := append(t.ends[:0], -1), 0
	for ; len(ends) <= t.fields && at+8 <= len(line); at += 8 {
		for found := equal(binary.LittleEndian.Uint64(line[at:]), t.separator); found != 0; found &= found - 1 {
			ends = append(ends, int32(at+bits.TrailingZeros64(found)/8))
		}
	}
	for ; len(ends) <= t.fields && at < len(line); at++ {
		if line[at] == t.separator {
			ends = append(ends, int32(at))
		}
	}
	t.line, t.ends = line, append(ends, int32(len(line)))
	return t.named && len(t.ends) > t.fields
}

// equal marks, with their top bits, those of eight bytes that are b.
func equal(eight uint64, b byte) uint64 {
	const ones, low = 0x0101010101010101, 0x7f7f7f7f7f7f7f7f
	other := eight ^ ones*uint64(b)
	return ^((other&low + low) | other | low)
}

// refuse counts a row that cannot be taken apart. The last one may break off with the file.
func (t *tsv) refuse(line []byte) {
	switch {
	case !t.named:
		t.tally.Add("comes before any header", 1, t.place())
	case !t.ended:
		t.wrong = fmt.Errorf("%s, of which %d of %d fields are there", t.where(), bytes.Count(line, []byte{t.separator})+1, t.fields)
	default:
		t.tally.Add("has fewer fields than its header", 1, t.place())
	}
}

func (t *tsv) kind() (kind, bool) { return t.layout.kind, t.open }
func (t *tsv) count() int64       { return t.rows }
func (t *tsv) close() error       { return t.content.Close() }

func (t *tsv) value(c column) []byte {
	place := t.places[c]
	if place == 0 {
		return nil
	}
	value := t.line[t.ends[place-1]+1 : t.ends[place]]
	if string(value) == t.unset || string(value) == t.empty {
		return nil
	}
	return value
}

func (t *tsv) list(c column) iter.Seq[[]byte] {
	value := t.value(c)
	if value == nil {
		return func(func([]byte) bool) {}
	}
	return bytes.SplitSeq(value, []byte(t.set))
}

func (t *tsv) damage() error {
	if err := t.lines.err; err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("%s: %w", t.where(), err)
	}
	return t.wrong
}
