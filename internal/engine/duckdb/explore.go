package duckdb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"sentinel/internal/explore"
)

// StoreOptions say how a store is read.
type StoreOptions struct {
	Memory  string // of the engine, as Options has it
	Threads int    // 0: all cores
	TempDir string // must exist, the caller removes it; empty: nothing spills
	// Originals brings the captures of the store into an engine again and seals it, and tells the files that flows are
	// then read from. It is asked only where the store does not hold the flows, by Copied.
	Originals func(context.Context, *Database) (files []string, err error)
	AskTime   time.Duration // of a user's own question; 0: explore.DefaultTime
	AskRows   int64         // of its answer; 0: explore.DefaultRows
}

// Store answers what a page asks of a capture, from a file that Keep wrote. It does not change the file.
type Store struct {
	path        string
	options     StoreOptions
	db          *Database
	copied      bool
	first, last int64
	countries   []string // codes, by number
	own         string   // directory that goes with the store; empty: none
	unkept      error    // why the store is not in a cache

	pages struct { // the flows, for short answers
		sync.Mutex
		db *Database
	}
	box struct { // the flows, for questions of a user's own
		sync.Mutex
		db *Database
	}
	asking      chan struct{} // holds a place for whoever asks
	pieceLength int64         // pieceLength, but in tests
}

var _ explore.Explorer = (*Store)(nil)

// connections is how many questions a store works on at a time; more wait.
const connections = 8

// OpenStore opens a file that Keep wrote.
func OpenStore(ctx context.Context, path string, options StoreOptions) (*Store, error) {
	s := &Store{path: path, options: options, asking: make(chan struct{}, 1), pieceLength: pieceLength}
	var err error
	if s.db, err = s.attached(ctx, false); err != nil {
		return nil, fmt.Errorf("opening the store %s: %w", path, err)
	}
	s.db.pool.SetMaxOpenConns(connections + 1) // one more belongs to the database itself
	if err := s.describe(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("opening the store %s: %w", path, err), s.Close())
	}
	return s, nil
}

// attached opens an engine that sees the file of the store as kept.
func (s *Store) attached(ctx context.Context, unlocked bool) (*Database, error) {
	db, err := Open(ctx, Options{Memory: s.options.Memory, Threads: s.options.Threads, TempDir: s.options.TempDir, Unlocked: unlocked})
	if err != nil {
		return nil, err
	}
	if err := db.exec(ctx, fmt.Sprintf("ATTACH %s AS kept (READ_ONLY)", quoteText(s.path))); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// describe reads what the store says of itself.
func (s *Store) describe(ctx context.Context) error {
	var layout int
	if err := s.db.queryRow(ctx, "SELECT layout, copied, first, last FROM kept.about", &layout, &s.copied, &s.first, &s.last); err != nil {
		return err
	}
	if layout != storeLayout {
		return fmt.Errorf("its layout is %d, expected %d", layout, storeLayout)
	}
	return s.each(ctx, "SELECT code FROM kept.country ORDER BY id", nil, func(rows *sql.Rows) error {
		var code string
		err := rows.Scan(&code)
		s.countries = append(s.countries, code)
		return err
	})
}

// Copied tells whether the store holds the flows themselves, so that the captures are no longer needed.
func (s *Store) Copied() bool { return s.copied }

// Extent implements explore.Explorer.
func (s *Store) Extent() (first, last int64) { return s.first, s.last }

// Kept tells why a store that a cache made is not in it; nil where it is.
func (s *Store) Kept() error { return s.unkept }

// Close implements explore.Explorer. The file stays, unless it could not be kept.
func (s *Store) Close() error {
	errs := []error{s.db.Close()}
	for _, other := range []struct {
		lock *sync.Mutex
		db   **Database
	}{{&s.pages.Mutex, &s.pages.db}, {&s.box.Mutex, &s.box.db}} {
		other.lock.Lock()
		if *other.db != nil {
			errs = append(errs, (*other.db).Close())
			*other.db = nil
		}
		other.lock.Unlock()
	}
	if s.own != "" {
		errs = append(errs, os.RemoveAll(s.own))
	}
	return errors.Join(errs...)
}

// each runs a query on a connection of its own and visits its rows.
func (s *Store) each(ctx context.Context, query string, args []any, visit func(*sql.Rows) error) error {
	rows, err := s.db.pool.QueryContext(ctx, query, args...)
	if err != nil {
		return explain(err)
	}
	return visitAll(rows, visit)
}

// visitAll visits rows until the end or until visit gives an error, and closes them.
func visitAll(rows *sql.Rows, visit func(*sql.Rows) error) error {
	defer rows.Close()
	for rows.Next() {
		if err := visit(rows); err != nil {
			return explain(err)
		}
	}
	return explain(rows.Err())
}

// one runs a query that has one row.
func (s *Store) one(ctx context.Context, query string, args []any, into ...any) error {
	return explain(s.db.pool.QueryRowContext(ctx, query, args...).Scan(into...))
}
