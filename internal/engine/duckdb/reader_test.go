package duckdb

import (
	"context"
	"errors"
	"io"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sentinel/internal/flow"
)

var sameAddress = cmp.Comparer(func(a, b flow.Flow) bool { return a == b })

func TestReaderGivesBackWhatWasAddedInItsOrder(t *testing.T) {
	const flows = 10_000
	want, err := flow.ReadAll(&stock{left: flows})
	if err != nil {
		t.Fatal(err)
	}
	for _, threads := range []int{1, 2} {
		db := engineOf(t, Options{KeepOrder: true, Threads: threads}, &stock{left: flows})
		reader := db.Flows(t.Context(), (&stock{}).Columns())
		got, err := flow.ReadAll(reader)
		if err != nil {
			t.Fatal(err)
		}
		if difference := cmp.Diff(want, got, sameAddress); difference != "" {
			t.Errorf("%d threads: %s", threads, difference)
		}
		if err := errors.Join(reader.Close(), db.Close()); err != nil {
			t.Error(err)
		}
	}
}

func TestReaderAsksForEveryRowOnceWhateverThePage(t *testing.T) {
	const row = "SELECT 1709300000 + i AS ts, '192.0.2.1' AS src_ip, '198.51.100.2' AS dst_ip, 'tcp' AS proto, 443 AS port, i AS up_bytes, 2 AS down_bytes"
	files := map[string]string{
		"sound":            parquetOf(t, row+" FROM range(1000) AS r(i)"),
		"some unsound":     parquetOf(t, row+" FROM (SELECT CASE WHEN i % 3 > 0 THEN i END AS i FROM range(1000) AS r(i))"),
		"own numbers":      parquetOf(t, row+", 7 AS file_row_number FROM range(1000) AS r(i)"),
		"own other places": parquetOf(t, row+", 'x' AS place, i AS rowid FROM range(1000) AS r(i)"),
		"kept":             "ts,src_ip,dst_ip,proto,port,up_bytes,down_bytes\n1709300000,192.0.2.1,198.51.100.2,tcp,443,5,2\n1709300001,192.0.2.1,198.51.100.2,tcp,443,x,2\n1709300002,192.0.2.1,198.51.100.2,tcp,443,6,2\n",
	}
	flows := map[string]int{"sound": 1000, "some unsound": 666, "own numbers": 1000, "own other places": 1000, "kept": 2}
	for name, content := range files {
		t.Run(name, func(t *testing.T) {
			db := open(t)
			if _, err := db.Add(t.Context(), capture(t, content), Hints{}); err != nil {
				t.Fatal(err)
			}
			for _, page := range []int64{70, 1000, 5000} {
				reader := db.flows(t.Context(), flow.Set{}, page)
				got, err := flow.ReadAll(reader)
				if err := errors.Join(err, reader.Close()); err != nil {
					t.Fatal(err)
				}
				inOrder := slices.IsSortedFunc(got, func(a, b flow.Flow) int { return int(a.UpBytes - b.UpBytes) })
				if len(got) != flows[name] || !inOrder {
					t.Errorf("pages of %d: %d flows, want %d, in order: %t", page, len(got), flows[name], inOrder)
				}
			}
		})
	}
}

func TestReaderFillsOnlyTheColumnsAskedFor(t *testing.T) {
	db := engineOf(t, Options{}, &stock{left: 3})
	reader := db.Flows(t.Context(), flow.NewSet("duration"))
	defer closeAll(t, reader, db)
	got, err := flow.ReadAll(reader)
	if err != nil || len(got) != 3 || got[0].Duration != 12_345 || got[0].Name != "" {
		t.Errorf("%v, %+v", err, got)
	}
}

func TestEveryColumnIsSet(t *testing.T) {
	for _, column := range flow.Columns {
		if setters[column.Name] == nil {
			t.Errorf("nothing sets column %s", column.Name)
		}
	}
	if len(setters) != len(flow.Columns) {
		t.Errorf("%d setters for %d columns", len(setters), len(flow.Columns))
	}
}

func TestReaderMayBeClosedAtAnyTime(t *testing.T) {
	for _, read := range []int{0, 1, 2048, 3*2048 + 1} {
		db := engineOf(t, Options{}, &stock{left: 50_000})
		reader := db.Flows(t.Context(), flow.Set{})
		buffer := make([]flow.Flow, 1)
		for range read {
			if _, err := reader.Read(buffer); err != nil {
				t.Fatal(err)
			}
		}
		if err := reader.Close(); err != nil {
			t.Error(err)
		}
		if rows := count(t, db); rows != 50_000 { // the connection is free again
			t.Errorf("after %d flows: %d rows", read, rows)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
}

func closeAll(t testing.TB, open ...io.Closer) {
	t.Helper()
	for _, one := range open {
		if err := one.Close(); err != nil {
			t.Error(err)
		}
	}
}

func count(t *testing.T, db *Database) (flows int64) {
	t.Helper()
	for host, err := range db.Hosts(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		flows += host.Flows
	}
	return flows
}

func TestReaderTellsThatItWasInterrupted(t *testing.T) {
	db := engineOf(t, Options{}, &stock{left: 50_000})
	ctx, stop := context.WithCancel(t.Context())
	reader := db.Flows(ctx, flow.Set{})
	defer closeAll(t, reader, db)
	stop()
	if _, err := flow.ReadAll(reader); err == nil {
		t.Error("all flows came from an interrupted reader")
	}
}

func BenchmarkReader(b *testing.B) {
	const flows = 1_000_000
	db := engineOf(b, Options{KeepOrder: true}, &stock{left: flows})
	defer closeAll(b, db)
	buffer := make([]flow.Flow, 1024)
	for b.Loop() {
		reader := db.Flows(b.Context(), flow.Set{})
		for {
			if _, err := reader.Read(buffer); err != nil {
				break
			}
		}
		if err := reader.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*flows/b.Elapsed().Seconds(), "flows/s")
}
