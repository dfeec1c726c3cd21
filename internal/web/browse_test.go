package web_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"sentinel/internal/browsertest"
	"sentinel/internal/web"
)

// where is the address without the host.
const where = `decodeURIComponent(location.pathname + location.search)`

// click clicks on what a selector finds and waits for an address that contains a text.
func (b *browser) click(selector, to string) {
	b.Helper()
	b.Do(chromedp.Click(selector, chromedp.ByQuery))
	b.at(to)
}

func (b *browser) at(to string) {
	b.Helper()
	b.until(fmt.Sprintf("%s === %q && !document.querySelector('.htmx-request')", where, to))
}

// shows wants a text on the page.
func (b *browser) shows(text string) {
	b.Helper()
	if page := browsertest.Value[string](b.Tab, "document.body.innerText"); !strings.Contains(page, text) {
		b.Errorf("%q is missing from the page at %s", text, browsertest.Value[string](b.Tab, where))
	}
}

func sampleBrowser(t *testing.T) *browser {
	b := browse(t, func(s *web.Site) { s.Show(sampleCapture()) })
	b.until(`document.readyState === "complete"`)
	return b
}

// A visit as an analyst makes it: narrow, drill down, go back.
func TestBrowseAndBack(t *testing.T) {
	b := sampleBrowser(t)
	if at := browsertest.Value[string](b.Tab, where); at != "/" {
		t.Fatalf("the token leads to %s", at)
	}
	b.Do(chromedp.Evaluate(`window.unloaded = false; undefined`, nil)) // lost where a page is loaded anew
	b.click(`section[aria-labelledby="title-countries"] a[title^="Only United States"]`, "/?country=US")
	b.shows("1,334")
	b.click(`section[aria-labelledby="title-sources"] tbody th a[title^="Only 192.0.2.17"]`, "/?country=US&src=192.0.2.17")
	b.click(`section[aria-labelledby="title-ports"] tbody th a`, "/?country=US&port=8443&proto=tcp&src=192.0.2.17")
	if chips := browsertest.Value[int](b.Tab, `document.querySelectorAll(".chips li").length`); chips != 5 {
		t.Errorf("%d chips, want 4 and the one that clears all", chips)
	}
	b.click(`.chips li:first-child a`, "/?country=US&port=8443&proto=tcp")
	b.Do(chromedp.NavigateBack())
	b.at("/?country=US&port=8443&proto=tcp&src=192.0.2.17")
	b.Do(chromedp.NavigateBack())
	b.at("/?country=US&src=192.0.2.17")
	b.Do(chromedp.NavigateForward())
	b.at("/?country=US&port=8443&proto=tcp&src=192.0.2.17")
	b.click(`.chips a.clear`, "/")
	b.click(`a[aria-label="Page of 192.0.2.17"]`, "/host/192.0.2.17")
	b.shows("Host 192.0.2.17")
	if browsertest.Value[bool](b.Tab, `window.unloaded === undefined`) {
		t.Error("a page was loaded anew where a part would have done")
	}
	b.Clean()
}

func TestForm(t *testing.T) {
	b := sampleBrowser(t)
	b.Do(chromedp.SendKeys("#filter-host", "192.0.2.0/28", chromedp.ByQuery), chromedp.SendKeys("#filter-port", "53/udp"+kb.Enter, chromedp.ByQuery))
	b.at("/?network=192.0.2.0/28&port=53&proto=udp")
	b.Do(chromedp.SetValue("#filter-from", "2024-06-03 06:00", chromedp.ByQuery), chromedp.Click(".choose button", chromedp.ByQuery))
	b.at("/?from=2024-06-03T06:00:00&network=192.0.2.0/28&port=53&proto=udp")
	b.shows("2024-06-03 06:00:00")
	b.Clean()
}

