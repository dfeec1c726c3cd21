package input_test

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/hex"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
	"github.com/ulikunitz/xz"

	"sentinel/internal/input"
	"sentinel/internal/input/table"
)

func gzipped(t testing.TB, content string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(content)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func zstandard(t testing.TB, content string) string {
	t.Helper()
	encoder, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return string(encoder.EncodeAll([]byte(content), nil))
}

func open(t testing.TB, content string) (*input.File, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "capture.bin")
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return tables.Open(path, nil)
}

// tables are formats that the tests recognise.
var tables = input.Formats{table.Parquet, table.JSON, table.CSV}

func lz4ed(t testing.TB, content string) string {
	t.Helper()
	var b bytes.Buffer
	w := lz4.NewWriter(&b)
	if _, err := w.Write([]byte(content)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func xzed(t testing.TB, content string) string {
	t.Helper()
	var b bytes.Buffer
	w, err := xz.NewWriter(&b)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte(content)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// bzipped is "a,b\n1,2\n" as bzip2 packs it.
const bzipped = "\x42\x5a\x68\x39\x31\x41\x59\x26\x53\x59\xbf\x87\x40\x7f\x00\x00\x03\x59\x00\x00\x10\x00\x04\x30\x00\x30\x00\x20\x00\x30\xc0\x08\x69\xb2\x88\x23\x27\x8b\xb9\x22\x9c\x28\x48\x5f\xc3\xa0\x3f\x80"

func TestRecognise(t *testing.T) {
	tests := []struct {
		name, content string
		format        input.Format
		compression   input.Compression
		plain         string // of the content; empty: content
	}{
		{"Parquet", "PAR1 and more", table.Parquet, "", ""},
		{"object", `{"a":1}`, table.JSON, "", ""},
		{"array after blanks and mark", "\xef\xbb\xbf \r\n[1]", table.JSON, "", ""},
		{"text", "a,b\n1,2\n", table.CSV, "", ""},
		{"Latin-1", "stra\xdfe,b\n1,2\n", table.CSV, "", ""},
		{"one terminal escape", "timestamp,src_ip,dst_ip\n1,\x1b[31m,3\n", table.CSV, "", ""},
		{"text in gzip", gzipped(t, "a,b\n"), table.CSV, input.Gzip, "a,b\n"},
		{"JSON in zstd", zstandard(t, "{}"), table.JSON, input.Zstd, "{}"},
		{"text in LZ4", lz4ed(t, "a,b\n"), table.CSV, input.LZ4, "a,b\n"},
		{"text in xz", xzed(t, "a,b\n"), table.CSV, input.XZ, "a,b\n"},
		{"text in bzip2", bzipped, table.CSV, input.Bzip2, "a,b\n1,2\n"},
		{"Parquet in gzip", gzipped(t, "PAR1 and more"), table.Parquet, input.Gzip, "PAR1 and more"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			file, err := open(t, test.content)
			if err != nil {
				t.Fatal(err)
			}
			if file.Format.ID != test.format.ID || file.Compression != test.compression {
				t.Errorf("%s in %q, expected %s in %q", file.Format.ID, file.Compression, test.format.ID, test.compression)
			}
			want := cmp.Or(test.plain, test.content)
			if got := content(t, file); got != want || file.Progress() != file.Size {
				t.Errorf("holds %q, expected %q; %d of %d bytes read", got, want, file.Progress(), file.Size)
			}
			if err := file.Spool(t.TempDir()); err != nil {
				t.Fatal(err)
			}
			if data, err := os.ReadFile(file.Path); err != nil || string(data) != want || !file.InPlace() {
				t.Errorf("%s holds %q, error %v", file.Path, data, err)
			}
		})
	}
}

// content reads a file to its end.
func content(t testing.TB, file *input.File) string {
	t.Helper()
	r, err := file.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// A compressed file that was cut short gives what it holds, then an error, and closes without another.
func TestCutShort(t *testing.T) {
	random := make([]byte, 1<<18)
	for i := range random {
		random[i] = byte(rand.Uint32())
	}
	whole := gzipped(t, "a,b\n"+hex.EncodeToString(random))
	file, err := open(t, whole[:len(whole)/2])
	if err != nil {
		t.Fatal(err)
	}
	r, err := file.Open()
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(r)
	if len(data) < 1<<17 || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("%d bytes, error %v", len(data), err)
	}
	if err := r.Close(); err != nil {
		t.Errorf("closing: %v", err)
	}
}

func TestRefused(t *testing.T) {
	tests := []struct{ name, content, err, hint string }{
		{"empty", "", "is empty", "may not have begun"},
		{"empty in gzip", gzipped(t, ""), "is empty inside its gzip", "may not have begun"},
		{"gzip cut in its header", "\x1f\x8b\x08", "reading its gzip header", "cut short"},
		{"gzip cut in its data", gzipped(t, "a,b\n1,2\n")[:11], "decompressing its start (gzip)", "cut short"},
		{"zstd cut", zstandard(t, "a,b\n1,2\n")[:9], "decompressing its start (zstd)", "cut short"},
		{"gzip in gzip", gzipped(t, gzipped(t, "a,b\n")), "is no format that Sentinel reads", "first bytes are 1f8b"},
		{"UTF-16", "\xff\xfea\x00,\x00b\x00\n\x00", "is no format that Sentinel reads", "CSV: is no text\nits first bytes are fffe"},
		{"zeros", strings.Repeat("\x00", 100), "is no format that Sentinel reads", "first bytes are 0000000000000000"},
		{"ZIP", "PK\x03\x04aaaa", "is a ZIP archive", "unpack it first"},
		{"xz cut in its header", "\xfd7zXZ\x00", "reading its xz header", "cut short"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := open(t, test.content)
			var fault *input.Error
			if !errors.As(err, &fault) {
				t.Fatalf("error %v, expected an *input.Error", err)
			}
			if !strings.HasSuffix(fault.Name, "capture.bin") || !strings.Contains(fault.Error(), test.err) || !strings.Contains(fault.Hint, test.hint) {
				t.Errorf("%q\nhint: %q", fault.Error(), fault.Hint)
			}
		})
	}
}

func TestExpand(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{"b.csv", "a.csv", "c.json", "x[1].csv", "x1.csv"} {
		if err := os.WriteFile(name, nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	tests := []struct {
		args, want []string
		errs       int
	}{
		{[]string{"b.csv", "a.csv"}, []string{"b.csv", "a.csv"}, 0},
		{[]string{"[ab].csv", "a.csv", "b.csv"}, []string{"a.csv", "b.csv"}, 0},
		{[]string{"x[1].csv"}, []string{"x[1].csv"}, 0},
		{[]string{"absent.csv", "-", "-"}, []string{"absent.csv", "-"}, 0},
		{[]string{"*.parquet", "c.json", "[", ""}, []string{"c.json"}, 3},
	}
	for _, test := range tests {
		files, errs := input.Expand(test.args)
		var names []string
		for _, file := range files {
			names = append(names, file.Name)
		}
		if diff := gocmp.Diff(test.want, names); diff != "" || len(errs) != test.errs {
			t.Errorf("%q: errors %v (-want +got):\n%s", test.args, errs, diff)
		}
	}
}

func TestExpandDirectory(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{"day/b/z.csv", "day/a.csv", "day/.hidden.csv", "day/.git/x.csv", "day/b/a.pcap", "other.csv"} {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir("empty", 0o755); err != nil {
		t.Fatal(err)
	}
	files, errs := input.Expand([]string{"day", "other.csv", "day/a.csv", "empty"})
	want := []input.Candidate{{Name: "day/a.csv", Found: true}, {Name: "day/b/a.pcap", Found: true}, {Name: "day/b/z.csv", Found: true}, {Name: "other.csv"}}
	if diff := gocmp.Diff(want, files); diff != "" || len(errs) != 1 {
		t.Errorf("errors %v (-want +got):\n%s", errs, diff)
	}
}

func TestNamesThatEnginesMisread(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{"a[1]:b.csv", "a*b.csv", "what?.csv", "s3:x.csv", "a\xff.csv"} {
		if err := os.WriteFile(name, []byte("a,b\n1,2\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		file, err := tables.Open(name, nil)
		if err != nil {
			t.Errorf("%q: %v", name, err)
			continue
		}
		file.Literal(t.TempDir())
		if data, err := os.ReadFile(file.Path); string(data) != "a,b\n1,2\n" || (strings.ContainsAny(filepath.Base(file.Path), "*?[:") || !utf8.ValidString(filepath.Base(file.Path))) || file.Name != name {
			t.Errorf("%q is read from %q under the name %q, error %v", name, file.Path, file.Name, err)
		}
	}
}

func TestMissing(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("Day.parquet", nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for name, hint := range map[string]string{
		"day.csv":    "did you mean Day.parquet?",
		"x/y.csv":    "there is no directory x",
		"other.csv":  "check its spelling",
		"Day.par":    "did you mean Day.parquet?",
		"./day.json": "did you mean Day.parquet?",
	} {
		_, err := tables.Open(name, nil)
		var fault *input.Error
		if !errors.As(err, &fault) || !errors.Is(err, os.ErrNotExist) || !strings.Contains(fault.Hint, hint) {
			t.Errorf("%s: %v, expected the hint %q", name, fault, hint)
		}
	}
}

func FuzzOpen(f *testing.F) {
	for _, seed := range []string{"", "PAR1", "{", "a,b\n", "\x1f\x8b", "\x28\xb5\x2f\xfd", "\xd4\xc3\xb2\xa1", "\xef\xbb\xbf"} {
		f.Add([]byte(seed))
	}
	f.Add([]byte(gzipped(f, "PAR1")))
	f.Add([]byte(zstandard(f, "a,b\n")))
	f.Fuzz(func(t *testing.T, content []byte) {
		file, err := open(t, string(content))
		if err == nil && file.Format.ID == "" {
			t.Error("neither a format nor an error")
		}
	})
}
