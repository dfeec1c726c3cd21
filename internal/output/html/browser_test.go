package html_test

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"

	"sentinel/internal/browsertest"
	"sentinel/internal/output/html"
	"sentinel/internal/report"
)

func TestMain(m *testing.M) { browsertest.Main(m) }

// browser has a report in it, and may ask for nothing but its file.
type browser struct {
	*browsertest.Tab
	file string
}

// started starts a browser.
func started(t *testing.T) *browser {
	t.Helper()
	b := &browser{file: filepath.Join(t.TempDir(), "report.html")}
	b.Tab = browsertest.Open(t, func(u *url.URL) bool { return u.Scheme == "file" && u.Path == b.file })
	return b
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
	b.Do(chromedp.Navigate("file://" + b.file))
}

// want compares an expression's text.
func (b *browser) want(expression, want string) {
	b.Helper()
	if got := browsertest.Value[string](b.Tab, "String("+expression+")"); got != want {
		b.Errorf("%s is %q, want %q", expression, got, want)
	}
}

// wantAll compares the texts of the elements that are to be seen.
func (b *browser) wantAll(selector string, want ...string) {
	b.Helper()
	got := browsertest.Value[[]string](b.Tab, fmt.Sprintf(`[...document.querySelectorAll(%q)].filter(e => e.checkVisibility()).map(e => e.textContent.trim())`, selector))
	if !slices.Equal(got, want) {
		b.Errorf("%s shows %q, want %q", selector, got, want)
	}
}

func (b *browser) click(selector string) {
	b.Helper()
	b.Do(chromedp.Click(selector, chromedp.ByQuery))
}

// enter gives a field a value: of a list, the entry with that text.
func (b *browser) enter(selector, text string) {
	b.Helper()
	b.Do(chromedp.Evaluate(fmt.Sprintf(`{
		const field = document.querySelector(%q);
		if (field.options) field.selectedIndex = [...field.options].findIndex(option => option.text === %q);
		else field.value = %q;
		field.dispatchEvent(new Event("input", {bubbles: true}));
	}`, selector, text, text), nil))
}