// A stroke over the timeline chooses a time, and everything follows.
func TestBrush(t *testing.T) {
	b := sampleBrowser(t)
	b.drag(`[data-chart^="/chart/timeline"]`, 0.4, 0.6)
	b.until(where + `.startsWith("/?from=2024-06-03T") && !document.querySelector(".htmx-request")`)
	from, to := browsertest.Value[string](b.Tab, `new URLSearchParams(location.search).get("from")`), browsertest.Value[string](b.Tab, `new URLSearchParams(location.search).get("to")`)
	if from < "2024-06-03T16:00" || from > "2024-06-03T22:00" || to < "2024-06-04T02:00" || to > "2024-06-04T08:00" || !strings.HasSuffix(from, ":00") {
		t.Errorf("chosen is %s to %s", from, to)
	}
	b.shows("of the capture")
	if browsertest.Value[bool](b.Tab, `document.body.innerText.includes("100.0 % of the capture")`) {
		t.Error("the figures do not follow")
	}
	b.Do(chromedp.NavigateBack())
	b.at("/")
	b.Clean()
}

// drag draws across an element, from one share of its width to another.
func (b *browser) drag(selector string, from, to float64) {
	b.Helper()
	b.until("true")
	b.Do(chromedp.ScrollIntoView(selector, chromedp.ByQuery))
	box := browsertest.Value[[]float64](b.Tab, fmt.Sprintf(`(r => [r.left, r.top, r.width, r.height])(document.querySelector(%q).getBoundingClientRect())`, selector))
	y := box[1] + box[3]/2
	mouse := func(kind input.MouseType, share float64) chromedp.Action {
		return input.DispatchMouseEvent(kind, box[0]+box[2]*share, y).WithButton(input.Left).WithButtons(1).WithClickCount(1)
	}
	b.Do(mouse(input.MouseMoved, from), mouse(input.MousePressed, from), mouse(input.MouseMoved, (from+to)/2), mouse(input.MouseMoved, to), mouse(input.MouseReleased, to))
}

// A click on the map narrows to the country.
func TestMap(t *testing.T) {
	b := sampleBrowser(t)
	b.until("true")
	at := browsertest.Value[[]float64](b.Tab, `(element => {
		const box = element.getBoundingClientRect(), chart = echarts.getInstanceByDom(element);
		element.scrollIntoView({ block: "center" });
		const geo = chart.getModel().getComponent("geo").coordinateSystem, region = geo.getRegion("US");
		const point = chart.convertToPixel("geo", region.getCenter()), now = element.getBoundingClientRect();
		return [now.left + point[0], now.top + point[1]];
	})(document.querySelector('[data-chart^="/chart/world"]'))`)
	b.Do(chromedp.MouseClickXY(at[0], at[1]))
	b.at("/?country=US")
	b.Clean()
}

// Names that an enemy chose are text, wherever they stand: tables, cards, tips of charts.
func TestHostileNames(t *testing.T) {
	b := sampleBrowser(t)
	for _, page := range []string{"/", "/top/names", "/flows", "/findings", "/finding/exfil-ba9876543210", "/about", "/sql?q=SELECT+1", "/compare"} {
		b.open(page)
		if n := browsertest.Value[int](b.Tab, `document.querySelectorAll("body img, body script, main b, [onerror]").length`); n != 0 {
			t.Errorf("%s: %d elements out of names", page, n)
		}
	}
	b.open("/top/names")
	b.shows(hostile[0])
	b.shows(`"><img src=x onerror=alert(2)>`)
	b.shows(`\x1b[31mred`)
	b.shows(`\u202egpj.example`)
	if browsertest.Value[bool](b.Tab, `/[\u202a-\u202e\u2066-\u2069\u001b]/.test(document.documentElement.outerHTML)`) {
		t.Error("marks that turn the direction of writing, or escapes, are on the page")
	}
	if n := browsertest.Value[int](b.Tab, `document.body.scrollWidth - document.documentElement.clientWidth`); n > 0 {
		t.Errorf("the page is %d pixels too wide", n)
	}
	b.Clean()
}

