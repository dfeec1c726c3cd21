package web

import (
	"sentinel/internal/output"
	"sentinel/internal/report"
)

// aboutView tells how what is shown came about, and how far it can be trusted.
type aboutView struct {
	Provenance report.Provenance
	Inputs     []inputRow
	Baseline   []inputRow
	Failures   []report.Failure
	Notes      []report.Note
	Duplicates string
	Silences   []labelled
}

type inputRow struct {
	Path, Format, SHA256, Flows, First, Last, Clock, Skipped string
	Notes                                                    []report.Note
}

func showAbout(v *visit) error {
	r := v.capture.Report
	content := aboutView{Provenance: r.Provenance, Inputs: inputRows(r, r.Inputs), Baseline: inputRows(r, r.Baseline), Failures: failures(r.Failures), Notes: notes(r.Notes)}
	if q := r.Quality; q != nil {
		content.Duplicates = output.Counted(q.Duplicates, "flow")
		for _, s := range q.Silences {
			content.Silences = append(content.Silences, labelled{Label: r.Time(s.From), Value: r.Span(s.From, s.To)})
		}
	}
	return v.present("about", v.frame("About", "/about"), lens{path: "/", filter: v.filter}, content)
}

func inputRows(r *report.Report, inputs []report.Input) (rows []inputRow) {
	for _, in := range inputs {
		row := inputRow{
			Path: output.PrintableLong(in.Path), Format: in.Format, SHA256: in.SHA256, Flows: output.Count(in.Flows), Clock: in.Clock,
			Skipped: output.PrintableLong(output.Skipped(in.Skipped)), Notes: notes(in.Notes),
		}
		if in.Compression != "" {
			row.Format += ", " + in.Compression
		}
		if in.Flows > 0 {
			row.First, row.Last = r.Time(in.First), r.Time(in.Last)
		}
		rows = append(rows, row)
	}
	return rows
}

func notes(given []report.Note) (list []report.Note) {
	for _, note := range given {
		list = append(list, report.Note{Text: output.PrintableLong(note.Text), Hint: output.PrintableLong(note.Hint)})
	}
	return list
}

func failures(given []report.Failure) (list []report.Failure) {
	for _, f := range given {
		list = append(list, report.Failure{Path: output.Printable(f.Path), Reason: output.PrintableLong(f.Reason), Hint: output.PrintableLong(f.Hint), Partial: f.Partial})
	}
	return list
}
