package html_test

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
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

	"sentinel/internal/output/html"
	"sentinel/internal/report"
)

// patience is how long a step may take on a busy machine.
const patience = 30 * time.Second

// browser is headless Chromium with a report in it. It fails the test on whatever the console complains of, policy
// violations among it, on what asks the user, and on every request but that for the file.
type browser struct {
	*testing.T
	ctx  context.Context
	file string
	lock sync.Mutex
	bad  []string
}

// started starts a browser.
func started(t *testing.T) *browser {
	t.Helper()
	if testing.Short() {
		t.Skip("a browser takes a while")
	}
	b := &browser{T: t, file: filepath.Join(t.TempDir(), "report.html")}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(chromium(t)), chromedp.NoSandbox)
	allocated, closeAll := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(closeAll)
	ctx, closeTab := chromedp.NewContext(allocated)
	t.Cleanup(closeTab)
	b.ctx = ctx
	chromedp.ListenTarget(ctx, b.watch)
	if err := chromedp.Run(ctx); err != nil { // the browser lives as long as the context of its first run
		t.Fatal(err)
	}
	b.run(network.Enable(), log.Enable(), runtime.Enable())
	return b
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

// show writes a report into the file and opens that.
func (b *browser) show(r *report.Report) {
	b.Helper()
	file, err := os.Create(b.file)
	if err != nil {
		b.Fatal(err)
	}
	if err := html.Write(file, r); err != nil {
		b.Fatal(err)
	}
	if err := file.Close(); err != nil {
		b.Fatal(err)
	}
	b.run(chromedp.Navigate("file://" + b.file))
}

// watch notes what must not happen.
func (b *browser) watch(event any) {
	switch event := event.(type) {
	case *network.EventRequestWillBeSent:
		if u, err := url.Parse(event.Request.URL); err != nil || u.Scheme != "file" || u.Path != b.file {
			b.note("a request for " + event.Request.URL)
		}
	case *log.EventEntryAdded:
		b.note(fmt.Sprintf("%s: %s %s", event.Entry.Source, event.Entry.Text, event.Entry.URL))
	case *runtime.EventConsoleAPICalled:
		b.note(fmt.Sprintf("console.%s", event.Type))
	case *runtime.EventExceptionThrown:
		b.note("exception: " + event.ExceptionDetails.Text)
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

func (b *browser) run(actions ...chromedp.Action) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := chromedp.Run(ctx, actions...); err != nil {
		b.clean()
		b.Fatalf("in the browser: %v", err)
	}
}

func (b *browser) sized(width, height int64, scheme string) {
	b.Helper()
	b.run(emulation.SetDeviceMetricsOverride(width, height, 1, width < 500),
		emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}))
}

// value evaluates an expression.
func value[T any](b *browser, expression string) T {
	b.Helper()
	var result T
	b.run(chromedp.Evaluate(expression, &result))
	return result
}

// want compares an expression's text.
func (b *browser) want(expression, want string) {
	b.Helper()
	if got := value[string](b, "String("+expression+")"); got != want {
		b.Errorf("%s is %q, want %q", expression, got, want)
	}
}

// wantAll compares the texts of the elements that are to be seen.
func (b *browser) wantAll(selector string, want ...string) {
	b.Helper()
	got := value[[]string](b, fmt.Sprintf(`[...document.querySelectorAll(%q)].filter(e => e.checkVisibility()).map(e => e.textContent.trim())`, selector))
	if !slices.Equal(got, want) {
		b.Errorf("%s shows %q, want %q", selector, got, want)
	}
}

func (b *browser) click(selector string) {
	b.Helper()
	b.run(chromedp.Click(selector, chromedp.ByQuery))
}

// enter gives a field a value: of a list, the entry with that text.
func (b *browser) enter(selector, text string) {
	b.Helper()
	b.run(chromedp.Evaluate(fmt.Sprintf(`{
		const field = document.querySelector(%q);
		if (field.options) field.selectedIndex = [...field.options].findIndex(option => option.text === %q);
		else field.value = %q;
		field.dispatchEvent(new Event("input", {bubbles: true}));
	}`, selector, text, text), nil))
}

// violations are the serious ones that axe-core finds on the page.
func (b *browser) violations(axe string) string {
	b.Helper()
	var list []string
	b.run(chromedp.Evaluate(axe, nil), chromedp.Evaluate(`axe.run().then(result => result.violations.filter(v => ["serious", "critical"].includes(v.impact))
		.map(v => v.id + ": " + v.nodes.slice(0, 3).map(n => n.html + " " + n.failureSummary).join("; ")))`, &list,
		func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }))
	return strings.Join(list, "\n")
}
