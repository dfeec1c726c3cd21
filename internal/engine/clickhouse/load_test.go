package clickhouse_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sentinel/internal/engine/clickhouse"
	"sentinel/internal/engine/clickhouse/servertest"
	"sentinel/internal/flow"
)

// crowd reads flows made while read, each with a lookup; after breaks of them it fails.
type crowd struct {
	flows, made int
	breaks      int // 0: never
	before      func(made int)
	lookups     []flow.Lookup
}

var errBroken = errors.New("the disk of the capture is on fire")

func (c *crowd) Columns() flow.Set { return flow.NewSet("duration", "name", "state") }

func (c *crowd) Read(dst []flow.Flow) (int, error) {
	if c.before != nil {
		c.before(c.made)
	}
	if c.breaks > 0 && c.made >= c.breaks {
		return 0, errBroken
	}
	n := min(len(dst), c.flows-c.made)
	c.lookups = c.lookups[:0]
	for i := range dst[:n] {
		dst[i] = crowdFlow(c.made)
		c.lookups = append(c.lookups, flow.Lookup{Time: dst[i].Start, Client: dst[i].SrcIP, Server: dst[i].DstIP, Name: fmt.Sprintf("n%d.example.com", c.made%1000), Type: "A"})
		c.made++
	}
	if c.made == c.flows {
		return n, io.EOF
	}
	return n, nil
}

func (c *crowd) Lookups() []flow.Lookup { return c.lookups }

// crowdFlow is one of them: over two days, between 250 sources and 1000 destinations.
func crowdFlow(i int) flow.Flow {
	return flow.Flow{
		Start: 1709251200_000_000 + int64(i)*400_000, Duration: int64(i % 977),
		SrcIP: netip.AddrFrom4([4]byte{192, 0, 2, byte(i % 250)}), DstIP: netip.AddrFrom4([4]byte{198, 51, byte(i % 4), byte(i % 251)}),
		Proto: flow.TCP, DstPort: uint16(i % 7), UpBytes: int64(i), DownBytes: 1000, State: flow.Established, Name: "www.example.com",
	}
}

// several is more flows than two blocks of a load hold.
const several = 300_000

func capture(reader *crowd) clickhouse.Capture {
	return clickhouse.Capture{Content: "c0ffee", Name: "crowd", Open: func() (flow.Reader, error) { return reader, nil }}
}

func TestLoadTwice(t *testing.T) {
	options := fresh(servertest.Start(t, 1, servertest.Options{}))
	loader := openLoader(t, options)
	var heard []int64
	first := capture(&crowd{flows: several})
	first.Progress = func(flows int64) { heard = append(heard, flows) }
	outcome, err := loader.Load(t.Context(), first)
	if err != nil || outcome.Flows != several || outcome.Lookups != several || outcome.Already || len(heard) != 3 || heard[2] != several {
		t.Fatalf("%+v, progress %v, error %v", outcome, heard, err)
	}
	second := capture(nil)
	second.Open = func() (flow.Reader, error) { t.Error("a capture that is whole was read"); return nil, io.EOF }
	outcome, err = loader.Load(t.Context(), second)
	if err != nil || !outcome.Already || outcome.Flows != several {
		t.Errorf("%+v, error %v", outcome, err)
	}
	expectFlows(t, options, several)
}

// expectFlows fails unless the database shows that many flows, and no fewer or more in any window.
func expectFlows(t *testing.T, options clickhouse.Options, want int64) *clickhouse.Database {
	t.Helper()
	db := open(t, options)
	closeLater(t, db)
	if got := db.Bounds().Flows; got != want {
		t.Errorf("the database has %d flows, expected %d", got, want)
	}
	return db
}

