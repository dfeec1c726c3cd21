package ocsf_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"testing"

	"sentinel/internal/finding"
	"sentinel/internal/output/ocsf"
	"sentinel/internal/output/outputtest"
	"sentinel/internal/report"
)

var update = flag.Bool("update", false, "renew testdata/full.ndjson")

// schemaFile is the class as OCSF publishes it, less the attributes that Sentinel never writes: what it writes must
// be in it.
const schemaFile = "testdata/detection_finding-1.5.0.json"

func lines(t *testing.T, r *report.Report) [][]byte {
	t.Helper()
	text := outputtest.Bytes(t, ocsf.Write, r)
	if len(text) == 0 {
		return nil
	}
	return bytes.Split(bytes.TrimSuffix(text, []byte("\n")), []byte("\n"))
}

func TestFull(t *testing.T) {
	outputtest.Golden(t, "full.ndjson", outputtest.Bytes(t, ocsf.Write, outputtest.Full()), *update)
}

func TestDocumentsMatchTheSchema(t *testing.T) {
	schema, full := outputtest.Schema(t, schemaFile), outputtest.Full()
	bare := &report.Report{Findings: []finding.Finding{{ID: "x-1", Detector: "x", DstPort: -1}}}
	for _, r := range []*report.Report{full, bare} {
		all := lines(t, r)
		if len(all) != len(r.Findings) {
			t.Fatalf("%d lines for %d findings", len(all), len(r.Findings))
		}
		for _, line := range all {
			if err := schema.Validate(outputtest.Parsed(t, line)); err != nil {
				t.Errorf("%v in %s", err, line)
			}
		}
	}
	if all := lines(t, &report.Report{}); all != nil {
		t.Errorf("%s of no findings", all)
	}
}

func TestHostileText(t *testing.T) {
	schema := outputtest.Schema(t, schemaFile)
	for name, evil := range outputtest.Hostile {
		t.Run(name, func(t *testing.T) {
			for _, line := range lines(t, outputtest.Spoiled(evil)) {
				outputtest.Plain(t, line)
				if err := schema.Validate(outputtest.Parsed(t, line)); err != nil {
					t.Error(err)
				}
				if len(line) > 40_000 || bytes.ContainsAny(line, "<>") {
					t.Errorf("%d bytes: %.200s", len(line), line)
				}
			}
		})
	}
}

// A schema that takes anything would prove nothing.
func TestTheSchemaIsStrict(t *testing.T) {
	schema := outputtest.Schema(t, schemaFile)
	for name, spoil := range map[string]func(map[string]any){
		"a member more":   func(d map[string]any) { d["extra"] = 1 },
		"a member less":   func(d map[string]any) { delete(d, "finding_info") },
		"another class":   func(d map[string]any) { d["class_uid"] = json.Number("2005") },
		"a severity of 7": func(d map[string]any) { d["severity_id"] = json.Number("7") },
		"a time as text":  func(d map[string]any) { d["time"] = "now" },
		"a name for an address": func(d map[string]any) {
			d["evidences"].([]any)[0].(map[string]any)["src_endpoint"].(map[string]any)["ip"] = "host"
		},
	} {
		document := outputtest.Parsed(t, lines(t, outputtest.Full())[0]).(map[string]any)
		spoil(document)
		if schema.Validate(document) == nil {
			t.Errorf("the schema takes %s", name)
		}
	}
}
