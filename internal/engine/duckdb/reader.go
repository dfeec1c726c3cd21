package duckdb

import (
	"context"
	"fmt"
	"io"
	"net/netip"
	"strings"

	duckdb "github.com/duckdb/duckdb-go/v2"

	"sentinel/internal/flow"
)

// Reader yields the flows of a database, for those who keep them elsewhere: input by input and row by row as they lie
// there, where Options.KeepOrder says so. Until it is closed, the database answers nothing else.
type Reader struct {
	columns flow.Set
	stop    context.CancelFunc
	batches chan []flow.Flow
	free    chan []flow.Flow
	rest    []flow.Flow // of the batch that is being handed out
	batch   []flow.Flow
	done    chan struct{}
	err     error // complete once batches is closed
}

var _ flow.Reader = (*Reader)(nil)

// readerRows is how many rows are asked for at once: DuckDB has a whole answer in memory.
const readerRows = 1 << 19

// readerAhead is how many batches are under way.
const readerAhead = 3

// Flows reads the flows, of which the named optional columns are filled.
func (db *Database) Flows(ctx context.Context, columns flow.Set) *Reader {
	return db.flows(ctx, columns, readerRows)
}

// flows asks for so many rows at once.
func (db *Database) flows(ctx context.Context, columns flow.Set, page int64) *Reader {
	ctx, stop := context.WithCancel(ctx)
	r := &Reader{columns: columns, stop: stop, batches: make(chan []flow.Flow, readerAhead), free: make(chan []flow.Flow, readerAhead), done: make(chan struct{})}
	for range cap(r.free) {
		r.free <- make([]flow.Flow, duckdb.GetDataChunkCapacity())
	}
	go func() {
		defer close(r.done)
		defer close(r.batches)
		r.err = r.stream(ctx, db, page)
	}()
	return r
}

