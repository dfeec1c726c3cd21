package outputtest

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"sentinel/internal/report"
)

// Bytes is what an output writes of a report; it wants the same bytes a second time.
func Bytes(t testing.TB, write func(io.Writer, *report.Report) error, r *report.Report) []byte {
	t.Helper()
	var first, second bytes.Buffer
	for _, to := range []*bytes.Buffer{&first, &second} {
		if err := write(to, r); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("the same report gives other bytes")
	}
	return first.Bytes()
}

// Golden compares with testdata/name, which it writes where the test runs with -update.
func Golden(t testing.TB, name string, got []byte, update bool) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; go test -update renews it:\n%s", path, got)
	}
}

// Plain wants UTF-8 without control or formatting characters, line ends excepted.
func Plain(t testing.TB, text []byte) {
	t.Helper()
	if !utf8.Valid(text) {
		t.Error("not UTF-8")
	}
	for _, r := range string(text) {
		if r != '\n' && (unicode.Is(unicode.C, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r)) {
			t.Errorf("shows %U", r)
			return
		}
	}
}

// Parsed reads a JSON value.
func Parsed(t testing.TB, text []byte) any {
	t.Helper()
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return value
}

// Schema compiles the schema in a file of testdata; formats are asserted.
func Schema(t testing.TB, path string) *jsonschema.Schema {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	const at = "file:///schema.json"
	if err := compiler.AddResource(at, Parsed(t, text)); err != nil {
		t.Fatal(err)
	}
	compiled, err := compiler.Compile(at)
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}
