package duckdb

import (
	"context"
	"fmt"
	"io"
	"strconv"

	duckdb "github.com/duckdb/duckdb-go/v2"

	"sentinel/internal/flow"
)

// feed shows the flows of a reader to DuckDB as a table function without arguments. It can be read once.
type feed struct {
	reader flow.Reader
	batch  []flow.Flow
	done   bool
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

// register makes the flows of reader the table function of that name.
func (db *Database) register(name string, reader flow.Reader) error {
	source := &feed{reader: reader, batch: make([]flow.Flow, duckdb.GetDataChunkCapacity())}
	err := duckdb.RegisterTableUDF(db.conn, name, duckdb.ChunkTableFunction{
		BindArguments: func(map[string]any, ...any) (duckdb.ChunkTableSource, error) { return source, nil },
	})
	return explain(err)
}

// ColumnInfos implements duckdb.ChunkTableSource.
func (f *feed) ColumnInfos() []duckdb.ColumnInfo {
	types := map[flow.Type]duckdb.Type{flow.Integer: duckdb.TYPE_BIGINT, flow.Text: duckdb.TYPE_VARCHAR}
	var infos []duckdb.ColumnInfo
	for _, column := range flow.Columns {
		info, err := duckdb.NewTypeInfo(types[column.Type])
		if err != nil {
			panic(err) // plain types need no parameters
		}
		infos = append(infos, duckdb.ColumnInfo{Name: column.Name, T: info})
	}
	return infos
}

// Cardinality implements duckdb.ChunkTableSource.
func (f *feed) Cardinality() *duckdb.CardinalityInfo { return nil }

// Init implements duckdb.ChunkTableSource.
func (f *feed) Init() {}

// FillChunk implements duckdb.ChunkTableSource.
func (f *feed) FillChunk(chunk duckdb.DataChunk) error {
	if f.done {
		return chunk.SetSize(0)
	}
	n, err := f.reader.Read(f.batch)
	if err == io.EOF {
		f.done = true
	} else if err != nil {
		return fmt.Errorf("reading flows: %w", err)
	}
	present := f.reader.Columns()
	for i, column := range flow.Columns {
		// A column that the query does not use has no vector; setting its values would fail one by one.
		if _, err := chunk.GetVector(i); err != nil {
			continue
		}
		if err := f.fill(chunk, i, n, cells[column.Name], column.Required || present[column.Name]); err != nil {
			return err
		}
	}
	return chunk.SetSize(n)
}

func (f *feed) fill(chunk duckdb.DataChunk, column, rows int, read cell, present bool) error {
	for row := range rows {
		var err error
		switch {
		case !present:
			err = chunk.SetValue(column, row, nil)
		case read.integer != nil:
			err = duckdb.SetChunkValue(chunk, column, row, read.integer(&f.batch[row]))
		default:
			err = duckdb.SetChunkValue(chunk, column, row, read.text(&f.batch[row]))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// AddReader makes the flows of a reader part of the analysis, as a table that may spill.
func (db *Database) AddReader(ctx context.Context, reader flow.Reader) error {
	n := db.sources
	name := fmt.Sprintf("feed_%d", n)
	if err := db.register(name, reader); err != nil {
		return err
	}
	err := db.exec(ctx, fmt.Sprintf("CREATE TEMP TABLE flows_%d AS FROM %s()", n, name))
	if err == nil {
		err = db.gatherEnds(ctx, strconv.Itoa(n), fmt.Sprintf("flows_%d", n))
	}
	if err != nil {
		return err
	}
	db.sources++
	return nil
}
