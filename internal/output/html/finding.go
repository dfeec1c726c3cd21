package html

import (
	"fmt"
	"html/template"
	"math"
	"net/netip"

	"sentinel/internal/finding"
	"sentinel/internal/output"
	"sentinel/internal/output/alert"
	"sentinel/internal/output/figure"
	"sentinel/internal/report"
)

// Bounds of a page that thousands of findings must not make endless.
const (
	mostCards   = 200 // findings with a card; the others have a row of a table
	mostCharted = 60  // cards with charts
	mostPeers   = 100 // pairs that a card names
)

// findingsPart is the section of findings.
type findingsPart struct {
	Detection *report.Detection
	Cards     []card
	Detectors []alert.Rule // those with a card
	Charted   int          // how many of them have charts, where not all have
	Rest      *Table       // findings without a card
}

// card is a finding as the page shows it.
type card struct {
	finding.Finding
	Report     *report.Report
	Anchor     string
	Rule       alert.Rule
	Subjects   []netip.Addr
	Also       []alert.Rule
	Chance     string
	Charts     []*picture
	Techniques []alert.Technique
	Peers      []peers
	PeersLeft  int
	Grave      bool // shown with all details at once
}

// peers are a source and whom it had to do with.
type peers struct {
	Src  netip.Addr
	Dsts []netip.Addr
}

// Findings shows findings as cards, each with a heading of level 3, without a filter around them.
func Findings(r *report.Report, list []finding.Finding) (template.HTML, error) {
	var cards []card
	for i, f := range list {
		cards = append(cards, cardOf(r, f, i < mostCharted))
	}
	return render("cards", cards)
}

func findings(r *report.Report) any {
	if r.Detection == nil {
		return nil
	}
	part := findingsPart{Detection: r.Detection}
	seen := map[string]bool{}
	var rest []finding.Finding
	for _, f := range r.Findings {
		if f.Severity == finding.Info || len(part.Cards) == mostCards {
			rest = append(rest, f)
			continue
		}
		made := cardOf(r, f, len(part.Cards) < mostCharted)
		part.Cards = append(part.Cards, made)
		if !seen[f.Detector] {
			seen[f.Detector] = true
			part.Detectors = append(part.Detectors, made.Rule)
		}
	}
	if len(part.Cards) > mostCharted {
		part.Charted = mostCharted
	}
	part.Rest = restTable(r, rest)
	return part
}

// restID is the table of findings without a card.
const restID = "findings-rest"

func restTable(r *report.Report, rest []finding.Finding) *Table {
	if len(rest) == 0 {
		return nil
	}
	t := &Table{ID: restID, Caption: "Findings of little weight", Folded: usual}
	t.Columns = append(words("Severity", "Finding", "Detector", "First", "Last"), numbers("Chance")...)
	for _, f := range bounded(t, rest) {
		t.Rows = append(t.Rows, []Cell{
			{Text: f.Severity.String(), Value: fmt.Sprint(int(f.Severity))}, {Text: output.PrintableLong(f.Title), Kind: "prose"}, textCell(alert.RuleOf(r, f).Title),
			timeCell(r, f.First), timeCell(r, f.Last), chanceCell(f.PValue),
		})
	}
	return t
}

func chanceCell(p float64) Cell {
	if math.IsNaN(p) {
		return Cell{Text: "–"}
	}
	return numberCell(output.Chance(p), p)
}

func cardID(f finding.Finding) string { return anchor("finding", f.ID) }

func cardOf(r *report.Report, f finding.Finding, charted bool) card {
	c := card{
		Finding: f, Report: r, Anchor: cardID(f), Rule: alert.RuleOf(r, f), Subjects: subjects(r, f), Chance: chance(f),
		Techniques: alert.Techniques(f), Grave: f.Severity >= finding.High,
	}
	for _, id := range f.Also {
		c.Also = append(c.Also, alert.RuleOf(r, finding.Finding{Detector: id}))
	}
	if charted {
		c.Charts = chartsOf(r, f)
	}
	if len(f.Pairs) > 1 {
		c.Peers, c.PeersLeft = peersOf(f.Pairs)
	}
	return c
}

// chartsOf are what a finding brings along to be seen, and its peers.
func chartsOf(r *report.Report, f finding.Finding) (charts []*picture) {
	for _, exhibit := range f.Exhibits {
		if drawing := drawn(figure.Exhibit(r, exhibit), false); drawing != nil {
			charts = append(charts, drawing)
		}
	}
	if drawing := drawn(figure.Peers(r, f), false); drawing != nil {
		charts = append(charts, drawing)
	}
	return charts
}

// peersOf gathers pairs by source.
func peersOf(pairs []finding.Pair) (list []peers, left int) {
	place := map[netip.Addr]int{}
	for _, pair := range pairs[:min(len(pairs), mostPeers)] {
		at, ok := place[pair.SrcIP]
		if !ok {
			at = len(list)
			place[pair.SrcIP] = at
			list = append(list, peers{Src: pair.SrcIP})
		}
		if pair.DstIP.IsValid() {
			list[at].Dsts = append(list[at].Dsts, pair.DstIP)
		}
	}
	return list, max(len(pairs)-mostPeers, 0)
}

// chance says in plain words how surely a finding is more than chance.
func chance(f finding.Finding) string {
	switch p := f.PValue; {
	case math.IsNaN(p):
		return "A rule with thresholds decided; no probability belongs to it."
	case p < 1e-12:
		return "Chance alone does not explain it (" + output.Chance(p) + ")."
	case p >= 0.05:
		return "Chance alone may explain it (" + output.Chance(p) + ")."
	default:
		return fmt.Sprintf("By chance alone, such a thing happens once in about %s cases (%s).", rounded(1/p), output.Chance(p))
	}
}

// rounded is a large number by its first digit.
func rounded(value float64) string {
	step := math.Pow(10, math.Floor(math.Log10(value)))
	return output.Count(int64(math.Round(value/step) * step))
}
