package ecs_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/netip"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"sentinel/internal/finding"
	"sentinel/internal/output/ecs"
	"sentinel/internal/output/outputtest"
	"sentinel/internal/report"
)

var update = flag.Bool("update", false, "renew testdata/full.ndjson")

// field is what ECS says of one field: testdata/fields-8.11.json, made from the npm package @elastic/ecs 8.11.5.
type field struct {
	Type     string
	Array    bool
	Required bool
	Allowed  []string
	Types    map[string][]string // of event.category: the event types to be expected with each
}

func fields(t *testing.T) (all map[string]field) {
	t.Helper()
	text, err := os.ReadFile("testdata/fields-8.11.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// flatten gives the leaves of a document by their dotted names; arrays of texts and numbers are leaves.
func flatten(name string, value any, leaves map[string]any) {
	object, ok := value.(map[string]any)
	if !ok {
		leaves[name] = value
		return
	}
	for key, value := range object {
		flatten(strings.TrimPrefix(name+"."+key, "."), value, leaves)
	}
}

func check(t *testing.T, known map[string]field, line []byte) {
	t.Helper()
	leaves := map[string]any{}
	flatten("", outputtest.Parsed(t, line), leaves)
	for name, value := range leaves {
		if strings.HasPrefix(name, "sentinel.") {
			continue
		}
		field, ok := known[name]
		if !ok {
			t.Errorf("ECS has no field %s", name)
			continue
		}
		values, isArray := value.([]any)
		if isArray != field.Array {
			t.Errorf("%s: array is %v, ECS says %v", name, isArray, field.Array)
		}
		if !isArray {
			values = []any{value}
		}
		for _, value := range values {
			if !fits(field, value) {
				t.Errorf("%s: %v is no %s, or not allowed", name, value, field.Type)
			}
		}
	}
	for name, field := range known {
		if _, ok := leaves[name]; field.Required && !ok {
			t.Errorf("%s is missing", name)
		}
	}
	for _, category := range leaves["event.category"].([]any) {
		for _, kind := range leaves["event.type"].([]any) {
			if !slices.Contains(known["event.category"].Types[category.(string)], kind.(string)) {
				t.Errorf("category %s does not expect type %s", category, kind)
			}
		}
	}
}

func fits(field field, value any) bool {
	text, isText := value.(string)
	number, isNumber := value.(json.Number)
	if len(field.Allowed) > 0 && !slices.Contains(field.Allowed, text) {
		return false
	}
	var err error
	switch field.Type {
	case "date":
		_, err = time.Parse(time.RFC3339Nano, text)
		return err == nil
	case "ip":
		_, err = netip.ParseAddr(text)
		return err == nil
	case "long":
		_, err = number.Int64()
		return isNumber && err == nil
	case "float":
		return isNumber
	}
	return isText
}

func lines(t *testing.T, r *report.Report) [][]byte {
	t.Helper()
	text := outputtest.Bytes(t, ecs.Write, r)
	if len(text) == 0 {
		return nil
	}
	return bytes.Split(bytes.TrimSuffix(text, []byte("\n")), []byte("\n"))
}

func TestFull(t *testing.T) {
	outputtest.Golden(t, "full.ndjson", outputtest.Bytes(t, ecs.Write, outputtest.Full()), *update)
}

// Every field is one of the schema, with its type, and with an allowed value where the schema lists them.
func TestDocumentsConformToECS(t *testing.T) {
	known, r := fields(t), outputtest.Full()
	all := lines(t, r)
	if len(all) != len(r.Findings) {
		t.Fatalf("%d lines for %d findings", len(all), len(r.Findings))
	}
	for _, line := range all {
		check(t, known, line)
	}
}

// A finding of which next to nothing is known conforms too.
func TestBareFinding(t *testing.T) {
	all := lines(t, &report.Report{Findings: []finding.Finding{{ID: "x-1", Detector: "x", DstPort: -1}}})
	if len(all) != 1 {
		t.Fatalf("%d lines", len(all))
	}
	check(t, fields(t), all[0])
	if all := lines(t, &report.Report{}); all != nil {
		t.Errorf("%s of no findings", all)
	}
}

func TestHostileText(t *testing.T) {
	known := fields(t)
	for name, evil := range outputtest.Hostile {
		t.Run(name, func(t *testing.T) {
			for _, line := range lines(t, outputtest.Spoiled(evil)) {
				outputtest.Plain(t, line)
				check(t, known, line)
				if len(line) > 40_000 {
					t.Errorf("a line of %d bytes", len(line))
				}
				if bytes.ContainsAny(line, "<>") {
					t.Error("an element stands unescaped")
				}
			}
		})
	}
}

// The check above must be able to fail.
func TestTheCheckIsStrict(t *testing.T) {
	known := fields(t)
	for _, spoilt := range []struct {
		name  string
		value any
	}{{"event.kind", "alarm"}, {"event.severity", "high"}, {"source.ip", "host.example"}, {"@timestamp", "yesterday"}, {"event.risk_score", "1"}, {"message", json.Number("1")}} {
		if fits(known[spoilt.name], spoilt.value) {
			t.Errorf("%s may be %v", spoilt.name, spoilt.value)
		}
	}
}
