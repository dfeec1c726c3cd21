package clickhouse

import (
	"cmp"
	"context"
	"embed"
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"time"

	clickhouse "github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/ext"
	"github.com/ClickHouse/clickhouse-go/v2/lib/column"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"sentinel/internal/explore"
	"sentinel/internal/flow"
)

// ExploreOptions say what a store knows of addresses, and what questions may take.
type ExploreOptions struct {
	// Country of an address, ISO 3166-1 alpha-2, empty where there is none; nil: no address has one. It is called from
	// any goroutine.
	Country  func(netip.Addr) string
	Internal []netip.Prefix // networks of one's own
	AskTime  time.Duration  // of a user's own question; 0: explore.DefaultTime
	AskRows  int64          // of its answer; 0: explore.DefaultRows
}

// Store answers what a page asks of the flows of a window, of all captures that were whole when it was opened. Each
// question brings with it all that the server has to know, so any connection will do.
type Store struct {
	address *address
	window  Window
	options ExploreOptions
	pool    driver.Conn
	places  chan struct{} // holds one for each question under way
	seen    []uint64      // the batches that count
	bounds  Bounds
	columns flow.Set
	version string

	countries countries
	readonly  chan int // holds the level of that setting for users' questions; 0: it is not known yet
}

var _ explore.Explorer = (*Store)(nil)

// atOnce is how many questions a store asks at a time; more wait.
const atOnce = 6

// OpenStore connects to a database into which flows were loaded.
func OpenStore(ctx context.Context, options Options, about ExploreOptions) (*Store, error) {
	db, err := Open(ctx, options)
	if err != nil {
		return nil, err
	}
	s := &Store{
		address: db.address, window: db.window, options: about, places: make(chan struct{}, atOnce), seen: append([]uint64{0}, db.seen...),
		bounds: db.bounds, columns: db.Columns(), version: db.Version(), countries: newCountries(), readonly: make(chan int, 1),
	}
	if s.options.Country == nil {
		s.options.Country = func(netip.Addr) string { return "" }
	}
	s.readonly <- 0
	if err := db.Close(); err != nil {
		return nil, err
	}
	// The client counts a connection as open until a moment after its answer, hence more of them.
	if s.pool, err = clickhouse.Open(s.address.options(2 * atOnce)); err != nil {
		return nil, s.address.explain(err)
	}
	return s, nil
}

// Extent implements explore.Explorer.
func (s *Store) Extent() (first, last int64) { return s.bounds.First, s.bounds.Last }

// Bounds of the flows in the window.
func (s *Store) Bounds() Bounds { return s.bounds }

// Columns are what Database.Columns tells.
func (s *Store) Columns() flow.Set { return s.columns.Clone() }

// Version names the engine.
func (s *Store) Version() string { return s.version }

// Close implements explore.Explorer.
func (s *Store) Close() error { return s.address.explain(s.pool.Close()) }

//go:embed sql/explore/*.sql
var exploreStatements embed.FS

// exploring is a file of sql/explore/, with the places filled that pairs name.
func exploring(name string, pairs ...string) string {
	text, err := exploreStatements.ReadFile("sql/explore/" + name + ".sql")
	if err != nil {
		panic(err) // the file is part of the program
	}
	return strings.NewReplacer(append(pairs, constants...)...).Replace(string(text))
}

// enter waits for a place; leave gives it back.
func (s *Store) enter(ctx context.Context) (leave func(), err error) {
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	select {
	case s.places <- struct{}{}:
		return func() { <-s.places }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// errEnough ends an answer of which no more is wanted.
var errEnough = errors.New("no more rows are wanted")

// each asks for what is chosen and visits the rows, until visit gives an error. The server then stops.
func (s *Store) each(ctx context.Context, text string, chosen choice, visit func(driver.Rows) error) error {
	return s.rows(ctx, text, chosen, nil, func(rows driver.Rows) error {
		for rows.Next() {
			if err := visit(rows); err != nil {
				return err
			}
		}
		return nil
	})
}

// rows asks, and hands the answer to read. An error of the server or on the way goes before what read gives, but for
// one that comes of ending early.
func (s *Store) rows(ctx context.Context, text string, chosen choice, settings clickhouse.Settings, read func(driver.Rows) error) error {
	leave, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	inner, stop := context.WithCancel(ctx)
	defer stop()
	tables, err := s.tables(chosen)
	if err != nil {
		return err
	}
	rows, err := s.pool.Query(clickhouse.Context(inner, clickhouse.WithExternalTable(tables...), clickhouse.WithSettings(settings)), text, s.arguments(chosen)...)
	if err != nil {
		return s.fault(ctx, err)
	}
	failure := read(rows)
	if failure != nil {
		stop() // else closing waits for the rest of the answer
	}
	if err := cmp.Or(rows.Close(), rows.Err()); err != nil && failure == nil {
		return s.fault(ctx, err)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return failure
}

// tables are what a question brings: the batches that count, and the addresses that are chosen.
func (s *Store) tables(chosen choice) ([]*ext.Table, error) {
	seen, err := tableOf("seen", "batch", "UInt64", s.seen)
	if err != nil || chosen.addresses == nil {
		return []*ext.Table{seen}, err
	}
	addresses, err := tableOf("addresses", "address", "String", chosen.addresses)
	return []*ext.Table{seen, addresses}, err
}

func tableOf[Value any](name, field string, kind column.Type, list []Value) (*ext.Table, error) {
	table, err := ext.NewTable(name, ext.Column(field, kind))
	if err != nil {
		return nil, fmt.Errorf("making the table %s: %w", name, err)
	}
	for _, value := range list {
		if err := table.Append(value); err != nil {
			return nil, fmt.Errorf("filling the table %s: %w", name, err)
		}
	}
	return table, nil
}

// arguments are the values that are chosen, and the window; none where the text has no places for them.
func (s *Store) arguments(chosen choice) (list []any) {
	if chosen.of == nil {
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(chosen.of)) {
		list = append(list, clickhouse.Named(name, chosen.of[name]))
	}
	return list
}

// fault explains an error; that of a cancelled question is the cancelling. The client sets the deadline of a question on
// its connection as well, where it may pass a moment earlier.
func (s *Store) fault(ctx context.Context, err error) error {
	if deadline, ok := ctx.Deadline(); ok && !time.Now().Before(deadline) {
		<-ctx.Done()
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return s.address.explain(err)
}
