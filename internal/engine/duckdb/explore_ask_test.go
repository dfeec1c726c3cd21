package duckdb

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sentinel/internal/explore"
	"sentinel/internal/flow"
)

var askedFlows = []flow.Flow{
	{Start: 1709251260_000_000, SrcIP: testHost, DstIP: testServer, Proto: flow.TCP, DstPort: 443, UpBytes: 7, Name: "a.example"},
	{Start: 1709251261_000_000, SrcIP: testServer, DstIP: testHost, Proto: flow.UDP, DstPort: 53, UpBytes: 5},
}

// askedStores are the kinds of stores that can be asked: what has the flows in itself, and what reads them in place.
var askedStores = map[string]func(testing.TB, StoreOptions) *Store{
	"copied": func(t testing.TB, options StoreOptions) *Store {
		s := explorerOf(t, askedFlows)
		t.Cleanup(func() { closed(t, s) })
		s.options.AskRows, s.options.AskTime = options.AskRows, options.AskTime
		return s
	},
	"in place": func(t testing.TB, options StoreOptions) *Store {
		s := parquetStore(t, askedFlows, options)
		t.Cleanup(func() { closed(t, s) })
		return s
	},
}

// asked collects an answer as text.
func asked(s *Store, question string) (rows []string, err error) {
	err = s.Ask(context.Background(), question, func(names []string) error {
		rows = append(rows, strings.Join(names, ","))
		return nil
	}, func(values []any) error {
		rows = append(rows, strings.Trim(fmt.Sprint(values), "[]"))
		return nil
	})
	return rows, err
}

func TestAsk(t *testing.T) {
	for kind, open := range askedStores {
		t.Run(kind, func(t *testing.T) {
			s := open(t, StoreOptions{})
			for question, want := range map[string]string{
				"SELECT src_ip, up_bytes FROM flows ORDER BY start":                             "src_ip,up_bytes|192.0.2.1 7|198.51.100.1 5",
				"FROM FLOWS SELECT count(*) AS n":                                               "n|2",
				"SELECT count(*) AS n FROM dns":                                                 "n|0",
				"WITH big AS (SELECT * FROM flows WHERE up_bytes > 6) SELECT name FROM big":     "name|a.example",
				"SELECT f.dst_port FROM flows f JOIN flows g ON f.src_ip = g.dst_ip ORDER BY 1": "dst_port|53|443",
				"VALUES (1), (2)":                                                 "col0|1|2",
				"SELECT x FROM range(2) AS t(x)":                                  "x|0|1",
				"SELECT (SELECT max(up_bytes) FROM flows) AS m":                   "m|7",
				"SELECT unnest(list(up_bytes ORDER BY up_bytes)) AS u FROM flows": "u|5|7",
				"SELECT column_name FROM (DESCRIBE flows) LIMIT 1":                "column_name|start",
				"WITH RECURSIVE r AS (SELECT 1 AS a UNION ALL SELECT a + 1 FROM r WHERE a < 3) SELECT sum(a) AS s FROM r": "s|6",
			} {
				rows, err := asked(s, question)
				if got := strings.Join(rows, "|"); err != nil || got != want {
					t.Errorf("%s: %q, error %v; expected %q", question, got, err, want)
				}
			}
			// The page goes on while questions are asked.
			if totals, err := s.Totals(t.Context(), explore.Everything); err != nil || totals.Flows != 2 {
				t.Errorf("%+v, error %v", totals, err)
			}
		})
	}
}

