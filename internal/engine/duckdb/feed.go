package duckdb

import (
	"context"
	"fmt"
	"io"
	"sync"

	duckdb "github.com/duckdb/duckdb-go/v2"

	"sentinel/internal/engine"
	"sentinel/internal/flow"
	"sentinel/internal/input"
)

// feed shows the flows of a reader to DuckDB as a table function without arguments. It can be read once. Several
// threads of DuckDB take batches in turn and turn them into columns side by side.
type feed struct {
	threads int
	after   func() error // called behind each batch, under the lock; may be nil

	lock   sync.Mutex
	reader flow.Reader
	done   bool
	seen   seen
}

// seen is what came through a feed.
type seen struct {
	flows       int64
	first, last int64 // starts, microseconds since the epoch
	tally       input.Tally
}

// cell reads one column of a flow; of the two, the one that fits the column's type is set.
type cell struct {
	integer func(*flow.Flow) int64
	text    func(*flow.Flow) string
}

// cells reads the columns of flow.Columns by name; a test holds the two lists together.
var cells = map[string]cell{
	"start":        {integer: func(f *flow.Flow) int64 { return f.Start }},
	"duration":     {integer: func(f *flow.Flow) int64 { return f.Duration }},
	"src_ip":       {text: func(f *flow.Flow) string { return f.SrcIP.String() }},
	"dst_ip":       {text: func(f *flow.Flow) string { return f.DstIP.String() }},
	"proto":        {text: func(f *flow.Flow) string { return f.Proto.String() }},
	"src_port":     {integer: func(f *flow.Flow) int64 { return int64(f.SrcPort) }},
	"dst_port":     {integer: func(f *flow.Flow) int64 { return int64(f.DstPort) }},
	"up_bytes":     {integer: func(f *flow.Flow) int64 { return f.UpBytes }},
	"down_bytes":   {integer: func(f *flow.Flow) int64 { return f.DownBytes }},
	"up_packets":   {integer: func(f *flow.Flow) int64 { return f.UpPackets }},
	"down_packets": {integer: func(f *flow.Flow) int64 { return f.DownPackets }},
	"up_payload":   {integer: func(f *flow.Flow) int64 { return f.UpPayload }},
	"down_payload": {integer: func(f *flow.Flow) int64 { return f.DownPayload }},
	"state":        {text: func(f *flow.Flow) string { return string(f.State) }},
	"service":      {text: func(f *flow.Flow) string { return f.Service }},
	"name":         {text: func(f *flow.Flow) string { return f.Name }},
	"ja4":          {text: func(f *flow.Flow) string { return f.JA4 }},
	"opener":       {text: func(f *flow.Flow) string { return string(f.Opener) }},
}

// register makes the feed the table function of that name.
func (db *Database) register(name string, source *feed) error {
	err := duckdb.RegisterTableUDF(db.conn, name, duckdb.ParallelChunkTableFunction{
		BindArguments: func(map[string]any, ...any) (duckdb.ParallelChunkTableSource, error) { return source, nil },
	})
	return explain(err)
}

// ColumnInfos implements duckdb.ParallelChunkTableSource.
func (f *feed) ColumnInfos() []duckdb.ColumnInfo { return columnInfos(flow.Columns) }

func columnInfos(columns []flow.Column) (infos []duckdb.ColumnInfo) {
	types := map[flow.Type]duckdb.Type{flow.Integer: duckdb.TYPE_BIGINT, flow.Text: duckdb.TYPE_VARCHAR}
	for _, column := range columns {
		info, err := duckdb.NewTypeInfo(types[column.Type])
		if err != nil {
			panic(err) // plain types need no parameters
		}
		infos = append(infos, duckdb.ColumnInfo{Name: column.Name, T: info})
	}
	return infos
}

// Cardinality implements duckdb.ParallelChunkTableSource.
func (f *feed) Cardinality() *duckdb.CardinalityInfo { return nil }

// Init implements duckdb.ParallelChunkTableSource.
func (f *feed) Init() duckdb.ParallelTableSourceInfo {
	return duckdb.ParallelTableSourceInfo{MaxThreads: f.threads}
}

