package web

import (
	"fmt"

	"golang.org/x/sync/errgroup"

	"sentinel/internal/explore"
	"sentinel/internal/finding"
	"sentinel/internal/output"
	"sentinel/internal/report"
)

// How much of a ranking a page of many shows, and a page of its own.
const (
	fewRows  = 10
	mostRows = 1000
)

// overview is the report, live.
type overview struct {
	Head     *hostHead // on the page of a host
	Figures  []labelled
	Findings findingList
	Timeline picture
	Week     picture
	World    picture
	Graph    picture
	Tables   map[string]table
	Moments  []momentRow
	Notes    []report.Note
	Failures []report.Failure
	Nothing  bool // no flow is chosen
}

// labelled is one figure with its name.
type labelled struct{ Label, Value, Note, Link string }

// picture is a chart that the browser draws from data at an address.
type picture struct {
	Title string
	Link  string
	Size  string
	Hint  string // what a click or a brush does
}

// momentRow is a step of the timeline, for who cannot see it or draw on it.
type momentRow struct{ Start, Narrow, Flows, Up, Down string }

func showOverview(v *visit) error {
	l := lens{path: "/", filter: v.filter}
	content, err := v.survey(l)
	if err != nil {
		return err
	}
	frame := v.frame("Overview", "/")
	content.Failures, content.Notes = v.capture.Report.Failures, v.capture.Report.Notes
	return v.present("overview", frame, l, content)
}

// present shows a page whose filter can be changed.
func (v *visit) present(name string, frame frame, l lens, content any) error {
	frame.Form, frame.Chips, frame.Content = v.form(l), l.chips(v), content
	return v.render(name, frame)
}

// survey asks all that an overview shows, side by side.
func (v *visit) survey(l lens) (*overview, error) {
	o := &overview{Tables: map[string]table{}}
	var totals explore.Totals
	var line timeline
	tables := make([]table, len(dimensions))
	group, ctx := errgroup.WithContext(v.ctx)
	asking := *v
	asking.ctx = ctx
	group.Go(func() (err error) { totals, err = v.memo.totals(ctx, l.filter); return err })
	group.Go(func() (err error) { line, err = v.memo.timeline(ctx, l.filter, mostSteps); return err })
	for i, d := range dimensions {
		group.Go(func() (err error) { tables[i], err = asking.tabulate(d, l, fewRows); return err })
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	for _, t := range tables {
		o.Tables[t.ID] = t
	}
	o.Nothing = totals.Flows == 0
	o.Figures = figures(v.capture.Report, totals, l)
	o.Findings = v.findings(l.filter, fewRows)
	o.Moments = moments(v.capture.Report, line, l)
	v.drawings(o, l)
	return o, nil
}

// drawings are the charts of an overview; what is drawn is asked when the browser wants it.
func (v *visit) drawings(o *overview, l lens) {
	chart := func(kind string) string { return chartLink(kind, l) }
	o.Timeline = picture{"Connections over time", chart("timeline"), "wide", "Drag across to choose a time; from and to above do the same."}
	o.World = picture{"Where connections went", chart("world"), "map", "Click on a country to see it alone."}
	o.Week = picture{"By hour of the day", chart("hours"), "small", ""}
	if v.spansDays() {
		o.Week = picture{"By hour and day of the week", chart("week"), "small", ""}
	}
	if len(o.Tables[string(explore.Edges)].Rows) > 0 {
		o.Graph = picture{"Who talks to whom inside", chart("edges"), "map", "Click on a host or an edge to see it alone."}
	}
}

// spansDays tells whether days of the week can be told apart.
func (v *visit) spansDays() bool {
	first, last := v.capture.Explorer.Extent()
	return !v.capture.Report.Undated && last-first > 24*3_600_000_000
}

func figures(r *report.Report, totals explore.Totals, l lens) []labelled {
	span := "–"
	note := ""
	if totals.Flows > 0 {
		span = r.Span(totals.First, totals.Last)
		note = fmt.Sprintf("%s to %s", r.Time(totals.First), r.Time(totals.Last))
	}
	return []labelled{
		{"Flows", output.Count(totals.Flows), output.Share(totals.Flows, r.Summary.Flows) + " of the capture", link("/flows", l.filter)},
		{"Sources", output.Count(totals.Hosts), "hosts that opened a connection", link("/top/sources", l.filter)},
		{"Destinations", output.Count(totals.Servers), "hosts that were contacted", link("/top/destinations", l.filter)},
		{"Sent", output.Bytes(totals.UpBytes), "from source to destination", ""},
		{"Received", output.Bytes(totals.DownBytes), "from destination to source", ""},
		{"Time", span, note, ""},
	}
}

func moments(r *report.Report, line timeline, l lens) (rows []momentRow) {
	for _, m := range line.rows {
		rows = append(rows, momentRow{
			Start: r.Time(m.Start), Flows: output.Count(m.Flows), Up: output.Bytes(m.UpBytes), Down: output.Bytes(m.DownBytes),
			Narrow: l.to(func(f *explore.Filter) { f.From, f.To = m.Start, m.Start+line.step }),
		})
	}
	return rows
}

// findingList is the findings about the chosen part of a capture.
type findingList struct {
	Rows    []findingRow
	Here    int // that are about the chosen part
	All     int
	More    string // link to all of them
	Judged  bool   // detectors looked at all
	Chosen  bool   // a filter is set
	Partial bool   // the filter has parts that findings do not tell
	Judging *judging
}

type findingRow struct {
	Severity, Title, Detector, Who, When, Score, Link string
}

func (v *visit) findings(filter explore.Filter, most int) findingList {
	r := v.capture.Report
	list := findingList{
		All: len(r.Findings), Judged: r.Detection != nil, Chosen: filter != explore.Everything, Partial: filter.Country != "",
		More: link("/findings", filter), Judging: v.judging(filter, false),
	}
	for _, f := range r.Findings {
		if !concerns(f, filter) {
			continue
		}
		if list.Here++; list.Here <= most {
			list.Rows = append(list.Rows, rowOf(r, f))
		}
	}
	return list
}

func rowOf(r *report.Report, f finding.Finding) findingRow {
	return findingRow{
		Severity: f.Severity.String(), Title: output.PrintableLong(f.Title), Detector: f.Detector, Who: hostsOf(f),
		When: r.Time(f.First), Score: output.Ratio(f.Score), Link: "/finding/" + f.ID,
	}
}

// hostsOf names whom a finding is about, the first of many.
func hostsOf(f finding.Finding) string {
	hosts := f.Hosts
	if len(hosts) == 0 && f.SrcIP.IsValid() {
		return f.SrcIP.String()
	}
	switch len(hosts) {
	case 0:
		return ""
	case 1:
		return hosts[0].String()
	}
	return fmt.Sprintf("%s and %s", hosts[0], output.Counted(int64(len(hosts)-1), "other host"))
}
