// Package json writes a report as one JSON document, of the form that docs/schema.json states.
package json

import (
	"encoding/json"
	"io"
	"net/netip"
	"time"

	"sentinel/internal/report"
)

// SchemaVersion changes when a reader of the document would have to.
const SchemaVersion = 1

type document struct {
	SchemaVersion int         `json:"schema_version"`
	Provenance    provenance  `json:"provenance"`
	Inputs        []input     `json:"inputs"`
	Failures      []failure   `json:"failures"`
	Summary       summary     `json:"summary"`
	Measures      measures    `json:"measures"`
	Findings      []Finding   `json:"findings"`
	Baseline      []input     `json:"baseline,omitempty"`
	Detection     *detection  `json:"detection,omitempty"`
	Comparison    *comparison `json:"comparison,omitempty"`
	Beside        *beside     `json:"beside,omitempty"`
	Notes         []note      `json:"notes"`
}

type provenance struct {
	Generated string    `json:"generated,omitempty"`
	Version   string    `json:"version"`
	Engine    string    `json:"engine"`
	Databases []string  `json:"databases"`
	Settings  []setting `json:"settings,omitempty"`
}

type setting struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type input struct {
	Path        string            `json:"path"`
	Format      string            `json:"format"`
	Compression string            `json:"compression,omitempty"`
	SHA256      string            `json:"sha256,omitempty"`
	Flows       int64             `json:"flows"`
	First       string            `json:"first"`
	Last        string            `json:"last"`
	Timestamp   string            `json:"timestamp"`
	Columns     map[string]string `json:"columns"`
	Absent      []string          `json:"absent"`
	Ignored     []string          `json:"ignored"`
	Skipped     int64             `json:"skipped"`
	SkippedFor  []skip            `json:"skipped_for"`
	Filled      int64             `json:"filled"`
	Lookups     int64             `json:"lookups,omitempty"`
	Records     *records          `json:"records,omitempty"`
	Notes       []note            `json:"notes,omitempty"`
}

// records counts what an input is made of, where that is not flows.
type records struct {
	Count int64  `json:"count"`
	Unit  string `json:"unit"`
}

type skip struct {
	Reason  string `json:"reason"`
	Rows    int64  `json:"rows"`
	Example string `json:"example,omitempty"`
}

type failure struct {
	Path   string `json:"path"`
	Reason string `json:"reason"`
	Hint   string `json:"hint,omitempty"`
	// Partial is set where what came before the fault was analysed.
	Partial bool `json:"partial,omitempty"`
}

type note struct {
	Text string `json:"text"`
	Hint string `json:"hint,omitempty"`
}

type summary struct {
	Flows     int64    `json:"flows"`
	Hosts     int64    `json:"hosts"`
	Servers   int64    `json:"servers"`
	UpBytes   int64    `json:"up_bytes"`
	DownBytes int64    `json:"down_bytes"`
	First     string   `json:"first"`
	Last      string   `json:"last"`
	Undated   bool     `json:"undated"`
	Internal  internal `json:"internal"`
}

type internal struct {
	Networks []netip.Prefix `json:"networks"`
	Hosts    int64          `json:"hosts"`
	Flows    *int64         `json:"flows"`
}

type measures struct {
	Countries    *[]country    `json:"countries,omitempty"`
	Hours        *[]hour       `json:"hours,omitempty"`
	Week         *week         `json:"week,omitempty"`
	Timeline     *timeline     `json:"timeline,omitempty"`
	Edges        *[]edge       `json:"edges,omitempty"`
	Exfiltration *exfiltration `json:"exfiltration,omitempty"`
	Botnet       *botnet       `json:"botnet,omitempty"`
	Talkers      *talkers      `json:"talkers,omitempty"`
	Ports        *[]port       `json:"ports,omitempty"`
	Quality      *quality      `json:"quality,omitempty"`
}

