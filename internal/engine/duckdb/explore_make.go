package duckdb

import (
	"cmp"
	"context"
	"database/sql/driver"
	"encoding/hex"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// ExploreOptions say what a store keeps of addresses beside their flows. Each distinct address is looked up once.
type ExploreOptions struct {
	Country  func(netip.Addr) string // "" for an address without one; nil: no address has one
	Internal []netip.Prefix          // networks of one's own
	Progress func(done, of int)      // called between the steps of the making; may be nil
}

// storeLayout is the version of the tables of a store.
const storeLayout = 3

// Keep writes a store of the flows to a file, which is whole or absent: what a page asks of them, added up by minute and
// by channel, and the flows themselves where they do not come from files that can be read again in place. The
// database must be sealed, and is otherwise as before.
func (db *Database) Keep(ctx context.Context, path string, options ExploreOptions) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("making the store %s: %w", path, err)
		}
	}()
	// Captured traffic is nobody else's business: the directory is the user's alone, and so is the file from its beginning.
	dir, err := os.MkdirTemp(filepath.Dir(path), makingPrefix)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	aside := filepath.Join(dir, "store")
	if err := db.exec(ctx, fmt.Sprintf("ATTACH %s AS made", quoteText(aside))); err != nil {
		return err
	}
	err = db.make(ctx, options)
	detach := db.exec(context.WithoutCancel(ctx), "DETACH made") // writes what is not yet in the file
	if err := errors.Join(err, detach, os.Chmod(aside, 0o600)); err != nil {
		return err
	}
	return os.Rename(aside, path)
}

// makingPrefix begins the name of a directory in which a store is made.
const makingPrefix = "making-"

// make fills the attached file.
func (db *Database) make(ctx context.Context, options ExploreOptions) (err error) {
	copied, err := db.mustCopy(ctx)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, db.exec(context.WithoutCancel(ctx), "DROP TABLE IF EXISTS explore_cells; DROP TABLE IF EXISTS explore_nodes"))
		}
	}()
	run := func(name string) func() error {
		return func() error { return db.exec(ctx, statement(name, "")) }
	}
	steps := []func() error{
		run("explore_cells"),
		func() error { return db.gatherNodes(ctx, options) },
		run("explore_numbers"),
		run("explore_tables"),
	}
	if copied {
		steps = append(steps, run("explore_copy"))
	} else {
		steps = append(steps, func() error { return db.keepBounds(ctx) })
	}
	about := strings.NewReplacer("{layout}", fmt.Sprint(storeLayout), "{copied}", fmt.Sprint(copied)).Replace(mustRead("explore_about"))
	steps = append(steps, func() error { return db.exec(ctx, about) })
	for done, step := range steps {
		if options.Progress != nil {
			options.Progress(done, len(steps))
		}
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// mustCopy tells whether a store has to hold the flows themselves: some are in a table, or in a file that will be gone.
func (db *Database) mustCopy(ctx context.Context) (copied bool, err error) {
	err = db.queryRow(ctx, "SELECT count(*) > 0 FROM duckdb_tables() WHERE temporary AND (starts_with(table_name, 'kept_') OR starts_with(table_name, 'flows_'))", &copied)
	if err != nil || copied || db.options.TempDir == "" {
		return copied, err
	}
	err = db.queryRow(ctx, "SELECT count(*) > 0 FROM duckdb_views() WHERE temporary AND contains(sql, "+quoteText(strings.ReplaceAll(db.options.TempDir, "'", "''"))+")", &copied)
	return copied, err
}

// node is an address as a store has it.
type node struct {
	address netip.Addr
	text    string
}

// gatherNodes numbers the addresses of the flows: a network is then a range of numbers.
func (db *Database) gatherNodes(ctx context.Context, options ExploreOptions) error {
	nodes, err := db.nodesOfCells(ctx)
	if err != nil {
		return err
	}
	slices.SortFunc(nodes, func(a, b node) int { return cmp.Compare(a.text, b.text) })
	ranks := make(map[netip.Addr]int32, len(nodes))
	for rank, node := range nodes {
		ranks[node.address] = int32(rank)
	}
	slices.SortFunc(nodes, func(a, b node) int { return a.address.Compare(b.address) })
	err = db.exec(ctx, "CREATE OR REPLACE TEMP TABLE explore_nodes (id INTEGER, address VARCHAR, bytes VARCHAR, rank INTEGER, inside BOOLEAN, country VARCHAR)")
	if err != nil {
		return err
	}
	return db.fill("explore_nodes", func(add func(...driver.Value) error) error {
		for id, node := range nodes {
			inside := slices.ContainsFunc(options.Internal, func(network netip.Prefix) bool { return network.Contains(node.address) })
			if err := add(int32(id), node.text, sortable(node.address), ranks[node.address], inside, options.country(node.address)); err != nil {
				return err
			}
		}
		return nil
	})
}

func (db *Database) nodesOfCells(ctx context.Context) (nodes []node, err error) {
	rows, err := db.conn.QueryContext(ctx, "SELECT src_ip FROM explore_cells UNION SELECT dst_ip FROM explore_cells")
	if err != nil {
		return nil, explain(err)
	}
	defer rows.Close()
	for rows.Next() {
		var found node
		if err := rows.Scan(&found.text); err != nil {
			return nil, explain(err)
		}
		if found.address, err = netip.ParseAddr(found.text); err != nil {
			return nil, err
		}
		nodes = append(nodes, found)
	}
	return nodes, explain(rows.Err())
}

func (o ExploreOptions) country(address netip.Addr) string {
	if o.Country == nil {
		return ""
	}
	return o.Country(address)
}

// sortable writes an address so that texts sort as addresses do: IPv4 first, each family by value.
func sortable(address netip.Addr) string {
	bytes := address.AsSlice()
	return fmt.Sprintf("%02d", len(bytes)) + hex.EncodeToString(bytes)
}
