// Package pdf writes a report for paper: A4, with numbered pages, bookmarks and pictures.
package pdf

import (
	"io"

	"sentinel/internal/output"
	"sentinel/internal/report"
)

// Format is the value that the register of outputs lists.
var Format = output.Format{
	ID: "pdf", Title: "PDF", Binary: true, Thorough: true,
	Doc:       "the report on paper: A4, with its pictures, to hand over or to file",
	Extension: ".pdf", Write: Write,
}

// Write writes the report. The same report gives the same bytes.
func Write(w io.Writer, r *report.Report) error {
	d := &document{sheet: newSheet(r), report: r}
	for _, section := range sections {
		section(d)
	}
	return d.Output(w)
}

// document is a report being set.
type document struct {
	*sheet
	report *report.Report
}

// sections are in the order of the report: first what stands out, last how far it can be trusted.
var sections = []func(*document){
	(*document).cover, (*document).overview, (*document).findings, (*document).detectors, (*document).comparison,
	(*document).course, (*document).countries, (*document).talkers, (*document).ports, (*document).exfiltration, (*document).botnet,
	(*document).quality, (*document).inputs, (*document).provenance,
}
