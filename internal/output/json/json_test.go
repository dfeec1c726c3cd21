package json_test

import (
	"bytes"
	"flag"
	"strings"
	"testing"

	"sentinel/internal/finding"
	"sentinel/internal/output/json"
	"sentinel/internal/output/outputtest"
	"sentinel/internal/report"
)

var update = flag.Bool("update", false, "renew testdata/full.json")

const schemaFile = "../../../docs/schema.json"

func TestFull(t *testing.T) {
	outputtest.Golden(t, "full.json", outputtest.Bytes(t, json.Write, outputtest.Full()), *update)
}

func TestDocumentsMatchTheSchema(t *testing.T) {
	schema := outputtest.Schema(t, schemaFile)
	for name, r := range map[string]*report.Report{
		"full": outputtest.Full(), "empty": {}, "bare": {Findings: []finding.Finding{{ID: "x-1", Detector: "x", DstPort: -1}}},
	} {
		text := outputtest.Bytes(t, json.Write, r)
		if err := schema.Validate(outputtest.Parsed(t, text)); err != nil {
			t.Errorf("%s: %v in\n%s", name, err, text)
		}
	}
}

// Every member that the schema knows is written for a report that has everything, so none is forgotten in a test.
func TestTheFullReportHasEveryMember(t *testing.T) {
	text := string(outputtest.Bytes(t, json.Write, outputtest.Full()))
	for _, member := range []string{
		"sha256", "settings", "week", "timeline", "edges", "beside", "exhibits", "dst_name", "comparison", "baseline", "detection", "quality", "records", "partial",
	} {
		if !strings.Contains(text, `"`+member+`": `) {
			t.Errorf("no member %s", member)
		}
	}
}

func TestHostileText(t *testing.T) {
	schema := outputtest.Schema(t, schemaFile)
	for name, evil := range outputtest.Hostile {
		t.Run(name, func(t *testing.T) {
			text := outputtest.Bytes(t, json.Write, outputtest.Spoiled(evil))
			if err := schema.Validate(outputtest.Parsed(t, text)); err != nil {
				t.Error(err)
			}
			if bytes.ContainsAny(text, "<>") {
				t.Error("an element stands unescaped")
			}
		})
	}
}

// A schema that takes anything would prove nothing.
func TestTheSchemaIsStrict(t *testing.T) {
	schema := outputtest.Schema(t, schemaFile)
	member := func(value any, path ...string) map[string]any {
		for _, name := range path {
			value = value.(map[string]any)[name]
		}
		return value.(map[string]any)
	}
	first := func(value any, path ...string) map[string]any {
		last := len(path) - 1
		return member(value, path[:last]...)[path[last]].([]any)[0].(map[string]any)
	}
	for name, spoil := range map[string]func(d map[string]any){
		"a checksum cut short":  func(d map[string]any) { first(d, "inputs")["sha256"] = "00" },
		"a setting more":        func(d map[string]any) { first(d, "provenance", "settings")["more"] = "x" },
		"a week of six days":    func(d map[string]any) { w := member(d, "measures", "week"); w["flows"] = w["flows"].([]any)[1:] },
		"a timeline of text":    func(d map[string]any) { member(d, "measures", "timeline")["flows"] = "many" },
		"an edge to a name":     func(d map[string]any) { first(d, "measures", "edges")["dst_ip"] = "host.example" },
		"another exhibit":       func(d map[string]any) { first(first(d, "findings"), "exhibits")["kind"] = "pie" },
		"a member more beside":  func(d map[string]any) { member(d, "beside")["more"] = 1 },
		"a baseline of nothing": func(d map[string]any) { delete(member(d, "beside"), "summary") },
	} {
		document := outputtest.Parsed(t, outputtest.Bytes(t, json.Write, outputtest.Full())).(map[string]any)
		spoil(document)
		if schema.Validate(document) == nil {
			t.Errorf("the schema takes %s", name)
		}
	}
}
