package web

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"sentinel/internal/output"
	"sentinel/internal/report"
)

// progressView is how far the work is.
type progressView struct {
	Captures string
	Doing    string // such as "Reading, 25 %"
	Name     string // of what is read, or the step that is done
	Told     string // more about it
	Percent  int64  // -1: unknown
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
	view := progressView{Percent: -1, Captures: output.PrintableLong(strings.Join(s.options.Captures, ", ")), Doing: "Beginning…"}
	if s.options.Progress == nil {
		return view
	}
	switch p := s.options.Progress(); {
	case p.Work != "":
		view.working(p)
	case p.Name != "":
		view.reading(p, s.pace.rate(p, s.options.Now()))
	}
	return view
}

// working tells how many steps of some work are done.
func (v *progressView) working(p report.Stage) {
	v.Doing, v.Name = strings.ToUpper(p.Work[:1])+p.Work[1:], output.Printable(p.Step)
	if p.All > 0 {
		v.Doing += fmt.Sprintf(", %d of %d done", p.Steps, p.All)
		v.Percent = int64(100 * p.Steps / p.All)
	}
}

// reading tells how much of a capture is read, at so many bytes a second; 0 where that is not known yet.
func (v *progressView) reading(p report.Stage, rate float64) {
	v.Doing, v.Name, v.Told = "Reading", output.Printable(p.Name), output.Bytes(max(p.Done, p.Bytes))
	if p.Done == 0 {
		return
	}
	if p.Bytes > 0 {
		v.Percent = min(100, 100*p.Done/p.Bytes)
		v.Doing += fmt.Sprintf(", %d %%", v.Percent)
		v.Told = fmt.Sprintf("%s of %s", output.Bytes(p.Done), output.Bytes(p.Bytes))
	}
	if rate > 0 {
		v.Told += ", " + output.Bytes(int64(rate)) + "/s"
	}
	if left := p.Bytes - p.Done; left > 0 && rate > 1 {
		v.Told += ", " + (time.Duration(float64(left)/rate) * time.Second).Round(time.Second).String() + " left"
	}
}
