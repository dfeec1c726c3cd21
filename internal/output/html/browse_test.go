package html_test

import (
	"fmt"
	"net/netip"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"sentinel/internal/browsertest"
	"sentinel/internal/output/html"
	"sentinel/internal/output/outputtest"
	"sentinel/internal/report"
)

// long is a report with a table that is folded and searched: 26 edges of 1 to 26 flows, out of order.
func long() *report.Report {
	r := outputtest.Full()
	r.Edges = nil
	for i := range 26 {
		flows := int64(i*7%26 + 1)
		r.Edges = append(r.Edges, report.Edge{
			SrcIP: netip.AddrFrom4([4]byte{192, 0, 2, byte(100 - i)}), DstIP: netip.MustParseAddr("192.0.2.2"), Flows: flows, First: r.Summary.First, Last: r.Summary.Last,
		})
	}
	return r
}

const edges = "#edges tbody tr:not(.beyond):not(.unlike) td:nth-child(%d)"

// shownEdges are the texts of the first rows that the table of edges shows.
func shownEdges(b *browser, column int) []string {
	return browsertest.Value[[]string](b.Tab, fmt.Sprintf("[...document.querySelectorAll('"+edges+"')].slice(0, 3).map(e => e.textContent)", column))
}

// inBrowser are what a reader does, each with the report that it is done with.
var inBrowser = []struct {
	name   string
	report func() *report.Report
	test   func(*browser)
}{
	{"sort", long, sorting},
	{"fold and search", long, foldAndSearch},
	{"filter findings", outputtest.Full, filterFindings},
	{"on paper", long, onPaper},
	{"theme", outputtest.Full, theme},
	{"keyboard", long, keyboard},
	{"copy", outputtest.Full, copying},
	{"without script", long, withoutScript},
	{"small screens", long, smallScreens},
	{"hostile text", outputtest.Full, hostileText},
	{"enhance later", long, enhanceLater},
	{"accessible", long, accessible},
}

func TestInBrowser(t *testing.T) {
	b := started(t)
	for _, test := range inBrowser {
		t.Run(test.name, func(t *testing.T) {
			b.T = t
			b.Sized(1440, 900, "light")
			b.show(test.report())
			test.test(b)
			b.Clean()
		})
	}
}

func sorting(b *browser) {
	for _, step := range []struct {
		column      int
		sorted      string
		first, last string
	}{
		{3, "descending", "26", "24"}, {3, "ascending", "1", "3"}, {1, "ascending", "192.0.2.75", "192.0.2.77"}, {1, "descending", "192.0.2.100", "192.0.2.98"},
	} {
		b.click(fmt.Sprintf("#edges th:nth-child(%d) button", step.column))
		b.want(fmt.Sprintf("document.querySelector('#edges th:nth-child(%d)').getAttribute('aria-sort')", step.column), step.sorted)
		if got := shownEdges(b, step.column); got[0] != step.first || got[2] != step.last {
			b.Errorf("by column %d, %s: %v, want %s to %s", step.column, step.sorted, got, step.first, step.last)
		}
	}
	b.want("document.querySelectorAll('#edges [aria-sort=ascending], #edges [aria-sort=descending]').length", "1")
	b.want("document.querySelector('.said').textContent", "sorted by From, descending")
}

func foldAndSearch(b *browser) {
	const shown = "[...document.querySelectorAll('#edges tbody tr')].filter(e => e.checkVisibility()).length"
	b.want(shown, "10")
	b.click("#edges-sheet .more-rows")
	b.want(shown, "26")
	b.click("#edges-sheet .more-rows")
	b.want(shown, "10")
	b.enter("[data-search=edges]", "192.0.2.8")
	b.want(shown, "10") // 80 to 89
	b.wantAll("#edges-sheet .rows span", "10 of 26 rows match")
	b.enter("[data-search=edges]", "no such host")
	b.want(shown, "0")
	b.enter("[data-search=edges]", "")
	b.want(shown, "10")
}

// onPaper: a page that is printed is whole, or says what the reader left out.
func onPaper(b *browser) {
	const shown = "[...document.querySelectorAll('#edges tbody tr')].filter(e => e.checkVisibility()).length"
	print := func(media string) { b.Do(emulation.SetEmulatedMedia().WithMedia(media)) }
	print("print")
	b.want(shown, "26")
	b.wantAll("#edges-sheet .rows, .filter, .search, .copy, .more-rows")
	b.wantAll(".card h3", "192.0.2.10 contacts 203.0.113.7 every 60 s", "3 hosts act as one", "198.51.100.66 tries 200 hosts", "192.0.2.20 tries 300 ports of 192.0.2.21")
	print("screen")
	b.enter("[data-search=edges]", "192.0.2.8")
	b.enter(".filter select[name=severity]", "high")
	print("print")
	b.want(shown, "10")
	b.wantAll("#edges-sheet .rows span", "10 of 26 rows match")
	b.wantAll(".filter .shown", "1 of 4 findings")
	print("")
}

