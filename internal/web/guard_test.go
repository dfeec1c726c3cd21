package web_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"sentinel/internal/report"
	"sentinel/internal/web"
)

// who a request comes from, and what it asks.
var requests = map[string]struct {
	method, target, host string
	header               map[string]string
	anonymous            bool // without the cookie
	want                 int
}{
	"the user's own":                  {want: http.StatusOK},
	"by address":                      {host: "127.0.0.1:8080", want: http.StatusOK},
	"by address, IPv6":                {host: "[::1]:8080", want: http.StatusOK},
	"head":                            {method: http.MethodHead, want: http.StatusOK},
	"from the same site":              {header: map[string]string{"Origin": "http://localhost:8080", "Sec-Fetch-Site": "same-origin"}, want: http.StatusOK},
	"no token":                        {anonymous: true, want: http.StatusForbidden},
	"no token, a file":                {anonymous: true, target: "/static/app.css", want: http.StatusForbidden},
	"no token, a chart":               {anonymous: true, target: "/chart/timeline", want: http.StatusForbidden},
	"no token, no such page":          {anonymous: true, target: "/nothing", want: http.StatusForbidden},
	"wrong token":                     {anonymous: true, target: "/?token=wrong", want: http.StatusForbidden},
	"empty token":                     {anonymous: true, target: "/?token=", want: http.StatusForbidden},
	"wrong token with cookie":         {target: "/?token=wrong", want: http.StatusForbidden},
	"foreign host":                    {host: "example.com:8080", want: http.StatusForbidden},
	"foreign host, foreign address":   {host: "192.0.2.1:8080", want: http.StatusForbidden},
	"host that begins like ours":      {host: "localhost.example.com:8080", want: http.StatusForbidden},
	"host with another port":          {host: "localhost:8081", want: http.StatusForbidden},
	"host without a port":             {host: "localhost", want: http.StatusForbidden},
	"no host":                         {host: "-", want: http.StatusForbidden},
	"foreign origin":                  {header: map[string]string{"Origin": "http://example.com"}, want: http.StatusForbidden},
	"origin of another port":          {header: map[string]string{"Origin": "http://localhost:9999"}, want: http.StatusForbidden},
	"origin with another scheme":      {header: map[string]string{"Origin": "https://localhost:8080"}, want: http.StatusForbidden},
	"no origin to speak of":           {header: map[string]string{"Origin": "null"}, want: http.StatusForbidden},
	"another site":                    {header: map[string]string{"Sec-Fetch-Site": "cross-site"}, want: http.StatusForbidden},
	"another port of this host":       {header: map[string]string{"Sec-Fetch-Site": "same-site"}, want: http.StatusForbidden},
	"a link elsewhere, without token": {header: map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}, want: http.StatusForbidden},
	"a link elsewhere, with token":    {anonymous: true, target: "/?token=" + token, header: map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}, want: http.StatusSeeOther},
	"a picture elsewhere, with token": {anonymous: true, target: "/?token=" + token, header: map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}, want: http.StatusForbidden},
	"post":                            {method: http.MethodPost, want: http.StatusMethodNotAllowed},
	"put":                             {method: http.MethodPut, target: "/flows", want: http.StatusMethodNotAllowed},
	"delete":                          {method: http.MethodDelete, want: http.StatusMethodNotAllowed},
	"options":                         {method: http.MethodOptions, want: http.StatusMethodNotAllowed},
	"trace":                           {method: http.MethodTrace, want: http.StatusMethodNotAllowed},
	"no such page":                    {target: "/nothing", want: http.StatusNotFound},
	"upwards":                         {target: "/static/../../etc/passwd", want: http.StatusNotFound},
	"upwards, encoded":                {target: "/static/%2e%2e/web.go", want: http.StatusNotFound},
	"upwards, slashes encoded":        {target: "/static/..%2f..%2fweb.go", want: http.StatusNotFound},
	"upwards, other slashes":          {target: `/static/..%5cweb.go`, want: http.StatusNotFound},
	"a list of files":                 {target: "/static/", want: http.StatusNotFound},
	"a template":                      {target: "/templates/bare.html", want: http.StatusNotFound},
	"a file by its plain name":        {target: "/static/app.css", want: http.StatusNotFound},
	"two slashes":                     {target: "//flows", want: http.StatusNotFound},
	"a slash too much":                {target: "/flows/", want: http.StatusNotFound},
	"a zero byte":                     {target: "/host/192.0.2.1%00", want: http.StatusNotFound},
	"below a page":                    {target: "/flows/x", want: http.StatusNotFound},
	"no host's page":                  {target: "/host/localhost", want: http.StatusNotFound},
	"no finding":                      {target: "/finding/none", want: http.StatusNotFound},
	"no ranking":                      {target: "/top/passwords", want: http.StatusNotFound},
	"no chart":                        {target: "/chart/pie", want: http.StatusNotFound},
	"a page too far":                  {target: "/flows?page=99999", want: http.StatusNotFound},
	"no page at all":                  {target: "/flows?page=-1", want: http.StatusBadRequest},
}

