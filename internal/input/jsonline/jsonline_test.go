package jsonline_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"sentinel/internal/input"
	"sentinel/internal/input/jsonline"
)

// scan gives the values of a and b.c of every object, "-" for absent ones, and the end.
func scan(source io.Reader, unwrap ...string) (rows []string, skips []input.Skip, err error) {
	tally := &input.Tally{}
	scanner := jsonline.NewScanner(source, tally, "a", "b.c")
	if unwrap != nil {
		scanner.Unwrap(unwrap...)
	}
	for scanner.Scan() {
		rows = append(rows, text(scanner.Value(0))+" "+text(scanner.Value(1)))
	}
	return rows, tally.Skips(), scanner.Err()
}

func text(value jsonline.Value) string {
	if !value.Present() {
		return "-"
	}
	return string(value.Bytes())
}

func TestScanner(t *testing.T) {
	for name, test := range map[string]struct {
		text    string
		unwrap  []string
		want    []string
		skipped int64
		err     string
	}{
		"a line each":          {text: "{\"a\":1}\n{\"a\":\"x\"}\r\n\n{\"a\":true}", want: []string{"1 -", "x -", "true -"}},
		"nested":               {text: `{"b":{"c":2,"a":3},"a":1}`, want: []string{"1 2"}},
		"dot in the name":      {text: `{"b.c":2}`, want: []string{"- 2"}},
		"escapes":              {text: `{"\u0061":"\"\\\/\u00e9\ud83d\ude00\n"}`, want: []string{"\"\\/é😀\n -"}},
		"null":                 {text: `{"a":null}`, want: []string{"- -"}},
		"last of two":          {text: `{"a":1,"b":{"c":1},"a":2,"b":{"d":1}}`, want: []string{"2 -"}},
		"array":                {text: "[\n{\"a\":1},\n{\"a\":2}\n]\n", want: []string{"1 -", "2 -"}},
		"array on one line":    {text: `[{"a":1}, {"a":2}]`, want: []string{"1 -", "2 -"}},
		"over several lines":   {text: "[\n  {\n    \"a\": 1,\n    \"b\": {\n      \"c\": [1, 2]\n    }\n  }\n]", want: []string{"1 [1, 2]"}},
		"byte order mark":      {text: "\xef\xbb\xbf{\"a\":1}", want: []string{"1 -"}},
		"unwrapped":            {text: `{ "records" : [{"a":1},{"a":2}]}`, unwrap: []string{"Records", "records"}, want: []string{"1 -", "2 -"}},
		"nothing to unwrap":    {text: `{"a":1}`, unwrap: []string{"Records", "records"}, want: []string{"1 -"}},
		"not to be unwrapped":  {text: `{"records":1,"a":1}`, unwrap: []string{"records"}, want: []string{"1 -"}},
		"damaged line":         {text: "{\"a\":1}\n{\"a\":1,\n{\"a\":2}\n{\"a\"\nnoise\n{\"a\":3}", want: []string{"1 -", "2 -", "3 -"}, skipped: 3},
		"object in the damage": {text: "{\"a\":\n{\"a\":2}\n{\"a\":3}", want: []string{"2 -", "3 -"}, skipped: 1},
		"cut short":            {text: "{\"a\":1}\n{\"a\":", want: []string{"1 -"}, skipped: 1, err: "cut short at byte 13, in line 2, whose object does not end"},
		"too deep":             {text: `{"a":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + "}\n{\"a\":2}", want: []string{"2 -"}, skipped: 1},
		"too long":             {text: `{"a":"` + strings.Repeat("x", jsonline.MaxObject) + "\"}\n{\"a\":2}", want: []string{"2 -"}, skipped: 1},
		"longer than a buffer": {text: `{"b":{"x":"` + strings.Repeat("x", 1<<20) + "\"},\"a\":1}\n{\"a\":2}", want: []string{"1 -", "2 -"}},
		"nothing":              {},
	} {
		for how, source := range map[string]io.Reader{
			"whole": strings.NewReader(test.text), "halves": iotest.HalfReader(strings.NewReader(test.text)),
		} {
			rows, skips, err := scan(source, test.unwrap...)
			if !slices.Equal(rows, test.want) {
				t.Errorf("%s, %s: %q, want %q", name, how, rows, test.want)
			}
			skipped := int64(0)
			for _, skip := range skips {
				skipped += skip.Rows
			}
			if skipped != test.skipped {
				t.Errorf("%s, %s: skipped %v, want %d", name, how, skips, test.skipped)
			}
			if message := errorText(err); message != test.err {
				t.Errorf("%s, %s: ends with %q, want %q", name, how, message, test.err)
			}
		}
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestScannerTellsWhere(t *testing.T) {
	tally := &input.Tally{}
	scanner := jsonline.NewScanner(strings.NewReader("{\"a\":\n1}\n\nnoise\n[{},\n{}]"), tally)
	var places []string
	for scanner.Scan() {
		places = append(places, scanner.Place())
	}
	if want := []string{"line 1", "line 5", "line 6"}; !slices.Equal(places, want) {
		t.Errorf("objects on %q, want %q", places, want)
	}
	if skips := tally.Skips(); len(skips) != 1 || skips[0].Example != "line 4" {
		t.Errorf("skipped %v, want line 4", skips)
	}
}

func TestScannerOfBrokenSource(t *testing.T) {
	broken := errors.New("broken")
	rows, _, err := scan(io.MultiReader(strings.NewReader("{\"a\":1}\n"), iotest.ErrReader(broken)))
	if len(rows) != 1 || !errors.Is(err, broken) || !strings.HasPrefix(err.Error(), "cut short at byte 8, in line 2") {
		t.Errorf("%q and %v, want one row and the error of the source", rows, err)
	}
}

func TestElements(t *testing.T) {
	object := jsonline.NewObject("a", "b")
	if !object.Parse([]byte(`{"a":[1, "x,\n]" ,{"y":[2]},[3],null],"b":[]}`)) {
		t.Fatal("is not parsed")
	}
	var got []string
	for value := range object.Value(0).Elements() {
		got = append(got, string(value.Bytes()))
	}
	if want := []string{"1", "x,\n]", `{"y":[2]}`, "[3]", "null"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	for value := range object.Value(1).Elements() {
		t.Errorf("the empty array has %q", value.Raw())
	}
}

func TestParseKeepsNothing(t *testing.T) {
	object := jsonline.NewObject("a")
	for _, text := range []string{`{"a":1} x`, `{"a":1,}`, `{"a":"`, `[{"a":1}]`, ``, `{"a":01}`, `{"a":1e}`, `{"a":tru}`} {
		if object.Parse([]byte(text)) {
			t.Errorf("%s is parsed", text)
		}
	}
	if object.Parse([]byte(`{"a":"x`)); object.Value(0).Present() {
		t.Error("a value of a broken object is present")
	}
}

// paths are wanted of fuzzed objects.
var paths = []string{"a", "b", "b.c", "b.c.d", "id.orig_h"}

// FuzzObject compares with encoding/json.
func FuzzObject(f *testing.F) {
	for _, seed := range []string{
		`{"a":1,"b":{"c":{"d":"x\u00e9"}},"id.orig_h":"192.0.2.1"}`, `{"id":{"orig_h":-1.5e+3},"b":[{"c":[]}],"b":{"c.d":2}}`,
		`{"a":"long enough for eight bytes at once","a":null}`, `{"a":{"a":"\ud800"}} `, "{\"b.c\":\"\x7f\"\t,\"b.c.d\":true}", `{"":0}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		if deep(content) {
			t.Skip("nests deeper than is read")
		}
		object := jsonline.NewObject(paths...)
		for range 2 { // the second time it knows the names
			var want map[string]json.RawMessage
			valid := json.Unmarshal(content, &want) == nil && want != nil
			if got := object.Parse(content); got != valid {
				t.Fatalf("parsed %v, valid %v", got, valid)
			}
			if !valid {
				return
			}
			for i, path := range paths {
				compare(t, path, object.Value(i), oracle(content, path))
			}
		}
	})
}

func deep(content []byte) bool {
	return bytes.Count(content, []byte("{"))+bytes.Count(content, []byte("[")) > 60
}

// oracle finds the last value of a path, as a message that was cut off its object.
func oracle(object []byte, path string) (found json.RawMessage) {
	decoder := json.NewDecoder(bytes.NewReader(object))
	if token, err := decoder.Token(); err != nil || token != json.Delim('{') {
		return nil
	}
	seen := map[string]bool{}
	for decoder.More() {
		name, err := decoder.Token()
		var value json.RawMessage
		if err != nil || decoder.Decode(&value) != nil {
			return nil
		}
		switch outer := name.(string); {
		case outer == path:
			found = value
		case strings.HasPrefix(path, outer+"."):
			inner := oracle(value, strings.TrimPrefix(path, outer+"."))
			if inner != nil || seen[outer] { // that of an earlier one counts no more
				found = inner
			}
			seen[outer] = true
		}
	}
	return found
}

func compare(t *testing.T, path string, got jsonline.Value, want json.RawMessage) {
	t.Helper()
	if (got.Kind() == jsonline.Absent) != (want == nil) {
		t.Fatalf("%s is %q, want %q", path, got.Raw(), want)
	}
	if got.Kind() != jsonline.String {
		if !bytes.Equal(got.Raw(), want) {
			t.Fatalf("%s is %q, want %q", path, got.Raw(), want)
		}
		return
	}
	var plain string
	if err := json.Unmarshal(want, &plain); err != nil {
		t.Fatal(err)
	}
	// encoding/json replaces what is no UTF-8.
	if text := string([]rune(string(got.Bytes()))); text != plain {
		t.Fatalf("%s is %q, want %q", path, text, plain)
	}
}

// FuzzScanner looks for panics, and for objects that depend on how the source is cut.
func FuzzScanner(f *testing.F) {
	f.Add([]byte("{\"a\":1}\n[{\"b\":{\"c\":\"x\"}},\n{\"a\"\n{}]"))
	f.Add([]byte("\xef\xbb\xbf{\"records\":[{\"a\":1}]}"))
	f.Fuzz(func(t *testing.T, content []byte) {
		whole, skips, err := scan(bytes.NewReader(content), "records")
		pieces, otherSkips, otherErr := scan(iotest.OneByteReader(bytes.NewReader(content)), "records")
		if !slices.Equal(whole, pieces) || !slices.Equal(skips, otherSkips) || errorText(err) != errorText(otherErr) {
			t.Errorf("%q, %v, %v, but byte by byte %q, %v, %v", whole, skips, err, pieces, otherSkips, otherErr)
		}
	})
}
