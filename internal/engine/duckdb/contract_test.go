package duckdb

import (
	"context"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"sentinel/internal/engine"
	"sentinel/internal/engine/enginetest"
	"sentinel/internal/flow"
	"sentinel/internal/input/table"
)

func TestContract(t *testing.T) {
	enginetest.Run(t, func(t testing.TB, flows []flow.Flow, options enginetest.Options) engine.Engine {
		return engineOf(t, Options{Threads: options.Threads}, &list{flows: flows})
	})
}

func TestContractOfLookups(t *testing.T) {
	enginetest.RunLookups(t, func(t testing.TB, lookups []flow.Lookup, options enginetest.Options) engine.Engine {
		return engineOf(t, Options{Threads: options.Threads}, &asking{lookups: lookups})
	})
}

// asking reads no flows, but questions to the DNS.
type asking struct {
	list
	lookups []flow.Lookup
}

func (a *asking) Lookups() []flow.Lookup {
	lookups := a.lookups
	a.lookups = nil
	return lookups
}

// late learns only while it reads which columns its flows have.
type late struct {
	list
	read bool
}

func (l *late) Columns() flow.Set {
	if !l.read {
		return nil
	}
	return flow.NewSet("name")
}

func (l *late) Read(dst []flow.Flow) (int, error) {
	l.read = true
	return l.list.Read(dst)
}

// Columns that a reader may fill come through, though it tells them late; what it does not fill is NULL, not 0.
func TestLateColumns(t *testing.T) {
	db := open(t)
	reader := &late{list: list{flows: []flow.Flow{{Start: 1, SrcIP: netip.MustParseAddr("192.0.2.1"), DstIP: netip.MustParseAddr("192.0.2.2"), Name: "www.example.com"}}}}
	if _, _, err := db.addReader(t.Context(), reader, flow.NewSet("name", "duration", "state")); err != nil {
		t.Fatal(err)
	}
	var name string
	var unknown bool
	if err := db.queryRow(t.Context(), "SELECT name, duration IS NULL AND state IS NULL AND up_packets IS NULL FROM flows_0", &name, &unknown); err != nil {
		t.Fatal(err)
	}
	if name != "www.example.com" || !unknown {
		t.Errorf("name %q, the others unknown: %t", name, unknown)
	}
}

// Flows read from a file of which a row is damaged go another way through the engine, to the same answers.
func TestContractOfDamagedFiles(t *testing.T) {
	if testing.Short() {
		t.Skip("the same code as TestContract, over files")
	}
	enginetest.Run(t, func(t testing.TB, flows []flow.Flow, options enginetest.Options) engine.Engine {
		t.Helper()
		ctx := context.Background()
		db, err := Open(ctx, Options{Threads: options.Threads})
		if err != nil {
			t.Fatal(err)
		}
		own := Hints{Columns: table.Overrides{}, Clock: &table.Clock{Name: "us", Multiply: 1, Divide: 1, High: 1 << 60}}
		for _, column := range flow.Columns {
			own.Columns[column.Name] = column.Name
		}
		source, err := db.Add(ctx, capture(t, damagedFile(flows)), own)
		if err != nil || len(source.Skipped) != 1 {
			t.Fatalf("skipped %v, error %v", skips(source), err)
		}
		if err := db.Seal(ctx); err != nil {
			t.Fatal(err)
		}
		return db
	})
}

// damagedFile writes flows as CSV, and a row that is none.
func damagedFile(flows []flow.Flow) string {
	var names []string
	for _, column := range flow.Columns {
		names = append(names, column.Name)
	}
	rows := []string{strings.Join(names, ","), strings.Repeat("1,", len(names)-1) + "1"}
	for _, f := range flows {
		var cellTexts []string
		for _, name := range names {
			switch cell := flow.Cells[name]; {
			case cell.Integer != nil:
				cellTexts = append(cellTexts, strconv.FormatInt(cell.Integer(&f), 10))
			default:
				cellTexts = append(cellTexts, cell.Text(&f, &flow.Texts{}))
			}
		}
		rows = append(rows, strings.Join(cellTexts, ","))
	}
	return lines(rows...)
}