func TestLoadGoesOn(t *testing.T) {
	options := fresh(servertest.Start(t, 1, servertest.Options{}))
	loader := openLoader(t, options)
	if _, err := loader.Load(t.Context(), capture(&crowd{flows: several, breaks: 280_000})); !errors.Is(err, errBroken) {
		t.Fatalf("error %v", err)
	}
	expectFlows(t, options, 0)
	outcome, err := loader.Load(t.Context(), capture(&crowd{flows: several}))
	if err != nil || outcome.Resumed != 2<<17 || outcome.Flows != several {
		t.Fatalf("%+v, error %v", outcome, err)
	}
	expectFlows(t, options, several)
}

// What a cancelled load stored does not count, and does not stay in the way.
func TestCancelledLoad(t *testing.T) {
	options := fresh(servertest.Start(t, 1, servertest.Options{}))
	loader := openLoader(t, options)
	ctx, cancel := context.WithCancel(t.Context())
	_, err := loader.Load(ctx, capture(&crowd{flows: several, before: func(made int) {
		if made > 200_000 {
			cancel()
		}
	}}))
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v", err)
	}
	expectFlows(t, options, 0)
	if _, err := loader.Load(t.Context(), capture(&crowd{flows: several})); err != nil {
		t.Fatal(err)
	}
	expectFlows(t, options, several)
}

// Two who load the same capture at once store it once.
func TestLoadsSideBySide(t *testing.T) {
	options := fresh(servertest.Start(t, 1, servertest.Options{}))
	load(t, options, captureOf(&list{flows: []flow.Flow{crowdFlow(7)}})) // makes the tables
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			loader, err := clickhouse.OpenLoader(t.Context(), options)
			if err != nil {
				t.Error(err)
				return
			}
			closeLater(t, loader)
			if outcome, err := loader.Load(t.Context(), capture(&crowd{flows: several})); err != nil || outcome.Flows != several {
				t.Errorf("%+v, error %v", outcome, err)
			}
		})
	}
	both.Wait()
	expectFlows(t, options, several+1)
}

// Flows that cannot be analysed are counted by reason, and the others loaded.
func TestUnusableFlows(t *testing.T) {
	options := fresh(servertest.Start(t, 1, servertest.Options{}))
	sound, early, heavy := crowdFlow(1), crowdFlow(2), crowdFlow(3)
	early.Start, heavy.UpBytes = -1, 1<<51
	outcome := load(t, options, captureOf(&list{flows: []flow.Flow{early, sound, heavy, heavy}}))
	want := map[string]int64{"byte count above 1 PiB": 2, "time unreadable or out of range": 1}
	got := map[string]int64{}
	for _, skip := range outcome.Skipped {
		got[skip.Reason] = skip.Rows
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("skipped (-want +got):\n%s", diff)
	}
	expectFlows(t, options, 1)
}

func TestWindow(t *testing.T) {
	options := fresh(servertest.Start(t, 1, servertest.Options{}))
	load(t, options, capture(&crowd{flows: several}))
	first, second := crowdFlow(100_000).Start, crowdFlow(100_010).Start
	options.Window = clickhouse.Window{From: first, To: second}
	db := expectFlows(t, options, 10)
	if bounds := db.Bounds(); bounds.First != first || bounds.Last != crowdFlow(100_009).Start {
		t.Errorf("bounds %+v", bounds)
	}
	lookups := int64(0)
	for query, err := range db.Queries(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		lookups += query.Lookups
	}
	if lookups != 10 {
		t.Errorf("%d lookups, expected 10", lookups)
	}
	if diff := cmp.Diff(flow.NewSet("duration", "name", "state"), optional(db.Columns())); diff != "" {
		t.Errorf("columns (-want +got):\n%s", diff)
	}
	options.Window = clickhouse.Window{From: crowdFlow(several).Start}
	if db := expectFlows(t, options, 0); len(db.Loads()) != 0 {
		t.Errorf("captures outside the window: %+v", db.Loads())
	}
}

// optional leaves out the columns that all inputs have.
func optional(columns flow.Set) flow.Set {
	for _, column := range flow.Columns {
		if column.Required {
			delete(columns, column.Name)
		}
	}
	return columns
}
