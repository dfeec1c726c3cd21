package zeek_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"

	"sentinel/internal/flow"
	"sentinel/internal/input"
	"sentinel/internal/input/inputtest"
	"sentinel/internal/input/zeek"
)

// samples are logs that hold flows or lookups by themselves.
var samples = []string{
	"testdata/tsv/conn.log", "testdata/tsv/dns.log", "testdata/tsv/open_conn.log",
	"testdata/json/conn.log", "testdata/json/dns.log", "testdata/stream.json", "testdata/conn.log.labeled", "testdata/bare.log",
	"testdata/relative.log",
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func TestContract(t *testing.T) {
	for _, path := range samples {
		t.Run(filepath.Base(path), func(t *testing.T) { inputtest.Run(t, zeek.Format, read(t, path)) })
	}
}

func FuzzFormat(f *testing.F) {
	var all [][]byte
	for _, path := range samples {
		all = append(all, read(f, path))
	}
	inputtest.Fuzz(f, zeek.Format, all...)
}

// TestGolden reads the samples where they lie, with the logs beside them.
func TestGolden(t *testing.T) {
	for _, path := range samples {
		golden := strings.ReplaceAll(strings.TrimPrefix(path, "testdata/"), "/", "_") + ".txt"
		inputtest.Golden(t, filepath.Join("testdata", "golden", golden), inputtest.ReadFile(t, zeek.Format, path, input.Settings{}))
	}
}

// TestBeside looks for the names that other logs give, wherever they lie and however they are compressed.
func TestBeside(t *testing.T) {
	for name, test := range map[string]struct {
		conn, ssl string
		want      string
	}{
		"same rotation":    {"conn.12.log", "ssl.12.log", "json.example.com"},
		"other rotation":   {"conn.12.log", "ssl.13.log", ""},
		"one compressed":   {"conn.12.log", "ssl.12.log.gz", "json.example.com"},
		"both compressed":  {"conn.12.log.gz", "ssl.12.log.gz", "json.example.com"},
		"other compressed": {"conn.12.log.gz", "ssl.12.log", "json.example.com"},
		"one labelled":     {"conn.log.labeled", "ssl.log", "json.example.com"},
		"by hours":         {"conn.12:00:00-13:00:00.log.gz", "ssl.12:00:00-13:00:00.log.gz", "json.example.com"},
		"by date":          {"conn_20240501_12:00:00-13:00:00-0500.log", "ssl_20240501_12:00:00-13:00:00-0500.log", "json.example.com"},
		"other name":       {"connections.log", "ssllections.log", ""},
	} {
		dir := t.TempDir()
		for file, sample := range map[string]string{test.conn: "testdata/json/conn.log", test.ssl: "testdata/json/ssl.log"} {
			write(t, filepath.Join(dir, file), read(t, sample))
		}
		result := inputtest.ReadFile(t, zeek.Format, filepath.Join(dir, test.conn), input.Settings{})
		if result.Err != nil || len(result.Flows) == 0 || result.Flows[0].Name != test.want {
			t.Errorf("%s: error %v, flows %+v, want the name %q", name, result.Err, result.Flows, test.want)
		}
	}
}

// write stores content, compressed if its name says so.
func write(t *testing.T, path string, content []byte) {
	t.Helper()
	if strings.HasSuffix(path, ".gz") {
		var packed bytes.Buffer
		writer := gzip.NewWriter(&packed)
		if _, err := writer.Write(content); err != nil {
			t.Fatal(err)
		}
		if err := writer.Close(); err != nil {
			t.Fatal(err)
		}
		content = packed.Bytes()
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestRole(t *testing.T) {
	for path, want := range map[string]zeek.Role{
		"testdata/tsv/conn.log":      zeek.Flows,
		"testdata/tsv/dns.log":       zeek.Beside,
		"testdata/tsv/open_conn.log": zeek.Beside,
		"testdata/tsv/ssl.log":       zeek.Other,
		"testdata/tsv/weird.log":     zeek.Other,
		"testdata/json/dns.log":      zeek.Beside,
		"testdata/stream.json":       zeek.Flows,
		"testdata/conn.log.labeled":  zeek.Flows,
		"zeek_test.go":               zeek.NotZeek,
	} {
		if got := zeek.RoleOf(open(t, path)); got != want {
			t.Errorf("%s: role %d, want %d", path, got, want)
		}
	}
	dir := t.TempDir()
	for name, sample := range map[string]string{
		"conn.log": "json/conn.log", "dns.log": "json/dns.log", "dns.log.labeled": "json/dns.log", "open_conn.log.gz": "json/open_conn.log",
	} {
		write(t, filepath.Join(dir, name), read(t, filepath.Join("testdata", sample)))
	}
	for name, want := range map[string]zeek.Role{
		"conn.log": zeek.Flows, "dns.log": zeek.Beside, "dns.log.labeled": zeek.Flows, "open_conn.log.gz": zeek.Beside,
	} {
		if got := zeek.RoleOf(open(t, filepath.Join(dir, name))); got != want {
			t.Errorf("%s beside conn.log: role %d, want %d", name, got, want)
		}
	}
	alone := filepath.Join(t.TempDir(), "dns.log")
	write(t, alone, read(t, "testdata/json/dns.log"))
	if got := zeek.RoleOf(open(t, alone)); got != zeek.Flows {
		t.Errorf("dns.log without conn.log: role %d, want %d", got, zeek.Flows)
	}
}

func open(t *testing.T, path string) *input.File {
	t.Helper()
	file, err := input.Formats{zeek.Format}.Open(path, &zeek.Format)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func TestLogWithoutFlows(t *testing.T) {
	for _, log := range []string{"ssl", "http", "quic", "weird"} {
		result := inputtest.ReadFile(t, zeek.Format, "testdata/tsv/"+log+".log", input.Settings{})
		var hinted *zeek.Error
		if !errors.As(result.Err, &hinted) || hinted.Hint() == "" || !strings.Contains(result.Err.Error(), log+".log") {
			t.Errorf("%s.log: error %v, want one that names it and says what to do", log, result.Err)
		}
	}
}

func TestNotZeek(t *testing.T) {
	for _, text := range []string{
		"", "{}", `{"ts":"x","uid":"C"}`, `{"src_ip":"192.0.2.1","ts":1}`, "a,b\n1,2\n", "#Fields: date time c-ip\n", "#fields", "ts uid\n",
		"1\t2\t3\t4\t5\t6\t7\t8\t9\t10\t11\t12\t13\t14\t15\t16\t17\t18\t19\t20\n",
	} {
		if reason := zeek.Format.Recognise([]byte(text)); reason == "" {
			t.Errorf("%q is recognised", text)
		}
	}
}

// TestColumns tells which columns are filled.
func TestColumns(t *testing.T) {
	for path, want := range map[string]flow.Set{
		"testdata/tsv/conn.log": flow.NewSet(zeek.Format.Columns...),
		"testdata/conn.log.labeled": flow.NewSet("duration", "src_port", "up_packets", "down_packets", "up_payload", "down_payload", "state",
			"service", "opener"),
	} {
		reader, err := zeek.Format.Open(open(t, path), input.Settings{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := flow.ReadAll(reader); err != nil {
			t.Fatal(err)
		}
		got := reader.Columns()
		for _, column := range zeek.Format.Columns {
			if got[column] != want[column] {
				t.Errorf("%s fills %s: %v, want %v", path, column, got[column], want[column])
			}
		}
		if err := reader.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestHostileText reads lines of any length and separators of any kind.
func TestHostileText(t *testing.T) {
	sample := read(t, "testdata/conn.log.labeled")
	for name, content := range map[string][]byte{
		"a long line":         append(append(bytes.Clone(sample), bytes.Repeat([]byte("x"), 3<<20)...), sample...),
		"commas":              bytes.ReplaceAll(bytes.ReplaceAll(sample, []byte("\t"), []byte(",")), []byte(`\x09`), []byte(",")),
		"carriage returns":    bytes.ReplaceAll(sample, []byte("\n"), []byte("\r\n")),
		"an indented header":  append([]byte("\t"), sample...),
		"a plain header":      bytes.ReplaceAll(sample, []byte("#fields\t"), nil),
		"comments in between": append([]byte("# joined\n#\n#separator\n"), sample...),
	} {
		result := inputtest.Read(zeek.Format, content, input.Settings{}, 64)
		if result.Err != nil || len(result.Flows) < 2 {
			t.Errorf("%s: %d flows, error %v, skipped %v", name, len(result.Flows), result.Err, result.Account.Skipped)
		}
	}
}
