package web_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"sentinel/internal/web"
)

// where is the address without the host.
const where = `decodeURIComponent(location.pathname + location.search)`

// click clicks on what a selector finds and waits for an address that contains a text.
func (b *browser) click(selector, to string) {
	b.Helper()
	b.run(chromedp.Click(selector, chromedp.ByQuery))
	b.at(to)
}

func (b *browser) at(to string) {
	b.Helper()
	b.until(fmt.Sprintf("%s === %q && !document.querySelector('.htmx-request')", where, to))
}

// shows wants a text on the page.
func (b *browser) shows(text string) {
	b.Helper()
	if page := value[string](b, "document.body.innerText"); !strings.Contains(page, text) {
		b.Errorf("%q is missing from the page at %s", text, value[string](b, where))
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
	if at := value[string](b, where); at != "/" {
		t.Fatalf("the token leads to %s", at)
	}
	b.run(chromedp.Evaluate(`window.unloaded = false; undefined`, nil)) // lost where a page is loaded anew
	b.click(`section[aria-labelledby="title-countries"] a[title^="Only United States"]`, "/?country=US")
	b.shows("1,334")
	b.click(`section[aria-labelledby="title-sources"] tbody th a[title^="Only 192.0.2.17"]`, "/?country=US&src=192.0.2.17")
	b.click(`section[aria-labelledby="title-ports"] tbody th a`, "/?country=US&port=8443&proto=tcp&src=192.0.2.17")
	if chips := value[int](b, `document.querySelectorAll(".chips li").length`); chips != 5 {
		t.Errorf("%d chips, want 4 and the one that clears all", chips)
	}
	b.click(`.chips li:first-child a`, "/?country=US&port=8443&proto=tcp")
	b.run(chromedp.NavigateBack())
	b.at("/?country=US&port=8443&proto=tcp&src=192.0.2.17")
	b.run(chromedp.NavigateBack())
	b.at("/?country=US&src=192.0.2.17")
	b.run(chromedp.NavigateForward())
	b.at("/?country=US&port=8443&proto=tcp&src=192.0.2.17")
	b.click(`.chips a.clear`, "/")
	b.click(`a[aria-label="Page of 192.0.2.17"]`, "/host/192.0.2.17")
	b.shows("Host 192.0.2.17")
	if value[bool](b, `window.unloaded === undefined`) {
		t.Error("a page was loaded anew where a part would have done")
	}
	b.clean()
}

func TestForm(t *testing.T) {
	b := sampleBrowser(t)
	b.run(chromedp.SendKeys("#filter-host", "192.0.2.0/28", chromedp.ByQuery), chromedp.SendKeys("#filter-port", "53/udp"+kb.Enter, chromedp.ByQuery))
	b.at("/?network=192.0.2.0/28&port=53&proto=udp")
	b.run(chromedp.SetValue("#filter-from", "2024-06-03 06:00", chromedp.ByQuery), chromedp.Click(".choose button", chromedp.ByQuery))
	b.at("/?from=2024-06-03T06:00:00&network=192.0.2.0/28&port=53&proto=udp")
	b.shows("2024-06-03 06:00:00")
	b.clean()
}

// A stroke over the timeline chooses a time, and everything follows.
func TestBrush(t *testing.T) {
	b := sampleBrowser(t)
	b.drag(`[data-chart^="/chart/timeline"]`, 0.4, 0.6)
	b.until(where + `.startsWith("/?from=2024-06-03T") && !document.querySelector(".htmx-request")`)
	from, to := value[string](b, `new URLSearchParams(location.search).get("from")`), value[string](b, `new URLSearchParams(location.search).get("to")`)
	if from < "2024-06-03T16:00" || from > "2024-06-03T22:00" || to < "2024-06-04T02:00" || to > "2024-06-04T08:00" || !strings.HasSuffix(from, ":00") {
		t.Errorf("chosen is %s to %s", from, to)
	}
	b.shows("of the capture")
	if value[bool](b, `document.body.innerText.includes("100.0 % of the capture")`) {
		t.Error("the figures do not follow")
	}
	b.run(chromedp.NavigateBack())
	b.at("/")
	b.clean()
}

// drag draws across an element, from one share of its width to another.
func (b *browser) drag(selector string, from, to float64) {
	b.Helper()
	b.until("true")
	b.run(chromedp.ScrollIntoView(selector, chromedp.ByQuery))
	box := value[[]float64](b, fmt.Sprintf(`(r => [r.left, r.top, r.width, r.height])(document.querySelector(%q).getBoundingClientRect())`, selector))
	y := box[1] + box[3]/2
	mouse := func(kind input.MouseType, share float64) chromedp.Action {
		return input.DispatchMouseEvent(kind, box[0]+box[2]*share, y).WithButton(input.Left).WithButtons(1).WithClickCount(1)
	}
	b.run(mouse(input.MouseMoved, from), mouse(input.MousePressed, from), mouse(input.MouseMoved, (from+to)/2), mouse(input.MouseMoved, to), mouse(input.MouseReleased, to))
}

// A click on the map narrows to the country.
func TestMap(t *testing.T) {
	b := sampleBrowser(t)
	b.until("true")
	at := value[[]float64](b, `(element => {
		const box = element.getBoundingClientRect(), chart = echarts.getInstanceByDom(element);
		element.scrollIntoView({ block: "center" });
		const geo = chart.getModel().getComponent("geo").coordinateSystem, region = geo.getRegion("US");
		const point = chart.convertToPixel("geo", region.getCenter()), now = element.getBoundingClientRect();
		return [now.left + point[0], now.top + point[1]];
	})(document.querySelector('[data-chart^="/chart/world"]'))`)
	b.run(chromedp.MouseClickXY(at[0], at[1]))
	b.at("/?country=US")
	b.clean()
}

// Names that an enemy chose are text, wherever they stand: tables, cards, tips of charts.
func TestHostileNames(t *testing.T) {
	b := sampleBrowser(t)
	for _, page := range []string{"/", "/top/names", "/flows", "/findings", "/finding/exfil-ba9876543210", "/about", "/sql?q=SELECT+1", "/compare"} {
		b.open(page)
		if n := value[int](b, `document.querySelectorAll("body img, body script, main b, [onerror]").length`); n != 0 {
			t.Errorf("%s: %d elements out of names", page, n)
		}
	}
	b.open("/top/names")
	b.shows(hostile[0])
	b.shows(`"><img src=x onerror=alert(2)>`)
	b.shows(`\x1b[31mred`)
	b.shows(`\u202egpj.example`)
	if value[bool](b, `/[\u202a-\u202e\u2066-\u2069\u001b]/.test(document.documentElement.outerHTML)`) {
		t.Error("marks that turn the direction of writing, or escapes, are on the page")
	}
	if n := value[int](b, `document.body.scrollWidth - document.documentElement.clientWidth`); n > 0 {
		t.Errorf("the page is %d pixels too wide", n)
	}
	b.clean()
}

// A tip over a chart is drawn on the canvas: nothing enters the document.
func TestTipsAreText(t *testing.T) {
	b := sampleBrowser(t)
	b.until("true")
	nodes := value[int](b, `(element => {
		const chart = echarts.getInstanceByDom(element);
		const series = chart.getOption().series[0];
		chart.setOption({ series: [{ ...series, name: '<img src=x onerror=alert(9)>' }] });
		chart.dispatchAction({ type: "showTip", seriesIndex: 0, dataIndex: 3 });
		return element.querySelectorAll("img").length + element.children.length - 1;
	})(document.querySelector('[data-chart^="/chart/timeline"]'))`)
	if nodes != 0 {
		t.Errorf("%d elements hold the tip", nodes)
	}
	b.clean()
}

// Everything but the charts works without scripts.
func TestWithoutScripts(t *testing.T) {
	b := sampleBrowser(t)
	b.scriptless()
	b.run(chromedp.Navigate(b.base + "/"))
	b.run(chromedp.Click(`section[aria-labelledby="title-ports"] tbody th a`, chromedp.ByQuery), chromedp.WaitVisible(`.chips`, chromedp.ByQuery))
	var at, body string
	b.run(chromedp.Location(&at), chromedp.Text("main", &body, chromedp.ByQuery))
	if !strings.HasSuffix(at, "/?port=443&proto=tcp") || !strings.Contains(body, "Charts need JavaScript") {
		t.Errorf("at %s: %s", at, beginning(body))
	}
	b.run(chromedp.SendKeys("#filter-host", "192.0.2.17"+kb.Enter, chromedp.ByQuery), chromedp.WaitVisible(`.chips li:nth-child(4)`, chromedp.ByQuery), chromedp.Location(&at))
	if !strings.HasSuffix(at, "/?host=192.0.2.17&port=443&proto=tcp") {
		t.Errorf("the form leads to %s", at)
	}
	b.clean()
}

// While the capture is read, its progress stands at every address, and then the page.
func TestReading(t *testing.T) {
	b := browse(t, func(*web.Site) {})
	b.run(chromedp.Navigate(b.base + "/host/192.0.2.17?port=8443"))
	b.until(`document.querySelector("progress").value === 40`)
	b.shows("400 B of 1.00 kB")
	b.site.Show(sampleCapture())
	b.until(`document.querySelector("h1")?.textContent === "Host 192.0.2.17"`)
	if at := value[string](b, where); at != "/host/192.0.2.17?port=8443" {
		t.Errorf("now at %s", at)
	}
	b.clean()
}

func TestReadingFails(t *testing.T) {
	b := browse(t, func(*web.Site) {})
	b.until(`document.querySelector("progress") !== null`)
	b.site.Fail(web.Failure{Reason: "cannot recognise day.bin", Hint: "sentinel formats lists what can be read"})
	b.until(`document.querySelector("[role=alert]") !== null`)
	b.shows("cannot recognise day.bin")
	b.shows("sentinel formats lists")
	b.clean()
}

// An error is a page as others are, and the way back works.
func TestErrorsInTheBrowser(t *testing.T) {
	b := sampleBrowser(t)
	b.run(chromedp.SendKeys("#filter-host", "300.1.1.1"+kb.Enter, chromedp.ByQuery))
	b.until(`document.querySelector("[role=alert]") !== null`)
	b.shows("is no address, network or host name")
	if given := value[string](b, `document.getElementById("filter-host").value`); given != "300.1.1.1" {
		t.Errorf("the field holds %q", given)
	}
	b.run(chromedp.NavigateBack())
	b.at("/")
	b.forget("400 (Bad Request)")
	b.clean()
}

func TestKeyboard(t *testing.T) {
	b := sampleBrowser(t)
	b.run(chromedp.KeyEvent("/"))
	b.until(`document.activeElement.id === "filter-host"`)
	b.run(chromedp.Evaluate(`document.getElementById("filter-host").value = ""`, nil)) // DevTools type what the page has taken
	b.run(chromedp.SendKeys("#filter-host", "192.0.2.17"+kb.Enter, chromedp.ByQuery))
	b.at("/?host=192.0.2.17")
	b.run(chromedp.Evaluate(`document.querySelector('a[aria-label="Page of 203.0.113.66"]').focus()`, nil), chromedp.KeyEvent(kb.Enter))
	b.at("/host/203.0.113.66")
	b.until(`document.activeElement.id === "content"`)
	if said := value[string](b, `document.getElementById("said").textContent`); !strings.Contains(said, "203.0.113.66") {
		t.Errorf("said is %q", said)
	}
	b.clean()
}

func TestExplainInTheBrowser(t *testing.T) {
	b := sampleBrowser(t)
	b.open("/host/192.0.2.17")
	b.run(chromedp.Click(`section[aria-labelledby="title-explain"] summary`, chromedp.ByQuery))
	b.until(`document.querySelector('section[aria-labelledby="title-explain"] tbody tr') !== null`)
	b.shows("ports of 192.0.2.17")
	b.clean()
}

func TestThemeIsKept(t *testing.T) {
	b := sampleBrowser(t)
	b.run(chromedp.Click(`.theme button[data-theme="dark"]`, chromedp.ByQuery))
	b.click(`section[aria-labelledby="title-ports"] tbody th a`, "/?port=443&proto=tcp")
	b.run(chromedp.Click(`.theme button[data-theme="light"]`, chromedp.ByQuery))
	if theme := value[string](b, `document.documentElement.dataset.theme`); theme != "light" {
		t.Errorf("the theme is %q", theme)
	}
	b.clean()
}

// axe-core finds no serious violation (path in SENTINEL_AXE: npm pack axe-core, package/axe.min.js).
func TestAccessible(t *testing.T) {
	path := os.Getenv("SENTINEL_AXE")
	if path == "" {
		t.Skip("SENTINEL_AXE names no axe.min.js")
	}
	axe, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b := sampleBrowser(t)
	for _, scheme := range []string{"light", "dark"} {
		for _, width := range []int64{1440, 360} {
			b.sized(width, 900, scheme)
			for name, page := range lookedAt {
				b.open(page)
				b.run(chromedp.Evaluate(string(axe), nil))
				for _, violation := range b.violations() {
					t.Errorf("%s, %s, %d wide: %s", name, scheme, width, violation)
				}
			}
		}
	}
	b.clean()
}

// violations are the serious ones of the page.
func (b *browser) violations() (list []string) {
	b.Helper()
	b.run(chromedp.Evaluate(`axe.run().then(result => result.violations.filter(v => ["serious", "critical"].includes(v.impact))
		.map(v => v.id + ": " + v.nodes.slice(0, 3).map(n => n.html + " " + n.failureSummary).join("; ")))`, &list, chromedp.EvalAsValue, awaited))
	return list
}

// The server ends when its context does, and so do questions; the page says that nobody answers any more.
func TestServerGone(t *testing.T) {
	b := sampleBrowser(t)
	b.stop()
	b.run(chromedp.Click(`section[aria-labelledby="title-ports"] tbody th a`, chromedp.ByQuery))
	b.until(`document.getElementById("silent") !== null`)
	b.shows("Is sentinel serve still running?")
	b.forget("ERR_CONNECTION_REFUSED")
	b.forget("htmx:") // it says so on the console, too
	b.clean()
}
