package clickhouse

import (
	"cmp"
	"context"
	"maps"
	"slices"

	clickhouse "github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"sentinel/internal/flow"
)

// Load is a capture that was loaded whole.
type Load struct {
	Content     string // SHA-256 of the capture's bytes, in hexadecimal
	Name        string // under which it was loaded
	Columns     flow.Set
	Flows       int64
	Lookups     int64
	First, Last int64 // of flows and lookups, microseconds since the epoch

	attempt uint64
	batches []uint64
}

func (l Load) touches(w Window) bool { return l.Last >= w.From && l.First < w.end() }

// A row of the tables that hold records has the number of its batch: the attempt at loading that stored it, a random
// number, and behind it the block. So what an attempt that was cut off left behind can never be taken for another's.
const (
	blockBits   = 20
	attemptBits = 64 - blockBits
	mostBlocks  = 1 << blockBits
)

func batchOf(attempt, block uint64) uint64 { return attempt<<blockBits | block }

// place is where a block with some content stands in its capture.
type place struct {
	block  uint64
	digest string
}

// step is a block that was stored as a batch.
type step struct {
	place
	batch   uint64
	flows   int64
	lookups int64
	span
}

// wholeLoads lists the captures that are whole. One that two loaded at once counts once, as the lower attempt stored it.
func wholeLoads(ctx context.Context, conn driver.Conn) (loads []Load, err error) {
	rows, err := conn.Query(ctx, statement("loads"))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var load Load
		var columns []string
		if err := rows.Scan(&load.Content, &load.Name, &columns, &load.attempt, &load.batches, &load.Flows, &load.Lookups, &load.First, &load.Last); err != nil {
			return nil, err
		}
		load.Columns = flow.NewSet(columns...)
		if len(loads) == 0 || loads[len(loads)-1].Content != load.Content {
			loads = append(loads, load)
		}
	}
	return loads, rows.Err()
}

// findLoad tells whether a capture is whole.
func findLoad(ctx context.Context, conn driver.Conn, content string) (*Load, error) {
	loads, err := wholeLoads(ctx, conn)
	if at := slices.IndexFunc(loads, func(l Load) bool { return l.Content == content }); at >= 0 {
		return &loads[at], nil
	}
	return nil, err
}

// enterLoad says that a capture is whole. The row lies on one shard, so it is there or not.
func enterLoad(ctx context.Context, conn driver.Conn, load Load) error {
	return insertRow(ctx, conn, "loads (content, schema, name, columns, attempt, batches, flows, lookups, first, last)",
		load.Content, uint64(Schema), load.Name, slices.Sorted(maps.Keys(load.Columns)),
		load.attempt, load.batches, load.Flows, load.Lookups, load.First, load.Last)
}

// enterStep says that a block was stored.
func enterStep(ctx context.Context, conn driver.Conn, content string, s step) error {
	return insertRow(ctx, conn, "load_steps (content, schema, block, digest, batch, flows, lookups, first, last)",
		content, uint64(Schema), s.block, s.digest, s.batch, s.flows, s.lookups, s.first, s.last)
}

func insertRow(ctx context.Context, conn driver.Conn, table string, row ...any) error {
	batch, err := conn.PrepareBatch(ctx, "INSERT INTO "+table)
	if err != nil {
		return err
	}
	if err := batch.Append(row...); err != nil {
		return err
	}
	return batch.Send()
}

// steps finds the blocks of a capture that earlier attempts stored and that are still there whole.
func steps(ctx context.Context, conn driver.Conn, content string) (map[place]step, error) {
	rows, err := conn.Query(ctx, statement("steps"), clickhouse.Named("content", content), clickhouse.Named("schema", Schema))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []step
	for rows.Next() {
		var s step
		if err := rows.Scan(&s.block, &s.digest, &s.batch, &s.flows, &s.lookups, &s.first, &s.last); err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	if err := cmp.Or(rows.Err(), rows.Close()); err != nil {
		return nil, err
	}
	return whole(ctx, conn, list)
}

// whole keeps the steps of which the server has every row.
func whole(ctx context.Context, conn driver.Conn, list []step) (map[place]step, error) {
	kept := map[place]step{}
	counts, err := countBatches(ctx, conn, list)
	if err != nil {
		return nil, err
	}
	for _, s := range list {
		if counts[s.batch] == (stored{s.flows, s.lookups}) {
			kept[s.place] = s
		}
	}
	return kept, nil
}

// stored is how many rows of a batch the server has.
type stored struct{ flows, lookups int64 }

// countBatches counts the rows of all batches of the attempts that stored the steps.
func countBatches(ctx context.Context, conn driver.Conn, list []step) (map[uint64]stored, error) {
	counts := map[uint64]stored{}
	if len(list) == 0 {
		return counts, nil
	}
	all, attempts := nothing, map[uint64]bool{}
	for _, s := range list {
		all = all.and(s.span)
		attempts[s.batch>>blockBits] = true
	}
	rows, err := conn.Query(ctx, statement("counts"), clickhouse.Named("first", all.first), clickhouse.Named("last", all.last),
		clickhouse.Named("attempts", slices.Sorted(maps.Keys(attempts))), clickhouse.Named("blocks", mostBlocks))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var batch uint64
		var count stored
		if err := rows.Scan(&batch, &count.flows, &count.lookups); err != nil {
			return nil, err
		}
		counts[batch] = count
	}
	return counts, rows.Err()
}
