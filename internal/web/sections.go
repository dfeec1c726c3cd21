package web

import (
	"html/template"

	"sentinel/internal/finding"
	"sentinel/internal/output/html"
	"sentinel/internal/report"
)

// sectionView is a section of the report as its own page shows it.
type sectionView struct {
	Title string
	Lead  string
	Body  template.HTML
	Links []labelled
}

// section is the body of one section of the HTML report; empty where the report has none of the kind. Each is made once.
func (m *memo) section(r *report.Report, id string) (template.HTML, error) {
	m.sections.once.Do(func() {
		var list []html.Section
		list, m.sections.err = html.Sections(r)
		m.sections.bodies = map[string]template.HTML{}
		for _, section := range list {
			m.sections.bodies[section.ID] = section.Body
		}
	})
	return m.sections.bodies[id], m.sections.err
}

func showComparison(v *visit) error {
	body, err := v.memo.section(v.capture.Report, "baseline")
	if err != nil {
		return err
	}
	if body == "" {
		return missing("There is nothing to compare with: sentinel serve --baseline CAPTURE sets a capture beside another.")
	}
	r := v.capture.Report
	content := sectionView{Title: "Comparison", Lead: captureNames(r.Inputs) + " beside " + captureNames(r.Baseline), Body: body}
	return v.render("section", v.framed("Comparison", "/compare", content))
}

func showAbout(v *visit) error {
	body, err := v.memo.section(v.capture.Report, "provenance")
	if err != nil {
		return err
	}
	content := sectionView{Title: "Data and provenance", Body: body, Links: []labelled{
		{Label: "The report as one HTML file", Link: "/report.html"}, {Label: "as JSON", Link: "/report.json"},
	}}
	return v.render("section", v.framed("Data and provenance", "/about", content))
}

// cards shows findings as the HTML report does.
func (v *visit) cards(list ...finding.Finding) (template.HTML, error) {
	return html.Findings(v.capture.Report, list)
}
