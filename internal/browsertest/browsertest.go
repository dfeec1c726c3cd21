// Package browsertest drives headless Chromium in tests, and fails them on whatever the browser complains of.
package browsertest

import (
	"context"
	"fmt"
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
)

// Patience is how long a step may take on a busy machine.
const Patience = 30 * time.Second

// Tab is a page in the browser. It notes whatever the console complains of, policy violations among it, what asks the
// user, and requests that are not allowed.
type Tab struct {
	*testing.T
	Context context.Context
	allowed func(*url.URL) bool
	lock    sync.Mutex
	bad     []string
}

// Required finds the browser, and skips the test where there is none, or no time for one.
func Required(t *testing.T) (program string) {
	t.Helper()
	if testing.Short() {
		t.Skip("a browser takes a while")
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("no Chromium here: apt-get install chromium for the browser tests")
	return ""
}

// shared is the browser of all tests of a package, each of which has a tab of its own: it takes seconds to start.
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
		var quit func()
		shared.ctx, quit = chromedp.NewContext(allocated)
		shared.quit = func() { quit(); closeAll() }
		shared.err = chromedp.Run(shared.ctx)
	})
	if shared.err != nil {
		t.Fatalf("starting %s: %v", program, shared.err)
	}
	return shared.ctx
}

// Main is the TestMain of a package with tests in the browser, which it ends.
func Main(m *testing.M) {
	status := m.Run()
	if shared.quit != nil {
		shared.quit()
	}
	os.Exit(status)
}

// Open opens an empty tab, which is closed when the test ends.
func Open(t *testing.T, allowed func(*url.URL) bool) *Tab {
	t.Helper()
	ctx, closeTab := chromedp.NewContext(oneBrowser(t, Required(t)))
	t.Cleanup(closeTab)
	tab := &Tab{T: t, Context: ctx, allowed: allowed}
	chromedp.ListenTarget(ctx, tab.watch)
	if err := chromedp.Run(ctx); err != nil { // the tab lives as long as the context of its first run
		t.Fatal(err)
	}
	tab.Do(network.Enable(), log.Enable(), runtime.Enable(), page.BringToFront()) // what lies behind is not drawn
	return tab
}

// watch notes what must not happen.
func (b *Tab) watch(event any) {
	switch event := event.(type) {
	case *network.EventRequestWillBeSent:
		if u, err := url.Parse(event.Request.URL); err != nil || !b.allowed(u) {
			b.note("a request for " + event.Request.URL)
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
		b.note("exception: " + event.ExceptionDetails.Error())
	case *page.EventJavascriptDialogOpening:
		b.note("a dialog: " + event.Message)
	}
}

func (b *Tab) note(what string) {
	b.lock.Lock()
	defer b.lock.Unlock()
	b.bad = append(b.bad, what)
}

// Clean fails on all that was noted.
func (b *Tab) Clean() {
	b.Helper()
	b.lock.Lock()
	defer b.lock.Unlock()
	for _, what := range b.bad {
		b.Errorf("the browser notes %s", what)
	}
	b.bad = nil
}

// Forget takes back what was expected.
func (b *Tab) Forget(what string) {
	b.lock.Lock()
	defer b.lock.Unlock()
	b.bad = slices.DeleteFunc(b.bad, func(noted string) bool { return strings.Contains(noted, what) })
}

// Do does things in the browser, within a time in which anybody's patience ends.
func (b *Tab) Do(actions ...chromedp.Action) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.Context, Patience)
	defer cancel()
	if err := chromedp.Run(ctx, actions...); err != nil {
		b.Clean()
		b.Fatalf("in the browser: %v", err)
	}
}

// Sized sets size and colour scheme.
func (b *Tab) Sized(width, height int64, scheme string) {
	b.Helper()
	b.Do(emulation.SetDeviceMetricsOverride(width, height, 1, width < 500), emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}, // a page that scrolls slowly is clicked beside
	}))
}

// Value evaluates an expression.
func Value[T any](b *Tab, expression string) T {
	b.Helper()
	var result T
	b.Do(chromedp.Evaluate(expression, &result))
	return result
}

// Awaited makes an evaluation wait for a promise.
func Awaited(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }

// Axe reads axe-core, and skips the test where SENTINEL_AXE does not name its axe.min.js (npm pack axe-core@4).
func Axe(t *testing.T) (script string) {
	t.Helper()
	path := os.Getenv("SENTINEL_AXE")
	if path == "" {
		t.Skip("SENTINEL_AXE names no axe.min.js")
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// Violations are the serious ones that axe-core finds on the page.
func (b *Tab) Violations(axe string) (list []string) {
	b.Helper()
	b.Do(chromedp.Evaluate(axe, nil), chromedp.Evaluate(`axe.run().then(result => result.violations.filter(v => ["serious", "critical"].includes(v.impact))
		.map(v => v.id + ": " + v.nodes.slice(0, 3).map(n => n.html + " " + n.failureSummary).join("; ")))`, &list, chromedp.EvalAsValue, Awaited))
	return list
}
