package cli_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sentinel/internal/engine/clickhouse/servertest"
)

// TestLoadAndAnalyse has two servers hold a day and asks them for what the embedded engine tells of it.
func TestLoadAndAnalyse(t *testing.T) {
	cluster := servertest.Start(t, 2, servertest.Options{})
	t.Setenv("SENTINEL_CLICKHOUSE_USER", servertest.User)
	t.Setenv("SENTINEL_CLICKHOUSE_PASSWORD", servertest.Password)
	t.Chdir(t.TempDir())
	engine := fmt.Sprintf("clickhouse://127.0.0.1:%d/flows", cluster.Servers[0].Port)
	done(t, "generate", "--kind", "clean", "--profile", "office", "--flows", "20000", "base.parquet")
	done(t, "generate", "--day", "1", "--profile", "office", "--flows", "20000", "day.parquet")
	done(t, "generate", "--flows", "1000", "office.pcap")
	if _, stderr, status := run(t, "load", "--engine", engine, "--cluster", servertest.Name, "base.parquet", "day.parquet"); status != 0 {
		t.Fatal(stderr)
	}
	if _, stderr, status := run(t, "load", "--engine", engine+"_packets", "office.pcap"); status != 0 {
		t.Fatal(stderr)
	}
	_, stderr, status := run(t, "load", "--engine", engine, "day.parquet", "absent.parquet")
	if status != 3 || !strings.Contains(stderr, "day.parquet: is there already, with ") || !strings.Contains(stderr, "absent.parquet") {
		t.Errorf("a second load: status %d\n%s", status, stderr)
	}
	if count := done(t, "sql", "--engine", engine, "--from", "2026-01-06", "--format", "csv", "SELECT count(*) AS n FROM flows"); count != done(t, "sql", "--format", "csv", "SELECT count(*) AS n FROM flows", "day.parquet") {
		t.Errorf("the server counts %s", count)
	}
	page := servePage(t, "--engine", engine, "--from", "2026-01-06", "--to", "2026-01-07")
	page.get(t, page.address, `class="finding critical"`) // once the day is judged
	page.get(t, page.base()+"sql?q=SELECT+count(*)+AS+n+FROM+flows", "<table")
	parquet := page.get(t, page.base()+"flows.parquet?port=443&proto=tcp", "PAR1")
	if err := os.WriteFile("chosen.parquet", []byte(parquet), 0o644); err != nil {
		t.Fatal(err)
	}
	const chosen = "SELECT * REPLACE (ifnull(up_payload, 0) AS up_payload, ifnull(down_payload, 0) AS down_payload) FROM flows WHERE dst_port = 443 AND proto = 'tcp' ORDER BY ALL"
	if got, want := done(t, "sql", "--format", "csv", chosen, "chosen.parquet"), done(t, "sql", "--format", "csv", chosen, "day.parquet"); got != want {
		t.Errorf("downloaded are\n%.1000s\nwant\n%.1000s", got, want)
	}
	page.end(t)
	for name, questions := range map[string][2][]string{
		"analyze": {
			{"analyze", "day.parquet"},
			{"analyze", "--engine", engine, "--from", "2026-01-06", "--to", "2026-01-07"},
		},
		"packets": {
			{"analyze", "office.pcap"},
			{"analyze", "--engine", engine + "_packets"},
		},
		"compare": {
			{"compare", "base.parquet", "day.parquet"},
			{"compare", "--engine", engine, "--from", "2026-01-06", "--to", "2026-01-07", "--baseline-from", "2026-01-05 00:00", "--baseline-to", "2026-01-06"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			embedded, server := done(t, append(questions[0], "--details", "--reproducible")...), done(t, append(questions[1], "--details", "--reproducible")...)
			if embedded, server := told(embedded), told(server); embedded != server {
				write(t, "embedded.txt", embedded)
				write(t, "server.txt", server)
				t.Errorf("the embedded engine says\n%s\nand the server\n%s", embedded, server)
			}
		})
	}
}

// TestRealCaptures asks a server for the reports of captures that others made, of three formats.
func TestRealCaptures(t *testing.T) {
	data, err := filepath.Abs("../../../shared/data/slips/dataset")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(data); err != nil {
		t.Skip("the captures of others are not at hand")
	}
	cluster := servertest.Start(t, 1, servertest.Options{})
	t.Setenv("SENTINEL_CLICKHOUSE_USER", servertest.User)
	t.Setenv("SENTINEL_CLICKHOUSE_PASSWORD", servertest.Password)
	t.Chdir(t.TempDir())
	for name, capture := range map[string]string{
		"packets": "test7-malicious.pcap", "argus": "test4-malicious.binetflow", "zeek": "test18-malicious-ctu-sme-11-win/zeek-labeled/conn.log.labeled",
	} {
		t.Run(name, func(t *testing.T) {
			capture, engine := filepath.Join(data, capture), fmt.Sprintf("clickhouse://127.0.0.1:%d/%s", cluster.Servers[0].Port, name)
			done(t, "load", "--quiet", "--engine", engine, capture)
			embedded := told(done(t, "analyze", "--details", "--reproducible", capture))
			if server := told(done(t, "analyze", "--details", "--reproducible", "--engine", engine)); embedded == "" || embedded != server {
				write(t, "embedded.txt", embedded)
				write(t, "server.txt", server)
				t.Errorf("the embedded engine says\n%.3000s\nand the server\n%.3000s", embedded, server)
			}
		})
	}
}

// told is a report without what it says of the files that it was made of.
func told(report string) string {
	_, after, _ := strings.Cut(report, " flows of ")
	before, _, _ := strings.Cut(after, "\nData quality")
	return before
}

func write(t *testing.T, name, content string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}