type country struct {
	Country   string `json:"country"`
	Flows     int64  `json:"flows"`
	UpBytes   int64  `json:"up_bytes"`
	DownBytes int64  `json:"down_bytes"`
}

type hour struct {
	Hour  int   `json:"hour"`
	Flows int64 `json:"flows"`
}

type place struct {
	Private bool   `json:"private"`
	Country string `json:"country"`
	Owner   string `json:"owner,omitempty"`
	Name    string `json:"name,omitempty"`
}

type exfiltration struct {
	Percentile int     `json:"percentile"`
	Ranked     int     `json:"ranked"`
	Hosts      []ratio `json:"hosts"`
}

type ratio struct {
	SrcIP     netip.Addr `json:"src_ip"`
	DownBytes int64      `json:"down_bytes"`
	UpBytes   int64      `json:"up_bytes"`
	Ratio     *float64   `json:"ratio"`
	Place     place      `json:"place"`
}

type botnet struct {
	Network      string        `json:"network"`
	Destinations []destination `json:"destinations"`
}

type destination struct {
	DstIP     netip.Addr   `json:"dst_ip"`
	SrcIPs    []netip.Addr `json:"src_ips"`
	Flows     int64        `json:"flows"`
	PerSecond *float64     `json:"per_second"`
	First     string       `json:"first"`
	Last      string       `json:"last"`
	Place     place        `json:"place"`
}

type talkers struct {
	Hosts   []talker `json:"hosts"`
	Servers []talker `json:"servers"`
}

type talker struct {
	Address   netip.Addr `json:"address"`
	Flows     int64      `json:"flows"`
	UpBytes   int64      `json:"up_bytes"`
	DownBytes int64      `json:"down_bytes"`
	Place     place      `json:"place"`
}

type port struct {
	Proto     string `json:"proto"`
	DstPort   *int64 `json:"dst_port"` // null where the row adds up other ports
	Others    int    `json:"others,omitempty"`
	Flows     int64  `json:"flows"`
	UpBytes   int64  `json:"up_bytes"`
	DownBytes int64  `json:"down_bytes"`
}

type quality struct {
	Duplicates int64     `json:"duplicates"`
	Silences   []silence `json:"silences"`
}

type silence struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// Write writes r as one document. Times are RFC 3339 in UTC; those of an undated capture, which the summary
// tells, count from 1970-01-01. Quotients without a value are null.
func Write(w io.Writer, r *report.Report) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(true)
	return encoder.Encode(convert(r))
}

func convert(r *report.Report) document {
	converted := document{
		SchemaVersion: SchemaVersion,
		Provenance:    convertProvenance(r.Provenance),
		Inputs:        each(r.Inputs, convertInput),
		Failures:      each(r.Failures, func(f report.Failure) failure { return failure(f) }),
		Summary:       convertSummary(r.Summary, r.Undated),
		Measures:      convertMeasures(r),
		Findings:      each(r.Findings, ConvertFinding),
		Detection:     convertDetection(r.Detection),
		Comparison:    convertComparison(r.Comparison),
		Beside:        convertBeside(r.Beside, r.Undated),
		Notes:         each(r.Notes, func(n report.Note) note { return note(n) }),
	}
	if len(r.Baseline) > 0 {
		converted.Baseline = each(r.Baseline, convertInput)
	}
	return converted
}

// each converts the elements of a list; the result is never null.
func each[From, To any](list []From, convert func(From) To) []To {
	converted := make([]To, 0, len(list))
	for _, element := range list {
		converted = append(converted, convert(element))
	}
	return converted
}

