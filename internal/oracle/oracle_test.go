// Package oracle holds the four measurements to figures that another program worked out: testdata/oracle.py,
// which knows their definitions and nothing of Sentinel.
package oracle_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	_ "github.com/duckdb/duckdb-go/v2" // makes Parquet files of the samples

	"sentinel/internal/cli"
	"sentinel/internal/engine/duckdb"
	"sentinel/internal/synth"
)

var update = flag.Bool("update", false, "write what testdata/oracle.py prints into the golden files")

// sample is a file of flows and the questions asked of it. NAME.golden.json has the oracle's answers.
type sample struct {
	name        string
	flows       string // CSV
	percentiles []string
	networks    []string
}

var samples = []sample{
	{
		name: "tricky", flows: "tricky.csv", // ties, flows at one instant, borders of hours and ranges, no bytes, IPv6
		percentiles: []string{"0", "1", "50", "71", "90", "95", "97", "99", "100"},
		networks: []string{
			"192.168.104.0/24", "192.168.104.0/23", "192.168.104.0/26", "192.168.0.0/16", "192.168.104.33", "172.16.0.0/12",
			"10.1.2.0/24", "198.51.100.0/24", "2001:db8::/112", "2001:db8::/32", "fd00::/8", "0.0.0.0/0",
		},
	},
	{
		name: "day", flows: "day.csv.gz", // sentinel generate --flows 14000 --seed 7
		percentiles: []string{"0", "90", "99"},
		networks:    []string{"192.168.104.0/24", "192.168.104.0/28", "192.168.0.0/16", "10.0.0.0/8"},
	},
}

func TestMeasurementsAreTheOracles(t *testing.T) {
	for _, sample := range samples {
		t.Run(sample.name, func(t *testing.T) {
			want := read(t, filepath.Join("testdata", sample.name+".golden.json"))
			t.Run("csv", func(t *testing.T) {
				compareAll(t, sample, absolute(t, "testdata", sample.flows), places(t), want)
			})
			t.Run("parquet", func(t *testing.T) {
				compareAll(t, sample, parquet(t, sample), places(t), want)
			})
		})
	}
}

func TestGoldenIsWhatTheOraclePrints(t *testing.T) {
	for _, sample := range samples {
		t.Run(sample.name, func(t *testing.T) {
			golden := filepath.Join("testdata", sample.name+".golden.json")
			got := ask(t, sample, filepath.Join("testdata", sample.flows), filepath.Join("testdata", "places.csv"))
			if *update {
				if err := os.WriteFile(golden, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if want := read(t, golden); !bytes.Equal(got, want) {
				t.Errorf("%s is not what oracle.py prints; run go test ./internal/oracle -update", golden)
			}
		})
	}
}

// TestFreshCapture takes a capture as synth makes it today on both roads: the oracle reads its CSV, Sentinel its Parquet.
func TestFreshCapture(t *testing.T) {
	dir := t.TempDir()
	for _, ending := range []string{".csv", ".parquet"} {
		capture, err := synth.Day(synth.Options{Flows: 20_000, Seed: 11})
		if err != nil {
			t.Fatal(err)
		}
		midnight := capture.Truth().Start.UnixMicro()
		if err := duckdb.Export(context.Background(), capture, filepath.Join(dir, "day"+ending), duckdb.OriginalShape, midnight); err != nil {
			t.Fatal(err)
		}
	}
	questions := sample{percentiles: []string{"90"}, networks: []string{"192.168.104.0/24"}}
	want := ask(t, questions, filepath.Join(dir, "day.csv"), filepath.Join("testdata", "places.csv"))
	compareAll(t, questions, filepath.Join(dir, "day.parquet"), places(t), want)
}

// TestLegacyDatabase has Sentinel and bench/geoip_ranges.py read a real database, each in its own way.
func TestLegacyDatabase(t *testing.T) {
	database := legacyDatabase(t)
	ranges := filepath.Join(t.TempDir(), "ranges.csv")
	if err := os.WriteFile(ranges, run(t, filepath.Join("..", "..", "bench", "geoip_ranges.py"), database), 0o644); err != nil {
		t.Fatal(err)
	}
	day := samples[1]
	want := ask(t, day, filepath.Join("testdata", day.flows), ranges)
	compareAll(t, day, absolute(t, "testdata", day.flows), database, want)
}

func legacyDatabase(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"../../../shared/data/geoip/legacy/GeoIP.dat", "/usr/share/GeoIP/GeoIP.dat"} {
		if _, err := os.Stat(name); err == nil {
			return absolute(t, name)
		}
	}
	t.Skip("no legacy database: neither ../shared/data nor Debian's geoip-database is here")
	return ""
}

func places(t *testing.T) string { return absolute(t, "testdata", "places.mmdb") }

// compareAll asks Sentinel every percentile and every network of a sample at least once.
func compareAll(t *testing.T, sample sample, flows, database string, golden []byte) {
	t.Chdir(t.TempDir()) // pictures go to the working directory
	want := decode(t, golden)
	got := sentinel(t, "--data", flows, "-gi", database, "-cv", "-td")
	compare(t, "summary", record(got["summary"], summaryFields...), record(want["summary"], summaryFields...))
	measures := got["measures"].(map[string]any)
	compare(t, "-cv", table(measures["countries"], "country", "flows", "up_bytes", "down_bytes"), want["countries"])
	compare(t, "-td", table(measures["hours"], "hour", "flows"), want["hours"])
	for i := range max(len(sample.percentiles), len(sample.networks)) {
		percentile := sample.percentiles[i%len(sample.percentiles)]
		network := sample.networks[i%len(sample.networks)]
		measures := sentinel(t, "--data", flows, "-gi", database, "-dx", percentile, "-bn", network)["measures"].(map[string]any)
		compare(t, "-dx "+percentile,
			table(at(measures, "exfiltration", "hosts"), "src_ip", "down_bytes", "up_bytes", "ratio"), at(want, "exfiltration", percentile))
		compare(t, "-bn "+network,
			table(at(measures, "botnet", "destinations"), "dst_ip", "src_ips", "flows", "per_second"), at(want, "botnet", network))
	}
}

var summaryFields = []string{"flows", "hosts", "servers", "up_bytes", "down_bytes"}

// sentinel runs the command line and returns its JSON.
func sentinel(t *testing.T, arguments ...string) map[string]any {
	t.Helper()
	var stdout, stderr bytes.Buffer
	arguments = append([]string{"sentinel"}, append(arguments, "--format", "json", "--reproducible")...)
	if status := cli.Main(arguments, &stdout, &stderr); status != 0 {
		t.Fatalf("%v: exit status %d\n%s", arguments, status, &stderr)
	}
	return decode(t, stdout.Bytes())
}

// ask runs the oracle.
func ask(t *testing.T, sample sample, flows, places string) []byte {
	t.Helper()
	arguments := []string{filepath.Join("testdata", "oracle.py"), flows, places}
	for _, percentile := range sample.percentiles {
		arguments = append(arguments, "--percentile", percentile)
	}
	for _, network := range sample.networks {
		arguments = append(arguments, "--network", network)
	}
	return run(t, arguments...)
}

// run runs a Python program and returns what it prints.
func run(t *testing.T, arguments ...string) []byte {
	t.Helper()
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no python3, which runs the oracle")
	}
	command := exec.Command(python, append([]string{"-B"}, arguments...)...) // -B: leave no compiled files behind
	command.Stderr = os.Stderr
	printed, err := command.Output()
	if err != nil {
		t.Fatalf("%v: %v", arguments, err)
	}
	return printed
}