// NewLocalState implements duckdb.ParallelChunkTableSource: each thread has a batch of its own.
func (f *feed) NewLocalState() any {
	batch := make([]flow.Flow, duckdb.GetDataChunkCapacity())
	return &batch
}

// FillChunk implements duckdb.ParallelChunkTableSource.
func (f *feed) FillChunk(local any, chunk duckdb.DataChunk) error {
	batch := *local.(*[]flow.Flow)
	n, present, err := f.take(batch)
	if err != nil {
		return err
	}
	for i, column := range flow.Columns {
		// A column that the query does not use has no vector; setting its values would fail one by one.
		if _, err := chunk.GetVector(i); err != nil {
			continue
		}
		if err := fillColumn(chunk, i, batch[:n], cells[column.Name], column.Required, column.Required || present[column.Name]); err != nil {
			return err
		}
	}
	return chunk.SetSize(n)
}

// take reads the next flows; none are left where it gives 0.
func (f *feed) take(batch []flow.Flow) (n int, present flow.Set, err error) {
	f.lock.Lock()
	defer f.lock.Unlock()
	for n == 0 && !f.done {
		n, err = f.reader.Read(batch)
		if err == io.EOF {
			f.done = true
		} else if err != nil {
			f.done = true
			return 0, nil, fmt.Errorf("reading flows: %w", err)
		}
		n = f.seen.keep(batch[:n])
		if f.after != nil {
			if err := f.after(); err != nil {
				return 0, nil, err
			}
		}
	}
	return n, f.reader.Columns(), nil
}

// latest is where the times of captures end, the year 2200: beyond it, and before 1970, an exporter's clock was broken.
const latest = 7258118400_000_000

// keep moves what can be analysed to the front of a batch, and counts the rest by reason.
func (s *seen) keep(batch []flow.Flow) (kept int) {
	for i := range batch {
		f := &batch[i]
		if reason := unusable(f); reason != "" {
			s.tally.Add(reason, 1, "")
			continue
		}
		if s.flows == 0 || f.Start < s.first {
			s.first = f.Start
		}
		if s.flows == 0 || f.Start > s.last {
			s.last = f.Start
		}
		s.flows++
		if kept != i {
			batch[kept] = *f
		}
		kept++
	}
	return kept
}

// unusable tells why a flow cannot be analysed; the words are those of mended.sql.
func unusable(f *flow.Flow) string {
	switch {
	case f.Start < 0 || f.Start > latest:
		return "time unreadable or out of range"
	case !f.SrcIP.IsValid():
		return "source is no IP address"
	case !f.DstIP.IsValid():
		return "destination is no IP address"
	case f.UpBytes < 0 || f.DownBytes < 0:
		return "byte count negative"
	case f.UpBytes > engine.MaxBytes || f.DownBytes > engine.MaxBytes:
		return "byte count above 1 PiB"
	}
	return ""
}

// fillColumn writes one column of a batch. What a flow lacks is NULL.
func fillColumn(chunk duckdb.DataChunk, column int, batch []flow.Flow, read cell, required, present bool) (err error) {
	for row := range batch {
		switch {
		case !present:
			err = chunk.SetValue(column, row, nil)
		case read.integer != nil:
			err = duckdb.SetChunkValue(chunk, column, row, read.integer(&batch[row]))
		default:
			text := read.text(&batch[row])
			if text == "" && !required {
				err = chunk.SetValue(column, row, nil)
			} else {
				err = duckdb.SetChunkValue(chunk, column, row, text)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// AddReader makes the flows of a reader part of the analysis, as a table that may spill.
func (db *Database) AddReader(ctx context.Context, reader flow.Reader) error {
	return db.addFeed(ctx, &feed{reader: reader, threads: db.threads()})
}

func (db *Database) addFeed(ctx context.Context, source *feed) error {
	n := fmt.Sprint(db.sources)
	if err := db.register("feed_"+n, source); err != nil {
		return err
	}
	err := db.exec(ctx, fmt.Sprintf("CREATE TEMP TABLE flows_%s AS FROM feed_%[1]s()", n))
	if err == nil {
		err = db.gatherEnds(ctx, n, "flows_"+n)
	}
	if err != nil {
		return err
	}
	db.sources++
	return nil
}
