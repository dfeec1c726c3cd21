package sarif_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/url"
	"strings"
	"testing"

	"sentinel/internal/finding"
	"sentinel/internal/output/outputtest"
	"sentinel/internal/output/sarif"
	"sentinel/internal/report"
)

var update = flag.Bool("update", false, "renew testdata/full.sarif")

// schemaFile is the schema of SARIF 2.1.0 as published, from the npm package @microsoft/jest-sarif.
const schemaFile = "testdata/sarif-2.1.0-rtm.5.json"

func TestFull(t *testing.T) {
	outputtest.Golden(t, "full.sarif", outputtest.Bytes(t, sarif.Write, outputtest.Full()), *update)
}

func TestLogsMatchTheSchema(t *testing.T) {
	schema := outputtest.Schema(t, schemaFile)
	for name, r := range map[string]*report.Report{
		"full": outputtest.Full(), "empty": {}, "bare": {Findings: []finding.Finding{{ID: "x-1", Detector: "x", DstPort: -1}}},
	} {
		text := outputtest.Bytes(t, sarif.Write, r)
		if err := schema.Validate(outputtest.Parsed(t, text)); err != nil {
			t.Errorf("%s: %v in %s", name, err, text)
		}
	}
}

type document struct {
	Runs []struct {
		Tool struct {
			Driver struct{ Rules []struct{ ID string } }
		}
		Artifacts []struct {
			Location struct{ URI string }
		}
		Results []struct {
			RuleID    string
			RuleIndex int
			Level     string
			Locations []struct {
				PhysicalLocation struct {
					ArtifactLocation struct {
						URI   string
						Index int
					}
				}
			}
			PartialFingerprints map[string]string
		}
	}
}

// What refers by number refers to what it names; each finding has its own fingerprint.
func TestReferences(t *testing.T) {
	var log document
	if err := json.Unmarshal(outputtest.Bytes(t, sarif.Write, outputtest.Full()), &log); err != nil {
		t.Fatal(err)
	}
	run, prints := log.Runs[0], map[string]bool{}
	for _, result := range run.Results {
		if id := run.Tool.Driver.Rules[result.RuleIndex].ID; id != result.RuleID {
			t.Errorf("rule %d is %s, not %s", result.RuleIndex, id, result.RuleID)
		}
		if len(result.Locations) == 0 {
			t.Errorf("%s stands nowhere", result.RuleID)
		}
		for _, location := range result.Locations {
			at := location.PhysicalLocation.ArtifactLocation
			if run.Artifacts[at.Index].Location.URI != at.URI {
				t.Errorf("artifact %d is not %s", at.Index, at.URI)
			}
		}
		prints[result.PartialFingerprints["sentinelFinding/v1"]] = true
	}
	if len(prints) != len(run.Results) || len(run.Results) != 5 {
		t.Errorf("%d fingerprints of %d results", len(prints), len(run.Results))
	}
}

// Paths become references that a parser of URIs reads as the same path.
func TestPaths(t *testing.T) {
	for _, path := range []string{"day one.pcap", "a:b.pcap", "../x/%41.pcap", "/srv/captures/ä.pcap", "a?b#c.pcap", "//host/x.pcap"} {
		var log document
		r := &report.Report{Inputs: []report.Input{{Path: path}}}
		if err := json.Unmarshal(outputtest.Bytes(t, sarif.Write, r), &log); err != nil {
			t.Fatal(err)
		}
		uri := log.Runs[0].Artifacts[0].Location.URI
		parsed, err := url.Parse(uri)
		if err != nil || strings.TrimPrefix(parsed.Path, "./") != path || parsed.Host != "" {
			t.Errorf("%s becomes %s, read as %+v, error %v", path, uri, parsed, err)
		}
	}
}

func TestHostileText(t *testing.T) {
	schema := outputtest.Schema(t, schemaFile)
	for name, evil := range outputtest.Hostile {
		t.Run(name, func(t *testing.T) {
			text := outputtest.Bytes(t, sarif.Write, outputtest.Spoiled(evil))
			outputtest.Plain(t, text)
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
	for name, spoil := range map[string]func(run map[string]any){
		"a member more":      func(run map[string]any) { run["extra"] = 1 },
		"a member less":      func(run map[string]any) { delete(run, "tool") },
		"another level":      func(run map[string]any) { run["results"].([]any)[0].(map[string]any)["level"] = "critical" },
		"a rank of 101":      func(run map[string]any) { run["results"].([]any)[0].(map[string]any)["rank"] = json.Number("101") },
		"no message":         func(run map[string]any) { delete(run["results"].([]any)[0].(map[string]any), "message") },
		"an index of a text": func(run map[string]any) { run["results"].([]any)[0].(map[string]any)["ruleIndex"] = "0" },
	} {
		log := outputtest.Parsed(t, outputtest.Bytes(t, sarif.Write, outputtest.Full())).(map[string]any)
		spoil(log["runs"].([]any)[0].(map[string]any))
		if schema.Validate(log) == nil {
			t.Errorf("the schema takes %s", name)
		}
	}
}
