package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"

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