// attacks try to read what is not theirs, to write, or to change the engine; {secret} is a file with a secret, {new} one
// that does not exist.
var attacks = []string{
	// files, as relations
	"FROM '{secret}'", "SELECT * FROM \"{secret}\"", "FROM read_csv('{secret}')", "FROM read_csv_auto('{secret}')", "FROM read_text('{secret}')",
	"FROM read_blob('{secret}')", "FROM read_json('{secret}')", "FROM read_ndjson_objects('{secret}')", "FROM read_parquet('{secret}')", "FROM parquet_scan('{secret}')",
	"FROM glob('/*')", "FROM sniff_csv('{secret}')", "FROM parquet_metadata('{secret}')", "FROM parquet_schema('{secret}')", "FROM parquet_file_metadata('{secret}')",
	"FROM parquet_kv_metadata('{secret}')", "FROM parquet_bloom_probe('{secret}', 'a', 1)", "FROM read_duckdb('{secret}')", "FROM sqlite_scan('{secret}', 'a')",
	"DESCRIBE FROM '{secret}'", "SUMMARIZE '{secret}'", "DESCRIBE SELECT * FROM read_text('{secret}')",
	"FROM 'https://198.51.100.1/x.csv'", "FROM read_csv('https://198.51.100.1/x.csv')", "FROM 's3://bucket/x.parquet'",
	// the same, further in
	"WITH x AS (SELECT * FROM read_text('{secret}')) FROM x", "WITH x AS MATERIALIZED (FROM '{secret}') SELECT (SELECT count(*) FROM x) FROM flows",
	"SELECT (SELECT content FROM read_text('{secret}'))", "SELECT * FROM flows WHERE name IN (SELECT content FROM read_text('{secret}'))",
	"SELECT * FROM flows, LATERAL (SELECT * FROM read_text('{secret}'))", "SELECT * FROM flows JOIN read_text('{secret}') ON true",
	"SELECT 1 UNION ALL SELECT size FROM read_text('{secret}')", "SELECT EXISTS (FROM '{secret}')", "SELECT list(content) FROM (FROM read_text('{secret}'))",
	"SELECT * FROM (SELECT * FROM '{secret}') PIVOT (count(*) FOR column0 IN ('a'))", "FROM flows POSITIONAL JOIN read_text('{secret}')",
	"SELECT * FROM flows ORDER BY (SELECT content FROM read_text('{secret}'))", "SELECT * FROM flows LIMIT (SELECT size FROM read_text('{secret}'))",
	"SELECT CASE WHEN true THEN (FROM read_text('{secret}') SELECT content) END", "SELECT list_transform([1], x -> (SELECT content FROM read_text('{secret}')))",
	"WITH RECURSIVE r AS (SELECT content FROM read_text('{secret}') UNION ALL SELECT content FROM r WHERE false) FROM r",
	"WITH \"{secret}\" AS (SELECT 1) SELECT * FROM (SELECT * FROM \"{secret}\")", "SELECT * FROM (WITH \"{secret}\" AS (SELECT 1) FROM \"{secret}\"), '{secret}'",
	"SELECT sum(up_bytes) OVER (ORDER BY (SELECT size FROM read_text('{secret}'))) FROM flows", "SELECT count(*) FILTER ((SELECT size FROM read_text('{secret}')) > 0) FROM flows",
	// text that becomes a question
	"FROM query('FROM read_text(''{secret}'')')", "FROM query_table('{secret}')", "FROM query_table(['flows', '{secret}'])", "FROM QUERY('SELECT 1')", "FROM \"query\"('SELECT 1')",
	"FROM json_execute_serialized_sql(json_serialize_sql('FROM read_text(''{secret}'')'))", "FROM main.query('SELECT 1')", "FROM system.main.query('SELECT 1')",
	"FROM sql_auto_complete('SELECT')", "FROM histogram('flows', 'start')", "FROM histogram_values('{secret}', 'start')",
	// what tells of the machine
	"FROM duckdb_secrets()", "FROM duckdb_settings()", "FROM duckdb_databases()", "FROM duckdb_views()", "FROM duckdb_views", "FROM duckdb_tables()", "FROM duckdb_columns",
	"FROM duckdb_extensions()", "FROM duckdb_logs", "FROM duckdb_temporary_files()", "FROM duckdb_memory()", "FROM duckdb_variables()", "FROM which_secret('a', 'b')",
	"FROM pragma_database_list", "FROM pragma_database_list()", "FROM pragma_table_info('flows')", "FROM pragma_storage_info('kept.flow')", "FROM pragma_user_agent()", "FROM pragma_show('flows')",
	"FROM information_schema.tables", "FROM pg_catalog.pg_class", "FROM pg_catalog.pg_settings", "FROM sqlite_master", "SHOW TABLES", "SHOW ALL TABLES", "SHOW DATABASES", "SELECT * FROM (SHOW ALL TABLES)",
	"SELECT getenv('HOME')", "SELECT * FROM flows WHERE name = getenv('HOME')", "SELECT current_setting('temp_directory')", "SELECT system.main.current_setting('temp_directory')", "SELECT CURRENT_SETTING('memory_limit')",
	"SELECT length(repeat('x', 3000000000))", "SELECT LPAD('x', 2000000000, 'y') FROM flows", "SELECT printf('%1000000000d', 1)", "SELECT list_resize([1], 1000000000)",
	"FROM kept.node", "FROM kept.main.flow", "FROM temp.main.flows_0", "FROM source_0", "FROM lookups", "FROM test_all_types()", "FROM seq_scan('flows')",
	// statements that do more than read
	"COPY flows TO '{new}'", "COPY (SELECT 1) TO '{new}'", "COPY flows FROM '{secret}'", "ATTACH '{new}'", "ATTACH '{secret}' AS x (READ_ONLY)", "DETACH kept", "USE kept", "INSTALL httpfs", "LOAD '{secret}'", "LOAD httpfs",
	"FORCE INSTALL httpfs", "PRAGMA database_list", "PRAGMA enable_external_access=true", "PRAGMA temp_directory='/'", "SET enable_external_access = true", "SET GLOBAL memory_limit = '1TB'", "SET lock_configuration = false", "RESET allowed_paths",
	"SET VARIABLE x = 1", "CREATE TABLE x AS SELECT 1", "CREATE TEMP TABLE x (a INT)", "CREATE MACRO m() AS TABLE FROM read_text('{secret}')", "CREATE VIEW x AS FROM '{secret}'", "CREATE SECRET (TYPE s3)", "CREATE TYPE x AS ENUM ('a')", "CREATE SEQUENCE x",
	"INSERT INTO kept.node SELECT * FROM kept.node", "DELETE FROM kept.cell", "UPDATE kept.node SET rank = 1", "DROP VIEW flows", "ALTER VIEW flows RENAME TO x", "TRUNCATE kept.cell", "MERGE INTO kept.cell USING flows ON true WHEN MATCHED THEN DELETE",
	"EXPORT DATABASE '{new}'", "IMPORT DATABASE '{secret}'", "CALL pragma_version()", "CALL force_checkpoint('kept')", "FROM force_checkpoint('kept')", "CHECKPOINT", "VACUUM", "ANALYZE", "BEGIN", "COMMIT", "EXPLAIN ANALYZE FROM '{secret}'", "EXPLAIN COPY flows TO '{new}'",
	"PREPARE p AS SELECT 1", "EXECUTE p", "COMMENT ON VIEW flows IS 'x'", "INSERT INTO x SELECT 1 RETURNING *", "WITH x AS (DELETE FROM kept.cell RETURNING *) FROM x",
	"SELECT 1; DROP VIEW flows", "SELECT 1; SELECT 2", ";", "", "-- nothing", "SELECT 1;\x00DROP VIEW flows", "FROM write_log('x')", "FROM enable_logging()", "FROM enable_profiling()", "FROM checkpoint()", "FROM copy_database('a')",
}

