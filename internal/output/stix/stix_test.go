package stix_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"sentinel/internal/finding"
	"sentinel/internal/output/outputtest"
	"sentinel/internal/output/stix"
	"sentinel/internal/report"
)

var update = flag.Bool("update", false, "renew testdata/full.json")

// schemas are those of OASIS, by the type of object, as the PyPI package stix2-validator 3.3.2 ships them.
func schemas(t testing.TB) map[string]*jsonschema.Schema {
	t.Helper()
	compiler, ids := jsonschema.NewCompiler(), map[string]string{}
	compiler.AssertFormat()
	err := fs.WalkDir(os.DirFS("testdata/schemas"), ".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".json" {
			return err
		}
		text, err := os.ReadFile(filepath.Join("testdata/schemas", path))
		if err != nil {
			return err
		}
		schema := outputtest.Parsed(t, text).(map[string]any)
		id := schema["$id"].(string)
		ids[strings.TrimSuffix(filepath.Base(path), ".json")] = id
		return compiler.AddResource(id, schema)
	})
	if err != nil {
		t.Fatal(err)
	}
	compiled := map[string]*jsonschema.Schema{}
	for _, kind := range []string{
		"bundle", "identity", "attack-pattern", "indicator", "observed-data", "note", "relationship", "sighting", "ipv4-addr", "ipv6-addr", "domain-name", "network-traffic",
	} {
		if compiled[kind], err = compiler.Compile(ids[kind]); err != nil {
			t.Fatal(err)
		}
	}
	return compiled
}

// violations are what the schemas say against a bundle and its objects. The schema of bundles has no notes, which
// STIX 2.1 has (4.13), so it judges the others.
func violations(schemas map[string]*jsonschema.Schema, bundle map[string]any) (all []error) {
	others := []any{}
	for _, o := range bundle["objects"].([]any) {
		kind, _ := o.(map[string]any)["type"].(string)
		if schemas[kind] == nil {
			return []error{fmt.Errorf("no schema of %q", kind)}
		}
		if err := schemas[kind].Validate(o); err != nil {
			all = append(all, err)
		}
		if kind != "note" {
			others = append(others, o)
		}
	}
	bundle["objects"] = others
	if err := schemas["bundle"].Validate(bundle); err != nil {
		all = append(all, err)
	}
	return all
}

type object struct {
	ID              string
	Type            string
	Pattern         string
	Value           string
	SourceRef       string   `json:"source_ref"`
	TargetRef       string   `json:"target_ref"`
	Relationship    string   `json:"relationship_type"`
	Sighting        string   `json:"sighting_of_ref"`
	ObjectRefs      []string `json:"object_refs"`
	ObservedRefs    []string `json:"observed_data_refs"`
	Sighted         []string `json:"where_sighted_refs"`
	CreatedBy       string   `json:"created_by_ref"`
	SrcRef          string   `json:"src_ref"`
	DstRef          string   `json:"dst_ref"`
	Created         string
	KillChainPhases []any `json:"kill_chain_phases"`
}

func objects(t *testing.T, text []byte) []object {
	t.Helper()
	var bundle struct{ Objects []object }
	if err := json.Unmarshal(text, &bundle); err != nil {
		t.Fatal(err)
	}
	return bundle.Objects
}

func TestFull(t *testing.T) {
	outputtest.Golden(t, "full.json", outputtest.Bytes(t, stix.Write, outputtest.Full()), *update)
}

func reports() map[string]*report.Report {
	return map[string]*report.Report{
		"full": outputtest.Full(), "empty": {}, "bare": {Findings: []finding.Finding{{ID: "x-1", Detector: "x", DstPort: -1}}},
	}
}

