package duckdb

import (
	"context"
	"errors"
	"io"
	"net/netip"
	"path/filepath"
	"slices"
	"testing"

	"sentinel/internal/explore"
	"sentinel/internal/explore/exploretest"
	"sentinel/internal/flow"
	"sentinel/internal/input/table"
)

// explorerOf makes a store of flows in a directory of the test.
func explorerOf(t testing.TB, flows []flow.Flow) *Store {
	t.Helper()
	db := engineOf(t, Options{Threads: 2}, &list{flows: flows})
	defer closed(t, db)
	path := filepath.Join(t.TempDir(), "store")
	if err := db.Keep(context.Background(), path, ExploreOptions{Country: exploretest.Country, Internal: exploretest.Internal}); err != nil {
		t.Fatal(err)
	}
	s, err := OpenStore(context.Background(), path, StoreOptions{Threads: 2})
	if err != nil {
		t.Fatal(err)
	}
	s.pieceLength = 10 // so that there are several
	return s
}

func TestExploreContract(t *testing.T) {
	exploretest.Run(t, func(t testing.TB, flows []flow.Flow) explore.Explorer { return explorerOf(t, flows) })
}

var (
	testHost   = netip.MustParseAddr("192.0.2.1")
	testServer = netip.MustParseAddr("198.51.100.1")
)

func TestExploreContractInPlace(t *testing.T) {
	if testing.Short() {
		t.Skip("opens many files")
	}
	exploretest.Run(t, func(t testing.TB, flows []flow.Flow) explore.Explorer {
		return parquetStore(t, flows, StoreOptions{Threads: 2})
	})
}

// parquetStore is a store of flows that lie in a Parquet file, which it does not copy.
func parquetStore(t testing.TB, flows []flow.Flow, options StoreOptions) *Store {
	t.Helper()
	file := filepath.Join(t.TempDir(), "flows.parquet")
	if err := Export(t.Context(), &list{flows: flows}, file, FlowShape, 0); err != nil {
		t.Fatal(err)
	}
	originals := func(ctx context.Context, db *Database) ([]string, error) {
		found, err := tables.Open(file, nil)
		if err == nil {
			_, err = db.Add(ctx, found, Hints{Clock: &table.Clock{Name: "us", Multiply: 1, Divide: 1, High: 1 << 60}})
		}
		if err != nil {
			return nil, err
		}
		return []string{file}, db.Seal(ctx)
	}
	db, err := Open(t.Context(), Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, db)
	if _, err := originals(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "store")
	if err := db.Keep(t.Context(), path, ExploreOptions{Country: exploretest.Country, Internal: exploretest.Internal}); err != nil {
		t.Fatal(err)
	}
	options.Originals = originals
	store, err := OpenStore(t.Context(), path, options)
	if err != nil {
		t.Fatal(err)
	}
	if store.Copied() {
		t.Error("the store copied what can be read in place")
	}
	store.pieceLength = 10
	return store
}

// Files of chosen flows have what Flows gives.
func TestExploreExport(t *testing.T) {
	s := parquetStore(t, append(some(200), some(1)...), StoreOptions{})
	defer closed(t, s)
	filter := explore.Filter{Host: testHost, DstPort: -1, Name: "it's.example"}
	for _, ending := range []string{".csv", ".parquet"} {
		path := filepath.Join(t.TempDir(), "flows"+ending)
		if err := s.Export(t.Context(), filter, path); err != nil {
			t.Fatal(err)
		}
		again := parquetOrCSV(t, path)
		defer closed(t, again)
		var want, got []flow.Flow
		for reading, of := range map[*[]flow.Flow]struct {
			store  *Store
			filter explore.Filter
		}{&want: {s, filter}, &got: {again, explore.Everything}} {
			for f, err := range of.store.Flows(t.Context(), of.filter, 0, 0) {
				if err != nil {
					t.Fatal(err)
				}
				*reading = append(*reading, f)
			}
		}
		if len(want) != 100 || !slices.Equal(want, got) {
			t.Errorf("%s: %d flows, expected %d", ending, len(got), len(want))
		}
	}
	if err := s.Export(t.Context(), filter, filepath.Join(t.TempDir(), "flows.txt")); err == nil {
		t.Error("no error for a format that does not exist")
	}
}

// some are flows of a second each, every other of which has a name.
func some(count int) (flows []flow.Flow) {
	for i := range count {
		f := flow.Flow{Start: 1709251260_000_000 + int64(i)*1_000_000, SrcIP: testHost, DstIP: testServer, Proto: flow.TCP, DstPort: uint16(i), UpBytes: int64(i)}
		if i%2 == 1 {
			f.Name = "it's.example"
		}
		flows = append(flows, f)
	}
	return flows
}

// parquetOrCSV is the store of a file.
func parquetOrCSV(t testing.TB, file string) *Store {
	t.Helper()
	db, err := Open(t.Context(), Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, db)
	found, err := tables.Open(file, nil)
	if err == nil {
		_, err = db.Add(t.Context(), found, Hints{})
	}
	if err == nil {
		err = db.Seal(t.Context())
	}
	path := filepath.Join(t.TempDir(), "store")
	if err == nil {
		err = db.Keep(t.Context(), path, ExploreOptions{})
	}
	if err != nil {
		t.Fatal(err)
	}
	store, err := OpenStore(t.Context(), path, StoreOptions{Originals: func(ctx context.Context, db *Database) ([]string, error) {
		found, err := tables.Open(file, nil)
		if err == nil {
			_, err = db.Add(ctx, found, Hints{})
		}
		return []string{file}, errors.Join(err, db.Seal(ctx))
	}})
	if err != nil {
		t.Fatal(err)
	}
	return store
}

// closed closes what a test opened.
func closed(t testing.TB, opened io.Closer) {
	t.Helper()
	if err := opened.Close(); err != nil {
		t.Error(err)
	}
}

// Of a file in place that has rows which cannot be used, the others are paged through.
func TestExploreMended(t *testing.T) {
	file := captureFile(t, parquetOf(t, `SELECT 1709251260000000 + i * 1000000 AS start, CASE WHEN i % 3 = 0 THEN 'nobody' ELSE '192.0.2.1' END AS src_ip, '198.51.100.1' AS dst_ip,
		'TCP' AS proto, 443 AS dst_port, i AS up_bytes, 0 AS down_bytes FROM range(300) t(i)`))
	s := parquetOrCSV(t, file)
	defer closed(t, s)
	var bytes []int64
	for f, err := range s.Flows(t.Context(), explore.Everything, 100, 3) {
		if err != nil {
			t.Fatal(err)
		}
		bytes = append(bytes, f.UpBytes)
	}
	if want := []int64{151, 152, 154}; !slices.Equal(bytes, want) || s.Copied() {
		t.Errorf("bytes of the flows %v, expected %v; copied %t", bytes, want, s.Copied())
	}
}