func convertInput(i report.Input) input {
	columns := map[string]string{}
	for _, column := range i.Columns {
		columns[column.Name] = column.Field
	}
	converted := input{
		Path: i.Path, Format: i.Format, Compression: i.Compression, SHA256: i.SHA256, Flows: i.Flows, First: moment(i.First), Last: moment(i.Last),
		Timestamp: i.Clock, Columns: columns, Absent: notNil(i.Absent), Ignored: notNil(i.Ignored), Filled: i.Filled,
		Skipped: i.SkippedRows(), SkippedFor: each(i.Skipped, func(s report.Skip) skip { return skip(s) }),
		Lookups: i.Lookups, Notes: each(i.Notes, func(n report.Note) note { return note(n) }),
	}
	if i.Unit != "" {
		converted.Records = &records{i.Records, i.Unit}
	}
	return converted
}

func notNil[T any](list []T) []T { return append([]T{}, list...) }

func convertSummary(s report.Summary, undated bool) summary {
	return summary{
		Flows: s.Flows, Hosts: s.Hosts, Servers: s.Servers, UpBytes: s.UpBytes, DownBytes: s.DownBytes,
		First: moment(s.First), Last: moment(s.Last), Undated: undated,
		Internal: internal{notNil(s.Internal.Networks), s.Internal.Hosts, s.Internal.Flows},
	}
}

func convertMeasures(r *report.Report) measures {
	return measures{
		Countries:    convertCountries(r.Countries),
		Hours:        convertHours(r.Hours),
		Week:         convertWeek(r.Week),
		Timeline:     convertTimeline(r.Timeline),
		Edges:        section(r.Edges, convertEdge),
		Exfiltration: convertExfiltration(r.Exfiltration),
		Botnet:       convertBotnet(r.Botnet),
		Talkers:      convertTalkers(r.Talkers),
		Ports:        section(r.Ports, convertPort),
		Quality:      convertQuality(r.Quality),
	}
}

// section converts a list that is left out where it was not asked for.
func section[From, To any](list []From, convert func(From) To) *[]To {
	if list == nil {
		return nil
	}
	converted := each(list, convert)
	return &converted
}

func convertExfiltration(e *report.Exfiltration) *exfiltration {
	if e == nil {
		return nil
	}
	return &exfiltration{e.Percentile, e.Ranked, each(e.Hosts, func(h report.Ratio) ratio {
		return ratio{h.SrcIP, h.DownBytes, h.UpBytes, defined(h.Ratio), place(h.Place)}
	})}
}

func convertBotnet(b *report.Botnet) *botnet {
	if b == nil {
		return nil
	}
	return &botnet{b.Network, each(b.Destinations, func(d report.Destination) destination {
		return destination{d.DstIP, notNil(d.SrcIPs), d.Flows, defined(d.PerSecond), moment(d.First), moment(d.Last), place(d.Place)}
	})}
}

func convertTalkers(t *report.Talkers) *talkers {
	if t == nil {
		return nil
	}
	convert := func(t report.Talker) talker {
		return talker{t.Address, t.Flows, t.UpBytes, t.DownBytes, place(t.Place)}
	}
	return &talkers{each(t.Hosts, convert), each(t.Servers, convert)}
}

func convertPort(p report.Port) port {
	row := port{p.Proto, &p.DstPort, p.Others, p.Flows, p.UpBytes, p.DownBytes}
	if p.Others > 0 {
		row.DstPort = nil
	}
	return row
}

func convertQuality(q *report.Quality) *quality {
	if q == nil {
		return nil
	}
	return &quality{q.Duplicates, each(q.Silences, func(s report.Silence) silence {
		return silence{moment(s.From), moment(s.To)}
	})}
}

// defined is the value, or null where it is infinite or undefined.
func defined(value float64) *float64 {
	if !report.Defined(value) {
		return nil
	}
	return &value
}

func moment(micros int64) string {
	return time.UnixMicro(micros).UTC().Format("2006-01-02T15:04:05.000000Z07:00")
}

func convertProvenance(p report.Provenance) provenance {
	converted := provenance{Generated: p.Generated, Version: p.Version, Engine: p.Engine, Databases: notNil(p.Databases)}
	for _, s := range p.Settings {
		converted.Settings = append(converted.Settings, setting(s))
	}
	return converted
}
