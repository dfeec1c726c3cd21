package web

import (
	"net/url"
	"slices"

	"sentinel/internal/explore"
	"sentinel/internal/output"
)

// frame is what every page has around its content.
type frame struct {
	Title    string
	Nav      []navigation
	Form     form
	Chips    []chip
	Captures string
	Content  any
}

// framed is the frame around content that no filter changes.
func (v *visit) framed(title, here string, content any) frame {
	f := v.frame(title, here)
	f.Content = content
	return f
}

type navigation struct {
	Title, Link string
	Here        bool
	Count       int
}

// form holds the fields of the filter as they are filled in.
type form struct {
	Action string
	Fields []formField
	Hint   string
}

type formField struct{ Name, Title, Value, Placeholder string }

// chip is one part of the filter, with the way to be rid of it.
type chip struct{ Title, Value, Without string }

func (v *visit) frame(title, here string) frame {
	report := v.capture.Report
	f := frame{Title: title, Captures: captureNames(report.Inputs)}
	for _, entry := range []navigation{
		{Title: "Overview", Link: "/"}, {Title: "Findings", Link: "/findings", Count: len(report.Findings)}, {Title: "Flows", Link: "/flows"},
		{Title: "Comparison", Link: "/compare"}, {Title: "SQL", Link: "/sql"}, {Title: "Data", Link: "/about"},
	} {
		if entry.Link == "/compare" && report.Comparison == nil || entry.Link == "/sql" && v.capture.Asker == nil {
			continue
		}
		entry.Here = entry.Link == here
		if entry.Link == "/" || entry.Link == "/flows" || entry.Link == "/findings" {
			entry.Link = link(entry.Link, v.filter)
		}
		f.Nav = append(f.Nav, entry)
	}
	return f
}

// visible are the fields that a form shows; the others are kept hidden where they are set.
var visible = []string{"host", "network", "country", "port", "proto", "from", "to"}

// form is the filter to fill in, sent to the page of the lens.
func (v *visit) form(l lens) form {
	f := form{Action: l.path}
	first, last := v.capture.Explorer.Extent()
	placeholders := map[string]string{
		"host": "192.0.2.1, name", "network": "10.0.0.0/8", "country": "DE", "port": "443", "proto": "tcp",
		"from": v.capture.Report.Time(first), "to": v.capture.Report.Time(last),
	}
	for _, field := range fields {
		if field.name == "host" && l.pinned {
			continue
		}
		text := field.write(v.filter)
		switch field.name {
		case "from":
			text = shown(v.capture.Report, v.filter.From)
		case "to":
			text = shown(v.capture.Report, v.filter.To)
		}
		if given := v.query.Get(field.name); text == "" && len(given) <= mostValue {
			text = given // what could not be understood is there to be mended
		}
		if slices.Contains(visible, field.name) || text != "" {
			f.Fields = append(f.Fields, formField{field.name, field.title, text, placeholders[field.name]})
		}
	}
	return f
}

// chips are the parts of the filter that are set.
func (l lens) chips(v *visit) (chips []chip) {
	for _, field := range fields {
		text := field.write(l.filter)
		switch {
		case text == "" || field.name == "host" && l.pinned:
			continue
		case field.name == "country":
			text = v.country(text)
		case field.name == "from":
			text = shown(v.capture.Report, l.filter.From)
		case field.name == "to":
			text = shown(v.capture.Report, l.filter.To)
		}
		chips = append(chips, chip{field.title, output.Printable(text), l.to(field.clear)})
	}
	return chips
}

// lens writes the addresses of one page with other filters.
type lens struct {
	path   string
	filter explore.Filter
	pinned bool // the page is about the host of the filter, which its path names
}

// to is the page with a changed filter.
func (l lens) to(change func(*explore.Filter)) string {
	filter := l.filter
	change(&filter)
	if l.pinned {
		filter.Host = explore.Everything.Host
	}
	return link(l.path, filter)
}

func link(path string, filter explore.Filter) string {
	return (&url.URL{Path: path, RawQuery: writeFilter(filter).Encode()}).String()
}
