package web

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"path"
	"slices"
	"strings"

	"sentinel/internal/output"
)

// NewToken makes a token that nobody guesses.
func NewToken() string { return rand.Text() }

// cookieName differs by token: a browser sends the cookies of all ports of a host to each of them.
func cookieName(token string) string {
	sum := sha256.Sum256([]byte(token))
	return "sentinel-" + hex.EncodeToString(sum[:4])
}

// headers are those of every answer. Scripts and styles come from this site alone, and nothing of it can be framed or
// be read by another.
var headers = map[string]string{
	"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
		"form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
	"X-Content-Type-Options":       "nosniff",
	"X-Frame-Options":              "DENY",
	"Referrer-Policy":              "no-referrer",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Permissions-Policy":           "camera=(), geolocation=(), microphone=()",
	"Cache-Control":                "no-store", // what a capture holds stays off the disk
}

// most is how many bytes a request's body may have: no page takes any.
const mostBody = 1 << 10

// guarded lets through what the user's own browser asks of this site.
func (s *Site) guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name, value := range headers {
			w.Header().Set(name, value)
		}
		defer s.survive(w, r)
		if !s.requests.try() {
			w.Header().Set("Retry-After", "1")
			s.refuse(w, r, http.StatusServiceUnavailable, "Too many requests at once. Try again in a moment.")
			return
		}
		defer s.requests.leave()
		r.Body = http.MaxBytesReader(w, r.Body, mostBody)
		if status, why := s.judge(r); status != 0 {
			s.refuse(w, r, status, why)
			return
		}
		if s.admit(w, r) {
			next.ServeHTTP(w, r)
		}
	})
}

// judge tells what is wrong with a request, whoever sends it; status 0 is nothing.
func (s *Site) judge(r *http.Request) (status int, why string) {
	switch {
	case !s.ours(r.Host):
		return http.StatusForbidden, "This server answers to its own address only."
	case !s.sameOrigin(r):
		return http.StatusForbidden, "Another site sent this request."
	case !plainPath(r.URL):
		return http.StatusNotFound, "There is no such page."
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		return http.StatusMethodNotAllowed, "This server only shows; it takes nothing."
	}
	return 0, ""
}

// ours tells whether a browser that sends this Host meant us. A name that somebody points at a loopback address (DNS
// rebinding) is not ours.
func (s *Site) ours(host string) bool {
	name, port, err := net.SplitHostPort(host)
	if err != nil {
		name, port = strings.Trim(host, "[]"), "80"
	}
	if port != s.options.Port {
		return false
	}
	if strings.EqualFold(name, "localhost") || slices.ContainsFunc(s.options.Names, func(own string) bool { return strings.EqualFold(own, name) }) {
		return true
	}
	address, err := netip.ParseAddr(name)
	return err == nil && (address.IsLoopback() || s.options.Public)
}

// sameOrigin tells whether no other site sent the request, as far as the browser tells. Other ports of this host are
// other sites, though their requests carry our cookie.
func (s *Site) sameOrigin(r *http.Request) bool {
	if origins := r.Header.Values("Origin"); len(origins) > 0 && (len(origins) > 1 || origins[0] != "http://"+r.Host) {
		return false
	}
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "none", "same-origin":
		return true
	}
	// A link elsewhere may hold the address with its token, which then is the proof; whoever has it may look anyway.
	return r.Header.Get("Sec-Fetch-Mode") == "navigate" && r.URL.Path == "/" && s.knows(r.URL.Query().Get("token"))
}

// plainPath tells whether a path says what it means.
func plainPath(u *url.URL) bool {
	p := u.Path
	return strings.HasPrefix(p, "/") && !strings.ContainsAny(p, "\\\x00") && (p == "/" || path.Clean(p) == p) && !strings.Contains(strings.ToLower(u.EscapedPath()), "%2f")
}

func (s *Site) knows(token string) bool {
	return s.options.Token != "" && subtle.ConstantTimeCompare([]byte(token), []byte(s.options.Token)) == 1
}

// admit wants the token: in the address the first time, which becomes a cookie, and from then on there.
func (s *Site) admit(w http.ResponseWriter, r *http.Request) bool {
	query := r.URL.Query()
	if query.Has("token") {
		if !s.knows(query.Get("token")) {
			s.refuse(w, r, http.StatusForbidden, "This token is not, or no longer, the right one. Open the address that sentinel serve printed.")
			return false
		}
		http.SetCookie(w, &http.Cookie{Name: s.cookie, Value: s.options.Token, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode})
		query.Del("token")
		http.Redirect(w, r, (&url.URL{Path: r.URL.Path, RawQuery: query.Encode()}).String(), http.StatusSeeOther)
		return false
	}
	cookie, err := r.Cookie(s.cookie)
	if err != nil || !s.knows(cookie.Value) {
		s.refuse(w, r, http.StatusForbidden, "Open the address that sentinel serve printed, with its token.")
		return false
	}
	return true
}

// survive turns a fault of the program into a page and a line of the log.
func (s *Site) survive(w http.ResponseWriter, r *http.Request) {
	fault := recover()
	if fault == nil {
		return
	}
	if err, ok := fault.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(fault) // the server's own way of breaking a connection off
	}
	s.log(r, fmt.Sprintf("internal error: %v", fault))
	s.refuse(w, r, http.StatusInternalServerError, "Sentinel made a mistake here. What it was is on its standard error; please report it.")
}

func (s *Site) log(r *http.Request, what string) {
	if s.options.Log != nil {
		fmt.Fprintf(s.options.Log, "sentinel: %s: %s\n", output.Printable(r.URL.Path), output.PrintableLong(what))
	}
}
