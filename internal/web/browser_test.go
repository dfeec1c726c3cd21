package web_test

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"sentinel/internal/web"
)

// browser is a page in headless Chromium that fails the test on whatever its console complains of, and on every
// request elsewhere.
type browser struct {
	*testing.T
	ctx  context.Context
	site *web.Site
	base string
	stop func() // ends the server
	lock sync.Mutex
	bad  []string
}

// chromium finds the browser.
func chromium(t *testing.T) string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("no Chromium here: apt-get install chromium for the browser tests")
	return ""
}

// shared is the browser of all tests, each of which has a page of its own: it takes seconds to start.
var shared struct {
	sync.Once
	ctx  context.Context
	quit func()
	err  error
}

func oneBrowser(t *testing.T, program string) context.Context {
	t.Helper()
	shared.Do(func() {
		options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program), chromedp.NoSandbox)
		allocated, closeAll := chromedp.NewExecAllocator(context.Background(), options...)
		shared.ctx, shared.quit = chromedp.NewContext(allocated)
		quit := shared.quit
		shared.quit = func() { quit(); closeAll() }
		shared.err = chromedp.Run(shared.ctx)
	})
	if shared.err != nil {
		t.Fatalf("starting %s: %v", program, shared.err)
	}
	return shared.ctx
}

func TestMain(m *testing.M) {
	status := m.Run()
	if shared.quit != nil {
		shared.quit()
	}
	os.Exit(status)
}

// browse serves a site on a loopback address and opens its first page.
func browse(t *testing.T, show func(*web.Site)) *browser {
	t.Helper()
	program := chromium(t)
	if testing.Short() {
		t.Skip("a browser takes a while")
	}
	listener, public, err := web.Listen("127.0.0.1:0")
	if err != nil || public {
		t.Fatal(public, err)
	}
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	site := web.New(web.Options{Token: token, Port: port, Captures: []string{"day.parquet"}, Log: &failing{t}, Now: time.Now,
		Progress: func() web.Progress { return web.Progress{Name: "day.parquet", Done: 400, Bytes: 1000} }})
	show(site)
	serving, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- site.Serve(serving, listener) }()
	b := &browser{T: t, site: site, base: "http://" + listener.Addr().String(), stop: stop}
	ctx, closeTab := chromedp.NewContext(oneBrowser(t, program))
	b.ctx = ctx
	t.Cleanup(func() {
		closeTab()
		stop()
		if err := <-served; err != nil {
			t.Errorf("serving ended with %v", err)
		}
	})
	chromedp.ListenTarget(ctx, b.watch)
	if err := chromedp.Run(ctx); err != nil { // the browser lives as long as the context of the first run
		t.Fatal(err)
	}
	b.run(network.Enable(), log.Enable(), runtime.Enable(), page.BringToFront()) // what lies behind is not drawn
	b.sized(1440, 900, "light")
	b.run(chromedp.Navigate(site.Address(listener)))
	return b
}

// watch notes what must not happen.
func (b *browser) watch(event any) {
	switch event := event.(type) {
	case *network.EventRequestWillBeSent:
		if u, err := url.Parse(event.Request.URL); err == nil && u.Scheme != "data" && "http://"+u.Host != b.base {
			b.note("a request to " + event.Request.URL)
		}
	case *log.EventEntryAdded:
		b.note(fmt.Sprintf("%s: %s %s", event.Entry.Source, event.Entry.Text, event.Entry.URL))
	case *runtime.EventConsoleAPICalled:
		var texts []string
		for _, arg := range event.Args {
			texts = append(texts, string(arg.Value)+arg.Description)
		}
		b.note(fmt.Sprintf("console.%s: %s", event.Type, strings.Join(texts, " ")))
	case *runtime.EventExceptionThrown:
		b.note("exception: " + event.ExceptionDetails.Text + " " + event.ExceptionDetails.Exception.Description)
	case *page.EventJavascriptDialogOpening:
		b.note("a dialog: " + event.Message)
	}
}

func (b *browser) note(what string) {
	b.lock.Lock()
	defer b.lock.Unlock()
	b.bad = append(b.bad, what)
}

// clean fails on all that was noted.
func (b *browser) clean() {
	b.Helper()
	b.lock.Lock()
	defer b.lock.Unlock()
	for _, what := range b.bad {
		b.Errorf("the browser notes %s", what)
	}
	b.bad = nil
}

// run does things in the browser, within a time in which anybody's patience ends.
func (b *browser) run(actions ...chromedp.Action) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := chromedp.Run(ctx, actions...); err != nil {
		b.clean()
		b.Fatalf("in the browser: %v", err)
	}
}

// open goes to a page of the site.
func (b *browser) open(path string) {
	b.Helper()
	b.run(chromedp.Navigate(b.base + path))
	b.until("true")
}

// patience is how long a step may take on a busy machine.
const patience = 30 * time.Second

// drawn is true when the page and all its charts are there.
const drawn = `document.readyState === "complete" && [...document.querySelectorAll("[data-chart]")].every(e => e.dataset.state)`

// value evaluates an expression.
func value[T any](b *browser, expression string) T {
	b.Helper()
	var result T
	b.run(chromedp.Evaluate(expression, &result))
	return result
}

// until waits for an expression to be true, over changes of the page.
func (b *browser) until(expression string) {
	b.Helper()
	var last error
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		var holds bool
		ctx, cancel := context.WithTimeout(b.ctx, patience)
		last = chromedp.Run(ctx, chromedp.Evaluate("Boolean("+expression+") && "+drawn, &holds))
		cancel()
		if last == nil && holds {
			return
		}
	}
	b.clean()
	b.Fatalf("%s does not come true at %s: %v", expression, value[string](b, where), last)
}

// forget takes back what was expected.
func (b *browser) forget(what string) {
	b.lock.Lock()
	defer b.lock.Unlock()
	b.bad = slices.DeleteFunc(b.bad, func(noted string) bool { return strings.Contains(noted, what) })
}

// scriptless turns scripts off for the pages that follow.
func (b *browser) scriptless() {
	b.Helper()
	b.run(emulation.SetScriptExecutionDisabled(true))
}

// awaited waits for a promise.
func awaited(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }

// sized sets size and colour scheme.
func (b *browser) sized(width, height int64, scheme string) {
	b.Helper()
	b.run(emulation.SetDeviceMetricsOverride(width, height, 1, width < 500), emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}, // a page that scrolls slowly is clicked beside
	}))
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
		b.sized(look.width, look.height, look.scheme)
		for name, path := range lookedAt {
			b.open(path)
			var picture []byte
			b.run(chromedp.FullScreenshot(&picture, 100))
			if err := os.WriteFile(fmt.Sprintf("%s/%s-%d-%s.png", dir, name, look.width, look.scheme), picture, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	b.clean()
}
