package duckdb

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sentinel/internal/input/table"
)

func TestStructMembers(t *testing.T) {
	tests := []struct{ kind, want string }{
		{"STRUCT(a BIGINT)", "a BIGINT"},
		{`STRUCT("a b" BIGINT, c VARCHAR)`, "a b BIGINT|c VARCHAR"},
		{`STRUCT("a""b" BIGINT, "x,y(z" VARCHAR)`, `a"b BIGINT|x,y(z VARCHAR`},
		{"STRUCT(a STRUCT(b BIGINT, c DECIMAL(18,3)), d VARCHAR[])", "a STRUCT(b BIGINT, c DECIMAL(18,3))|d VARCHAR[]"},
		{"STRUCT(a TIMESTAMP WITH TIME ZONE)", "a TIMESTAMP WITH TIME ZONE"},
	}
	for _, test := range tests {
		members, ok := structMembers(test.kind)
		var got []string
		for _, member := range members {
			got = append(got, member.Name()+" "+member.Type)
		}
		if !ok || strings.Join(got, "|") != test.want {
			t.Errorf("%s: %v", test.kind, got)
		}
	}
	for _, kind := range []string{"", "BIGINT", "STRUCT", "STRUCT(a BIGINT)[]", "MAP(VARCHAR, BIGINT)"} {
		if members, ok := structMembers(kind); ok {
			t.Errorf("%s has the members %v", kind, members)
		}
	}
}

func FuzzStructMembers(f *testing.F) {
	for _, seed := range []string{"", "STRUCT()", "STRUCT(", `STRUCT("a""" B, c D)`, `STRUCT(a STRUCT(b C))`, `STRUCT(")`, "STRUCT(,)"} {
		f.Add(seed)
	}
	f.Fuzz(func(_ *testing.T, kind string) { flatten(table.Field{Path: []string{"x"}, Type: kind}) })
}

// fuzzed reads any bytes as a capture, which gives flows or an error, and an engine that goes on.
func fuzzed(t *testing.T, content []byte) {
	path := filepath.Join(t.TempDir(), "capture")
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
	file, err := tables.Open(path, nil)
	if err != nil || file.Format.ID == table.Parquet.ID || file.Format.Open != nil { // DuckDB's own Parquet reader is DuckDB's to fuzz
		return
	}
	db := open(t)
	source, err := db.Add(t.Context(), file, Hints{})
	if err != nil {
		var fault *Fault
		if errors.As(err, &fault) && strings.Contains(strings.ToLower(fault.Error()), "internal") {
			t.Errorf("reading it: %v", err)
		}
		return
	}
	if err := db.Seal(t.Context()); err != nil {
		t.Fatal(err)
	}
	var flows int64
	for host, err := range db.Hosts(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		flows += host.Flows
	}
	if flows != source.Flows {
		t.Errorf("%d flows, counted as %d", flows, source.Flows)
	}
	if slices.ContainsFunc(source.Skipped, func(s Skip) bool { return s.Rows <= 0 || s.Reason == "" }) {
		t.Errorf("skipped %v", source.Skipped)
	}
}

func FuzzCSV(f *testing.F) {
	f.Add([]byte(asCSV()))
	f.Add([]byte(delimited(";")))
	f.Add([]byte(delimited(" ")))
	f.Add([]byte(delimited(",") + "\"\n\"\"\",,\n"))
	f.Add([]byte(strings.Join(header, ",") + "\n"))
	f.Add([]byte("timestamp\n1\n"))
	f.Fuzz(fuzzed)
}

func FuzzJSON(f *testing.F) {
	f.Add([]byte(asJSON()))
	f.Add([]byte(`[{"ts":1709300000,"src_ip":"192.0.2.1","dst_ip":"192.0.2.2","proto":6,"port":1,"up_bytes":1e3,"down_bytes":null}]`))
	f.Add([]byte(`{"ts":{"a":1},"src_ip":[],"dst_ip":{},"proto":true,"port":1,"up_bytes":1,"down_bytes":1}`))
	f.Add([]byte(`{"a":`))
	f.Add([]byte(`[]`))
	f.Add([]byte(`{}`))
	f.Fuzz(fuzzed)
}

func FuzzCanonicalAddress(f *testing.F) {
	for _, seed := range []string{"192.0.2.1", "::ffff:192.0.2.1", "fe80::1%x", "2001:DB8::/128", "", "/32", "%"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		form, ok := canonicalAddress(text).(string)
		if ok && canonicalAddress(form) != form {
			t.Errorf("%q becomes %q, which becomes %v", text, form, canonicalAddress(form))
		}
	})
}