func filterFindings(b *browser) {
	beacon, group, outside, inside := "192.0.2.10 contacts 203.0.113.7 every 60 s", "3 hosts act as one", "198.51.100.66 tries 200 hosts", "192.0.2.20 tries 300 ports of 192.0.2.21"
	const titles = ".card h3"
	b.wantAll(titles, beacon, group, outside, inside)
	b.enter(".filter select[name=severity]", "high")
	b.wantAll(titles, group)
	b.enter(".filter select[name=severity]", "all")
	b.enter(".filter select[name=detector]", "Scans")
	b.wantAll(titles, outside, inside)
	b.enter(".filter input", "192.0.2.21")
	b.wantAll(titles, inside)
	b.wantAll(".filter .shown", "1 of 4 findings")
	b.click(".why a") // leads to a finding that the filter hides
	b.Do(chromedp.Poll("document.querySelectorAll('.card.unlike').length === 0", nil))
	b.wantAll(titles, beacon, group, outside, inside)
}

func theme(b *browser) {
	const ground = "getComputedStyle(document.body).backgroundColor"
	light := browsertest.Value[string](b.Tab, ground)
	b.click(".theme [data-theme=dark]")
	dark := browsertest.Value[string](b.Tab, ground)
	if dark == light {
		b.Errorf("light and dark are %s", dark)
	}
	b.want("document.querySelector('.theme [aria-pressed=true]').textContent", "Dark")
	b.click(".theme [data-theme=auto]")
	b.want(ground, light)
	b.Sized(1440, 900, "dark")
	b.want(ground, dark)
	b.click(".theme [data-theme=light]")
	b.want(ground, light)
	b.Do(chromedp.Reload())
	b.want(ground, light) // the choice is remembered
	b.click(".theme [data-theme=auto]")
}

// keyboard: with the keyboard alone: past the navigation, through the sections, and a table sorted.
func keyboard(b *browser) {
	b.Do(chromedp.KeyEvent(kb.Tab))
	b.want("document.activeElement.textContent", "Skip to the report")
	b.want("document.activeElement.getBoundingClientRect().top >= 0", "true")
	b.Do(chromedp.KeyEvent(kb.Enter))
	b.want("document.activeElement.id", "main")
	b.Do(chromedp.KeyEvent(kb.Tab))
	b.want("document.activeElement.closest('.why') !== null", "true")
	b.want("getComputedStyle(document.activeElement).outlineStyle", "solid")
	b.Do(chromedp.Focus("#edges th:nth-child(3) button", chromedp.ByQuery), chromedp.KeyEvent(" "))
	if got := shownEdges(b, 3); got[0] != "26" {
		b.Errorf("sorted with the keyboard: %v", got)
	}
}

// copying: a button copies the text beside it, or selects it where the page may not.
func copying(b *browser) {
	b.Do(chromedp.Evaluate("document.querySelectorAll('details').forEach(e => e.open = true)", nil))
	b.click(".filters .copy")
	b.Do(chromedp.Poll("document.querySelector('.said').textContent !== ''", nil))
}

// withoutScript: without script all is there: every row, every finding, no control that does nothing.
func withoutScript(b *browser) {
	b.Do(emulation.SetScriptExecutionDisabled(true), chromedp.Reload())
	b.want("[...document.querySelectorAll('#edges tbody tr')].filter(e => e.checkVisibility()).length", "26")
	b.want("[...document.querySelectorAll('button, input, select')].filter(e => e.checkVisibility()).length", "0")
	b.Do(emulation.SetScriptExecutionDisabled(false))
}

// smallScreens: on the smallest screens tables and charts scroll inside their box, and nothing else does to the side.
func smallScreens(b *browser) {
	for _, width := range []int64{1440, 768, 360} {
		b.Sized(width, 800, "light")
		if got := browsertest.Value[int64](b.Tab, "document.documentElement.scrollWidth"); got > width {
			b.Errorf("%d wide, the page takes %d", width, got)
		}
	}
}

// hostileText: what a capture holds does nothing in a browser but stand there.
func hostileText(b *browser) {
	for name, text := range outputtest.Hostile {
		b.show(outputtest.Spoiled(text))
		b.want("document.scripts.length + document.images.length", "1")
		if width := browsertest.Value[int64](b.Tab, "document.documentElement.scrollWidth"); width > 1440 {
			b.Errorf("%s makes the page %d wide", name, width)
		}
		b.Clean()
	}
}

// accessible wants axe-core to find no serious violation.
func accessible(b *browser) {
	axe := browsertest.Axe(b.T)
	for _, scheme := range []string{"light", "dark"} {
		for _, width := range []int64{1440, 360} {
			b.Sized(width, 900, scheme)
			for _, found := range b.Violations(axe) {
				b.Errorf("%s, %d wide:\n%s", scheme, width, found)
			}
		}
	}
}

// enhanceLater: the sections of a page for others work where its script is run over them later.
func enhanceLater(b *browser) {
	sections, err := html.Sections(long())
	if err != nil {
		b.Fatal(err)
	}
	for _, section := range sections {
		if section.ID == "inside" {
			b.Do(chromedp.Evaluate(fmt.Sprintf("document.getElementById('inside').innerHTML = %q; enhanceReport(document.getElementById('inside'))", section.Body), nil))
		}
	}
	b.want("document.querySelectorAll('#edges tbody tr:not(.beyond)').length", "10")
	b.click("#edges th:nth-child(3) button")
	b.want("document.querySelector('#edges th:nth-child(3)').getAttribute('aria-sort')", "descending")
}