// A tip over a chart is drawn on the canvas: nothing enters the document.
func TestTipsAreText(t *testing.T) {
	b := sampleBrowser(t)
	b.until("true")
	nodes := browsertest.Value[int](b.Tab, `(element => {
		const chart = echarts.getInstanceByDom(element);
		const series = chart.getOption().series[0];
		chart.setOption({ series: [{ ...series, name: '<img src=x onerror=alert(9)>' }] });
		chart.dispatchAction({ type: "showTip", seriesIndex: 0, dataIndex: 3 });
		return element.querySelectorAll("img").length + element.children.length - 1;
	})(document.querySelector('[data-chart^="/chart/timeline"]'))`)
	if nodes != 0 {
		t.Errorf("%d elements hold the tip", nodes)
	}
	b.Clean()
}

// Everything but the charts works without scripts.
func TestWithoutScripts(t *testing.T) {
	b := sampleBrowser(t)
	b.scriptless()
	b.Do(chromedp.Navigate(b.base + "/"))
	b.Do(chromedp.Click(`section[aria-labelledby="title-ports"] tbody th a`, chromedp.ByQuery), chromedp.WaitVisible(`.chips`, chromedp.ByQuery))
	var at, body string
	b.Do(chromedp.Location(&at), chromedp.Text("main", &body, chromedp.ByQuery))
	if !strings.HasSuffix(at, "/?port=443&proto=tcp") || !strings.Contains(body, "Charts need JavaScript") {
		t.Errorf("at %s: %s", at, beginning(body))
	}
	b.Do(chromedp.SendKeys("#filter-host", "192.0.2.17"+kb.Enter, chromedp.ByQuery), chromedp.WaitVisible(`.chips li:nth-child(4)`, chromedp.ByQuery), chromedp.Location(&at))
	if !strings.HasSuffix(at, "/?host=192.0.2.17&port=443&proto=tcp") {
		t.Errorf("the form leads to %s", at)
	}
	b.Clean()
}

// While the capture is read, its progress stands at every address, and then the page.
func TestReading(t *testing.T) {
	b := browse(t, func(*web.Site) {})
	b.Do(chromedp.Navigate(b.base + "/host/192.0.2.17?port=8443"))
	b.until(`document.querySelector("progress").value === 40`)
	b.shows("400 B of 1.00 kB")
	b.site.Show(sampleCapture())
	b.until(`document.querySelector("h1")?.textContent === "Host 192.0.2.17"`)
	if at := browsertest.Value[string](b.Tab, where); at != "/host/192.0.2.17?port=8443" {
		t.Errorf("now at %s", at)
	}
	b.Clean()
}

// Findings that are still to come appear without a word typed into the filter being lost.
func TestFindingsCome(t *testing.T) {
	begun := sampleCapture()
	measured := *begun.Report
	measured.Findings, measured.Detection = nil, nil
	begun.Report, begun.Judging = &measured, true
	b := browse(t, func(site *web.Site) { site.Show(begun) })
	b.until(`document.querySelector(".judging progress") !== null`)
	b.Do(chromedp.SendKeys("#filter-host", "192.0.2", chromedp.ByQuery))
	b.site.Show(sampleCapture())
	b.until(`document.querySelector(".findings a") !== null`)
	if typed := browsertest.Value[string](b.Tab, `document.getElementById("filter-host").value`); typed != "192.0.2" {
		t.Errorf("the filter holds %q", typed)
	}
	b.Clean()
}

func TestReadingFails(t *testing.T) {
	b := browse(t, func(*web.Site) {})
	b.until(`document.querySelector("progress") !== null`)
	b.site.Fail(web.Failure{Reason: "cannot recognise day.bin", Hint: "sentinel formats lists what can be read"})
	b.until(`document.querySelector("[role=alert]") !== null`)
	b.shows("cannot recognise day.bin")
	b.shows("sentinel formats lists")
	b.Clean()
}

