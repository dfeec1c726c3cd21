package cli_test

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"sentinel/internal/cli"
	formats "sentinel/internal/output/catalog"
)

// run runs a command in the working directory.
func run(t testing.TB, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	var out, errs bytes.Buffer
	status = cli.Main(append([]string{"sentinel"}, args...), &out, &errs)
	return out.String(), errs.String(), status
}

func done(t testing.TB, args ...string) string {
	t.Helper()
	stdout, stderr, status := run(t, args...)
	if status != 0 {
		t.Fatalf("sentinel %s: status %d\n%s", strings.Join(args, " "), status, stderr)
	}
	return stdout
}

func schema(t testing.TB) *jsonschema.Schema {
	t.Helper()
	file, err := os.Open(filepath.Join("..", "..", "docs", "schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	document, err := jsonschema.UnmarshalJSON(file)
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource("schema.json", document); err != nil {
		t.Fatal(err)
	}
	compiled, err := compiler.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

func parse(t testing.TB, document string) map[string]any {
	t.Helper()
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(document))
	if err != nil {
		t.Fatalf("%v in\n%s", err, document)
	}
	return value.(map[string]any)
}

const csvHeader = "timestamp,src_ip,dst_ip,proto,port,up_bytes,down_bytes"

// tied is a day in which many flows, hosts, ports and countries have equal figures.
func tied(seed uint64) string {
	random := rand.New(rand.NewPCG(seed, 0))
	var rows []string
	for i := range 2000 {
		rows = append(rows, fmt.Sprintf("%d,192.168.104.%d,%s,tcp,%d,%d,%d",
			i%500*10_000, i%40+1, []string{"8.8.8.8", "193.136.2.1", "192.168.104.50", "192.168.104.51", "2001:500:2::c"}[i%5], 440+i%25, i%3*100, i%2*500))
	}
	random.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	return csvHeader + "\n" + strings.Join(rows, "\n") + "\n"
}

func writeFile(t testing.TB, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestDocumentsMatchTheSchema(t *testing.T) {
	compiled := schema(t)
	t.Chdir(t.TempDir())
	writeFile(t, "tied.csv", tied(1))
	writeFile(t, "damaged.csv", csvHeader+",vlan\n0,192.168.104.1,8.8.8.8,tcp,443,,9,1\n1,x,8.8.8.8,tcp,443,1,9,1\n2,192.168.104.1,192.168.104.2,tcp,443,0,0,1\nshort\n2000000,::1,::2,,0,0,0,1\n")
	writeFile(t, "dated.json", `{"ts":1709300000.5,"src_ip":"203.0.113.1","dst_ip":"198.51.100.2","proto":"tcp","port":443,"up_bytes":0,"down_bytes":2200,"sni":"www.example"}`+"\n")
	if _, stderr, status := run(t, "generate", "--flows", "20000", "judge.parquet"); status != 0 {
		t.Fatal(stderr)
	}
	commands := map[string][]string{ // by name, with the measures that the document must have
		"analyze":      {"analyze", "tied.csv"},
		"damaged":      {"analyze", "damaged.csv", "absent.csv"},
		"dated":        {"analyze", "--reproducible", "--internal", "10.0.0.0/8", "dated.json"},
		"attacked":     {"analyze", "judge.parquet"},
		"baseline":     {"analyze", "--baseline", "tied.csv", "judge.parquet"},
		"nothing":      {"--data", "tied.csv"},
		"exfiltration": {"--data", "tied.csv", "-dx", "50"},
		"botnet":       {"--data", "tied.csv", "-bn", "0.0.0.0/0"},
		"countries":    {"--data", "tied.csv", "-cv"},
		"hours":        {"--data", "tied.csv", "-td"},
	}
	for name, args := range commands {
		t.Run(name, func(t *testing.T) {
			stdout, stderr, status := run(t, append(args, "--format", "json")...)
			if status != 0 && status != 3 {
				t.Fatalf("status %d\n%s", status, stderr)
			}
			document := parse(t, stdout)
			if err := compiled.Validate(document); err != nil {
				t.Errorf("%#v", err)
			}
			measures := document["measures"].(map[string]any)
			if _, ok := measures[name]; args[0] == "--data" && (len(measures) > 1 || ok == (name == "nothing")) {
				t.Errorf("measures %v", measures)
			}
		})
	}
}

// A schema that takes anything would prove nothing.
func TestTheSchemaIsStrict(t *testing.T) {
	compiled := schema(t)
	t.Chdir(t.TempDir())
	writeFile(t, "tied.csv", tied(1))
	text := done(t, "analyze", "--format", "json", "tied.csv")
	spoil := map[string]func(map[string]any){
		"a member more":       func(d map[string]any) { d["extra"] = 1 },
		"a member less":       func(d map[string]any) { delete(d, "summary") },
		"another version":     func(d map[string]any) { d["schema_version"] = 2 },
		"text for a number":   func(d map[string]any) { d["summary"].(map[string]any)["flows"] = "many" },
		"a negative count":    func(d map[string]any) { d["summary"].(map[string]any)["flows"] = -1 },
		"a time without zone": func(d map[string]any) { d["summary"].(map[string]any)["first"] = "1970-01-01 00:00:00" },
		"a name for a host": func(d map[string]any) {
			d["measures"].(map[string]any)["talkers"].(map[string]any)["hosts"].([]any)[0].(map[string]any)["address"] = "host.example"
		},
		"an hour of 24": func(d map[string]any) {
			d["measures"].(map[string]any)["hours"].([]any)[0].(map[string]any)["hour"] = 24
		},
	}
	if err := compiled.Validate(parse(t, text)); err != nil {
		t.Fatal(err)
	}
	for name, change := range spoil {
		document := parse(t, text)
		change(document)
		if compiled.Validate(document) == nil {
			t.Errorf("the schema takes %s", name)
		}
	}
}

// The same flows give the same bytes, in whatever order and on however many threads.
func TestOutputsAreReproducible(t *testing.T) {
	first := outputs(t, tied(1), "1")
	for threads, seed := range map[string]uint64{"1": 2, "2": 3} {
		if diff := cmp.Diff(first, outputs(t, tied(seed), threads)); diff != "" {
			t.Errorf("%s threads, order %d (-first +this):\n%s", threads, seed, diff)
		}
	}
}

// checksum is that of a file, which tells another order of the same rows apart.
var checksum = regexp.MustCompile(`\b[0-9a-f]{64}\b`)

// The same file gives the same bytes in every format, on one thread and on two.
func TestFormatsAreReproducible(t *testing.T) {
	t.Chdir(t.TempDir())
	done(t, "generate", "--kind", "clean", "--flows", "5000", "base.parquet")
	done(t, "generate", "--day", "1", "--flows", "5000", "--attack", "beacon", "--attack", "exfil", "day.parquet")
	written := map[string][]map[string]string{}
	for _, threads := range []string{"1", "2"} {
		for _, format := range formats.All {
			dir := t.TempDir()
			done(t, "analyze", "-q", "--reproducible", "--threads", threads, "--baseline", "base.parquet",
				"--report", format.ID+"="+filepath.Join(dir, "report"+format.Extension), "day.parquet")
			written[format.ID] = append(written[format.ID], filesIn(t, dir))
		}
	}
	for id, runs := range written {
		if len(runs[0]) == 0 || !maps.Equal(runs[0], runs[1]) {
			t.Errorf("%s: %d files, which differ from one thread to two", id, len(runs[0]))
		}
	}
}

func filesIn(t *testing.T, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, entry := range entries {
		content, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		files[entry.Name()] = string(content)
	}
	return files
}

func outputs(t *testing.T, content, threads string) map[string]string {
	t.Helper()
	t.Chdir(t.TempDir())
	writeFile(t, "day.csv", content)
	common := []string{"analyze", "--reproducible", "--threads", threads, "-bn", "0.0.0.0/0", "-dx", "10", "day.csv"}
	all := map[string]string{
		"text": done(t, append(common, "--details")...),
		"JSON": checksum.ReplaceAllString(done(t, append(common, "--format", "json", "-o")...), "of the file"),
	}
	for _, name := range []string{"report.md", "connectionsxcountry.png", "connectionsxhour.png"} {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all[name] = string(data)
	}
	return all
}

// A Parquet file cut short anywhere is told, and nothing is left behind.
func TestParquetCutShort(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	temporary := t.TempDir()
	if _, stderr, status := run(t, "generate", "--kind", "clean", "--flows", "1000", "whole.parquet"); status != 0 {
		t.Fatal(stderr)
	}
	whole, err := os.ReadFile("whole.parquet")
	if err != nil {
		t.Fatal(err)
	}
	footer := len(whole) - 8 - int(uint32(whole[len(whole)-8])|uint32(whole[len(whole)-7])<<8|uint32(whole[len(whole)-6])<<16)
	lengths := []int{0, 1, 3, 4, 5, 7, 8, 11, 12, 100, footer / 2, footer - 1, footer, footer + 1, (footer + len(whole)) / 2}
	for back := 1; back <= 9; back++ {
		lengths = append(lengths, len(whole)-back)
	}
	for _, length := range lengths {
		writeFile(t, "cut.parquet", string(whole[:length]))
		stdout, stderr, status := run(t, "--data", "cut.parquet", "-cv", "-o", "--temp-dir", temporary)
		if status != 2 || stdout != "" || !strings.HasPrefix(stderr, "sentinel: cut.parquet: ") || !strings.Contains(stderr, "\nhint: ") {
			t.Errorf("%d of %d bytes: status %d\n%s%s", length, len(whole), status, stdout, stderr)
		}
	}
	wantEntries(t, dir, "cut.parquet", "whole.parquet", "whole.truth.json")
	wantEntries(t, temporary)
}

func wantEntries(t *testing.T, dir string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, entry := range entries {
		got = append(got, entry.Name())
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("entries of %s (-want +got):\n%s", dir, diff)
	}
}
