package web

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"sentinel/internal/output"
)

// progressView is how far the reading is.
type progressView struct {
	Captures string
	Name     string
	Done     string
	Rate     string
	Left     string
	Percent  int64 // -1: unknown
}

// serveProgress is asked every second while the capture is read. When that is over, the page asks for itself anew.
func (s *Site) serveProgress(w http.ResponseWriter, _ *http.Request) {
	if state := s.state.Load(); state.capture != nil || state.failure != nil {
		w.Header().Set("HX-Refresh", "true")
		w.WriteHeader(http.StatusNoContent)
		return
	}
	s.pages.render(w, http.StatusOK, "state", s.progress())
}

func (s *Site) renderProgress(w http.ResponseWriter) {
	w.Header().Set("Retry-After", "1")
	s.pages.render(w, http.StatusOK, "progress", s.progress())
}

func (s *Site) renderFailure(w http.ResponseWriter, f Failure) {
	s.pages.render(w, http.StatusOK, "failure", Failure{output.PrintableLong(f.Reason), output.PrintableLong(f.Hint)})
}

func (s *Site) progress() progressView {
	view := progressView{Percent: -1, Captures: output.PrintableLong(strings.Join(s.options.Captures, ", "))}
	if s.options.Progress == nil {
		return view
	}
	p, now := s.options.Progress(), s.options.Now()
	if p.Name == "" {
		return view
	}
	elapsed := now.Sub(s.pace.since(p.Name, now)).Seconds()
	view.Name, view.Done = output.Printable(p.Name), output.Bytes(p.Done)
	rate := 0.0
	if elapsed > 0.5 {
		rate = float64(p.Done) / elapsed
		view.Rate = output.Bytes(int64(rate)) + "/s"
	}
	if p.Bytes > 0 {
		view.Percent = min(100, 100*p.Done/p.Bytes)
		view.Done = fmt.Sprintf("%s of %s", output.Bytes(p.Done), output.Bytes(p.Bytes))
	}
	if left := p.Bytes - p.Done; left > 0 && rate > 1 {
		view.Left = (time.Duration(float64(left)/rate) * time.Second).Round(time.Second).String()
	}
	return view
}
