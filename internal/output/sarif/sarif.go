// Package sarif writes the findings of a report as a log of the Static Analysis Results Interchange Format.
package sarif

import (
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"strings"

	"sentinel/internal/finding"
	"sentinel/internal/output"
	"sentinel/internal/output/alert"
	"sentinel/internal/report"
)

// Format is the value that the register of outputs lists.
var Format = output.Format{
	ID: "sarif", Title: "SARIF", Thorough: true,
	Doc:       "findings as SARIF 2.1.0, for code scanning on GitHub, viewers in editors and collectors of results",
	Extension: ".sarif", Write: Write,
}

const (
	version = "2.1.0"
	schema  = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)

// Write writes the findings as one run of the tool.
func Write(w io.Writer, r *report.Report) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(log{schema, version, []run{convert(r)}})
}

func convert(r *report.Report) run {
	converted := run{
		Tool:        tool{component{Name: alert.Product, SemanticVersion: r.Provenance.Version, Rules: []rule{}}},
		Invocations: []invocation{{Successful: true}},
		Artifacts:   []artifact{},
		Results:     []result{},
		Properties:  &properties{"engine": r.Provenance.Engine},
	}
	index := map[string]int{}
	for _, known := range rules(r) {
		index[known.ID] = len(converted.Tool.Driver.Rules)
		converted.Tool.Driver.Rules = append(converted.Tool.Driver.Rules, convertRule(known))
	}
	for _, input := range r.Inputs {
		converted.Artifacts = append(converted.Artifacts, convertInput(input))
	}
	for _, failure := range r.Failures {
		converted.Invocations[0].Notifications = append(converted.Invocations[0].Notifications, convertFailure(failure))
	}
	taxa := taxonomy(r.Findings)
	if len(taxa.Taxa) > 0 {
		converted.Taxonomies = []component{taxa}
	}
	for _, f := range r.Findings {
		converted.Results = append(converted.Results, convertFinding(r, f, index[f.Detector]))
	}
	return converted
}

// rules are the detectors that ran, and those that findings name without having been listed.
func rules(r *report.Report) []alert.Rule {
	all, seen := alert.Rules(r), map[string]bool{}
	for _, rule := range all {
		seen[rule.ID] = true
	}
	for _, f := range r.Findings {
		if !seen[f.Detector] {
			seen[f.Detector] = true
			all = append(all, alert.RuleOf(r, f))
		}
	}
	return all
}

func convertRule(known alert.Rule) rule {
	finds := known.Finds
	if finds == "" {
		finds = known.Title
	}
	return rule{
		ID: known.ID, Name: name(known.ID), Short: message{Text: known.Title}, Full: message{Text: finds},
		Help: help{
			Text:     fmt.Sprintf("%s: %s. The command sentinel detectors %s tells how it judges, when it is wrong and how it is tuned.", known.Title, finds, known.ID),
			Markdown: fmt.Sprintf("**%s**: %s. `sentinel detectors %s` tells how it judges, when it is wrong and how it is tuned.", known.Title, finds, known.ID),
		},
		Properties: properties{"tags": []string{"security", "network"}},
	}
}

// name is an ID as an identifier that people read (SARIF 2.1.0, 3.49.7): beacon-name becomes BeaconName.
func name(id string) string {
	var b strings.Builder
	for _, word := range strings.Split(id, "-") {
		if word != "" {
			b.WriteString(strings.ToUpper(word[:1]) + word[1:])
		}
	}
	return b.String()
}

// taxonomy lists the techniques of the findings, each once, in the order in which they are named.
func taxonomy(findings []finding.Finding) component {
	listed := component{
		Name: "MITRE ATT&CK", Version: alert.Version, Organization: "MITRE", InformationURI: "https://attack.mitre.org/", Short: &message{Text: "Adversary tactics and techniques"},
	}
	seen := map[string]bool{}
	for _, f := range findings {
		for _, t := range alert.Techniques(f) {
			if !seen[t.ID] {
				seen[t.ID] = true
				listed.Taxa = append(listed.Taxa, taxon{ID: t.ID, Name: t.Name, HelpURI: t.URL()})
			}
		}
	}
	return listed
}

