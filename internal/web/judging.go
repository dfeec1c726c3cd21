package web

import (
	"net/http"

	"sentinel/internal/explore"
)

// judging is shown in place of findings that are still to come. It asks for itself anew every second.
type judging struct {
	progressView
	Poll string
}

// judging is nil when the detectors are done. A whole page is loaded anew then, of a list only the list.
func (v *visit) judging(filter explore.Filter, whole bool) *judging {
	if !v.capture.Judging {
		return nil
	}
	path := "/judging"
	if whole {
		path = "/judging/whole"
	}
	return &judging{v.site.progress(), link(path, filter)}
}

// serveJudging gives how far the detectors are, then what they found.
func (s *Site) serveJudging(whole bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		state := s.state.Load()
		if state.capture == nil || whole && !state.capture.Judging { // a failure takes the page's place, too
			w.Header().Set("HX-Refresh", "true")
			w.WriteHeader(http.StatusNoContent)
			return
		}
		s.visit(w, r, state, func(v *visit) error {
			list := v.findings(v.filter, fewRows)
			list.Judging = v.judging(v.filter, whole)
			s.pages.render(w, http.StatusOK, "judging", list)
			return nil
		})
	}
}