// list reads flows with all columns.
type list struct{ flows []flow.Flow }

func (l *list) Columns() flow.Set {
	var names []string
	for _, column := range flow.Columns {
		names = append(names, column.Name)
	}
	return flow.NewSet(names...)
}

func (l *list) Read(dst []flow.Flow) (int, error) {
	n := copy(dst, l.flows)
	l.flows = l.flows[n:]
	if len(l.flows) == 0 {
		return n, io.EOF
	}
	return n, nil
}

func engineOf(t testing.TB, options Options, reader flow.Reader) *Database {
	t.Helper()
	ctx := context.Background()
	db, err := Open(ctx, options)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.AddReader(ctx, reader); err != nil {
		t.Fatal(err)
	}
	if err := db.Seal(ctx); err != nil {
		t.Fatal(err)
	}
	return db
}

// crowd reads flows each of which is a channel of its own, made while read.
type crowd struct{ left int }

func (c *crowd) Columns() flow.Set { return flow.NewSet("duration", "name") }

func (c *crowd) Read(dst []flow.Flow) (int, error) {
	n := min(len(dst), c.left)
	for i := range dst[:n] {
		c.left--
		dst[i] = flow.Flow{
			Start: int64(c.left) * 1000, SrcIP: netip.AddrFrom4([4]byte{10, byte(c.left >> 16), byte(c.left >> 8), byte(c.left)}),
			DstIP: netip.AddrFrom4([4]byte{172, 16, byte(c.left >> 16), byte(c.left >> 3)}), Proto: flow.TCP, DstPort: 443,
			UpBytes: int64(c.left), DownBytes: 1000, Name: "a-name-too-long-to-be-stored-inline.example",
		}
	}
	if c.left == 0 {
		return n, io.EOF
	}
	return n, nil
}

// More flows than memory spill to the directory for that, and leave it empty.
func TestSpill(t *testing.T) {
	const flows = 500_000
	dir := t.TempDir()
	db := engineOf(t, Options{Threads: 1, Memory: "150MB", TempDir: dir}, &crowd{left: flows})
	var counted, channels int64
	for channel, err := range db.Channels(t.Context(), engine.ChannelFilter{}) {
		if err != nil {
			t.Fatal(err)
		}
		counted += channel.Flows
		channels++
	}
	if counted != flows || channels != flows {
		t.Errorf("%d flows in %d channels, expected %d in as many", counted, channels, flows)
	}
	if spilled := fileCount(t, dir); spilled == 0 {
		t.Error("nothing was spilled, so this proves nothing")
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if left := fileCount(t, dir); left > 0 {
		t.Errorf("%d files are left in the temporary directory", left)
	}
}

func fileCount(t *testing.T, dir string) (count int) {
	t.Helper()
	err := filepath.WalkDir(dir, func(_ string, entry os.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			count++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return count
}

func TestLibraryVersion(t *testing.T) {
	var version string
	if err := open(t).queryRow(t.Context(), "SELECT version()", &version); err != nil {
		t.Fatal(err)
	}
	if version != libraryVersion {
		t.Errorf("the library is %s, version.go says %s", version, libraryVersion)
	}
}

func TestCellsCoverColumns(t *testing.T) {
	for _, column := range flow.Columns {
		cell, ok := flow.Cells[column.Name]
		if !ok || (column.Type == flow.Integer) != (cell.Integer != nil) || (column.Type == flow.Text) != (cell.Text != nil) {
			t.Errorf("no cell reads column %s as %s", column.Name, column.Type)
		}
	}
	if len(flow.Cells) != len(flow.Columns) {
		t.Errorf("%d cells for %d columns", len(flow.Cells), len(flow.Columns))
	}
}