func convertInput(input report.Input) artifact {
	converted := artifact{
		Location:    location{URI: uri(input.Path)},
		Description: message{Text: output.PrintableLong(input.Format) + ", " + output.Counted(input.Flows, "flow")},
		Roles:       []string{"analysisTarget"},
	}
	if input.SHA256 != "" {
		converted.Hashes = map[string]string{"sha-256": input.SHA256}
	}
	return converted
}

// uri is a path as a reference that a URI may hold (RFC 3986, 4.2); a stream has a name of its own.
func uri(path string) string {
	if path == "-" {
		return "stdin"
	}
	reference := url.URL{Path: filepath.ToSlash(strings.ToValidUTF8(path, "\ufffd"))}
	if filepath.IsAbs(path) {
		reference.Scheme = "file"
	}
	return reference.String()
}

func convertFailure(failure report.Failure) notification {
	text := failure.Path + ": " + failure.Reason
	if failure.Hint != "" {
		text += "; " + failure.Hint
	}
	level := "error"
	if failure.Partial {
		level = "warning"
	}
	return notification{Level: level, Message: message{Text: output.PrintableLong(text)}}
}

// levels are what a severity is in the words of SARIF, which has three.
var levels = map[finding.Severity]string{
	finding.Info: "note", finding.Low: "note", finding.Medium: "warning", finding.High: "error", finding.Critical: "error",
}

func convertFinding(r *report.Report, f finding.Finding, rule int) result {
	converted := result{
		RuleID: f.Detector, RuleIndex: rule, Kind: "fail", Level: levels[f.Severity], Rank: alert.Percent(f.Score),
		Message:      message{Text: output.PrintableLong(f.Title) + ". " + output.PrintableLong(f.Explanation)},
		Locations:    locations(r, f),
		Fingerprints: map[string]string{"sentinelFinding/v1": f.ID},
		Properties:   evidence(r, f),
	}
	for _, t := range alert.Techniques(f) {
		converted.Taxa = append(converted.Taxa, reference{ID: t.ID, Component: componentReference{Name: "MITRE ATT&CK"}})
	}
	return converted
}

// mostLocations bounds how many captures a finding is located in.
const mostLocations = 10

// locations are the captures that span the time of a finding: which of them holds its flows is not known.
func locations(r *report.Report, f finding.Finding) []place {
	var logical []logicalLocation
	for _, address := range alert.Addresses(f) {
		logical = append(logical, logicalLocation{Name: address.String(), Kind: "host"})
	}
	places := []place{}
	for i, input := range r.Inputs {
		if len(places) == mostLocations || f.Last < input.First || f.First > input.Last {
			continue
		}
		places = append(places, place{
			Physical: physicalLocation{location{URI: uri(input.Path), Index: &i}, region{StartLine: 1}}, Logical: logical,
		})
	}
	return places
}

func evidence(r *report.Report, f finding.Finding) properties {
	figures := []properties{}
	for _, e := range f.Evidence {
		figure := properties{"name": e.Name, "text": output.PrintableLong(e.Text)}
		if report.Defined(e.Value) {
			figure["value"] = e.Value
		}
		figures = append(figures, figure)
	}
	listed := properties{
		"severity": f.Severity.String(), "score": f.Score, "evidence": figures, "remedy": output.PrintableLong(f.Remedy),
		"first": alert.Time(f.First), "last": alert.Time(f.Last), "undated": r.Undated,
	}
	if report.Defined(f.PValue) {
		listed["pValue"] = f.PValue
	}
	if host := alert.HostName(f.Name); host != "" {
		listed["destination"] = host
	}
	for _, filter := range f.Filters {
		listed["filter:"+filter.Tool] = output.PrintableLong(filter.Query)
	}
	return listed
}
