package duckdb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"iter"
	"net/netip"

	"sentinel/internal/engine"
)

// Hosts implements engine.Engine.
func (db *Database) Hosts(ctx context.Context) iter.Seq2[engine.Host, error] {
	return stream(ctx, db, "hosts", func(rows *sql.Rows, r *engine.Host) error {
		return rows.Scan(address{&r.SrcIP}, &r.Flows, &r.UpBytes, &r.DownBytes)
	})
}

// Servers implements engine.Engine.
func (db *Database) Servers(ctx context.Context) iter.Seq2[engine.Server, error] {
	return stream(ctx, db, "servers", func(rows *sql.Rows, r *engine.Server) error {
		return rows.Scan(address{&r.DstIP}, &r.Name, &r.Flows, &r.UpBytes, &r.DownBytes)
	})
}

// Minutes implements engine.Engine.
func (db *Database) Minutes(ctx context.Context) iter.Seq2[engine.Minute, error] {
	return stream(ctx, db, "minutes", func(rows *sql.Rows, r *engine.Minute) error {
		return rows.Scan(&r.Start, &r.Flows, &r.UpBytes, &r.DownBytes)
	})
}

// Ports implements engine.Engine.
func (db *Database) Ports(ctx context.Context) iter.Seq2[engine.Port, error] {
	return stream(ctx, db, "ports", func(rows *sql.Rows, r *engine.Port) error {
		return rows.Scan(&r.Proto, &r.DstPort, &r.Flows, &r.UpBytes, &r.DownBytes)
	})
}

// Peers implements engine.Engine.
func (db *Database) Peers(ctx context.Context, networks []netip.Prefix) iter.Seq2[engine.Peer, error] {
	return after(func() error { return db.findInside(ctx, networks) },
		stream(ctx, db, "peers", func(rows *sql.Rows, r *engine.Peer) error {
			return rows.Scan(address{&r.DstIP}, address{&r.SrcIP}, &r.Flows, &r.UpBytes, &r.DownBytes, &r.First, &r.Last)
		}))
}

// findInside fills the table inside with the addresses of the flows that lie in one of the networks.
func (db *Database) findInside(ctx context.Context, networks []netip.Prefix) error {
	var found []string
	for row, err := range stream(ctx, db, "addresses", func(rows *sql.Rows, r *netip.Addr) error { return rows.Scan(address{r}) }) {
		if err != nil {
			return err
		}
		for _, network := range networks {
			if network.Contains(row) {
				found = append(found, row.String())
				break
			}
		}
	}
	if err := db.exec(ctx, "CREATE OR REPLACE TEMP TABLE inside (address VARCHAR)"); err != nil {
		return err
	}
	return db.fill("inside", func(add func(...driver.Value) error) error {
		for _, text := range found {
			if err := add(text); err != nil {
				return err
			}
		}
		return nil
	})
}

// Duplicates implements engine.Engine.
func (db *Database) Duplicates(ctx context.Context) (count int64, err error) {
	err = db.queryRow(ctx, statement("duplicates", ""), &count)
	return count, err
}

// stream runs one of the rollups' statements and yields its rows.
func stream[Row any](
	ctx context.Context, db *Database, name string, scan func(*sql.Rows, *Row) error, args ...any,
) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		rows, err := db.conn.QueryContext(ctx, statement(name, ""), args...)
		if err != nil {
			var none Row
			yield(none, explain(err))
			return
		}
		defer rows.Close()
		for rows.Next() {
			var row Row
			if err := scan(rows, &row); err != nil {
				yield(row, explain(err))
				return
			}
			if !yield(row, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			var none Row
			yield(none, explain(err))
		}
	}
}

// address scans the canonical text of an address.
type address struct{ into *netip.Addr }

// Scan implements sql.Scanner.
func (a address) Scan(value any) (err error) {
	text, _ := value.(string)
	*a.into, err = netip.ParseAddr(text)
	return err
}
