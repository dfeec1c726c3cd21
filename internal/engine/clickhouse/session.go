package clickhouse

import (
	"context"
	"embed"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	clickhouse "github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/ClickHouse/clickhouse-go/v2/lib/proto"

	"sentinel/internal/engine"
	"sentinel/internal/flow"
)

//go:embed sql/*.sql
var statements embed.FS

// statement is a file of sql/, with the places filled that pairs name.
func statement(name string, pairs ...string) string {
	text, err := statements.ReadFile("sql/" + name + ".sql")
	if err != nil {
		panic(err) // the file is part of the program
	}
	return strings.NewReplacer(append(pairs, constants...)...).Replace(string(text))
}

// constants fill the places that are the same in all statements.
var constants = []string{
	"{columns}", strings.Join(names(flow.Columns), ", "),
	"{bulky_types}", "'" + strings.Join(engine.BulkyTypes, "', '") + "'",
	"{short_span}", fmt.Sprint(engine.ShortSpan),
	"{burst_factor}", fmt.Sprint(engine.BurstFactor),
}

func names(columns []flow.Column) (list []string) {
	for _, column := range columns {
		list = append(list, column.Name)
	}
	return list
}

// values are what a statement asks for by @name.
type values map[string]any

// arguments are the values and the window.
func (db *Database) arguments(of values) (list []any) {
	all := values{"from": db.window.From, "to": db.window.end()}
	maps.Copy(all, of)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		list = append(list, clickhouse.Named(name, all[name]))
	}
	return list
}

// ready makes sure that the session has the table of batches that count. A server forgets it when the connection is
// lost, or closed because a question was cancelled.
func (db *Database) ready(ctx context.Context) error {
	if db.alive {
		var there uint8
		err := db.conn.QueryRow(ctx, "EXISTS TEMPORARY TABLE seen").Scan(&there)
		if err == nil {
			db.settle()
		}
		if err == nil && there == 1 {
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	db.alive, db.channel = false, false
	if db.scratch() == memory {
		if err := db.conn.Exec(ctx, scratchBlocks); err != nil {
			return err
		}
	}
	if err := db.conn.Exec(ctx, "CREATE TEMPORARY TABLE seen (batch UInt64)"); err != nil {
		return err
	}
	if err := db.fillSeen(ctx); err != nil {
		return err
	}
	db.alive = true
	return nil
}

// fillSeen enters the batches that count; 0 is what arrives by other ways than loading.
func (db *Database) fillSeen(ctx context.Context) error {
	batch, err := db.conn.PrepareBatch(ctx, "INSERT INTO seen (batch)")
	if err != nil {
		return err
	}
	if err := batch.Column(0).Append(append([]uint64{0}, db.seen...)); err != nil {
		return err
	}
	return batch.Send()
}

// make makes a temporary table anew from the statement of that name.
func (db *Database) make(ctx context.Context, table string, of values) error {
	if err := db.conn.Exec(ctx, "DROP TEMPORARY TABLE IF EXISTS "+table); err != nil {
		return err
	}
	return db.conn.Exec(ctx, statement(table+"_prepare", "{scratch}", db.scratch()), db.arguments(of)...)
}

// diskScratch is a version from which on temporary tables may have any engine.
var diskScratch = proto.Version{Major: 24, Minor: 1}

// memory is the engine of tables that a server holds in its memory.
const memory = "Memory"

// scratchBlocks keeps tables in memory of blocks with so many rows. A table of one block is answered as one block, however
// many rows it has, and both sides hold all of it. Servers of 18.16 look for these in the session only.
const scratchBlocks = "SET min_insert_block_size_rows = 65536, min_insert_block_size_bytes = 0"

// scratch is the engine of the tables of channels: on disk where the server can, else in its memory.
func (db *Database) scratch() string {
	if proto.CheckMinVersion(diskScratch, db.server) {
		return "MergeTree ORDER BY (src_ip, dst_ip, proto, dst_port)"
	}
	return memory
}

// after yields rows once the session is ready and first has succeeded, else the error.
func after[Row any](ctx context.Context, db *Database, first func() error, rows iter.Seq2[Row, error]) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		err := db.ready(ctx)
		if err == nil {
			err = first()
		}
		if err != nil {
			var none Row
			yield(none, db.fault(ctx, err))
			return
		}
		rows(yield)
	}
}

// stream runs one of the rollups' statements and yields its rows; fields says where the columns of a row go.
func stream[Row any](ctx context.Context, db *Database, name string, fields func(*Row) []any, of values) iter.Seq2[Row, error] {
	return after(ctx, db, func() error { return nil }, ask(ctx, db, name, fields, of))
}

func ask[Row any](ctx context.Context, db *Database, name string, fields func(*Row) []any, of values) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		var row, none Row
		rows, err := db.conn.Query(ctx, statement(name), db.arguments(of)...)
		if err != nil {
			yield(none, db.fault(ctx, err))
			return
		}
		defer db.leave(rows)
		into := fields(&row)
		for rows.Next() {
			row = none
			if err := rows.Scan(into...); err != nil {
				yield(none, db.fault(ctx, err))
				return
			}
			if !yield(row, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(none, db.fault(ctx, err))
		}
	}
}

// settling is how long the client may take to put a connection back.
const settling = time.Second

// settle waits until the client has its one connection back. It gives it back behind the end of an answer, from another
// goroutine, and would make a second for a question that comes before, without the tables of the session. After an
// error the connection is closed instead; ready then finds the tables missing.
func (db *Database) settle() {
	for begun := time.Now(); db.conn.Stats().Idle == 0 && time.Since(begun) < settling; {
		time.Sleep(20 * time.Microsecond)
	}
}

// leave ends an answer, of which the rest is thrown away.
func (db *Database) leave(rows driver.Rows) {
	if rows.Close() == nil {
		db.settle()
	}
}

// fault explains an error; that of a cancelled question is the cancelling.
func (db *Database) fault(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return db.address.explain(err)
}
