package web

import (
	"fmt"
	"math"
	"net/netip"
	"net/url"
	"strconv"

	"sentinel/internal/explore"
	"sentinel/internal/finding"
	"sentinel/internal/output"
	"sentinel/internal/report"
)

// findingsView is the page of all findings, and of what was looked for.
type findingsView struct {
	List      findingList
	Detectors []detectorRow
	Remarks   []string
}

type detectorRow struct {
	Title, Finds, Looked, Void string
	Tests                      string
	Found                      int
}

func showFindings(v *visit) error {
	l := lens{path: "/findings", filter: v.filter}
	content := findingsView{List: v.findings(l.filter, math.MaxInt)}
	if d := v.capture.Report.Detection; d != nil {
		for _, ran := range d.Ran {
			content.Detectors = append(content.Detectors, detectorRow{
				Title: ran.Title, Finds: ran.Finds, Looked: ran.Looked, Void: output.PrintableLong(ran.Void), Tests: output.Count(int64(ran.Tests)), Found: ran.Found,
			})
		}
		content.Remarks = remarks(d)
	}
	return v.present("findings", v.frame("Findings", "/findings"), l, content)
}

func remarks(d *report.Detection) []string {
	list := []string{fmt.Sprintf("%s were made; %s that chance explains are left out.", output.Counted(int64(d.Tests), "statistical test"), output.Counted(int64(d.Rejected), "candidate"))}
	if d.Allowed > 0 {
		list = append(list, output.Counted(int64(d.Allowed), "finding")+" are silenced by the allow-list.")
	}
	if d.ExpectedFalse > 0 {
		list = append(list, fmt.Sprintf("Of the findings with a p-value, at most %s are false on average.", output.Ratio(d.ExpectedFalse)))
	}
	return list
}

// findingView is the page of one finding.
type findingView struct {
	Row         findingRow
	Explanation string
	Last        string
	Chance      string
	Evidence    []labelled
	Modifiers   []labelled
	Pictures    []exhibited
	Attack      []string
	Remedy      string
	Also        []string
	Filters     []finding.Filter
	Links       []labelled // where to go on
	Pairs       []pairRow
	MorePairs   int
}

// exhibited is a picture with the figures behind it, for who cannot see it.
type exhibited struct {
	picture
	XAxis, YAxis string
	Rows         []labelled
}

type pairRow struct{ Source, SourceLink, Destination, DestinationLink, FlowsLink string }

// mostPairs is how many pairs of a finding a page shows.
const mostPairs = 50

// findingByID finds one.
func (v *visit) findingByID(id string) (finding.Finding, error) {
	for _, f := range v.capture.Report.Findings {
		if f.ID == id {
			return f, nil
		}
	}
	return finding.Finding{}, missing("The capture has no finding %s.", output.Printable(id))
}

func showFinding(v *visit) error {
	f, err := v.findingByID(v.r.PathValue("id"))
	if err != nil {
		return err
	}
	r := v.capture.Report
	content := findingView{
		Row: rowOf(r, f), Explanation: output.PrintableLong(f.Explanation), Last: r.Time(f.Last), Chance: output.Chance(f.PValue), Attack: f.Attack,
		Remedy: output.PrintableLong(f.Remedy), Also: f.Also, Pictures: v.exhibits(f), Links: onward(f),
		MorePairs: max(len(f.Pairs)-mostPairs, 0),
	}
	for _, e := range f.Evidence {
		content.Evidence = append(content.Evidence, labelled{Label: e.Name, Value: output.PrintableLong(e.Text)})
	}
	for _, m := range f.Modifiers {
		content.Modifiers = append(content.Modifiers, labelled{Label: fmt.Sprintf("%+.2f", m.Delta), Value: output.PrintableLong(m.Reason)})
	}
	for _, filter := range f.Filters {
		content.Filters = append(content.Filters, finding.Filter{Tool: filter.Tool, Query: output.PrintableLong(filter.Query)})
	}
	for _, pair := range f.Pairs[:min(len(f.Pairs), mostPairs)] {
		content.Pairs = append(content.Pairs, pairOf(pair))
	}
	return v.present("finding", v.frame(f.Title, "/findings"), lens{path: "/", filter: v.filter}, content)
}

func pairOf(pair finding.Pair) (row pairRow) {
	filter := explore.Everything
	if pair.SrcIP.IsValid() {
		row.Source, row.SourceLink, filter.SrcIP = pair.SrcIP.String(), hostPage(pair.SrcIP), pair.SrcIP
	}
	row.Destination = "any"
	if pair.DstIP.IsValid() {
		row.Destination, row.DestinationLink, filter.DstIP = pair.DstIP.String(), hostPage(pair.DstIP), pair.DstIP
	}
	row.FlowsLink = link("/flows", filter)
	return row
}

// onward are the pages that a finding leads to.
func onward(f finding.Finding) (links []labelled) {
	around := explore.Everything
	around.SrcIP, around.DstIP, around.DstPort, around.Proto = f.SrcIP, f.DstIP, f.DstPort, f.Proto
	if f.SrcIP.IsValid() && f.DstIP.IsValid() && f.Proto != "" && f.DstPort >= 0 {
		links = append(links, labelled{Label: "The channel", Link: channelPage(explore.Channel{SrcIP: f.SrcIP, DstIP: f.DstIP, Proto: f.Proto, DstPort: f.DstPort})})
	}
	if around != explore.Everything {
		links = append(links, labelled{Label: "This traffic in the overview", Link: link("/", around)}, labelled{Label: "Its flows", Link: link("/flows", around)})
	}
	seen := map[netip.Addr]bool{}
	for _, host := range append([]netip.Addr{f.SrcIP, f.DstIP}, f.Hosts...) {
		if host.IsValid() && !seen[host] && len(seen) < fewRows {
			seen[host] = true
			links = append(links, labelled{Label: "Host " + host.String(), Link: hostPage(host)})
		}
	}
	return links
}

// exhibits are the pictures of a finding.
func (v *visit) exhibits(f finding.Finding) (list []exhibited) {
	for i, e := range f.Exhibits {
		query := url.Values{"id": {f.ID}, "exhibit": {strconv.Itoa(i)}}
		shown := exhibited{picture: picture{Title: output.Printable(e.Title), Link: "/chart/exhibit?" + query.Encode(), Size: "small"}, XAxis: e.XAxis, YAxis: e.YAxis}
		if e.Kind == finding.Contacts {
			shown.Size = "wide"
		}
		for _, p := range e.Points {
			shown.Rows = append(shown.Rows, v.exhibitRow(e.Kind, p))
		}
		list = append(list, shown)
	}
	return list
}

func (v *visit) exhibitRow(kind finding.ExhibitKind, p finding.Point) labelled {
	row := labelled{Label: output.Printable(p.Label), Value: output.Rate(p.Y)}
	switch kind {
	case finding.Contacts:
		row.Label = v.capture.Report.Time(int64(p.X))
	case finding.Gaps:
		row.Label = seconds(p.X)
	}
	return row
}