// stream hands out the rows of each source, page by page.
func (r *Reader) stream(ctx context.Context, db *Database, page int64) error {
	fields := fieldsOf(r.columns)
	reading := &reading{addresses: map[string]netip.Addr{}, texts: map[string]string{}}
	for source, rows := range db.rows {
		for from := int64(0); from < rows; from += page {
			question := fmt.Sprintf("SELECT %s FROM placed_%d WHERE place >= %d AND place < %d", valuesOf(fields), source, from, from+page)
			err := db.blocks(ctx, question, nil, func(b *block) (more bool, err error) {
				select {
				case batch := <-r.free:
					batch = batch[:b.rows]
					reading.fill(batch, b, fields)
					r.batches <- batch // has room for all that there are
					return true, nil
				case <-ctx.Done():
					return false, ctx.Err()
				}
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// Columns implements flow.Reader.
func (r *Reader) Columns() flow.Set { return r.columns }

// Read implements flow.Reader.
func (r *Reader) Read(dst []flow.Flow) (int, error) {
	if len(r.rest) == 0 {
		if r.batch != nil {
			r.free <- r.batch
			r.batch = nil
		}
		batch, ok := <-r.batches
		if !ok && r.err != nil {
			return 0, r.err
		}
		if !ok {
			return 0, io.EOF
		}
		r.batch, r.rest = batch, batch
	}
	n := copy(dst, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// Close ends the reading.
func (r *Reader) Close() error {
	r.stop()
	<-r.done
	return nil
}

// field fills one column of flows.
type field struct {
	column flow.Column
	set    setter
}

// reading is what one stream remembers of texts, of which a few recur all the time.
type reading struct {
	addresses map[string]netip.Addr
	texts     map[string]string
}

// mostTexts bounds what is remembered of each kind.
const mostTexts = 1 << 16

// fill turns a block into as many flows.
func (g *reading) fill(flows []flow.Flow, b *block, fields []field) {
	clear(flows)
	for column, field := range fields {
		field.set(g, b, column, flows)
	}
}

func (g *reading) address(text string) netip.Addr {
	address, known := g.addresses[text]
	if known {
		return address
	}
	address, _ = netip.ParseAddr(text) // the engine holds canonical addresses only
	if len(g.addresses) < mostTexts {
		g.addresses[strings.Clone(text)] = address
	}
	return address
}

func (g *reading) text(borrowed string) string {
	text, known := g.texts[borrowed]
	if known {
		return text
	}
	text = strings.Clone(borrowed)
	if len(g.texts) < mostTexts {
		g.texts[text] = text
	}
	return text
}

// setter fills a column of as many flows as a block has rows.
type setter func(g *reading, b *block, column int, flows []flow.Flow)

func integers(set func(*flow.Flow, int64)) setter {
	return func(_ *reading, b *block, column int, flows []flow.Flow) {
		for row := range flows {
			set(&flows[row], b.integer(column, row))
		}
	}
}

func addresses(set func(*flow.Flow, netip.Addr)) setter {
	return func(g *reading, b *block, column int, flows []flow.Flow) {
		for row := range flows {
			set(&flows[row], g.address(b.borrow(column, row)))
		}
	}
}

// written sets texts that are valid as long as the flow.
func written(set func(*flow.Flow, string)) setter {
	return func(g *reading, b *block, column int, flows []flow.Flow) {
		for row := range flows {
			set(&flows[row], g.text(b.borrow(column, row)))
		}
	}
}

// setters fill the columns of flows, by the name of each.
var setters = map[string]setter{
	"start":        integers(func(f *flow.Flow, n int64) { f.Start = n }),
	"duration":     integers(func(f *flow.Flow, n int64) { f.Duration = n }),
	"src_ip":       addresses(func(f *flow.Flow, a netip.Addr) { f.SrcIP = a }),
	"dst_ip":       addresses(func(f *flow.Flow, a netip.Addr) { f.DstIP = a }),
	"proto":        written(func(f *flow.Flow, s string) { f.Proto = flow.ProtoOf(s) }),
	"src_port":     integers(func(f *flow.Flow, n int64) { f.SrcPort = uint16(n) }),
	"dst_port":     integers(func(f *flow.Flow, n int64) { f.DstPort = uint16(n) }),
	"up_bytes":     integers(func(f *flow.Flow, n int64) { f.UpBytes = n }),
	"down_bytes":   integers(func(f *flow.Flow, n int64) { f.DownBytes = n }),
	"up_packets":   integers(func(f *flow.Flow, n int64) { f.UpPackets = n }),
	"down_packets": integers(func(f *flow.Flow, n int64) { f.DownPackets = n }),
	"up_payload":   integers(func(f *flow.Flow, n int64) { f.UpPayload = n }),
	"down_payload": integers(func(f *flow.Flow, n int64) { f.DownPayload = n }),
	"state":        written(func(f *flow.Flow, s string) { f.State = flow.State(s) }),
	"service":      written(func(f *flow.Flow, s string) { f.Service = s }),
	"name":         written(func(f *flow.Flow, s string) { f.Name = s }),
	"ja4":          written(func(f *flow.Flow, s string) { f.JA4 = s }),
	"opener":       written(func(f *flow.Flow, s string) { f.Opener = flow.Opener(s) }),
}

// fieldsOf are the columns that are filled, the required ones among them.
func fieldsOf(present flow.Set) (fields []field) {
	for _, column := range flow.Columns {
		if column.Required || present[column.Name] {
			fields = append(fields, field{column, setters[column.Name]})
		}
	}
	return fields
}

// missing is what a flow has that lacks a column, by the column's type in a block.
var missing = map[flow.Type]string{flow.Integer: "0", flow.Text: "''"}

func valuesOf(fields []field) string {
	var values []string
	for _, field := range fields {
		values = append(values, fmt.Sprintf("coalesce(%s, %s)::%s", field.column.Name, missing[field.column.Type], sqlTypes[field.column.Type]))
	}
	return strings.Join(values, ", ")
}
