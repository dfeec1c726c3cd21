package zeek

import (
	"bytes"
	"io"
	"iter"

	"sentinel/internal/input"
	"sentinel/internal/input/jsonline"
)

// json reads the writing with an object a row.
type json struct {
	*jsonline.Scanner
	content io.Closer
	of      kind // of the row
}

// places are the members that fill each column, as the scanner counts them: from places[c] to places[c+1].
var places, members = func() (places [columns + 1]int, members []string) {
	for c, aliases := range names {
		places[c] = len(members)
		members = append(members, aliases...)
	}
	places[columns] = len(members)
	return places, members
}()

func newJSON(content io.ReadCloser, tally *input.Tally) *json {
	return &json{Scanner: jsonline.NewScanner(content, tally, members...), content: content}
}

func (j *json) next() bool {
	if !j.Scan() {
		return false
	}
	j.of = kindOf(j.present)
	return true
}

func (j *json) find(c column) jsonline.Value {
	for i := places[c]; i < places[c+1]; i++ {
		if value := j.Scanner.Value(i); value.Present() {
			return value
		}
	}
	return jsonline.Value{}
}

func (j *json) present(c column) bool { return j.find(c).Present() }

func (j *json) kind() (kind, bool) { return j.of, isOpen(j.value(path)) }

func (j *json) value(c column) []byte {
	value := j.find(c)
	if !value.Present() {
		return nil
	}
	return value.Bytes()
}

func (j *json) list(c column) iter.Seq[[]byte] {
	value := j.find(c)
	if value.Kind() == jsonline.String { // where shippers have joined the answers
		return bytes.SplitSeq(value.Bytes(), []byte(","))
	}
	return func(yield func([]byte) bool) {
		for element := range value.Elements() {
			if !yield(element.Bytes()) {
				return
			}
		}
	}
}

func (j *json) place() string { return j.Place() }
func (j *json) count() int64  { return j.Objects() }
func (j *json) damage() error { return j.Err() }
func (j *json) close() error  { return j.content.Close() }
