package input_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"

	"sentinel/internal/input"
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

func open(t testing.TB, content string) (input.File, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "capture.bin")
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return input.Open(path, t.TempDir())
}

func TestRecognise(t *testing.T) {
	tests := []struct {
		name, content string
		format        input.Format
		compression   input.Compression
	}{
		{"Parquet", "PAR1 and more", input.Parquet, ""},
		{"object", `{"a":1}`, input.JSON, ""},
		{"array after blanks and mark", "\xef\xbb\xbf \r\n[1]", input.JSON, ""},
		{"text", "a,b\n1,2\n", input.CSV, ""},
		{"Latin-1", "stra\xdfe,b\n1,2\n", input.CSV, ""},
		{"one terminal escape", "timestamp,src_ip,dst_ip\n1,\x1b[31m,3\n", input.CSV, ""},
		{"text in gzip", gzipped(t, "a,b\n"), input.CSV, input.Gzip},
		{"JSON in zstd", zstandard(t, "{}"), input.JSON, input.Zstd},
		{"Parquet in gzip is spooled", gzipped(t, "PAR1 and more"), input.Parquet, ""},
		{"Parquet in zstd is spooled", zstandard(t, "PAR1 and more"), input.Parquet, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			file, err := open(t, test.content)
			if err != nil {
				t.Fatal(err)
			}
			if file.Format != test.format || file.Compression != test.compression {
				t.Errorf("%s in %q, expected %s in %q", file.Format, file.Compression, test.format, test.compression)
			}
			if strings.HasSuffix(test.name, "spooled") {
				data, err := os.ReadFile(file.Path)
				if err != nil || string(data) != "PAR1 and more" || file.Path == file.Name {
					t.Errorf("%s holds %q, error %v", file.Path, data, err)
				}
			}
		})
	}
}

func TestRefused(t *testing.T) {
	whole := gzipped(t, strings.Repeat("PAR1 some bytes that do not repeat so well 1234567890 ", 2000))
	tests := []struct{ name, content, err, hint string }{
		{"empty", "", "is empty", "may not have begun"},
		{"empty in gzip", gzipped(t, ""), "is empty inside its gzip", "may not have begun"},
		{"gzip cut in its header", "\x1f\x8b\x08", "reading its gzip header", "cut short"},
		{"gzip cut in its data", gzipped(t, "a,b\n1,2\n")[:15], "decompressing its start (gzip)", "cut short"},
		{"gzip cut while spooled", whole[:len(whole)-10], "copying it", "cut short"},
		{"zstd cut", zstandard(t, "a,b\n1,2\n")[:9], "decompressing its start (zstd)", "cut short"},
		{"gzip in gzip", gzipped(t, gzipped(t, "a,b\n")), "is no format that Sentinel reads", "first bytes are 1f8b"},
		{"UTF-16", "\xff\xfea\x00,\x00b\x00\n\x00", "is no format that Sentinel reads", "UTF-8"},
		{"zeros", strings.Repeat("\x00", 100), "is no format that Sentinel reads", "first bytes are 0000000000000000"},
		{"pcap", "\xd4\xc3\xb2\xa1\x02\x00\x04\x00", "packet capture (pcap)", "Zeek or tshark"},
		{"pcapng", "\x0a\x0d\x0d\x0a\x00\x00\x00\x00", "packet capture (pcapng)", "Zeek or tshark"},
		{"pcap in gzip", gzipped(t, "\xd4\xc3\xb2\xa1\x02\x00\x04\x00"), "packet capture (pcap)", "Zeek or tshark"},
		{"Zeek log", "#separator \\x09\n", "is a Zeek log", "zeek-cut"},
		{"ZIP", "PK\x03\x04aaaa", "is a ZIP archive", "unpack it first"},
		{"xz", "\xfd7zXZ\x00", "is compressed with xz", "xzcat"},
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
		names, errs := input.Expand(test.args)
		if diff := cmp.Diff(test.want, names); diff != "" || len(errs) != test.errs {
			t.Errorf("%q: errors %v (-want +got):\n%s", test.args, errs, diff)
		}
	}
}

func TestNamesThatEnginesMisread(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{"a[1]:b.csv", "a*b.csv", "what?.csv", "s3:x.csv", "a\xff.csv"} {
		if err := os.WriteFile(name, []byte("a,b\n1,2\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		file, err := input.Open(name, t.TempDir())
		if err != nil {
			t.Errorf("%q: %v", name, err)
			continue
		}
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
		_, err := input.Open(name, t.TempDir())
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
		if err == nil && file.Format == "" {
			t.Error("neither a format nor an error")
		}
	})
}
