package binetflow

import (
	"errors"
	"fmt"
	"io"

	"sentinel/internal/flow"
	"sentinel/internal/input"
)

type reader struct {
	content io.Closer
	lines   *lines
	layout  *layout
	parser  parser
	tally   input.Tally
	records int64
	damage  error
}

func newReader(content io.ReadCloser) *reader {
	return &reader{content: content, lines: newLines(content)}
}

// start reads the line of titles.
func (r *reader) start() error {
	line, _, _ := r.lines.next()
	var why string
	if r.layout, why = readTitles(line); why != "" {
		return errors.Join(errors.New(why), r.lines.broken)
	}
	r.parser.layout = r.layout
	return nil
}

func (r *reader) Columns() flow.Set { return flow.NewSet(r.layout.filled()...) }

func (r *reader) Read(dst []flow.Flow) (n int, err error) {
	for n < len(dst) {
		line, long, ok := r.lines.next()
		if !ok {
			if r.lines.broken != nil {
				r.damage = r.lines.broken
			}
			return n, io.EOF
		}
		if len(line) == 0 && !long || string(line) == string(r.layout.titles) {
			continue
		}
		r.records++
		reason := tooLong
		if !long {
			reason = r.parser.parse(line, &dst[n])
		}
		switch {
		case reason == "":
			n++
		case reason == tooFew && !r.lines.whole:
			r.damage = fmt.Errorf("cut short in line %d", r.lines.number)
		default:
			r.tally.Add(reason, 1, fmt.Sprintf("line %d", r.lines.number))
		}
	}
	return n, nil
}

func (r *reader) Lookups() []flow.Lookup { return nil }

func (r *reader) Account() input.Account {
	return input.Account{
		Clock: r.parser.clock(), Records: r.records, Unit: "lines", Skipped: r.tally.Skips(), Notes: r.notes(), Damage: r.damage,
	}
}

// notes tell what the file lacks though ra could have written it.
func (r *reader) notes() []input.Note {
	if !r.layout.has[totPkts] || r.layout.hasPackets() {
		return nil
	}
	return []input.Note{{Text: "the file counts the packets of both directions together", Hint: "ra -s +spkts tells them apart"}}
}

func (r *reader) Close() error { return r.content.Close() }
