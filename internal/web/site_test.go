package web_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"sentinel/internal/web"
)

const token = "TESTTOKEN"

// newSite is a site that answers to localhost:8080.
func newSite(log io.Writer) *web.Site {
	return web.New(web.Options{Token: token, Port: "8080", Captures: []string{"day.parquet"}, Log: log, Now: func() time.Time { return began }})
}

// sampleSite has a capture to show.
func sampleSite(t *testing.T) *web.Site {
	t.Helper()
	site := newSite(&failing{t})
	site.Show(sampleCapture())
	return site
}

// failing is a log in which nothing may stand.
type failing struct{ t *testing.T }

func (f *failing) Write(text []byte) (int, error) {
	f.t.Errorf("log: %s", text)
	return len(text), nil
}

// request asks as the user's browser does after it was let in.
func request(t *testing.T, site *web.Site, target string, change ...func(*http.Request)) *httptest.ResponseRecorder {
	t.Helper()
	return get(site, cookie(t, site), target, change...)
}

func get(site *web.Site, pass *http.Cookie, target string, change ...func(*http.Request)) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, target, nil)
	r.Host = "localhost:8080"
	r.AddCookie(pass)
	for _, c := range change {
		c(r)
	}
	w := httptest.NewRecorder()
	site.ServeHTTP(w, r)
	return w
}

// cookie is what a browser gets for the token.
func cookie(t *testing.T, site *web.Site) *http.Cookie {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, "/?token="+token, nil)
	r.Host = "localhost:8080"
	w := httptest.NewRecorder()
	site.ServeHTTP(w, r)
	cookies := w.Result().Cookies()
	if w.Code != http.StatusSeeOther || len(cookies) != 1 {
		t.Fatalf("status %d, cookies %v", w.Code, cookies)
	}
	return cookies[0]
}

// want asks for a page and wants a status and texts in it.
func want(t *testing.T, w *httptest.ResponseRecorder, status int, texts ...string) {
	t.Helper()
	if w.Code != status {
		t.Errorf("status %d, want %d: %s", w.Code, status, beginning(w.Body.String()))
	}
	for _, text := range texts {
		if !strings.Contains(w.Body.String(), text) {
			t.Errorf("%q is missing from %s", text, beginning(w.Body.String()))
		}
	}
}

func beginning(text string) string { return text[:min(len(text), 3000)] }

// logged is what a site logs while something is done to it.
func logged(t *testing.T, do func(*web.Site)) string {
	t.Helper()
	var log bytes.Buffer
	do(newSite(&log))
	return log.String()
}
