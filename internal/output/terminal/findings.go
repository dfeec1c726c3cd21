package terminal

import (
	"fmt"
	"math"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"

	"sentinel/internal/finding"
	"sentinel/internal/output"
	"sentinel/internal/report"
)

// severityColours paint how much a finding deserves a look.
var severityColours = map[finding.Severity]text.Colors{
	finding.Critical: {text.Bold, text.FgHiWhite, text.BgRed},
	finding.High:     {text.Bold, text.FgRed},
	finding.Medium:   {text.Bold, text.FgYellow},
	finding.Low:      {text.FgCyan},
}

// mostHosts is how many hosts of a group are named.
const mostHosts = 8

// findings tells what stands out, most severe first; what is below low is shown with all details only.
func (p *printer) findings() {
	detection := p.report.Detection
	if detection == nil {
		return
	}
	shown, hidden := p.shownFindings()
	p.heading(findingsTitle(p.report.Findings), "")
	widest := 0
	for _, found := range shown {
		widest = max(widest, len(found.Detector))
	}
	for _, found := range shown {
		p.finding(found, widest)
	}
	if hidden > 0 {
		p.printf("  … and %s of %s; --details shows all\n", output.Count(int64(hidden)), weakest(p.report.Findings[len(p.report.Findings)-hidden:]))
	}
	p.detection(detection)
}

// findingsTitle counts the findings by severity.
func findingsTitle(findings []finding.Finding) string {
	counts := map[finding.Severity]int{}
	for _, found := range findings {
		counts[found.Severity]++
	}
	var parts []string
	for severity := finding.Critical; severity > finding.Info; severity-- {
		if counts[severity] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", counts[severity], severity))
		}
	}
	if len(parts) == 0 {
		return "Findings: none"
	}
	return "Findings: " + strings.Join(parts, ", ")
}

func (p *printer) shownFindings() (shown []finding.Finding, hidden int) {
	if p.Rows == 0 {
		return p.report.Findings, 0
	}
	for _, found := range p.report.Findings {
		if found.Severity < finding.Low || found.Severity == finding.Low && len(shown) >= p.Rows {
			hidden++
			continue
		}
		shown = append(shown, found)
	}
	return shown, hidden
}

// finding shows one finding in a line, its detector in a column of that width, and with all details when it was, why, the figures and queries.
func (p *printer) finding(f finding.Finding, detector int) {
	badge := fmt.Sprintf("%-8s", f.Severity)
	indent := len("  critical ") + detector + 2
	title := wrap(output.PrintableLong(f.Title), p.Width-indent)
	p.printf("  %s %-*s  %s\n", p.paint(severityColours[f.Severity], badge), detector, f.Detector, strings.ReplaceAll(title, "\n", "\n"+strings.Repeat(" ", indent)))
	if p.Rows > 0 {
		if len(f.Hosts) > 1 && f.SrcIP != f.Hosts[0] && f.Unnamed() { // a group
			p.indented(indent, list(f.Hosts, mostHosts))
		}
		return
	}
	if len(f.Hosts) > 1 {
		p.indented(indent, list(f.Hosts, mostHosts))
	}
	p.indented(indent, fmt.Sprintf("%s to %s%s%s", p.report.Time(f.First), p.report.Time(f.Last), chance(f.PValue), also(f.Also)))
	p.indented(indent, f.Explanation)
	for _, figure := range f.Evidence {
		p.indented(indent, output.Figure(figure.Name)+": "+figure.Text)
	}
	for _, modifier := range f.Modifiers {
		p.indented(indent, fmt.Sprintf("%+.2f %s", modifier.Delta, modifier.Reason))
	}
	p.indented(indent, "ATT&CK "+strings.Join(f.Attack, ", ")+"; "+f.Remedy)
	for _, filter := range f.Filters {
		p.indented(indent, filter.Tool+": "+filter.Query)
	}
}

// weakest names the severities of findings that are hidden.
func weakest(hidden []finding.Finding) string {
	if hidden[0].Severity == finding.Info {
		return "severity info"
	}
	return "severity info or low"
}

func (p *printer) indented(indent int, line string) {
	margin := strings.Repeat(" ", indent)
	line = wrap(output.PrintableLong(line), p.Width-indent)
	p.printf("%s%s\n", margin, p.paint(text.Colors{text.Faint}, strings.ReplaceAll(line, "\n", "\n"+margin)))
}

func chance(pValue float64) string {
	if math.IsNaN(pValue) {
		return ""
	}
	return ", " + output.Chance(pValue)
}

func also(detectors []string) string {
	if len(detectors) == 0 {
		return ""
	}
	return ", seen by " + strings.Join(detectors, " and ") + " too"
}

// detection tells what was looked at, so that silence has a reason.
func (p *printer) detection(d *report.Detection) {
	p.voids(d)
	var quiet []string
	for _, ran := range d.Ran {
		if ran.Void == "" && ran.Found == 0 {
			quiet = append(quiet, ran.ID)
		}
	}
	if len(quiet) > 0 {
		p.detail("nothing found by %s", strings.Join(quiet, ", "))
	}
	p.detail("%s tests; at most %.1f of the findings with a p-value are false on average, %s put down to chance",
		output.Count(int64(d.Tests)), d.ExpectedFalse, output.Counted(int64(d.Rejected), "candidate"))
	if d.Allowed > 0 {
		p.detail("%s silenced by the allow-list", output.Counted(int64(d.Allowed), "finding"))
	}
	if len(d.Servers) > 0 {
		p.detail("taken for servers: %s", list(d.Servers, 10))
	}
	if len(d.Resolvers) > 0 {
		p.detail("taken for resolvers: %s", list(d.Resolvers, 10))
	}
}

// voids tells which detectors could not judge; those with one reason share a line.
func (p *printer) voids(d *report.Detection) {
	var reasons []string
	who := map[string][]string{}
	for _, ran := range d.Ran {
		if ran.Void == "" {
			continue
		}
		if who[ran.Void] == nil {
			reasons = append(reasons, ran.Void)
		}
		who[ran.Void] = append(who[ran.Void], ran.ID)
	}
	for _, reason := range reasons {
		p.detail("%s could not judge: %s", strings.Join(who[reason], ", "), output.PrintableLong(reason))
	}
}
