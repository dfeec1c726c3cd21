// Package ocsf writes the findings of a report as Detection Findings of the Open Cybersecurity Schema Framework, a JSON
// document a line.
package ocsf

import (
	"io"
	"net/netip"
	"strings"

	"sentinel/internal/finding"
	"sentinel/internal/output"
	"sentinel/internal/output/alert"
	"sentinel/internal/report"
)

// Version is the version of the schema that documents conform to.
const Version = "1.5.0"

// Format is the value that the register of outputs lists.
var Format = output.Format{
	ID: "ocsf", Title: "OCSF Detection Finding",
	Doc:       "findings of the Open Cybersecurity Schema Framework " + Version + ", a line each, for Amazon Security Lake, Splunk and other lakes",
	Extension: ".ocsf.ndjson", Write: Write,
}

// Write writes a line per finding.
func Write(w io.Writer, r *report.Report) error { return alert.WriteLines(w, r, convert) }

// grade is a value of an enumeration with its caption.
type grade struct {
	id      int
	caption string
}

var severities = map[finding.Severity]grade{
	finding.Info: {1, "Informational"}, finding.Low: {2, "Low"}, finding.Medium: {3, "Medium"}, finding.High: {4, "High"}, finding.Critical: {5, "Critical"},
}

// confidence grades a score by thirds.
func confidence(score float64) grade {
	switch {
	case score >= 2./3:
		return grade{3, "High"}
	case score >= 1./3:
		return grade{2, "Medium"}
	}
	return grade{1, "Low"}
}

func convert(r *report.Report, f finding.Finding) document {
	severity, sure := severities[f.Severity], confidence(f.Score)
	return document{
		ActivityID: 1, ActivityName: "Create", CategoryUID: 2, CategoryName: "Findings", ClassUID: 2004, ClassName: "Detection Finding",
		TypeUID: 200401, TypeName: "Detection Finding: Create", StatusID: 1, Status: "New", IsAlert: f.Severity > finding.Info,
		SeverityID: severity.id, Severity: severity.caption, ConfidenceID: sure.id, Confidence: sure.caption, ConfidenceScore: alert.Percent(f.Score),
		Time: f.Last / 1000, StartTime: f.First / 1000, EndTime: f.Last / 1000, Message: output.PrintableLong(f.Title),
		Metadata:    metadata{Version, product{alert.Product, alert.Product, r.Provenance.Version}, f.ID},
		FindingInfo: convertInfo(r, f),
		Evidences:   []evidence{convertEvidence(f)},
		Observables: observables(f),
		Remediation: remediation{output.PrintableLong(f.Remedy)},
	}
}

func convertInfo(r *report.Report, f finding.Finding) info {
	rule := alert.RuleOf(r, f)
	kind := grade{3, "Statistical"}
	if !report.Defined(f.PValue) {
		kind = grade{1, "Rule"}
	}
	converted := info{
		UID: f.ID, Title: output.PrintableLong(f.Title), Desc: output.PrintableLong(f.Explanation), Types: []string{rule.Title},
		FirstSeen: f.First / 1000, LastSeen: f.Last / 1000, Analytic: analytic{rule.ID, rule.Title, rule.Finds, kind.id, kind.caption},
		DataSources: []string{"network flows"},
	}
	for _, t := range alert.Techniques(f) {
		converted.Attacks = append(converted.Attacks, convertAttack(t))
	}
	return converted
}

func convertAttack(t alert.Technique) attack {
	parent := t.Parent()
	converted := attack{Technique: named{parent.ID, parent.Name, parent.URL()}, Version: alert.Version}
	if t.Tactic.ID != "" {
		converted.Tactics = []named{{t.Tactic.ID, t.Tactic.Name, t.Tactic.URL()}}
	}
	if t.Sub() {
		converted.Sub = &named{t.ID, t.Name, t.URL()}
	}
	return converted
}

// numbers are the protocols that findings are about, by the numbers that IANA gave them.
var numbers = map[string]int{"icmp": 1, "tcp": 6, "udp": 17, "ipv6-icmp": 58, "icmp6": 58, "icmpv6": 58, "sctp": 132}

func convertEvidence(f finding.Finding) evidence {
	converted := evidence{Source: convertEndpoint(f.SrcIP, -1, ""), Destination: convertEndpoint(f.DstIP, f.DstPort, f.Name)}
	if transport := alert.Transport(f); transport != "" {
		converted.Connection = &connection{Protocol: transport, Number: numbers[transport]} // which way is left open: who opened it is the source
	}
	converted.Data = data{Score: f.Score, PValue: alert.PValue(f), Figures: alert.Figures(f), Filters: alert.Queries(f)}
	return converted
}

func convertEndpoint(address netip.Addr, port int64, name string) *endpoint {
	converted := endpoint{Hostname: hostName(name)}
	if address.IsValid() {
		converted.IP = address.WithZone("").String()
	}
	if converted == (endpoint{}) {
		return nil
	}
	if port >= 0 {
		converted.Port = &port
	}
	return &converted
}

// hostName leaves out names with underscores, which the schema's hostname_t does not take.
func hostName(name string) string {
	if name = alert.HostName(name); strings.Contains(name, "_") {
		return ""
	}
	return name
}

// The types of observables, by the schema's enumeration.
const (
	hostnameType = 1
	addressType  = 2
)

func observables(f finding.Finding) (all []observable) {
	if name := hostName(f.Name); name != "" {
		all = append(all, observable{"evidences[].dst_endpoint.hostname", "Hostname", hostnameType, name})
	}
	for _, address := range alert.Addresses(f) {
		all = append(all, observable{where(f, address), "IP Address", addressType, address.String()})
	}
	return all
}

// where names the attribute that an address stands in; those of a group stand in none.
func where(f finding.Finding, address netip.Addr) string {
	switch address {
	case f.SrcIP.WithZone(""):
		return "evidences[].src_endpoint.ip"
	case f.DstIP.WithZone(""):
		return "evidences[].dst_endpoint.ip"
	}
	return "host"
}
