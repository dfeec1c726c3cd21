package terminal

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"math"
	"net/netip"
	"slices"

	"github.com/jedib0t/go-pretty/v6/text"

	"sentinel/internal/finding"
	"sentinel/internal/output"
	"sentinel/internal/report"
)

// linesPerDetector is how many values of one detector are shown, those nearest to firing first.
const linesPerDetector = 8

// WriteExplanation shows what every detector saw of a host: its findings, then value, threshold and reason.
func WriteExplanation(w io.Writer, r *report.Report, host netip.Addr, options Options) error {
	p := &printer{Writer: bufio.NewWriter(w), report: r, Options: options, fit: text.WrapSoft}
	p.inputs()
	p.heading("What is known of "+host.String(), "")
	found := slices.DeleteFunc(slices.Clone(r.Findings), func(f finding.Finding) bool {
		return !slices.Contains(f.Hosts, host) && f.DstIP != host
	})
	if len(found) == 0 {
		p.detail("no finding is about it")
	}
	for _, f := range found {
		p.finding(f, len(f.Detector))
	}
	for _, ran := range r.Detection.Ran {
		p.explainDetector(ran, r.Lines)
	}
	return p.Flush()
}

func (p *printer) explainDetector(ran report.Ran, all []report.Line) {
	p.heading(ran.ID, ran.Looked)
	if ran.Void != "" {
		p.detail("could not judge: %s", output.PrintableLong(ran.Void))
		return
	}
	lines := slices.DeleteFunc(slices.Clone(all), func(line report.Line) bool { return line.Detector != ran.ID })
	if len(lines) == 0 {
		p.detail("nothing of this host came near what it looks for")
		return
	}
	slices.SortStableFunc(lines, func(a, b report.Line) int { return cmp.Compare(b.Closeness(), a.Closeness()) })
	var rows [][]string
	for _, line := range lines[:min(len(lines), linesPerDetector)] {
		fired := "no"
		if line.Fired {
			fired = "yes"
		}
		rows = append(rows, []string{output.Printable(line.What), number(line.Value), number(line.Threshold), fired, output.PrintableLong(line.Why)})
	}
	p.table([]column{{title: "What"}, {title: "Value", right: true}, {title: "Threshold", right: true}, {title: "Fired"}, {title: "Why", wide: true}}, rows)
	if rest := len(lines) - linesPerDetector; rest > 0 {
		p.detail("… and %d more, farther from firing", rest)
	}
}

func number(value float64) string {
	if math.IsNaN(value) {
		return "–"
	}
	return fmt.Sprintf("%.4g", value)
}
