package pdf

import (
	"strings"

	"sentinel/internal/output"
	"sentinel/internal/report"
)

// quality tells how far the capture can be trusted.
func (d *document) quality() {
	q := d.report.Quality
	if q == nil && len(d.report.Notes) == 0 {
		return
	}
	d.heading("How far it can be trusted")
	d.letters(regular, body, ink)
	if q != nil {
		d.paragraph(output.Count(q.Duplicates)+" flows equal an earlier one in every column.", 0)
		d.silences(q.Silences)
	}
	d.letters(regular, body, ink)
	for _, note := range d.report.Notes {
		d.paragraph(hinted(note.Text, note.Hint), 0)
	}
}

func (d *document) silences(silences []report.Silence) {
	if len(silences) == 0 {
		return
	}
	d.Ln(1.5)
	var rows [][]string
	for _, s := range silences {
		rows = append(rows, []string{d.report.Time(s.From), d.report.Time(s.To), d.report.Span(s.From, s.To)})
	}
	d.table([]column{{title: "Without flows from", width: 60}, {title: "to", width: 60}, {title: "for", width: 54}}, rows)
}

func hinted(text, hint string) string {
	if hint == "" {
		return text
	}
	return text + "; " + hint
}

// inputs lists the captures, and those that were not read.
func (d *document) inputs() {
	d.heading("Captures")
	d.captures(d.report.Inputs)
	if len(d.report.Baseline) > 0 {
		d.subheading("Baseline")
		d.captures(d.report.Baseline)
	}
	d.letters(regular, body, ink)
	for _, failure := range d.report.Failures {
		how := "Not read: "
		if failure.Partial {
			how = "Not read to its end: "
		}
		d.paragraph(how+hinted(failure.Path+": "+failure.Reason, failure.Hint), 0)
	}
}

func (d *document) captures(inputs []report.Input) {
	var rows [][]string
	for _, i := range inputs {
		rows = append(rows, []string{
			i.Path + checksum(i), strings.TrimSpace(i.Format + " " + i.Compression), output.Count(i.Flows), d.report.Time(i.First), d.report.Time(i.Last),
			output.Skipped(i.Skipped),
		})
	}
	d.table([]column{{title: "Capture", width: 62}, {title: "Format", width: 20}, {title: "Flows", width: 18, right: true}, {title: "First", width: 23},
		{title: "Last", width: 23}, {title: "Skipped rows", width: 28}}, rows)
	for _, i := range inputs {
		for _, note := range i.Notes {
			d.remark(i.Path + ": " + hinted(note.Text, note.Hint))
		}
	}
}

func checksum(i report.Input) string {
	if i.SHA256 == "" {
		return ""
	}
	return " SHA-256 " + i.SHA256
}

// provenance tells how the report came about.
func (d *document) provenance() {
	p := d.report.Provenance
	d.heading("How this report came about")
	rows := [][]string{{"Sentinel", p.Version}, {"Engine", p.Engine}, {"Places", strings.Join(p.Databases, "; ")}}
	if p.Generated != "" {
		rows = append(rows, []string{"Generated", p.Generated})
	}
	for _, s := range p.Settings {
		rows = append(rows, []string{"set: " + s.Name, s.Value})
	}
	d.table([]column{{title: "What", width: 45}, {title: "Which", width: 129}}, rows)
}
