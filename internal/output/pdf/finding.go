package pdf

import (
	"fmt"
	"math"
	"strings"

	"sentinel/internal/finding"
	"sentinel/internal/output"
	"sentinel/internal/output/alert"
	"sentinel/internal/output/figure"
)

// severityColours are dark enough for white letters on them.
var severityColours = map[finding.Severity]colour{
	finding.Critical: {140, 16, 32}, finding.High: {190, 60, 20}, finding.Medium: {150, 104, 0}, finding.Low: {40, 96, 150}, finding.Info: {96, 104, 116},
}

// Bounds of the findings: those in the list, those told at length, and those told with pictures.
const (
	mostListed = 300
	mostTold   = 60
	mostDrawn  = 12
)

// shown are the findings that a report shows: those of low severity and above.
func (d *document) shown() (shown []finding.Finding) {
	for _, f := range d.report.Findings {
		if f.Severity > finding.Info {
			shown = append(shown, f)
		}
	}
	return shown
}

// chip sets a severity as a coloured label.
func (d *document) chip(severity finding.Severity, text string, width float64) {
	d.fill(severityColours[severity])
	d.letters(bold, small, paper)
	d.CellFormat(width, 4.6, text, "", 0, "C", true, 0, "")
}

// overview lists the findings, a line each.
func (d *document) overview() {
	if d.report.Detection == nil {
		return
	}
	d.heading("What stands out")
	shown := d.shown()
	if len(shown) == 0 {
		d.letters(regular, body, ink)
		d.paragraph("No detector found anything of low severity or above.", 0)
	}
	for i, f := range shown {
		if i == mostListed {
			d.remark(fmt.Sprintf("… and %s more findings, which the other formats have.", output.Count(int64(len(shown)-mostListed))))
			break
		}
		d.listed(f)
	}
	if faint := len(d.report.Findings) - len(shown); faint > 0 {
		d.remark("Not told here: " + output.Counted(int64(faint), "finding") + " of severity info, which the JSON and HTML reports have.")
	}
}

func (d *document) listed(f finding.Finding) {
	const indent = 21
	d.letters(regular, body, ink)
	text := f.Title
	if len(f.Hosts) > 1 && f.Unnamed() {
		text += ": " + hosts(f)
	}
	lines := d.cut(d.wrapped(legible(text), inner-indent))
	d.need(float64(len(lines))*line + 2)
	y := d.GetY()
	d.SetXY(margin, y)
	d.chip(f.Severity, f.Severity.String(), 18)
	d.letters(regular, body, ink)
	for i, text := range lines {
		d.SetXY(margin+indent, y+float64(i)*line+0.1)
		d.CellFormat(inner-indent, line, text, "", 0, "L", false, 0, "")
	}
	d.SetXY(margin, y+float64(len(lines))*line+1.6)
}

// findings tells each at length.
func (d *document) findings() {
	shown := d.shown()
	if len(shown) == 0 {
		return
	}
	d.need(90) // the heading and a finding's beginning
	d.heading("Findings")
	for i, f := range shown {
		if i == mostTold {
			d.remark(fmt.Sprintf("… and %s more findings, which the other formats tell.", output.Count(int64(len(shown)-mostTold))))
			break
		}
		d.finding(f, i < mostDrawn)
	}
}

func (d *document) finding(f finding.Finding, drawn bool) {
	d.need(55)
	d.Ln(2)
	d.letters(bold, 10.5, ink)
	title := legible(f.Title)
	d.Bookmark(output.Printable(title), 1, -1)
	y := d.GetY()
	d.chip(f.Severity, f.Severity.String(), 18)
	d.SetXY(margin, y+5.6)
	d.letters(bold, 10.5, ink)
	d.paragraph(f.Title, 0)
	d.letters(regular, body, ink)
	d.paragraph(f.Explanation, 0)
	d.Ln(1)
	d.facts(f)
	if drawn {
		d.exhibits(f)
	}
	d.letters(regular, body, ink)
	d.paragraph("What would make it go away: "+f.Remedy+".", 0)
	d.letters(regular, small, faint)
	for _, filter := range f.Filters {
		d.paragraph(filter.Tool+": "+filter.Query, 4)
	}
	d.Ln(2.5)
}

// facts is the table of figures, and of what the finding is about.
func (d *document) facts(f finding.Finding) {
	rows := [][]string{
		{"detector", strings.Join(append([]string{f.Detector}, f.Also...), ", ")},
		{"seen", d.report.Time(f.First) + " to " + d.report.Time(f.Last)},
		{"score", fmt.Sprintf("%.2f%s%s", f.Score, modifiers(f), chance(f.PValue))},
		{"ATT&CK", techniques(f)},
	}
	if len(f.Hosts) > 1 {
		rows = append(rows, []string{"hosts", hosts(f)})
	}
	if f.Name != "" {
		rows = append(rows, []string{"name of the destination", f.Name})
	}
	for _, e := range f.Evidence {
		rows = append(rows, []string{output.Figure(e.Name), e.Text})
	}
	d.table([]column{{title: "Figure", width: 45}, {title: "Value", width: 129}}, rows)
}

func modifiers(f finding.Finding) (text string) {
	for _, m := range f.Modifiers {
		text += fmt.Sprintf("; %+.2f %s", m.Delta, m.Reason)
	}
	return text
}

func chance(p float64) string {
	if math.IsNaN(p) {
		return ""
	}
	return "; by chance: " + output.Chance(p)
}

func techniques(f finding.Finding) string {
	var named []string
	for _, t := range alert.Techniques(f) {
		named = append(named, t.ID+" "+t.Name)
	}
	return strings.Join(named, ", ")
}

// mostHosts is how many hosts of a group are named.
const mostHosts = 24

func hosts(f finding.Finding) string {
	var named []string
	for _, host := range f.Hosts[:min(len(f.Hosts), mostHosts)] {
		named = append(named, host.String())
	}
	text := strings.Join(named, ", ")
	if more := len(f.Hosts) - mostHosts; more > 0 {
		text += " and " + output.Count(int64(more)) + " more"
	}
	return text
}

// exhibitWidth leaves letters that can be read, and two exhibits on a page with their finding.
const exhibitWidth = 140

// exhibits draws what is better seen than read, and the finding's peers.
func (d *document) exhibits(f finding.Finding) {
	for _, e := range f.Exhibits {
		if chart := figure.Exhibit(d.report, e); chart != nil {
			d.picture(chart, exhibitWidth)
		}
	}
	if chart := figure.Peers(d.report, f); chart != nil {
		d.picture(chart, exhibitWidth)
	}
}
