// Package web is a page to explore a capture in: a server for one person's browser, and all that it shows.
package web

import (
	"context"
	"io"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"sentinel/internal/explore"
	"sentinel/internal/report"
)

// Options say what a site is before it has anything to show.
type Options struct {
	Token    string              // who knows it may look; NewToken makes one
	Port     string              // that a browser's address must have
	Names    []string            // of the machine, by which a browser may call it, besides localhost and loopback addresses
	Public   bool                // a browser may call it by any address, too
	Captures []string            // that are being read, as the user named them
	Progress func() report.Stage // of reading them; nil: unknown
	Log      io.Writer           // faults of the program, a line each
	Now      func() time.Time
}

// Capture is what there is to explore.
type Capture struct {
	Report   *report.Report
	Explorer explore.Explorer // one that implements Exporter gives Parquet, too
	Asker    Asker            // nil: no questions in SQL
	Judging  bool             // the detectors are at work: findings come with another Capture
	// Explain tells what the detectors see of a host; nil: unknown.
	Explain func(context.Context, netip.Addr) ([]report.Line, error)
}

// Asker answers a question in SQL, which must only read. It stops when row gives an error, and returns that.
type Asker interface {
	Ask(ctx context.Context, question string, columns func([]string) error, row func([]any) error) error
}

// Exporter writes the flows that a filter chooses to a new file in Parquet.
type Exporter interface {
	Export(ctx context.Context, filter explore.Filter, path string) error
}

// Failure is why there is nothing to explore.
type Failure struct {
	Reason, Hint string
}

// Site is the page, from the time on when the reading begins. It is a http.Handler.
type Site struct {
	options  Options
	cookie   string
	handler  http.Handler
	assets   assets
	pages    pages
	state    atomic.Pointer[state]
	pace     pace
	requests gate
	asking   gate
	writing  gate
}

// state is what became of the reading; without both it goes on.
type state struct {
	capture *Capture
	memo    *memo
	failure *Failure
}

// How much goes on at once. A browser asks for all charts of a page side by side.
const (
	mostRequests  = 64
	mostQuestions = 4 // to the explorer
	mostAsked     = 1 // in SQL
	mostWritten   = 2 // downloads
)

// New makes a site that shows the progress of reading.
func New(options Options) *Site {
	s := &Site{
		options: options, cookie: cookieName(options.Token), assets: loadAssets(),
		requests: newGate(mostRequests), asking: newGate(mostAsked), writing: newGate(mostWritten),
	}
	s.pages = loadPages(s.assets)
	s.state.Store(&state{})
	s.handler = s.guarded(s.routes())
	return s
}

// Show ends the reading: there is a capture. The explorer must live as long as the site serves.
func (s *Site) Show(capture *Capture) {
	s.state.Store(&state{capture: capture, memo: newMemo(capture.Explorer)})
}

// Fail ends the reading: there is none.
func (s *Site) Fail(failure Failure) { s.state.Store(&state{failure: &failure}) }

// ServeHTTP implements http.Handler.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// view answers a request for a page about a capture that was read.
type view func(*visit) error

// routes are all addresses that there are; a path that none of them matches exactly does not exist.
func (s *Site) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /static/{name}", s.assets.serve)
	mux.HandleFunc("GET /progress", s.serveProgress)
	mux.HandleFunc("GET /judging", s.serveJudging(false))
	mux.HandleFunc("GET /judging/whole", s.serveJudging(true))
	for pattern, view := range map[string]view{
		"/{$}":            showOverview,
		"/host/{address}": showHost,
		"/channel":        showChannel,
		"/findings":       showFindings,
		"/finding/{id}":   showFinding,
		"/compare":        showComparison,
		"/top/{by}":       showTop,
		"/flows":          showFlows,
		"/sql":            showSQL,
		"/about":          showAbout,
	} {
		mux.Handle("GET "+pattern, s.page(view))
	}
	for pattern, view := range map[string]view{
		"/chart/{kind}":  serveChart,
		"/world":         serveWorld,
		"/explain":       showExplain,
		"/top.csv":       downloadTop,
		"/flows.csv":     downloadFlows,
		"/flows.parquet": downloadParquet,
		"/sql.csv":       downloadAnswer,
		"/report.json":   downloadJSON,
		"/report.html":   downloadHTML,
	} {
		mux.Handle("GET "+pattern, s.part(view))
	}
	mux.HandleFunc("GET /", func(w http.ResponseWriter, r *http.Request) {
		s.refuse(w, r, http.StatusNotFound, "There is no such page.")
	})
	return mux
}

// gate lets so many through at once.
type gate chan struct{}

func newGate(width int) gate { return make(gate, width) }

// enter waits for a place, which leave gives back.
func (g gate) enter(ctx context.Context) error {
	select {
	case g <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// try takes a place if there is one.
func (g gate) try() bool {
	select {
	case g <- struct{}{}:
		return true
	default:
		return false
	}
}

func (g gate) leave() { <-g }

// pace tells how fast a capture is read since somebody looks.
type pace struct {
	lock  sync.Mutex
	first report.Stage // that was seen of the capture
	begun time.Time
}

// rate is in bytes a second; 0 before half a second.
func (p *pace) rate(now report.Stage, at time.Time) float64 {
	p.lock.Lock()
	defer p.lock.Unlock()
	if p.begun.IsZero() || p.first.Name != now.Name {
		p.first, p.begun = now, at
	}
	taken := at.Sub(p.begun)
	if taken <= time.Second/2 {
		return 0
	}
	return float64(now.Done-p.first.Done) / taken.Seconds()
}
