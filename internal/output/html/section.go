package html

import (
	"html/template"

	"sentinel/internal/report"
)

// Section is a part of the page with a heading of its own.
type Section struct {
	ID    string
	Title string
	Body  template.HTML // below the heading, which has level 2; its own headings begin at level 3
}

// part says how a section is made. Show gives nil where the report has nothing of the kind.
type part struct {
	id, title, template string
	show                func(*report.Report) any
}

// parts are the sections in the order in which a reader needs them.
var parts = []part{
	{"findings", "Findings", "findings", findings},
	{"time", "When", "shown", when},
	{"places", "Where to", "shown", places},
	{"talkers", "Who", "shown", talkers},
	{"inside", "Inside the network", "shown", inside},
	{"ports", "Protocols and ports", "shown", ports},
	{"measures", "Downloads and common destinations", "shown", measures},
	{"baseline", "Against the baseline", "shown", against},
	{"detection", "The detectors", "detection", detection},
	{"provenance", "Data and provenance", "provenance", provenance},
}

// Sections are those that the report has, in their order.
func Sections(r *report.Report) (sections []Section, err error) {
	for _, p := range parts {
		data := p.show(r)
		if data == nil {
			continue
		}
		section := Section{ID: p.id, Title: p.title}
		if section.Body, err = render(p.template, data); err != nil {
			return nil, err
		}
		sections = append(sections, section)
	}
	return sections, nil
}