func TestAskRefuses(t *testing.T) {
	for kind, open := range askedStores {
		t.Run(kind, func(t *testing.T) {
			s := open(t, StoreOptions{})
			dir := t.TempDir()
			const secret = "swordfish"
			names := strings.NewReplacer("{secret}", filepath.Join(dir, "secret.csv"), "{new}", filepath.Join(dir, "new.csv"))
			if err := os.WriteFile(filepath.Join(dir, "secret.csv"), []byte("a,b\n"+secret+",1\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			for _, attack := range attacks {
				rows, err := asked(s, names.Replace(attack))
				if err == nil {
					t.Errorf("%s: no error, and %q", attack, rows)
				}
				if strings.Contains(fmt.Sprint(rows, err), secret) {
					t.Errorf("%s: told the secret", attack)
				}
			}
			left, err := os.ReadDir(dir)
			if err != nil || len(left) != 1 {
				t.Errorf("written: %v, error %v", left, err)
			}
			rows, err := asked(s, "SELECT count(*) AS n FROM flows")
			if err != nil || strings.Join(rows, "|") != "n|2" {
				t.Errorf("afterwards: %v, error %v", rows, err)
			}
		})
	}
}

// Where the reading of a question is fooled, the engine still has no other file.
func TestAskSecondLine(t *testing.T) {
	for kind, open := range askedStores {
		t.Run(kind, func(t *testing.T) {
			s := open(t, StoreOptions{})
			db, err := s.restricted(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			file := captureFile(t, "a,b\n1,2\n")
			for _, attack := range []string{
				"FROM read_csv('{file}')", "FROM read_text('{file}')", "FROM glob('/*')", "COPY (SELECT 1) TO '{file}.new'", "ATTACH '{file}.new'", "INSTALL httpfs", "LOAD '{file}'",
				"SET enable_external_access = true", "SET lock_configuration = false", "RESET allowed_paths", "SET memory_limit = '1TB'", "SET threads = 64", "PRAGMA temp_directory='/'",
				"EXPORT DATABASE '{file}.new'", "INSERT INTO kept.about SELECT * FROM kept.about", "DROP TABLE kept.cell", "SET allowed_paths = ['{file}']", "SET allowed_directories = ['/']",
			} {
				if err := db.exec(t.Context(), strings.ReplaceAll(attack, "{file}", file)); err == nil {
					t.Errorf("%s: no error", attack)
				}
			}
		})
	}
}

// Questions that never end are ended, and so are those that ask for more than there is.
func TestAskIsBounded(t *testing.T) {
	s := askedStores["copied"](t, StoreOptions{AskTime: 500 * time.Millisecond, AskRows: 10})
	for _, endless := range []string{
		"WITH RECURSIVE r AS (SELECT 1 AS a UNION ALL SELECT a + 1 FROM r) SELECT max(a) FROM r",
		"SELECT count(*) FROM range(1000000000) a, range(1000000000) b",
		"SELECT sum(a.range * b.range) FROM range(10000000000000) a, range(100) b",
		"SELECT count(*) FROM flows a, flows b, range(10000000000000) c WHERE a.name > c.range::VARCHAR",
	} {
		if _, err := asked(s, endless); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: error %v", endless, err)
		}
	}
	if rows, err := asked(s, "FROM range(1000)"); !errors.Is(err, explore.ErrTooManyRows) || len(rows) != 1+10 {
		t.Errorf("many rows: got %d, error %v", len(rows), err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Ask(ctx, "SELECT 1", func([]string) error { return nil }, func([]any) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: error %v", err)
	}
	stop := errors.New("enough")
	if err := s.Ask(t.Context(), "FROM range(5)", func([]string) error { return nil }, func([]any) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("stopped: error %v", err)
	}
	if rows, err := asked(s, "SELECT 1 AS a"); err != nil || strings.Join(rows, "|") != "a|1" {
		t.Errorf("afterwards: %v, error %v", rows, err)
	}
}
