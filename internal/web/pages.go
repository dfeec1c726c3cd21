package web

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"strconv"

	"sentinel/internal/output"
)

//go:embed templates
var templates embed.FS

// pages are the templates, by name. They know no more than a view model holds.
type pages map[string]*template.Template

// framed are the pages with the frame of the site around them; the others stand alone.
var framed = []string{"overview", "channel", "findings", "finding", "section", "top", "flows", "sql", "refusal"}

var alone = []string{"progress", "failure", "bare", "explain", "state", "judging"}

// loadPages reads the embedded templates. A fault in them is one of the program.
func loadPages(a assets) pages {
	functions := template.FuncMap{
		"asset": a.link,
		"count": output.Count,
		"len64": func(rows []tableRow) int64 { return int64(len(rows)) },
		// bar is the width of a bar in an inline picture of 100.
		"bar": func(share int64) string { return strconv.FormatInt(max(min(share, 100), 1), 10) },
	}
	parts := template.Must(template.New("").Funcs(functions).ParseFS(templates, "templates/parts/*.html"))
	all := pages{}
	for _, name := range append(append([]string{}, framed...), alone...) {
		all[name] = template.Must(template.Must(parts.Clone()).ParseFS(templates, "templates/"+name+".html"))
	}
	return all
}

// render writes a page once it is complete, so that a fault leaves no half of one.
func (p pages) render(w http.ResponseWriter, status int, name string, content any) {
	var page bytes.Buffer
	if err := p[name].ExecuteTemplate(&page, "page", content); err != nil {
		panic(err) // which becomes a page of its own, and a line of the log
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(page.Bytes()) // who went away needs no answer
}
