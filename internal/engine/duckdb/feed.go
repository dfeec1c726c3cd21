package duckdb

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	duckdb "github.com/duckdb/duckdb-go/v2"

	"sentinel/internal/engine"
	"sentinel/internal/flow"
	"sentinel/internal/input"
)

// feed shows the flows of a reader to DuckDB as a table function without arguments. It can be read once. The reader is
// read by a goroutine of its own: DuckDB calls from threads of its own, from which Go's coroutines, for one, cannot be
// resumed. Several of those threads take batches in turn and turn them into columns side by side.
type feed struct {
	reader  flow.Reader
	columns flow.Set // optional ones that the reader may fill; which it does, it may know only while it reads
	threads int
	after   func() error // called behind each batch; may be nil
	some    bool         // no flow at all is an error, so that no empty file takes the place of another

	full chan batch // batches that were read, to DuckDB
	free chan batch // and back
	seen seen       // complete once full is closed
	err  error      // that ended the reading; complete once full is closed
}

// batch is some flows of a reader, and the columns that they have.
type batch struct {
	flows   []flow.Flow
	present flow.Set
}

// seen is what came through a feed.
type seen struct {
	flows       int64
	first, last int64 // starts, microseconds since the epoch
	tally       input.Tally
}

// texts is what a thread remembers of what it writes.
type texts struct {
	flow.Texts
	packed []byte // of a column
}

var errNoFlows = errors.New("there are no flows")

// ahead is how many batches are read ahead for each thread.
const ahead = 2

// read reads until the end or until ctx is done, and closes full.
func (f *feed) read(ctx context.Context) {
	defer close(f.full)
	for {
		next := <-f.free
		next.flows = next.flows[:cap(next.flows)]
		n, err := f.reader.Read(next.flows)
		if f.after != nil {
			err = errors.Join(f.after(), err)
		}
		if n = f.seen.keep(next.flows[:n]); n > 0 {
			next.flows, next.present = next.flows[:n], f.reader.Columns()
			select {
			case f.full <- next:
			case <-ctx.Done():
				return
			}
		} else {
			f.free <- next
		}
		if errors.Is(err, io.EOF) {
			if f.some && f.seen.flows == 0 {
				f.err = errNoFlows
			}
			return
		}
		if err != nil {
			f.err = fmt.Errorf("reading flows: %w", err)
			return
		}
	}
}

// during reads while use asks DuckDB for the flows.
func (f *feed) during(ctx context.Context, use func() error) error {
	count := ahead*f.threads + 1
	f.full, f.free = make(chan batch, count), make(chan batch, count)
	for range count {
		f.free <- batch{flows: make([]flow.Flow, duckdb.GetDataChunkCapacity())}
	}
	ctx, stop := context.WithCancel(ctx)
	go f.read(ctx)
	err := use()
	stop()
	for rest := range f.full { // the reader is idle once this ends
		f.free <- rest
	}
	if f.err != nil {
		return f.err // rather than what DuckDB makes of it
	}
	return err
}

// register makes the feed the table function of that name.
func (db *Database) register(name string, source *feed) error {
	err := duckdb.RegisterTableUDF(db.conn, name, duckdb.ParallelChunkTableFunction{
		BindArguments: func(map[string]any, ...any) (duckdb.ParallelChunkTableSource, error) { return source, nil },
	})
	return explain(err)
}

// selection reads the flows of the table function of that name, as a table has them.
func (f *feed) selection(function string) string {
	var list []string
	for _, column := range flow.Columns {
		value := column.Name
		if !column.Required && !f.columns[column.Name] {
			value = "NULL::" + sqlTypes[column.Type]
		}
		list = append(list, value+" AS "+column.Name)
	}
	return fmt.Sprintf("(SELECT %s FROM %s())", strings.Join(list, ", "), function)
}

// sqlTypes are the names of types in SQL.
var sqlTypes = map[flow.Type]string{flow.Integer: "BIGINT", flow.Text: "VARCHAR"}

// ColumnInfos implements duckdb.ParallelChunkTableSource.
func (f *feed) ColumnInfos() (infos []duckdb.ColumnInfo) {
	types := map[flow.Type]duckdb.Type{flow.Integer: duckdb.TYPE_BIGINT, flow.Text: duckdb.TYPE_VARCHAR}
	for _, column := range flow.Columns {
		info, err := duckdb.NewTypeInfo(types[column.Type])
		if err != nil {
			panic(err) // plain types are no fault
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

// NewLocalState implements duckdb.ParallelChunkTableSource.
func (f *feed) NewLocalState() any { return &texts{} }

// FillChunk implements duckdb.ParallelChunkTableSource.
func (f *feed) FillChunk(local any, chunk duckdb.DataChunk) error {
	next, ok := <-f.full
	if !ok {
		return errors.Join(f.err, chunk.SetSize(0))
	}
	defer func() { f.free <- next }()
	for i, column := range flow.Columns {
		vector, err := chunk.GetVector(i)
		if err != nil {
			continue // the query does not use that column
		}
		into := columnOf(vector)
		if column.Required || next.present[column.Name] {
			into.fill(next.flows, flow.Cells[column.Name], local.(*texts))
		} else {
			into.empty(len(next.flows))
		}
	}
	return chunk.SetSize(len(next.flows))
}

// keep moves what can be analysed to the front of a batch, and counts the rest by reason.
func (s *seen) keep(batch []flow.Flow) (kept int) {
	for i := range batch {
		f := &batch[i]
		if reason := engine.Unusable(f); reason != "" {
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

// AddReader makes the flows of a reader part of the analysis, as a table that may spill, and its questions to the DNS,
// if it is a flow.LookupReader.
func (db *Database) AddReader(ctx context.Context, reader flow.Reader) error {
	_, _, err := db.addReader(ctx, reader, reader.Columns())
	return err
}

// addReader also tells what came through, and how many questions to the DNS.
func (db *Database) addReader(ctx context.Context, reader flow.Reader, columns flow.Set) (*seen, int64, error) {
	source := &feed{reader: reader, columns: columns, threads: db.threads()}
	finder, ok := reader.(flow.LookupReader)
	if !ok {
		return &source.seen, 0, db.addFeed(ctx, source)
	}
	book, err := db.openLookups(ctx)
	if err != nil {
		return nil, 0, err
	}
	source.after = func() error { return book.add(finder.Lookups()) }
	err = errors.Join(db.addFeed(ctx, source), book.close())
	return &source.seen, book.rows, err
}

func (db *Database) addFeed(ctx context.Context, source *feed) error {
	n := fmt.Sprint(len(db.rows))
	if err := db.register("feed_"+n, source); err != nil {
		return err
	}
	err := source.during(ctx, func() error {
		return db.exec(ctx, fmt.Sprintf("CREATE TEMP TABLE flows_%s AS FROM %s; CREATE TEMP VIEW placed_%[1]s AS SELECT rowid AS place, * FROM flows_%[1]s",
			n, source.selection("feed_"+n)))
	})
	if err != nil {
		return err
	}
	db.ungathered = append(db.ungathered, n)
	db.rows = append(db.rows, source.seen.flows)
	return nil
}
