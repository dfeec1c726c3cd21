// Package clickhouse is the engine for flows that outgrow one machine: a server of ClickHouse, or a cluster, that holds
// the flows of captures loaded into it and answers the same rollups.
package clickhouse

import (
	"cmp"
	"context"
	"errors"
	"math"

	clickhouse "github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/ClickHouse/clickhouse-go/v2/lib/proto"

	"sentinel/internal/engine"
	"sentinel/internal/flow"
)

// Options say where the flows are and which of them count.
type Options struct {
	// Address is clickhouse://USER@HOST:PORT/DATABASE, with parameters secure, ca, password_file, cluster, compress.
	Address string
	// Getenv reads the environment, which may tell UserVariable and PasswordVariable; nil: there is none.
	Getenv func(string) string
	// Cluster, where not empty, goes before that of the address: its servers get tables when flows are loaded.
	Cluster string
	Window  Window
	// Threads that each server works with; 0: as many as it likes.
	Threads int
}

// Window is a span of time: flows count whose start lies in it. The zero value is all time.
type Window struct {
	From int64 // microseconds since the epoch
	To   int64 // the first moment after; 0: no end
}

// end is the first moment that no longer counts.
func (w Window) end() int64 { return cmp.Or(w.To, math.MaxInt64) }

// address parses the address, and takes in what the other options say.
func (o Options) address() (*address, error) {
	getenv := o.Getenv
	if getenv == nil {
		getenv = func(string) string { return "" }
	}
	a, err := parse(o.Address, getenv)
	if err != nil {
		return nil, err
	}
	a.cluster = cmp.Or(o.Cluster, a.cluster)
	if o.Threads > 0 {
		if a.settings == nil {
			a.settings = clickhouse.Settings{}
		}
		a.settings["max_threads"] = o.Threads
	}
	return a, nil
}

// Database is the flows of a window, of all captures that were whole when it was opened; what is loaded later does not
// count. One goroutine uses it at a time.
type Database struct {
	address *address
	window  Window
	conn    driver.Conn // of one connection, to which temporary tables belong
	server  proto.Version
	loads   []Load   // whose flows or lookups may lie in the window
	seen    []uint64 // the batches of them
	bounds  Bounds
	alive   bool // the session has the table seen
	channel bool // and the tables of channels
}

var _ engine.Engine = (*Database)(nil)

// Bounds tell how many flows there are and when they began.
type Bounds struct {
	Flows       int64
	First, Last int64 // microseconds since the epoch; 0 without flows
}

// Open connects to a database into which flows were loaded.
func Open(ctx context.Context, options Options) (*Database, error) {
	a, err := options.address()
	if err != nil {
		return nil, err
	}
	db := &Database{address: a, window: options.Window}
	if err := db.begin(ctx); err != nil {
		return nil, db.fault(ctx, err)
	}
	if db.conn, err = clickhouse.Open(a.options(1)); err != nil {
		return nil, a.explain(err)
	}
	if err := db.measure(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// begin checks the tables and fixes which captures count, by a connection of its own.
func (db *Database) begin(ctx context.Context) error {
	return db.address.during(ctx, func(conn driver.Conn) error {
		server, err := conn.ServerVersion()
		if err != nil {
			return err
		}
		db.server = server.Version
		if err := checkTables(ctx, conn, db.address); err != nil {
			return err
		}
		whole, err := wholeLoads(ctx, conn)
		for _, load := range whole {
			if load.touches(db.window) {
				db.loads = append(db.loads, load)
				db.seen = append(db.seen, load.batches...)
			}
		}
		return err
	})
}

// measure finds the bounds of the flows.
func (db *Database) measure(ctx context.Context) error {
	for bounds, err := range stream(ctx, db, "bounds", func(b *Bounds) []any { return []any{&b.Flows, &b.First, &b.Last} }, nil) {
		if err != nil {
			return err
		}
		db.bounds = bounds
	}
	return nil
}

// Bounds of the flows in the window.
func (db *Database) Bounds() Bounds { return db.bounds }

// Loads are the captures whose flows or lookups may lie in the window, by the content of each.
func (db *Database) Loads() []Load { return db.loads }

// Columns are the optional columns that all of those captures fill, and all columns where flows arrive otherwise.
func (db *Database) Columns() flow.Set {
	columns := flow.Set{}
	for _, column := range flow.Columns {
		columns[column.Name] = true
	}
	for _, load := range db.loads {
		if load.Flows == 0 {
			continue
		}
		for _, column := range flow.Columns {
			if !column.Required && !load.Columns[column.Name] {
				delete(columns, column.Name)
			}
		}
	}
	return columns
}

// Version names the engine.
func (db *Database) Version() string { return "ClickHouse " + db.server.String() }

// Close ends the session, and with it the server forgets its tables.
func (db *Database) Close() error { return db.address.explain(db.conn.Close()) }
