package duckdb

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"strings"

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

// readerBatch is how many flows change hands at once.
const readerBatch = 2048

// Flows reads the flows, of which the named optional columns are filled.
func (db *Database) Flows(ctx context.Context, columns flow.Set) *Reader {
	ctx, stop := context.WithCancel(ctx)
	r := &Reader{columns: columns, stop: stop, batches: make(chan []flow.Flow, 1), free: make(chan []flow.Flow, 3), done: make(chan struct{})}
	for range cap(r.free) {
		r.free <- make([]flow.Flow, 0, readerBatch)
	}
	go func() {
		defer close(r.done)
		defer close(r.batches)
		r.err = db.conn.Raw(func(conn any) error { return r.stream(ctx, conn) })
	}()
	return r
}

// stream reads rows as the driver gives them, without the conversions of database/sql, which cost as much again.
func (r *Reader) stream(ctx context.Context, conn any) (err error) {
	queryer, ok := conn.(driver.QueryerContext)
	if !ok {
		return errors.New("the driver of DuckDB answers no queries")
	}
	fields := fieldsOf(r.columns)
	rows, err := queryer.QueryContext(ctx, "SELECT "+valuesOf(fields)+" FROM flows", nil)
	if err != nil {
		return explain(err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	reading := &reading{fields: fields, values: make([]driver.Value, len(fields)), addresses: map[string]netip.Addr{}}
	for {
		batch, err := reading.batch(rows, (<-r.free)[:0])
		if len(batch) > 0 {
			select {
			case r.batches <- batch:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return explain(err)
		}
	}
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
	for range r.batches {
		r.free <- nil // whoever fills batches may wait for one
	}
	<-r.done
	return nil
}

// field fills one column of a flow from a value.
type field struct {
	column flow.Column
	set    func(*reading, *flow.Flow, driver.Value)
}

// reading is the state of one stream.
type reading struct {
	fields    []field
	values    []driver.Value
	addresses map[string]netip.Addr // a few recur all the time
}

// mostAddresses bounds what is remembered of them.
const mostAddresses = 1 << 16

func (g *reading) batch(rows driver.Rows, batch []flow.Flow) ([]flow.Flow, error) {
	for len(batch) < readerBatch {
		if err := rows.Next(g.values); err != nil {
			return batch, err
		}
		var f flow.Flow
		for i, field := range g.fields {
			field.set(g, &f, g.values[i])
		}
		batch = append(batch, f)
	}
	return batch, nil
}

func (g *reading) address(value driver.Value) netip.Addr {
	text, _ := value.(string)
	address, known := g.addresses[text]
	if known {
		return address
	}
	address, _ = netip.ParseAddr(text) // the engine holds canonical addresses only
	if len(g.addresses) < mostAddresses {
		g.addresses[strings.Clone(text)] = address
	}
	return address
}

func integer(value driver.Value) int64 { n, _ := value.(int64); return n }

func written(value driver.Value) string { text, _ := value.(string); return text }

// setters fill the columns of a flow, by the name of each.
var setters = map[string]func(*reading, *flow.Flow, driver.Value){
	"start":        func(_ *reading, f *flow.Flow, v driver.Value) { f.Start = integer(v) },
	"duration":     func(_ *reading, f *flow.Flow, v driver.Value) { f.Duration = integer(v) },
	"src_ip":       func(g *reading, f *flow.Flow, v driver.Value) { f.SrcIP = g.address(v) },
	"dst_ip":       func(g *reading, f *flow.Flow, v driver.Value) { f.DstIP = g.address(v) },
	"proto":        func(_ *reading, f *flow.Flow, v driver.Value) { f.Proto = flow.ProtoOf(written(v)) },
	"src_port":     func(_ *reading, f *flow.Flow, v driver.Value) { f.SrcPort = uint16(integer(v)) },
	"dst_port":     func(_ *reading, f *flow.Flow, v driver.Value) { f.DstPort = uint16(integer(v)) },
	"up_bytes":     func(_ *reading, f *flow.Flow, v driver.Value) { f.UpBytes = integer(v) },
	"down_bytes":   func(_ *reading, f *flow.Flow, v driver.Value) { f.DownBytes = integer(v) },
	"up_packets":   func(_ *reading, f *flow.Flow, v driver.Value) { f.UpPackets = integer(v) },
	"down_packets": func(_ *reading, f *flow.Flow, v driver.Value) { f.DownPackets = integer(v) },
	"up_payload":   func(_ *reading, f *flow.Flow, v driver.Value) { f.UpPayload = integer(v) },
	"down_payload": func(_ *reading, f *flow.Flow, v driver.Value) { f.DownPayload = integer(v) },
	"state":        func(_ *reading, f *flow.Flow, v driver.Value) { f.State = flow.State(written(v)) },
	"service":      func(_ *reading, f *flow.Flow, v driver.Value) { f.Service = written(v) },
	"name":         func(_ *reading, f *flow.Flow, v driver.Value) { f.Name = written(v) },
	"ja4":          func(_ *reading, f *flow.Flow, v driver.Value) { f.JA4 = written(v) },
	"opener":       func(_ *reading, f *flow.Flow, v driver.Value) { f.Opener = flow.Opener(written(v)) },
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

func valuesOf(fields []field) string {
	var values []string
	for _, field := range fields {
		values = append(values, fmt.Sprintf("%s::%s", field.column.Name, sqlTypes[field.column.Type]))
	}
	return strings.Join(values, ", ")
}
