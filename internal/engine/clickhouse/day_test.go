package clickhouse_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sentinel/internal/analysis"
	"sentinel/internal/detect"
	"sentinel/internal/detect/catalog"
	"sentinel/internal/engine"
	"sentinel/internal/engine/clickhouse"
	"sentinel/internal/engine/clickhouse/servertest"
	"sentinel/internal/engine/duckdb"
	"sentinel/internal/engine/enginetest"
	"sentinel/internal/flow"
	"sentinel/internal/geo"
	"sentinel/internal/measure"
	"sentinel/internal/synth"
)

// dayOptions are a generated day with attacks in it, and questions to the DNS, of more than two blocks.
var dayOptions = synth.Options{Kind: synth.Judge, Profile: synth.Office, Flows: 280_000, Seed: 7}

func day(t testing.TB) *synth.Capture {
	t.Helper()
	made, err := synth.Day(dayOptions)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func dayCapture(t testing.TB) clickhouse.Capture {
	return clickhouse.Capture{Content: fmt.Sprint(dayOptions), Name: "day", Open: func() (flow.Reader, error) { return day(t), nil }}
}

// embedded is the same day in DuckDB.
func embedded(t testing.TB) engine.Engine {
	t.Helper()
	db, err := duckdb.Open(t.Context(), duckdb.Options{TempDir: t.TempDir(), Memory: "1GB", Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	closeLater(t, db)
	if err := db.AddReader(t.Context(), day(t)); err != nil {
		t.Fatal(err)
	}
	if err := db.Seal(t.Context()); err != nil {
		t.Fatal(err)
	}
	return db
}

// findings are what all detectors say of an engine's flows.
func findings(t testing.TB, e engine.Engine) []string {
	t.Helper()
	columns := day(t).Columns()
	flows := detect.Flows{Engine: e}
	flows.First, flows.Last = dayOptions.Start.UnixMicro(), dayOptions.Start.Add(24*time.Hour).UnixMicro()-1
	result, err := detect.Run(t.Context(), flows, nil, detect.Config{
		Detectors: catalog.All, Internal: analysis.InternalNetworks, Columns: columns, Places: measure.Places{Countries: geo.Builtin()},
	})
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, f := range result.Findings {
		said = append(said, fmt.Sprintf("%+v", f))
	}
	return said
}

// A shard dies in the middle of a load and comes back: nothing of the capture counts before it is whole, the load goes
// on, and in the end all rollups and findings are those of the embedded engine.
func TestShardDies(t *testing.T) {
	dayOptions.Start = time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	servers := servertest.Start(t, 2, servertest.Options{})
	options := fresh(servers)
	loader := openLoader(t, options)
	dying := dayCapture(t)
	dying.Progress = func(int64) { servers.Servers[1].Kill(t) }
	_, err := loader.Load(t.Context(), dying)
	expectFault(t, err, "", "run the same command again")
	_, err = clickhouse.Open(t.Context(), options)
	expectFault(t, err, "a shard of the cluster does not answer", "start it again")

	servers.Servers[1].Run(t)
	expectFlows(t, options, 0)
	outcome := load(t, options, dayCapture(t))
	if outcome.Resumed != 1<<17 {
		t.Errorf("resumed %d flows, expected one block", outcome.Resumed)
	}
	both := spread(t, servers, options)
	if slices.Contains(both, 0) {
		t.Errorf("flows on the shards: %v, so this proves nothing", both)
	}
	db := expectFlows(t, options, outcome.Flows)
	want := embedded(t)
	enginetest.Same(t, want, db)
	said := findings(t, want)
	if len(said) == 0 {
		t.Error("nothing is found, so nothing is compared")
	}
	if diff := cmp.Diff(said, findings(t, db)); diff != "" {
		t.Errorf("findings (-DuckDB +ClickHouse):\n%s", diff)
	}
	shardDiesDuringAnswer(t, servers, db)
}

// shardDiesDuringAnswer kills a shard while a question is asked: there comes an error or the whole answer.
func shardDiesDuringAnswer(t *testing.T, servers *servertest.Cluster, db *clickhouse.Database) {
	t.Helper()
	whole := 0
	for _, err := range db.Visits(t.Context(), 1) {
		if err != nil {
			t.Fatal(err)
		}
		whole++
	}
	killed := make(chan struct{})
	go func() {
		servers.Servers[1].Kill(t)
		close(killed)
	}()
	rows, failed := 0, false
	for _, err := range db.Visits(t.Context(), 1) {
		if err != nil {
			failed = true
			break
		}
		rows++
	}
	if !failed && rows != whole {
		t.Errorf("%d of %d rows without an error", rows, whole)
	}
	<-killed
	for _, err := range db.Visits(t.Context(), 1) {
		if err == nil {
			t.Fatal("a row though a shard is missing")
		}
		expectFault(t, err, "a shard of the cluster does not answer", "start it again")
	}
	servers.Servers[1].Run(t)
	for _, err := range db.Visits(t.Context(), 1) {
		if err != nil {
			t.Fatal(err)
		}
		whole--
	}
	if whole != 0 {
		t.Errorf("%d rows are missing after the shard came back", whole)
	}
}

// spread is how many rows each shard has.
func spread(t *testing.T, servers *servertest.Cluster, options clickhouse.Options) (rows []int64) {
	t.Helper()
	for _, server := range servers.Servers {
		rows = append(rows, server.Count(t, databaseOf(options)+".stored_flows_local"))
	}
	return rows
}