func TestBundlesMatchTheSchema(t *testing.T) {
	schemas := schemas(t)
	for name, r := range reports() {
		text := outputtest.Bytes(t, stix.Write, r)
		for _, err := range violations(schemas, outputtest.Parsed(t, text).(map[string]any)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The validator of OASIS checks what its schemas cannot: vocabularies, patterns, identifiers that follow from content.
func TestValidatorOfOASIS(t *testing.T) {
	validator, err := exec.LookPath("stix2_validator")
	if err != nil {
		t.Skip("no stix2_validator here: pip install stix2-validator")
	}
	for name, r := range reports() {
		path := filepath.Join(t.TempDir(), "bundle.json")
		if err := os.WriteFile(path, outputtest.Bytes(t, stix.Write, r), 0o644); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command(validator, "--version", "2.1", path).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}

// What refers to an object refers to one of the bundle, and no identifier stands twice.
func TestReferences(t *testing.T) {
	all, known := objects(t, outputtest.Bytes(t, stix.Write, outputtest.Full())), map[string]bool{}
	for _, o := range all {
		if known[o.ID] {
			t.Errorf("%s stands twice", o.ID)
		}
		known[o.ID] = true
	}
	counts := map[string]int{}
	for _, o := range all {
		counts[o.Type+o.Relationship]++
		refs := append(append(append([]string{o.SourceRef, o.TargetRef, o.Sighting, o.CreatedBy, o.SrcRef, o.DstRef}, o.ObjectRefs...), o.ObservedRefs...), o.Sighted...)
		for _, ref := range refs {
			if ref != "" && !known[ref] {
				t.Errorf("%s refers to %s, which is not there", o.ID, ref)
			}
		}
	}
	for kind, want := range map[string]int{"identity": 1, "note": 5, "observed-data": 5, "indicator": 6, "sighting": 6, "relationshipbased-on": 6, "attack-pattern": 5} {
		if counts[kind] != want {
			t.Errorf("%d times %s, want %d", counts[kind], kind, want)
		}
	}
}

var quoted = regexp.MustCompile(`value = '([^']*)'`)

// indicated lists the addresses and names of all indicators.
func indicated(t *testing.T, r *report.Report) (values []string) {
	t.Helper()
	for _, o := range objects(t, outputtest.Bytes(t, stix.Write, r)) {
		if o.Type == "indicator" {
			values = append(values, quoted.FindStringSubmatch(o.Pattern)[1])
		}
	}
	return values
}

// Who is inside is never an indicator, whichever side of a finding it is on.
func TestInternalHostsAreNoIndicators(t *testing.T) {
	full := outputtest.Full()
	inside := full.Summary.Internal.Networks[0]
	values := indicated(t, full)
	if len(values) == 0 {
		t.Fatal("no indicators")
	}
	for _, value := range values {
		if address, err := netip.ParseAddr(value); err == nil && (inside.Contains(address) || address.IsPrivate()) {
			t.Errorf("%s is an indicator", value)
		}
	}
	if strings.Contains(strings.Join(values, " "), "203.0.113.200") {
		t.Error("a finding of severity info is an indicator")
	}
	full.Summary.Internal.Networks = nil // then nobody knows who is inside
	if values := indicated(t, full); values != nil {
		t.Errorf("%v are indicators though no network is known to be internal", values)
	}
	full = outputtest.Full()
	for i := range full.Findings {
		full.Findings[i].DstIP, full.Findings[i].SrcIP = netip.MustParseAddr("10.0.0.8"), netip.MustParseAddr("fd00::8")
	}
	if values := indicated(t, full); values != nil {
		t.Errorf("%v are indicators", values)
	}
}

// A group has its destinations in its pairs; those of a scan are victims.
func TestDestinationsOfAGroup(t *testing.T) {
	r := outputtest.Full()
	group := r.Findings[1]
	group.DstIP, r.Findings = netip.Addr{}, nil
	at := netip.MustParseAddr("203.0.113.20")
	for range 2 {
		at = at.Next()
		for _, host := range group.Hosts {
			group.Pairs = append(group.Pairs, finding.Pair{SrcIP: host, DstIP: at})
		}
	}
	r.Findings = []finding.Finding{group}
	if values := strings.Join(indicated(t, r), " "); !strings.Contains(values, "203.0.113.21") || !strings.Contains(values, "203.0.113.22") {
		t.Errorf("indicators %s", values)
	}
	for range 20 {
		at = at.Next()
		r.Findings[0].Pairs = append(r.Findings[0].Pairs, finding.Pair{SrcIP: group.Hosts[0], DstIP: at})
	}
	if values := indicated(t, r); values != nil {
		t.Errorf("indicators %v of a scan", values)
	}
}

// Identifiers of what was observed follow from content, the same for everybody (STIX 2.1, 2.9); these are those that
// the library of OASIS (PyPI stix2 3.0) makes.
func TestObservablesHaveTheIdentifiersOfEverybody(t *testing.T) {
	known := map[string]bool{}
	for _, o := range objects(t, outputtest.Bytes(t, stix.Write, outputtest.Full())) {
		known[o.ID] = true
	}
	for what, id := range map[string]string{
		"203.0.113.7":     "ipv4-addr--9ddd739e-87b1-587d-83f2-62ef1130af2f",
		"2001:db8:ff::1":  "ipv6-addr--e8bd6010-62cf-553b-931f-78909b7afaf8",
		"cdn.example.com": "domain-name--a000144a-b25b-55f0-a34e-8826f420f5b3",
		"the beacon":      "network-traffic--0415f0c5-ceaa-5c5c-ad21-8317754c40d0",
	} {
		if !known[id] {
			t.Errorf("%s is not %s", what, id)
		}
	}
}

// One identifier with two creation times would be two objects in one: two captures give other objects, but for what
// is the same in both.
func TestTwoCapturesMakeNoContradiction(t *testing.T) {
	created := map[string]string{}
	for _, later := range []int64{0, 86_400_000_000} {
		r := outputtest.Full()
		r.Summary.Last += later
		for _, o := range objects(t, outputtest.Bytes(t, stix.Write, r)) {
			if before, ok := created[o.ID]; ok && before != o.Created {
				t.Errorf("%s was created at %s and at %s", o.ID, before, o.Created)
			}
			created[o.ID] = o.Created
		}
	}
}

func TestHostileText(t *testing.T) {
	schemas := schemas(t)
	for name, evil := range outputtest.Hostile {
		t.Run(name, func(t *testing.T) {
			text := outputtest.Bytes(t, stix.Write, outputtest.Spoiled(evil))
			outputtest.Plain(t, text)
			for _, err := range violations(schemas, outputtest.Parsed(t, text).(map[string]any)) {
				t.Error(err)
			}
			if bytes.ContainsAny(text, "<>") {
				t.Error("an element stands unescaped")
			}
			for _, o := range objects(t, text) {
				if o.Type == "indicator" && strings.Contains(o.Pattern, "domain-name") {
					t.Errorf("indicator %s", o.Pattern)
				}
			}
		})
	}
}

// A schema that takes anything would prove nothing.
func TestTheSchemasAreStrict(t *testing.T) {
	schemas := schemas(t)
	for name, spoil := range map[string]func(o map[string]any){
		"another type":       func(o map[string]any) { o["type"] = "sentinel" },
		"an identifier":      func(o map[string]any) { o["id"] = "identity--1" },
		"no creation time":   func(o map[string]any) { delete(o, "created") },
		"a time with a zone": func(o map[string]any) { o["created"] = "2026-01-01T00:00:00+01:00" },
	} {
		bundle := outputtest.Parsed(t, outputtest.Bytes(t, stix.Write, outputtest.Full())).(map[string]any)
		spoil(bundle["objects"].([]any)[0].(map[string]any))
		if violations(schemas, bundle) == nil {
			t.Errorf("the schemas take %s", name)
		}
	}
}
