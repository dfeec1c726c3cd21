package zeek

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"strings"

	"sentinel/internal/flow"
	"sentinel/internal/input"
)

// reader reads the logs beside the main one, then that, then gives the connections that are still open.
type reader struct {
	main      rows
	open      bool         // all its connections had not ended
	beside    []*companion // in turn
	read      int          // how many of them are done
	directory *directory
	pending   *pending
	converter converter
	asker     asker
	lookups   []flow.Lookup
	tally     input.Tally
	epoch     bool  // some flow or lookup has a time after 1990
	dated     int64 // how many have a time
	opened    int64 // flows of connections still open
}

// companion is a log that is read with the main one.
type companion struct {
	file  *input.File
	json  bool
	open  bool // its connections had not ended
	rows  rows
	tally input.Tally
	err   error
}

const tooManyOpen = "is one of more than 500,000 open connections"

// turn is how many rows a Read goes through at most, so that lookups are handed over before they are many.
const turn = 1 << 16

// Read implements input.Reader.
func (r *reader) Read(dst []flow.Flow) (n int, err error) {
	r.lookups = r.lookups[:0]
	if r.read < len(r.beside) {
		r.learn(r.beside[r.read])
		return 0, nil
	}
	for range turn {
		if n == len(dst) {
			return n, nil
		}
		if !r.main.next() {
			return r.rest(dst, n)
		}
		if r.take(r.main, &r.tally, &dst[n], r.open) {
			n++
		}
	}
	return n, nil
}

// learn reads a turn of a log beside the main one.
func (r *reader) learn(c *companion) {
	if c.rows == nil {
		if c.rows, c.err = openRows(c.file, c.json, &c.tally); c.err != nil {
			r.read++
			return
		}
	}
	var f flow.Flow
	for range turn {
		if !c.rows.next() {
			c.err = cmp.Or(c.rows.damage(), c.rows.close())
			r.read++
			return
		}
		if kind, open := c.rows.kind(); kind == connections && !open && !c.open {
			continue
		}
		if r.take(c.rows, &c.tally, &f, c.open) {
			c.tally.Add(tooManyOpen, 1, c.rows.place())
		}
	}
}

// take uses a row; it is true where the row has become a flow, in f. Of a connection that had not ended the row tells, or
// else the log.
func (r *reader) take(row rows, tally *input.Tally, f *flow.Flow, logOpen bool) bool {
	kind, open := row.kind()
	switch kind {
	case connections:
		return r.connection(row, tally, f, open || logOpen)
	case lookups:
		r.lookup(row, tally)
	case hosts:
		r.directory.host(row)
	}
	return false
}

func (r *reader) connection(row rows, tally *input.Tally, f *flow.Flow, open bool) bool {
	if reason := r.converter.convert(row, f); reason != "" {
		tally.Add(reason, 1, row.place())
		return false
	}
	r.date(f.Start)
	key := uint64(0)
	if open || len(r.pending.flows) > 0 || len(r.directory.byUID) > 0 {
		key = keyOf(row)
	}
	if open && r.pending.add(f, key) {
		return false
	}
	if len(r.pending.flows) > 0 {
		r.pending.ended(key)
	}
	r.directory.fill(f, key)
	return true
}

func (r *reader) lookup(row rows, tally *input.Tally) {
	lookup, reason := r.asker.ask(row)
	if reason != "" {
		tally.Add(reason, 1, row.place())
		return
	}
	r.date(lookup.Time)
	r.directory.answers.Add(&lookup, r.asker.found)
	r.lookups = append(r.lookups, lookup)
}

// rest gives the connections that are still open.
func (r *reader) rest(dst []flow.Flow, n int) (int, error) {
	for ; n < len(dst); n++ {
		f, key, ok := r.pending.next()
		if !ok {
			return n, io.EOF
		}
		dst[n] = *f
		r.directory.fill(&dst[n], key)
		r.opened++
	}
	return n, nil
}

// firstEpoch is the year 1990: times before it count from the start of a capture, not from 1970.
const firstEpoch = 631152000_000_000

func (r *reader) date(micros int64) {
	r.dated++
	r.epoch = r.epoch || micros >= firstEpoch
}

// Lookups implements input.Reader.
func (r *reader) Lookups() []flow.Lookup { return r.lookups }

// Columns implements input.Reader.
func (r *reader) Columns() flow.Set {
	set := r.converter.columnSet()
	if r.directory.named {
		set["name"] = true
	}
	if r.directory.printed {
		set["ja4"] = true
	}
	return set
}

// Account implements input.Reader.
func (r *reader) Account() input.Account {
	return input.Account{
		Clock: r.clock(), Records: r.main.count(), Unit: "rows", Skipped: r.tally.Skips(), Notes: r.notes(), Damage: r.main.damage(),
	}
}

func (r *reader) clock() string {
	if r.dated > 0 && !r.epoch {
		return "seconds since the capture began"
	}
	return "seconds since 1970"
}

func (r *reader) notes() (notes []input.Note) {
	note := func(text, hint string) { notes = append(notes, input.Note{Text: text, Hint: hint}) }
	if text := r.readWith(); text != "" {
		note(text, "")
	}
	if r.opened > 0 {
		note(fmt.Sprintf("%d connections had not ended when Zeek wrote them", r.opened), "")
	}
	if t, ok := r.main.(*tsv); ok && t.noNames {
		note("it has lost its header: its fields are taken to be those of Zeek's own conn.log", "")
	}
	if r.directory.overflowed() {
		note("the logs beside it name more than is kept: later names are left out", "rotate more often")
	}
	return notes
}

// readWith tells which logs were read with the main one, and what was wrong with them.
func (r *reader) readWith() string {
	var logs []string
	for _, c := range r.beside[:r.read] {
		name, _ := nameOf(c.file.Path)
		text := name.log + ".log"
		if c.rows != nil {
			text += fmt.Sprintf(" (%d rows)", c.rows.count())
		}
		for _, skip := range c.tally.Skips() {
			text += fmt.Sprintf(", %d left out, since each %s, the first in %s", skip.Rows, skip.Reason, skip.Example)
		}
		if c.err != nil {
			text += ", " + c.err.Error()
		}
		logs = append(logs, text)
	}
	if len(logs) == 0 {
		return ""
	}
	return "read with it: " + strings.Join(logs, "; ")
}

// Close implements input.Reader.
func (r *reader) Close() error {
	err := r.main.close()
	if r.read < len(r.beside) && r.beside[r.read].rows != nil {
		err = errors.Join(err, r.beside[r.read].rows.close())
	}
	return err
}