func TestGuard(t *testing.T) {
	site := sampleSite(t)
	pass := cookie(t, site)
	for name, test := range requests {
		t.Run(name, func(t *testing.T) {
			method, target, host := test.method, test.target, test.host
			if method == "" {
				method = http.MethodGet
			}
			if target == "" {
				target = "/"
			}
			r := httptest.NewRequest(method, target, nil)
			r.Host = "localhost:8080"
			if host != "" {
				r.Host = strings.Trim(host, "-")
			}
			if !test.anonymous {
				r.AddCookie(pass)
			}
			for name, value := range test.header {
				r.Header.Set(name, value)
			}
			w := httptest.NewRecorder()
			site.ServeHTTP(w, r)
			want(t, w, test.want)
			if w.Code >= 400 {
				wantSilence(t, w)
			}
			wantHeaders(t, w.Header())
		})
	}
}

// wantSilence wants no word about the capture where somebody else may read it.
func wantSilence(t *testing.T, w *httptest.ResponseRecorder) {
	t.Helper()
	if body := w.Body.String(); (w.Code == http.StatusForbidden || w.Code == http.StatusMethodNotAllowed) && (strings.Contains(body, "day") || strings.Contains(body, token)) {
		t.Errorf("a refusal tells %s", body)
	}
	if allow := w.Header().Get("Allow"); w.Code == http.StatusMethodNotAllowed && allow != "GET, HEAD" {
		t.Errorf("Allow: %s", allow)
	}
}

// wantHeaders wants what every answer has.
func wantHeaders(t *testing.T, header http.Header) {
	t.Helper()
	for name, value := range map[string]string{
		"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
			"form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
		"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
	} {
		if got := header.Get(name); got != value {
			t.Errorf("%s: %q, want %q", name, got, value)
		}
	}
	if got := header.Get("Cache-Control"); got != "no-store" && !strings.HasPrefix(got, "private") {
		t.Errorf("Cache-Control: %q", got)
	}
	if header.Get("Access-Control-Allow-Origin") != "" {
		t.Error("others may read it")
	}
}

func TestTokenBecomesCookie(t *testing.T) {
	site := sampleSite(t)
	r := httptest.NewRequest(http.MethodGet, "/flows?token="+token+"&port=443", nil)
	r.Host = "localhost:8080"
	w := httptest.NewRecorder()
	site.ServeHTTP(w, r)
	want(t, w, http.StatusSeeOther)
	if to := w.Header().Get("Location"); to != "/flows?port=443" {
		t.Errorf("on to %s", to)
	}
	c := w.Result().Cookies()[0]
	if !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Path != "/" || c.MaxAge != 0 || !c.Expires.IsZero() {
		t.Errorf("cookie %v", c)
	}
	other := web.New(web.Options{Token: "ANOTHER", Port: "8080"})
	r = httptest.NewRequest(http.MethodGet, "/", nil)
	r.Host = "localhost:8080"
	r.AddCookie(c)
	w = httptest.NewRecorder()
	other.ServeHTTP(w, r)
	want(t, w, http.StatusForbidden)
	r.Header.Del("Cookie")
	r.AddCookie(&http.Cookie{Name: c.Name, Value: "x" + c.Value[1:]})
	w = httptest.NewRecorder()
	site.ServeHTTP(w, r)
	want(t, w, http.StatusForbidden)
}

func TestWithoutTokenNobodyEnters(t *testing.T) {
	site := web.New(web.Options{Port: "8080"})
	r := httptest.NewRequest(http.MethodGet, "/?token=", nil)
	r.Host = "localhost:8080"
	w := httptest.NewRecorder()
	site.ServeHTTP(w, r)
	want(t, w, http.StatusForbidden)
}

func TestTokensDiffer(t *testing.T) {
	if a, b := web.NewToken(), web.NewToken(); a == b || len(a) < 26 {
		t.Errorf("%s and %s", a, b)
	}
}

func TestPublicTakesAnyAddressButNoName(t *testing.T) {
	site := web.New(web.Options{Token: token, Port: "8080", Public: true, Names: []string{"probe.example"}})
	for host, status := range map[string]int{
		"192.0.2.1:8080": http.StatusSeeOther, "[2001:db8::1]:8080": http.StatusSeeOther, "Probe.Example:8080": http.StatusSeeOther,
		"rebound.example.com:8080": http.StatusForbidden, "192.0.2.1:80": http.StatusForbidden,
	} {
		r := httptest.NewRequest(http.MethodGet, "/?token="+token, nil)
		r.Host = host
		w := httptest.NewRecorder()
		site.ServeHTTP(w, r)
		if w.Code != status {
			t.Errorf("%s: status %d, want %d", host, w.Code, status)
		}
	}
}

// A fault of the program is a page without a trace, and one line of the log.
func TestPanicBecomesPage(t *testing.T) {
	text := logged(t, func(site *web.Site) {
		capture := sampleCapture()
		capture.Explain = func(context.Context, netip.Addr) ([]report.Line, error) { panic("boom\nat line 7") }
		site.Show(capture)
		w := request(t, site, "/explain?host=192.0.2.17")
		want(t, w, http.StatusInternalServerError, "Something went wrong")
		if strings.Contains(w.Body.String(), "boom") || strings.Contains(w.Body.String(), ".go:") {
			t.Errorf("the page tells %s", w.Body.String())
		}
	})
	if strings.Count(text, "\n") != 1 || !strings.Contains(text, `internal error: boom\nat line 7`) {
		t.Errorf("log %q", text)
	}
}