// parquet makes of a sample what pandas would: integers of several widths, the stored index, rows from last to first.
func parquet(t *testing.T, sample sample) string {
	t.Helper()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	path := filepath.Join(t.TempDir(), sample.name+".parquet")
	_, err = db.Exec(fmt.Sprintf(`COPY (
		SELECT * REPLACE (timestamp::INTEGER AS timestamp, port::USMALLINT AS port), row_number() OVER () AS __index_level_0__
		FROM read_csv('%s', header = true) ORDER BY __index_level_0__ DESC
	) TO '%s' (FORMAT parquet, ROW_GROUP_SIZE 4096)`, filepath.Join("testdata", sample.flows), path))
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func absolute(t *testing.T, elements ...string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join(elements...))
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// decode keeps numbers as they are written: sums of bytes are too long for a float64.
func decode(t *testing.T, data []byte) (document map[string]any) {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	if err := decoder.Decode(&document); err != nil {
		t.Fatal(err)
	}
	return document
}

func at(document map[string]any, section, key string) any {
	return document[section].(map[string]any)[key]
}

// record is the values of some fields of an object.
func record(object any, fields ...string) []any {
	row := []any{}
	for _, field := range fields {
		row = append(row, object.(map[string]any)[field])
	}
	return row
}

func table(list any, fields ...string) any {
	rows := []any{}
	for _, object := range list.([]any) {
		rows = append(rows, record(object, fields...))
	}
	return rows
}

// compare reports the first row that differs.
func compare(t *testing.T, what string, got, want any) {
	t.Helper()
	gotRows, wantRows := got.([]any), want.([]any)
	for i := range min(len(gotRows), len(wantRows)) {
		if !same(gotRows[i], wantRows[i]) {
			t.Errorf("%s, row %d: got %v, the oracle has %v", what, i, gotRows[i], wantRows[i])
			return
		}
	}
	if len(gotRows) != len(wantRows) {
		t.Errorf("%s: got %d rows, the oracle has %d", what, len(gotRows), len(wantRows))
	}
}

// same compares whole numbers exactly, and quotients to their 15th digit.
func same(got, want any) bool {
	switch want := want.(type) {
	case []any:
		return slices.EqualFunc(want, got.([]any), func(want, got any) bool { return same(got, want) })
	case json.Number:
		got, ok := got.(json.Number)
		if !ok || got == want {
			return ok
		}
		return isFraction(want) && math.Abs(float(got)-float(want)) <= 1e-15*float(want)
	}
	return got == want
}

func isFraction(number json.Number) bool {
	_, err := number.Int64()
	return err != nil
}

func float(number json.Number) float64 {
	value, err := strconv.ParseFloat(number.String(), 64)
	if err != nil {
		panic(err) // JSON numbers are within range here
	}
	return value
}