// An error is a page as others are, and the way back works.
func TestErrorsInTheBrowser(t *testing.T) {
	b := sampleBrowser(t)
	b.Do(chromedp.SendKeys("#filter-host", "300.1.1.1"+kb.Enter, chromedp.ByQuery))
	b.until(`document.querySelector("[role=alert]") !== null`)
	b.shows("is no address, network or host name")
	if given := browsertest.Value[string](b.Tab, `document.getElementById("filter-host").value`); given != "300.1.1.1" {
		t.Errorf("the field holds %q", given)
	}
	b.Do(chromedp.NavigateBack())
	b.at("/")
	b.Forget("400 (Bad Request)")
	b.Clean()
}

func TestKeyboard(t *testing.T) {
	b := sampleBrowser(t)
	b.Do(chromedp.KeyEvent("/"))
	b.until(`document.activeElement.id === "filter-host"`)
	b.Do(chromedp.Evaluate(`document.getElementById("filter-host").value = ""`, nil)) // DevTools type what the page has taken
	b.Do(chromedp.SendKeys("#filter-host", "192.0.2.17"+kb.Enter, chromedp.ByQuery))
	b.at("/?host=192.0.2.17")
	b.Do(chromedp.Evaluate(`document.querySelector('a[aria-label="Page of 203.0.113.66"]').focus()`, nil), chromedp.KeyEvent(kb.Enter))
	b.at("/host/203.0.113.66")
	b.until(`document.activeElement.id === "content"`)
	if said := browsertest.Value[string](b.Tab, `document.getElementById("said").textContent`); !strings.Contains(said, "203.0.113.66") {
		t.Errorf("said is %q", said)
	}
	b.Clean()
}

func TestExplainInTheBrowser(t *testing.T) {
	b := sampleBrowser(t)
	b.open("/host/192.0.2.17")
	b.Do(chromedp.Click(`section[aria-labelledby="title-explain"] summary`, chromedp.ByQuery))
	b.until(`document.querySelector('section[aria-labelledby="title-explain"] tbody tr') !== null`)
	b.shows("ports of 192.0.2.17")
	b.Clean()
}

func TestThemeIsKept(t *testing.T) {
	b := sampleBrowser(t)
	b.Do(chromedp.Click(`.theme button[data-theme="dark"]`, chromedp.ByQuery))
	b.click(`section[aria-labelledby="title-ports"] tbody th a`, "/?port=443&proto=tcp")
	b.Do(chromedp.Click(`.theme button[data-theme="light"]`, chromedp.ByQuery))
	if theme := browsertest.Value[string](b.Tab, `document.documentElement.dataset.theme`); theme != "light" {
		t.Errorf("the theme is %q", theme)
	}
	b.Clean()
}

// axe-core finds no serious violation.
func TestAccessible(t *testing.T) {
	axe := browsertest.Axe(t)
	b := sampleBrowser(t)
	for _, scheme := range []string{"light", "dark"} {
		for _, width := range []int64{1440, 360} {
			b.Sized(width, 900, scheme)
			for name, page := range lookedAt {
				b.open(page)
				for _, violation := range b.Violations(axe) {
					t.Errorf("%s, %s, %d wide: %s", name, scheme, width, violation)
				}
			}
		}
	}
	b.Clean()
}

// The server ends when its context does, and so do questions; the page says that nobody answers any more.
func TestServerGone(t *testing.T) {
	b := sampleBrowser(t)
	b.stop()
	b.Do(chromedp.Click(`section[aria-labelledby="title-ports"] tbody th a`, chromedp.ByQuery))
	b.until(`document.getElementById("silent") !== null`)
	b.shows("Is sentinel serve still running?")
	b.Forget("ERR_CONNECTION_REFUSED")
	b.Forget("htmx:") // it says so on the console, too
	b.Clean()
}
