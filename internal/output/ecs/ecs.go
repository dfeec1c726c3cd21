// Package ecs writes the findings of a report as alerts of the Elastic Common Schema, a JSON document a line.
package ecs

import (
	"io"
	"net/netip"
	"slices"

	"sentinel/internal/finding"
	"sentinel/internal/output"
	"sentinel/internal/output/alert"
	"sentinel/internal/report"
)

// Version is the version of the schema that documents conform to.
const Version = "8.11.0"

// Format is the value that the register of outputs lists.
var Format = output.Format{
	ID: "ecs", Title: "Elastic Common Schema",
	Doc:       "findings as alerts of the Elastic Common Schema " + Version + ", a line each, for Elasticsearch and what speaks its language",
	Extension: ".ecs.ndjson", Write: Write,
}

// Write writes a line per finding.
func Write(w io.Writer, r *report.Report) error { return alert.WriteLines(w, r, convert) }

// severities are the numbers that Elastic Security has for its own: low 21, medium 47, high 73, critical 99.
var severities = map[finding.Severity]int{
	finding.Info: 1, finding.Low: 21, finding.Medium: 47, finding.High: 73, finding.Critical: 99,
}

func convert(r *report.Report, f finding.Finding) document {
	rule := alert.RuleOf(r, f)
	return document{
		Timestamp: alert.Time(f.Last),
		Message:   output.PrintableLong(f.Title),
		ECS:       version{Version},
		Event: event{
			ID: f.ID, Kind: "alert", Category: []string{"network", "intrusion_detection"}, Type: []string{"info"},
			Module: "sentinel", Dataset: "sentinel.finding", Severity: severities[f.Severity], RiskScore: alert.Percent(f.Score),
			Start: alert.Time(f.First), End: alert.Time(f.Last), Duration: (f.Last - f.First) * 1000, Reason: output.PrintableLong(f.Explanation),
		},
		Rule:        described{rule.ID, rule.Title, rule.Finds, "sentinel"},
		Threat:      convertThreat(f),
		Source:      convertEnd(f.SrcIP, -1, ""),
		Destination: convertEnd(f.DstIP, f.DstPort, alert.HostName(f.Name)),
		Network:     convertNetwork(f),
		Related:     related{alert.Addresses(f), hostNames(f)},
		Observer:    observer{alert.Product, alert.Product, "ids", r.Provenance.Version},
		Sentinel:    sentinel{convertOwn(f)},
	}
}

func convertThreat(f finding.Finding) *threat {
	if len(f.Attack) == 0 {
		return nil
	}
	converted := &threat{Framework: "MITRE ATT&CK", Technique: &technique{}}
	for _, t := range alert.Techniques(f) {
		if t.Tactic.ID != "" {
			converted.Tactic.add(t.Tactic.ID, t.Tactic.Name, t.Tactic.URL())
		}
		parent := t.Parent()
		converted.Technique.add(parent.ID, parent.Name, parent.URL())
		if t.Sub() {
			if converted.Technique.Sub == nil {
				converted.Technique.Sub = &names{}
			}
			converted.Technique.Sub.add(t.ID, t.Name, t.URL())
		}
	}
	return converted
}

// add lists a name once.
func (n *names) add(id, name, url string) {
	if !slices.Contains(n.ID, id) {
		n.ID, n.Name, n.Reference = append(n.ID, id), append(n.Name, name), append(n.Reference, url)
	}
}

func convertEnd(address netip.Addr, port int64, domain string) *end {
	if !address.IsValid() && domain == "" {
		return nil
	}
	converted := &end{Domain: domain}
	if converted.Address = domain; address.IsValid() {
		text := address.WithZone("").String()
		converted.IP, converted.Address = text, text
	}
	if port >= 0 {
		converted.Port = &port
	}
	return converted
}

func convertNetwork(f finding.Finding) *network {
	converted := network{Transport: alert.Transport(f)}
	if all := alert.Addresses(f); len(all) > 0 {
		converted.Type = alert.Family(all[0])
	}
	if converted == (network{}) {
		return nil
	}
	return &converted
}

func hostNames(f finding.Finding) []string {
	if name := alert.HostName(f.Name); name != "" {
		return []string{name}
	}
	return nil
}

func convertOwn(f finding.Finding) own {
	return own{
		Severity: f.Severity, Score: f.Score, PValue: alert.PValue(f), Hosts: len(f.Hosts), Evidence: alert.Figures(f),
		Remedy: output.PrintableLong(f.Remedy), Filters: alert.Queries(f), Also: f.Also,
	}
}
