// Package duckdb is the embedded engine: DuckDB inside the process, reading files in place.
package duckdb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"runtime"
	"strings"

	duckdb "github.com/duckdb/duckdb-go/v2"

	"sentinel/internal/engine"
	"sentinel/internal/input"
)

// Options bound what the engine takes of the machine.
type Options struct {
	Memory  string // as DuckDB writes sizes, "2GB"; beyond it, work spills to TempDir
	Threads int    // 0: all cores
	TempDir string // must exist; the caller removes it. Empty: nothing spills
	// Unlocked leaves the settings open until Restrict.
	Unlocked bool
	// KeepOrder keeps the order of rows of what is copied, at the price of memory.
	KeepOrder bool
}

// Database holds the flows of one analysis. One goroutine uses it at a time.
type Database struct {
	options   Options
	connector *duckdb.Connector
	pool      *sql.DB
	conn      *sql.Conn // temporary views and tables belong to one connection
	rows      []int64   // of each source that has been added, sound or not
	// prepared are the tables of channels that exist.
	prepared map[string]bool
	ranked   []netip.Addr // all addresses of the flows in the order of their text, once anything is asked of channels
	salt     int          // of the numbers of addresses
	// ungathered are the sources whose addresses have not been added up: those that need no mending wait until
	// somebody asks.
	ungathered []string
	ends       bool // the relation of all addresses exists
}

var _ engine.Engine = (*Database)(nil)

// Open starts an engine without flows.
func Open(ctx context.Context, options Options) (*Database, error) {
	connector, err := duckdb.NewConnector("", nil)
	if err != nil {
		return nil, fmt.Errorf("starting DuckDB: %w", err)
	}
	db := &Database{options: options, connector: connector, pool: sql.OpenDB(connector), prepared: map[string]bool{}}
	if db.conn, err = db.pool.Conn(ctx); err == nil {
		err = db.configure(ctx, options)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

func (db *Database) configure(ctx context.Context, options Options) error {
	settings := []string{
		"SET autoinstall_known_extensions = false", // nothing is ever downloaded
		"SET autoload_known_extensions = false",
		"SET allow_community_extensions = false",
		"SET enable_progress_bar = false",
		"SET disabled_optimizers = 'common_subplan'",                        // it takes joins with one table for one join, in 1.5.6: a UNION loses rows
		fmt.Sprintf("SET preserve_insertion_order = %t", options.KeepOrder), // rollups say their order
		"SET TimeZone = 'UTC'",
		"SET temp_directory = " + quoteText(options.TempDir),
	}
	if options.Threads > 0 {
		settings = append(settings, fmt.Sprintf("SET threads = %d", options.Threads))
	}
	if options.Memory != "" {
		settings = append(settings, "SET memory_limit = "+quoteText(options.Memory))
	}
	if !options.Unlocked {
		settings = append(settings, "SET lock_configuration = true")
	}
	for _, setting := range settings {
		if err := db.exec(ctx, setting); err != nil {
			return fmt.Errorf("setting up DuckDB: %w", err)
		}
	}
	return nil
}

// Close gives back everything; files that spilled are removed by DuckDB, their directory by the caller.
func (db *Database) Close() error {
	var errs []error
	if db.conn != nil {
		errs = append(errs, db.conn.Close())
	}
	return errors.Join(append(errs, db.pool.Close(), db.connector.Close())...)
}

// threads is how many the engine works with.
func (db *Database) threads() int {
	if db.options.Threads > 0 {
		return db.options.Threads
	}
	return runtime.GOMAXPROCS(0)
}

// Version names the engine.
func (db *Database) Version() string { return Version() }

// Version names the engine, without opening one.
func Version() string { return "DuckDB " + strings.TrimPrefix(libraryVersion, "v") }

func (db *Database) exec(ctx context.Context, statement string, args ...any) error {
	_, err := db.conn.ExecContext(ctx, statement, args...)
	return explain(err)
}

func (db *Database) queryRow(ctx context.Context, query string, into ...any) error {
	return explain(db.conn.QueryRowContext(ctx, query).Scan(into...))
}

// explain reduces an error of DuckDB to what a user can act on: its first line, without its class.
func explain(err error) error {
	var fault *duckdb.Error
	if !errors.As(err, &fault) {
		return err
	}
	line, _, _ := strings.Cut(fault.Msg, "\n")
	if _, text, ok := strings.Cut(line, " Error: "); ok {
		line = text
	}
	return &Fault{line, fault}
}

// Fault is an error of DuckDB in one line. It wraps the full text.
type Fault struct {
	Line string
	err  *duckdb.Error
}

func (f *Fault) Error() string { return f.Line }
func (f *Fault) Unwrap() error { return f.err }

// OutOfMemory tells whether the memory limit was too small for the work.
func (f *Fault) OutOfMemory() bool { return f.err.Type == duckdb.ErrorTypeOutOfMemory }

func quoteText(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }
func quoteName(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// fill appends rows of values to a temporary table.
func (db *Database) fill(table string, rows func(append func(...driver.Value) error) error) error {
	return db.conn.Raw(func(conn any) error {
		appender, err := duckdb.NewAppender(conn.(driver.Conn), "temp", "main", table)
		if err != nil {
			return explain(err)
		}
		return explain(errors.Join(rows(appender.AppendRow), appender.Close()))
	})
}

// MakeTempDir makes the directory that spilled data and spooled inputs live in, below the system's or the given one.
func MakeTempDir(parent string) (string, error) {
	dir, err := os.MkdirTemp(parent, "sentinel-")
	if err != nil {
		return "", &input.Error{Name: "temporary directory", Hint: "--temp-dir names another place for it", Err: err}
	}
	return dir, nil
}
