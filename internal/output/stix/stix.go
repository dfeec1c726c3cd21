// Package stix writes the findings of a report as a bundle of STIX 2.1: what was seen, by which technique, and
// indicators of who outside had part in it.
package stix

import (
	"encoding/json"
	"io"

	"sentinel/internal/finding"
	"sentinel/internal/output"
	"sentinel/internal/output/alert"
	"sentinel/internal/report"
)

// Format is the value that the register of outputs lists.
var Format = output.Format{
	ID: "stix", Title: "STIX bundle",
	Doc:       "findings as a bundle of STIX 2.1, with indicators of addresses and names outside, for MISP, OpenCTI and their like",
	Extension: ".stix.json", Write: Write,
}

// object is one object of a bundle; encoding/json writes its properties in order.
type object map[string]any

func (o object) id() string { return o["id"].(string) }

// Write writes one bundle. Its identifiers follow from what they identify, and its times from the capture, so the same
// report gives the same bundle.
func Write(w io.Writer, r *report.Report) error {
	b := bundle{report: r, seen: map[string]bool{}}
	b.identity = b.add(producer())
	for _, f := range r.Findings {
		b.finding(f)
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(object{"type": "bundle", "id": identifier("bundle", b.ids()...), "objects": b.objects})
}

type bundle struct {
	report   *report.Report
	identity string
	objects  []object
	seen     map[string]bool
}

// add appends an object unless the bundle has it, and gives its identifier.
func (b *bundle) add(o object) string {
	if !b.seen[o.id()] {
		b.seen[o.id()] = true
		b.objects = append(b.objects, o)
	}
	return o.id()
}

func (b *bundle) ids() (all []string) {
	for _, o := range b.objects {
		all = append(all, o.id())
	}
	return all
}

// finding adds what a finding is made of.
func (b *bundle) finding(f finding.Finding) {
	var patterns []string
	for _, t := range alert.Techniques(f) {
		patterns = append(patterns, b.add(attackPattern(t)))
	}
	var seen []string
	if observables := b.observables(f); len(observables) > 0 {
		seen = []string{b.add(b.observed(f, observables))}
	}
	b.add(b.note(f, append(seen, patterns...)))
	for _, pattern := range indicated(b.report, f) {
		indicator := b.add(b.indicator(f, pattern))
		for _, technique := range patterns {
			b.add(b.relationship(f, indicator, "indicates", technique))
		}
		for _, observed := range seen {
			b.add(b.relationship(f, indicator, "based-on", observed))
		}
		b.add(b.sighting(f, indicator, seen))
	}
}

// own makes an object of this report. Its identity contains when it was made, so that two captures never make two
// objects of one identifier.
func (b *bundle) own(kind string, f finding.Finding, parts ...string) object {
	made := moment(max(b.report.Summary.Last, f.Last))
	return object{
		"type": kind, "spec_version": "2.1", "id": identifier(kind, append(parts, f.ID, made)...),
		"created": made, "modified": made, "created_by_ref": b.identity, "confidence": alert.Percent(f.Score),
	}
}

func (o object) with(more object) object {
	for key, value := range more {
		o[key] = value
	}
	return o
}

func (b *bundle) observed(f finding.Finding, refs []string) object {
	return b.own("observed-data", f).with(object{
		"first_observed": moment(f.First), "last_observed": moment(f.Last), "number_observed": observations(f), "object_refs": refs,
	})
}

// mostObserved is the largest number_observed (STIX 2.1, 4.14).
const mostObserved = 999_999_999

// observations is how often a finding saw what it saw, where its figures say so, and otherwise once.
func observations(f finding.Finding) int {
	for _, e := range f.Evidence {
		if (e.Name == "contacts" || e.Name == "flows") && e.Value >= 1 && e.Value <= mostObserved {
			return int(e.Value)
		}
	}
	return 1
}

// note carries what no object of STIX has a property for: why a finding was raised.
func (b *bundle) note(f finding.Finding, refs []string) object {
	if len(refs) == 0 {
		refs = []string{b.identity}
	}
	return b.own("note", f).with(object{
		"abstract": output.PrintableLong(f.Title), "content": content(f), "object_refs": refs, "labels": []string{f.Detector},
		"external_references": []object{{"source_name": alert.Product, "external_id": f.ID}},
	})
}

func content(f finding.Finding) string {
	text := output.PrintableLong(f.Explanation)
	for _, e := range f.Evidence {
		text += "\n" + e.Name + ": " + output.PrintableLong(e.Text)
	}
	return text + "\nIt would go away so: " + output.PrintableLong(f.Remedy)
}

func (b *bundle) indicator(f finding.Finding, pattern string) object {
	indicator := b.own("indicator", f, pattern).with(object{
		"name": output.PrintableLong(f.Title), "description": output.PrintableLong(f.Explanation), "indicator_types": []string{kind(f)},
		"pattern": pattern, "pattern_type": "stix", "pattern_version": "2.1", "valid_from": moment(f.First), "labels": []string{f.Detector},
	})
	if phases := phases(alert.Techniques(f)); len(phases) > 0 {
		indicator["kill_chain_phases"] = phases
	}
	return indicator
}

// kind is a value of the vocabulary of indicators (STIX 2.1, 10.8): a list says malicious, a detector anomalous.
func kind(f finding.Finding) string {
	if f.Detector == "threat-intel" {
		return "malicious-activity"
	}
	return "anomalous-activity"
}

func (b *bundle) relationship(f finding.Finding, from, how, to string) object {
	return b.own("relationship", f, from, how, to).with(object{"relationship_type": how, "source_ref": from, "target_ref": to})
}

func (b *bundle) sighting(f finding.Finding, indicator string, observed []string) object {
	sighting := b.own("sighting", f, indicator).with(object{
		"sighting_of_ref": indicator, "where_sighted_refs": []string{b.identity}, "first_seen": moment(f.First), "last_seen": moment(f.Last), "count": observations(f),
	})
	if len(observed) > 0 {
		sighting["observed_data_refs"] = observed
	}
	return sighting
}
