package duckdb

import (
	"context"
	"database/sql/driver"
	"iter"
	"net/netip"
	"slices"
	"strings"

	"sentinel/internal/engine"
)

// Hosts implements engine.Engine.
func (db *Database) Hosts(ctx context.Context) iter.Seq2[engine.Host, error] {
	return after(func() error { return db.needEnds(ctx) }, stream(ctx, db, "hosts", func(r *engine.Host) []any {
		return []any{&r.SrcIP, &r.Flows, &r.UpBytes, &r.DownBytes}
	}))
}

// Servers implements engine.Engine.
func (db *Database) Servers(ctx context.Context) iter.Seq2[engine.Server, error] {
	return after(func() error { return db.needEnds(ctx) }, stream(ctx, db, "servers", func(r *engine.Server) []any {
		return []any{&r.DstIP, &r.Name, &r.Flows, &r.UpBytes, &r.DownBytes}
	}))
}

// Minutes implements engine.Engine.
func (db *Database) Minutes(ctx context.Context) iter.Seq2[engine.Minute, error] {
	return stream(ctx, db, "minutes", func(r *engine.Minute) []any {
		return []any{&r.Start, &r.Flows}
	})
}

// Ports implements engine.Engine.
func (db *Database) Ports(ctx context.Context) iter.Seq2[engine.Port, error] {
	return stream(ctx, db, "ports", func(r *engine.Port) []any {
		return []any{&r.Proto, &r.DstPort, &r.Flows, &r.UpBytes, &r.DownBytes}
	})
}

// Peers implements engine.Engine.
func (db *Database) Peers(ctx context.Context, networks []netip.Prefix) iter.Seq2[engine.Peer, error] {
	return func(yield func(engine.Peer, error) bool) {
		inside, err := db.findInside(ctx, networks)
		if err != nil {
			yield(engine.Peer{}, err)
			return
		}
		name := "peers"
		if inside.exact {
			name = "peers_prefixed"
		}
		stream(ctx, db, name, func(r *engine.Peer) []any {
			return []any{&r.DstIP, &r.SrcIP, &r.Flows, &r.First, &r.Last}
		}, inside.prefix)(yield)
	}
}

// inside describes the addresses of the flows that lie in some networks.
type inside struct {
	prefix string // the text that they all begin with
	exact  bool   // no other address of the flows begins with it
}

// findInside fills the table inside with the addresses of the flows that lie in one of the networks. Where their
// common beginning tells them from all others, a test of it replaces two joins: DuckDB makes it once per
// distinct text of a Parquet file.
func (db *Database) findInside(ctx context.Context, networks []netip.Prefix) (found inside, err error) {
	var in, out []string
	if err := db.needEnds(ctx); err != nil {
		return found, err
	}
	for address, err := range stream(ctx, db, "addresses", func(r *netip.Addr) []any {
		return []any{r}
	}) {
		if err != nil {
			return found, err
		}
		if slices.ContainsFunc(networks, func(network netip.Prefix) bool { return network.Contains(address) }) {
			in = append(in, address.String())
		} else {
			out = append(out, address.String())
		}
	}
	found.prefix = commonPrefix(in)
	found.exact = len(in) > 0 && !slices.ContainsFunc(out, func(text string) bool { return strings.HasPrefix(text, found.prefix) })
	if err := db.exec(ctx, "CREATE OR REPLACE TEMP TABLE inside (address VARCHAR)"); err != nil || found.exact {
		return found, err
	}
	return found, db.fill("inside", func(add func(...driver.Value) error) error {
		for _, text := range in {
			if err := add(text); err != nil {
				return err
			}
		}
		return nil
	})
}

// commonPrefix is the longest text that all texts begin with.
func commonPrefix(texts []string) string {
	if len(texts) == 0 {
		return ""
	}
	first, last := slices.Min(texts), slices.Max(texts)
	end := 0
	for end < min(len(first), len(last)) && first[end] == last[end] {
		end++
	}
	return first[:end]
}

// Queries implements engine.Engine.
func (db *Database) Queries(ctx context.Context) iter.Seq2[engine.Query, error] {
	return stream(ctx, db, "queries", func(r *engine.Query) []any {
		return []any{&r.Client, &r.Name, &r.Lookups, &r.Missing, &r.Unanswered, &r.Bulky, &r.First, &r.Last, &r.UpBytes, &r.DownBytes}
	})
}

// Duplicates implements engine.Engine.
func (db *Database) Duplicates(ctx context.Context) (count int64, err error) {
	err = db.queryRow(ctx, statement("duplicates", ""), &count)
	return count, err
}

// stream runs one of the rollups' statements and yields its rows; fields are where the columns of a row go.
func stream[Row any](ctx context.Context, db *Database, name string, fields func(*Row) []any, args ...any) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) { streamText(ctx, db, db.statement(name), fields, args...)(yield) }
}

// streamText is stream of a statement that is written already.
func streamText[Row any](ctx context.Context, db *Database, text string, fields func(*Row) []any, args ...any) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		var row Row
		into := fields(&row)
		err := db.blocks(ctx, text, args, func(b *block) (bool, error) {
			for i := range b.rows {
				if err := b.scan(i, into); err != nil {
					return false, err
				}
				if !yield(row, nil) {
					return false, nil
				}
			}
			return true, nil
		})
		if err != nil {
			var none Row
			yield(none, err)
		}
	}
}
