// Package html writes a report as one HTML file that needs nothing else: no host, no other file, and no script to be
// read.
package html

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io"

	"sentinel/internal/output"
	"sentinel/internal/report"
)

// Format is the report as a page.
var Format = output.Format{
	ID: "html", Title: "HTML",
	Doc:       "the whole report as one page with charts, for any browser, to hand over or to print",
	Extension: ".html", Thorough: true,
	Write: Write,
}

//go:embed templates/*.html
var files embed.FS

// templates are the page and its parts, by name.
var templates = template.Must(template.New("").Funcs(functions).ParseFS(files, "templates/*.html"))

// page is what the outermost template shows.
type page struct {
	Title    string
	Lang     string
	Policy   string
	Style    template.CSS
	Script   template.JS
	Headline template.HTML
	Sections []Section
	Footer   string
}

// Write writes the report.
func Write(w io.Writer, r *report.Report) error {
	headline, err := Headline(r)
	if err != nil {
		return err
	}
	sections, err := Sections(r)
	if err != nil {
		return err
	}
	text, err := render("page", page{
		Title: pageTitle(r), Policy: policy, Style: template.CSS(stylesheet), Script: template.JS(script), //nolint:gosec // both are files of this package
		Headline: headline, Sections: sections, Footer: made(r.Provenance),
	})
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, string(text))
	return err
}

// render fills one template.
func render(name string, data any) (template.HTML, error) {
	var text bytes.Buffer
	if err := templates.ExecuteTemplate(&text, name, data); err != nil {
		return "", fmt.Errorf("writing HTML, %s: %w", name, err)
	}
	return template.HTML(text.String()), nil //nolint:gosec // the template has escaped it
}
