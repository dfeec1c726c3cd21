package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"sentinel/internal/explore"
	"sentinel/internal/output"
)

// visit is one request for something about a capture that was read.
type visit struct {
	site    *Site
	w       http.ResponseWriter
	r       *http.Request
	ctx     context.Context
	query   url.Values
	filter  explore.Filter
	capture *Capture
	memo    *memo
}

// fault is an error that says which status it has; of others, the reason is not the browser's.
type fault struct {
	status int
	error
}

func missing(format string, args ...any) error {
	return fault{http.StatusNotFound, fmt.Errorf(format, args...)}
}

func unclear(err error) error { return fault{http.StatusBadRequest, err} }

// page serves a view as a page: while the capture is being read, its progress stands there instead.
func (s *Site) page(show view) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch state := s.state.Load(); {
		case state.failure != nil:
			s.renderFailure(w, *state.failure)
		case state.capture == nil:
			s.renderProgress(w)
		default:
			s.visit(w, r, state, func(v *visit) error {
				if to, ok := v.canonical(); !ok {
					http.Redirect(w, r, to, http.StatusSeeOther)
					return nil
				}
				return show(v)
			})
		}
	})
}

// part serves what a page fetches besides: charts, downloads.
func (s *Site) part(show view) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		state := s.state.Load()
		if state.capture == nil {
			w.Header().Set("Retry-After", "1")
			s.refuse(w, r, http.StatusServiceUnavailable, "The capture is not read yet.")
			return
		}
		s.visit(w, r, state, show)
	})
}

// visit answers within the time for questions, errors too.
func (s *Site) visit(w http.ResponseWriter, r *http.Request, state *state, show view) {
	ctx, cancel := context.WithTimeout(r.Context(), questionTime)
	defer cancel()
	v := &visit{site: s, w: w, r: r, ctx: ctx, query: r.URL.Query(), capture: state.capture, memo: state.memo}
	var err error
	if r.PathValue("address") != "" {
		v.query.Del("host") // the path names it
	}
	if v.filter, err = readFilter(v.query); err == nil {
		err = show(v)
	} else {
		err = unclear(err)
	}
	if err != nil {
		s.renderError(v, err)
	}
}

// own are the parameters of pages that are no part of a filter.
var own = []string{"page", "q", "pick", "tab"}

// canonical tells whether the address is written as this site writes it, and how it would be. So what a form sends
// becomes a short address to keep.
func (v *visit) canonical() (string, bool) {
	query := writeFilter(v.filter)
	for _, name := range own {
		if text := v.query.Get(name); text != "" {
			query.Set(name, text)
		}
	}
	encoded := query.Encode()
	return (&url.URL{Path: v.r.URL.Path, RawQuery: encoded}).String(), encoded == v.r.URL.RawQuery
}

func isCancelled(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// renderError shows what went wrong, and the filter to mend where that is it.
func (s *Site) renderError(v *visit, err error) {
	var known fault
	switch {
	case errors.As(err, &known):
		s.renderRefusal(v, known.status, err.Error())
	case v.r.Context().Err() != nil: // nobody waits for the answer
		s.refuse(v.w, v.r, http.StatusServiceUnavailable, "The question was given up.")
	case isCancelled(err):
		s.renderRefusal(v, http.StatusGatewayTimeout, fmt.Sprintf("The answer took longer than %v. A shorter time range or another filter may do.", questionTime))
	default:
		s.log(v.r, err.Error())
		s.renderRefusal(v, http.StatusInternalServerError, "The question could not be answered: "+output.PrintableLong(err.Error()))
	}
}

// renderRefusal is a page with the frame around it, so that one can go on from there.
func (s *Site) renderRefusal(v *visit, status int, why string) {
	frame := v.frame(titles[status], "")
	frame.Content = refusal{Title: titles[status], Why: why}
	frame.Form = v.form(lens{path: "/"})
	s.pages.render(v.w, status, "refusal", frame)
}

// titles of pages that say no.
var titles = map[int]string{
	http.StatusBadRequest:          "This cannot be understood",
	http.StatusForbidden:           "Not for this request",
	http.StatusNotFound:            "Nothing here",
	http.StatusMethodNotAllowed:    "This server only shows",
	http.StatusInternalServerError: "Something went wrong",
	http.StatusServiceUnavailable:  "Not now",
	http.StatusGatewayTimeout:      "This takes too long",
}

type refusal struct{ Title, Why string }

// refuse says no without a word about the capture: who asks may not be who should know.
func (s *Site) refuse(w http.ResponseWriter, _ *http.Request, status int, why string) {
	if status == http.StatusMethodNotAllowed {
		w.Header().Set("Allow", "GET, HEAD")
	}
	s.pages.render(w, status, "bare", refusal{Title: titles[status], Why: why})
}

// render shows a page of the site.
func (v *visit) render(name string, frame frame) error {
	v.site.pages.render(v.w, http.StatusOK, name, frame)
	return nil
}

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
		"host": "192.0.2.1 or a name", "network": "10.0.0.0/8", "country": "DE", "port": "443", "proto": "tcp",
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
