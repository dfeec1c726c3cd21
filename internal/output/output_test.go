package output_test

import (
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"sentinel/internal/output"
	"sentinel/internal/report"
)

func TestWriteFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "report.md")
	for _, content := range []string{"first", strings.Repeat("second", 100_000)} {
		if err := output.WriteFile(path, func(w io.Writer) error { _, err := io.WriteString(w, content); return err }); err != nil {
			t.Fatal(err)
		}
		wantAlone(t, path, content)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o644 {
		t.Errorf("mode %v, error %v", info.Mode(), err)
	}
}

// wantAlone wants a file to have that content, and its directory no other.
func wantAlone(t *testing.T, path, content string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil || string(data) != content {
		t.Errorf("%d bytes, error %v", len(data), err)
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != 1 {
		t.Errorf("entries %v, error %v", entries, err)
	}
}

// However writing fails, the file that was there stays as it was, and nothing lies beside it.
func TestWriteFileFails(t *testing.T) {
	path := filepath.Join(t.TempDir(), "report.md")
	if err := os.WriteFile(path, []byte("before"), 0o600); err != nil {
		t.Fatal(err)
	}
	cause := errors.New("no space left on device")
	for name, write := range map[string]func(io.Writer) error{
		"at once": func(io.Writer) error { return cause },
		"after much": func(w io.Writer) error {
			_, err := io.WriteString(w, strings.Repeat("x", 1<<20))
			return errors.Join(err, cause)
		},
	} {
		t.Run(name, func(t *testing.T) {
			if err := output.WriteFile(path, write); !errors.Is(err, cause) {
				t.Errorf("error %v", err)
			}
			wantAlone(t, path, "before")
		})
	}
}

func TestWriteFileWithoutPlace(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "file"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "taken"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"file/x.md", "absent/x.md", "taken"} {
		if err := output.WriteFile(filepath.Join(dir, path), func(io.Writer) error { return nil }); err == nil {
			t.Errorf("%s: no error", path)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 2 {
		t.Errorf("entries %v, error %v", entries, err)
	}
}

func TestPrintable(t *testing.T) {
	for given, want := range map[string]string{
		"plain text":             "plain text",
		"Ünïcödé 日本":             "Ünïcödé 日本",
		"\x1b[31m":               `\x1b[31m`,
		"a\tb\r\nc":              `a\tb\r\nc`,
		"\u202egpj":              `\u202egpj`,
		"a\u00a0b\u2003c":        `a\u00a0b\u2003c`,
		"bad \xff":               `bad \ufffd`,
		"\u009b":                 `\u009b`,
		"\u200b\ufeff":           `\u200b\ufeff`,
		strings.Repeat("ä", 120): strings.Repeat("ä", 120),
		strings.Repeat("ä", 121): strings.Repeat("ä", 120) + "…",
	} {
		if got := output.Printable(given); got != want {
			t.Errorf("%q becomes %q, expected %q", given, got, want)
		}
	}
}

func FuzzPrintable(f *testing.F) {
	f.Add("a\x1b[0m\u202e\xff")
	f.Fuzz(func(t *testing.T, given string) {
		got := output.Printable(given)
		if !utf8.ValidString(got) || utf8.RuneCountInString(got) > 120*10+1 {
			t.Errorf("%q becomes %q", given, got)
		}
		for _, r := range got {
			if unicode.Is(unicode.C, r) || r != ' ' && unicode.Is(unicode.Z, r) {
				t.Errorf("%q becomes %q with %U", given, got, r)
			}
		}
	})
}

func TestNumbers(t *testing.T) {
	for _, test := range []struct{ got, want string }{
		{output.Count(0), "0"}, {output.Count(1234567), "1,234,567"}, {output.Count(-1234), "-1,234"}, {output.Count(math.MaxInt64), "9,223,372,036,854,775,807"},
		{output.Bytes(0), "0 B"}, {output.Bytes(999), "999 B"}, {output.Bytes(1000), "1.00 kB"}, {output.Bytes(9_999), "10.0 kB"}, {output.Bytes(99_950), "100 kB"},
		{output.Bytes(999_499), "999 kB"}, {output.Bytes(999_500), "1.00 MB"}, {output.Bytes(1 << 50), "1.13 PB"}, {output.Bytes(math.MaxInt64), "9.22 EB"},
		{output.Ratio(1234.5), "1,234.50"}, {output.Ratio(math.Inf(1)), "∞"}, {output.Ratio(math.NaN()), "–"}, {output.Ratio(0), "0.00"},
		{output.Rate(0.000080912), "8.091e-05"}, {output.Rate(0.8091), "0.8091"}, {output.Rate(math.NaN()), "–"}, {output.Rate(math.Inf(1)), "–"}, {output.Rate(12345.6), "12,346"},
		{output.Share(1, 3), "33.3 %"}, {output.Share(0, 0), "–"},
		{output.Skipped([]report.Skip{{Reason: "no time", Rows: 1200}, {Reason: "odd", Rows: 1, Example: "line 7"}}), "1,200 no time; 1 odd (first: line 7)"},
	} {
		if test.got != test.want {
			t.Errorf("%q, expected %q", test.got, test.want)
		}
	}
}

func TestFigure(t *testing.T) {
	for key, want := range map[string]string{"period_seconds": "period", "seconds": "time", "hosts_up": "hosts up", "active_hours": "active hours"} {
		if got := output.Figure(key); got != want {
			t.Errorf("%s becomes %q, want %q", key, got, want)
		}
	}
}

func TestDefused(t *testing.T) {
	for cell, want := range map[string]string{
		"": "", "plain": "plain", "=1+1": "'=1+1", "+cmd": "'+cmd", "@sum": "'@sum", "-x": "'-x", "\tx": "'\tx", "-12.5": "-12.5", "+3": "+3", "-": "'-",
	} {
		if got := output.Defused(cell); got != want {
			t.Errorf("%q becomes %q, want %q", cell, got, want)
		}
	}
}
