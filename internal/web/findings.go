package web

import (
	"html/template"
	"math"
	"net/netip"

	"sentinel/internal/explore"
	"sentinel/internal/finding"
	"sentinel/internal/output"
)

// findingsView is the page of all findings, and of what was looked for.
type findingsView struct {
	List      findingList
	Detection template.HTML
}

func showFindings(v *visit) error {
	l := lens{path: "/findings", filter: v.filter}
	detection, err := v.memo.section(v.capture.Report, "detection")
	if err != nil {
		return err
	}
	list := v.findings(l.filter, math.MaxInt)
	list.Judging = v.judging(l.filter, true)
	return v.present("findings", v.frame("Findings", "/findings"), l, findingsView{list, detection})
}

// findingView is the page of one finding.
type findingView struct {
	Card      template.HTML
	Links     []labelled // where to go on
	Pairs     []pairRow
	MorePairs int
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
	card, err := v.cards(f)
	if err != nil {
		return err
	}
	content := findingView{Card: card, Links: onward(f), MorePairs: max(len(f.Pairs)-mostPairs, 0)}
	for _, pair := range f.Pairs[:min(len(f.Pairs), mostPairs)] {
		content.Pairs = append(content.Pairs, pairOf(pair))
	}
	return v.render("finding", v.framed(output.Printable(f.Title), "/findings", content))
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
