package web_test

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"os"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"sentinel/internal/browsertest"
	"sentinel/internal/report"
	"sentinel/internal/web"
)

func TestMain(m *testing.M) { browsertest.Main(m) }

// browser has a page of a site in it, and may ask for nothing elsewhere.
type browser struct {
	*browsertest.Tab
	site *web.Site
	base string
	stop func() // ends the server
}

// browse serves a site on a loopback address and opens its first page.
func browse(t *testing.T, show func(*web.Site)) *browser {
	t.Helper()
	browsertest.Required(t)
	listener, public, err := web.Listen("127.0.0.1:0")
	if err != nil || public {
		t.Fatal(public, err)
	}
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	site := web.New(web.Options{Token: token, Port: port, Captures: []string{"day.parquet"}, Log: &failing{t}, Now: time.Now,
		Progress: func() report.Stage { return report.Stage{Name: "day.parquet", Done: 400, Bytes: 1000} }})
	show(site)
	serving, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- site.Serve(serving, listener) }()
	b := &browser{site: site, base: "http://" + listener.Addr().String(), stop: stop}
	t.Cleanup(func() { // after the tab is closed
		stop()
		if err := <-served; err != nil {
			t.Errorf("serving ended with %v", err)
		}
	})
	b.Tab = browsertest.Open(t, func(u *url.URL) bool { return u.Scheme == "data" || "http://"+u.Host == b.base })
	b.Sized(1440, 900, "light")
	b.Do(chromedp.Navigate(site.Address(listener)))
	return b
}

// open goes to a page of the site.
func (b *browser) open(path string) {
	b.Helper()
	b.Do(chromedp.Navigate(b.base + path))
	b.until("true")
}

// drawn is true when the page and all its charts are there.
const drawn = `document.readyState === "complete" && [...document.querySelectorAll("[data-chart]")].every(e => e.dataset.state)`

// until waits for an expression to be true, over changes of the page.
func (b *browser) until(expression string) {
	b.Helper()
	var last error
	for end := time.Now().Add(browsertest.Patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		var holds bool
		ctx, cancel := context.WithTimeout(b.Context, browsertest.Patience)
		last = chromedp.Run(ctx, chromedp.Evaluate("Boolean("+expression+") && "+drawn, &holds))
		cancel()
		if last == nil && holds {
			return
		}
	}
	b.Clean()
	b.Fatalf("%s does not come true at %s: %v", expression, browsertest.Value[string](b.Tab, where), last)
}

// scriptless turns scripts off for the pages that follow.
func (b *browser) scriptless() {
	b.Helper()
	b.Do(emulation.SetScriptExecutionDisabled(true))
}

// lookedAt are the pages of which pictures are made.
var lookedAt = map[string]string{
	"overview": "/", "filtered": "/?country=DE&port=443&proto=tcp", "host": "/host/192.0.2.17", "channel": beaconPage, "findings": "/findings",
	"finding": "/finding/beacon-0123456789ab", "compare": "/compare", "flows": "/flows", "sql": "/sql?q=SELECT+1", "about": "/about", "top": "/top/names",
}

// beaconPage is the page of the channel of the beacon.
const beaconPage = "/channel?dst=203.0.113.66&port=8443&proto=tcp&src=192.0.2.17"

// TestScreenshots makes pictures to look at, where SENTINEL_SCREENSHOTS says.
func TestScreenshots(t *testing.T) {
	dir := os.Getenv("SENTINEL_SCREENSHOTS")
	if dir == "" {
		t.Skip("SENTINEL_SCREENSHOTS names no directory")
	}
	b := browse(t, func(s *web.Site) { s.Show(sampleCapture()) })
	for _, look := range []struct {
		width, height int64
		scheme        string
	}{{1440, 900, "light"}, {1440, 900, "dark"}, {768, 1024, "light"}, {360, 740, "dark"}} {
		b.Sized(look.width, look.height, look.scheme)
		for name, path := range lookedAt {
			b.open(path)
			var picture []byte
			b.Do(chromedp.FullScreenshot(&picture, 100))
			if err := os.WriteFile(fmt.Sprintf("%s/%s-%d-%s.png", dir, name, look.width, look.scheme), picture, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	b.Clean()
}
