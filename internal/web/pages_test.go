package web_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"sentinel/internal/explore"
	"sentinel/internal/flow"
	"sentinel/internal/report"
	"sentinel/internal/web"
)

// What pages show, by address.
var shown = map[string][]string{
	"/":                       {"<title>Overview · Sentinel</title>", "7,608", "47 h 59 min", "192.0.2.17 calls cdn.example.net", `href="/?country=DE"`, "Germany (DE)", "Unknown or private", `href="/channel?dst=203.0.113.66&amp;port=8443&amp;proto=tcp&amp;src=192.0.2.17"`},
	"/?country=US":            {"United States (US)", `class="chip-value">United States (US)`, "17.5 % of the capture", "Findings do not tell countries"},
	"/?country=-":             {`class="chip-value">Unknown or private`},
	"/?src=192.0.2.20":        {"192.0.2.20 sends much", "1 of 2 are about this"},
	"/?port=9&src=192.0.2.99": {"No flow of the capture is like this", "No finding is about this part"},
	"/host/192.0.2.17":        {"Host 192.0.2.17", ">internal<", "654 flows", "to 36 destinations", "What the detectors see", `href="/host/192.0.2.17?port=8443&amp;proto=tcp"`},
	"/host/192.0.2.2":         {">server<", ">resolver<", "1,044 flows"},
	"/host/203.0.113.66":      {">external<", "1 of 2 are about this", "288 flows"},
	"/host/2001:db8::1":       {"Host 2001:db8::1", "No flow of the capture"},
	beaconPage:                {"288", "Median gap", "10 min", "640 B", "192.0.2.17 calls cdn.example.net"},
	"/findings":               {"192.0.2.17 calls", "192.0.2.20 sends", "What the detectors looked at"},
	"/findings?port=8443":     {"192.0.2.17 calls", "2 of 2"}, // one is about no port in particular
	"/finding/beacon-0123456789ab": {"288 contacts whose gaps differ", "Contacts over time", "T1071.001", "ip.addr == 192.0.2.17", beaconLink,
		`href="/?dst=203.0.113.66&amp;port=8443&amp;proto=tcp&amp;src=192.0.2.17"`},
	"/compare":                      {"monday.parquet", "8443/tcp", "9,000"},
	"/top/sources":                  {"20 of 20, most flows first", "192.0.2.17", `href="/top/sources?src=192.0.2.17"`},
	"/top/names?port=8443":          {"cdn.example.net", "1 of 1"},
	"/flows":                        {"1 to 100 of 7,608 flows", `href="/flows?page=2"`, "2024-06-03 00:00:00"},
	"/flows?page=77&src=192.0.2.17": nil,
	"/flows?page=3&port=8443":       {"201 to 288 of 288 flows", `href="/flows?page=2&amp;port=8443"`},
	"/sql":                          {"Who sent most", "up_bytes"},
	"/sql?q=SELECT":                 {"The first 1,000 rows; the download has all", "=192.0.2.999", "&lt;b&gt;flows&lt;/b&gt;"},
	"/sql?q=DROP":                   {"the statement does more than read"},
	"/about":                        {"day&lt;b&gt;.parquet", strings.Repeat("ab", 32), "--internal"},
	"/explain?host=192.0.2.17":      {"ports of 192.0.2.17", "<strong>yes</strong>", "regular &#34;&gt;&lt;img"},
}

const beaconLink = `href="/channel?dst=203.0.113.66&amp;port=8443&amp;proto=tcp&amp;src=192.0.2.17"`

func TestPages(t *testing.T) {
	site := sampleSite(t)
	for target, texts := range shown {
		t.Run(target, func(t *testing.T) {
			status := http.StatusOK
			if texts == nil {
				status = http.StatusNotFound
			}
			w := request(t, site, target)
			want(t, w, status, texts...)
			if strings.Contains(w.Body.String(), "<img src=x") || strings.Contains(w.Body.String(), "<script>alert") || strings.Contains(w.Body.String(), "style=") {
				t.Error("a name is an element, or an element has a style")
			}
		})
	}
}

// However a filter is written, the page has one address.
func TestOneAddressPerFilter(t *testing.T) {
	site := sampleSite(t)
	for given, to := range map[string]string{
		"/?host=&network=&country=&port=&proto=&from=&to=": "/",
		"/?port=443%2Ftcp":                                  "/?port=443&proto=tcp",
		"/?proto=TCP&port=0443":                             "/?port=443&proto=tcp",
		"/?host=192.0.2.0/24":                               "/?network=192.0.2.0%2F24",
		"/?host=192.0.2.9/24":                               "/?network=192.0.2.0%2F24",
		"/?host=www1.example.com":                           "/?name=www1.example.com",
		"/?host=::ffff:192.0.2.1":                           "/?host=192.0.2.1",
		"/?country=de":                                      "/?country=DE",
		"/?from=2024-06-03+06:00":                           "/?from=2024-06-03T06%3A00%3A00",
		"/?from=2024-06-03T08:00:59%2B02:00":                "/?from=2024-06-03T06%3A00%3A00",
		"/?from=2024-06-03T06:00:59&to=2024-06-03T06:01:01": "/?from=2024-06-03T06%3A00%3A00&to=2024-06-03T06%3A02%3A00",
		"/?to=day 2 06:00":                                  "/?to=1970-01-02T06%3A00%3A00",
		"/host/192.0.2.17?host=192.0.2.1&port=80":           "/host/192.0.2.17?port=80",
		"/flows?page=2&nonsense=1":                          "/flows?page=2",
	} {
		w := request(t, site, strings.ReplaceAll(given, " ", "%20"))
		if got := w.Header().Get("Location"); w.Code != http.StatusSeeOther || got != to {
			t.Errorf("%s: status %d, to %s, want %s", given, w.Code, got, to)
		}
		if w := request(t, site, to); w.Code != http.StatusOK {
			t.Errorf("%s: status %d", to, w.Code)
		}
	}
}

// What cannot be understood is told, and nothing is shown as if it had been.
func TestFaultyFilters(t *testing.T) {
	site := sampleSite(t)
	for given, text := range map[string]string{
		"host=300.1.1.1": "is no address, network or host name", "src=example.com": "is no address", "dst=192.0.2.0/24": "is no address", "src=fe80::1%25eth0": "is no address",
		"network=192.0.2.0": "is no network", "country=Germany": "is no country", "port=65536": "is no port", "port=https": "is no port", "port=-1": "is no port",
		"proto=" + url.QueryEscape("tcp'--"): "is no protocol", "from=yesterday": "is no time", "from=9999-01-01": "is no time", "to=25:00": "is no time", "to=day+0+01:00": "is no time",
		"from=2024-06-04&to=2024-06-03": "ends before it begins", "name=" + strings.Repeat("x", 400): "is too long",
	} {
		w := request(t, site, "/?"+given)
		want(t, w, http.StatusBadRequest, text, `role="alert"`)
		if strings.Contains(w.Body.String(), "of the capture") {
			t.Errorf("%s: figures are shown", given)
		}
	}
}

func TestReadingAndFailure(t *testing.T) {
	now, progress := began, report.Stage{Name: "a<b>.pcap", Done: 25_000_000, Bytes: 100_000_000}
	site := web.New(web.Options{Token: token, Port: "8080", Captures: []string{"a<b>.pcap"}, Now: func() time.Time { return now },
		Progress: func() report.Stage { return progress }})
	want(t, request(t, site, "/flows"), http.StatusOK, "a&lt;b&gt;.pcap", "Reading, 25 %", "25.0 MB of 100 MB")
	now, progress.Done = now.Add(5*time.Second), 50_000_000 // what was read before somebody looked took a time that nobody knows
	w := request(t, site, "/progress")
	want(t, w, http.StatusOK, "5.00 MB/s, 10s left")
	progress = report.Stage{Work: "measuring", Step: "<minutes>", Steps: 2, All: 8}
	want(t, request(t, site, "/progress"), http.StatusOK, "Measuring, 2 of 8 done", "&lt;minutes&gt;", `value="25"`)
	want(t, request(t, site, "/chart/timeline"), http.StatusServiceUnavailable, "not read yet")
	want(t, request(t, site, "/flows.csv"), http.StatusServiceUnavailable)
	site.Fail(web.Failure{Reason: "cannot recognise a<b>.pcap", Hint: "sentinel formats lists what can be read"})
	want(t, request(t, site, "/"), http.StatusOK, "cannot recognise a&lt;b&gt;.pcap", "sentinel formats lists")
	if w := request(t, site, "/progress"); w.Code != http.StatusNoContent || w.Header().Get("HX-Refresh") != "true" {
		t.Errorf("status %d, %v", w.Code, w.Header())
	}
}

// Findings that are still to come are not taken for none.
func TestJudging(t *testing.T) {
	site := web.New(web.Options{Token: token, Port: "8080", Now: func() time.Time { return began },
		Progress: func() report.Stage { return report.Stage{Work: "judging", Step: "Beacons", Steps: 5, All: 17} }})
	begun, done := *sampleCapture(), sampleCapture()
	measured := *begun.Report
	measured.Findings, measured.Detection = nil, nil
	begun.Report, begun.Judging = &measured, true
	site.Show(&begun)
	for target, poll := range map[string]string{"/": "/judging", "/findings": "/judging/whole", "/host/192.0.2.17": "/judging?host=192.0.2.17"} {
		want(t, request(t, site, target), http.StatusOK, `hx-get="`+poll+`"`, "Judging, 5 of 17 done: <strong>Beacons</strong>")
		want(t, request(t, site, poll), http.StatusOK, `hx-get="`+poll+`"`, "Judging, 5 of 17 done")
	}
	site.Show(done)
	want(t, request(t, site, "/judging?host=192.0.2.17"), http.StatusOK, "/finding/beacon-0123456789ab")
	if w := request(t, site, "/judging/whole"); w.Code != http.StatusNoContent || w.Header().Get("HX-Refresh") != "true" {
		t.Errorf("status %d, %v", w.Code, w.Header())
	}
}

func TestErrorsOfTheExplorer(t *testing.T) {
	text := logged(t, func(site *web.Site) {
		m := newMemory(sampleFlows())
		m.fault = errors.New("disk <full>")
		site.Show(&web.Capture{Report: sampleReport(), Explorer: m})
		for _, target := range []string{"/", "/flows", "/top/ports", "/host/192.0.2.1", beaconPage, "/chart/world", "/flows.csv"} {
			want(t, request(t, site, target), http.StatusInternalServerError, "disk &lt;full&gt;")
		}
		m.fault = nil
		want(t, request(t, site, "/flows"), http.StatusOK) // a fault is not remembered
		want(t, request(t, site, "/sql"), http.StatusNotFound)
		want(t, request(t, site, "/compare"), http.StatusNotFound, "--baseline")
		want(t, request(t, site, "/explain?host=192.0.2.1"), http.StatusNotFound)
		want(t, request(t, site, "/flows.parquet"), http.StatusNotFound)
	})
	if strings.Count(text, "\n") != 7 {
		t.Errorf("log: %s", text)
	}
}

// A page and its charts ask the same; so do those who look at the same page at once.
func TestEachQuestionOnce(t *testing.T) {
	site := newSite(&failing{t})
	capture := sampleCapture()
	m := capture.Explorer.(*memory)
	site.Show(capture)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() { want(t, request(t, site, "/?port=443"), http.StatusOK) })
	}
	group.Wait()
	if n := m.asked.Load(); n != 9 { // totals, timeline and seven rankings
		t.Errorf("%d questions", n)
	}
	request(t, site, "/chart/timeline?port=443")
	request(t, site, "/chart/edges?port=443")
	if n := m.asked.Load(); n != 10 { // the graph has more edges than the table
		t.Errorf("%d questions with the charts", n)
	}
}

// Who goes away leaves no question behind, and takes no answer from others.
func TestQuestionsEnd(t *testing.T) {
	site := newSite(&failing{t})
	capture := sampleCapture()
	m := capture.Explorer.(*memory)
	m.gate = make(chan struct{})
	site.Show(capture)
	ctx, leave := context.WithCancel(t.Context())
	gone, stays := make(chan int), make(chan int)
	go func() {
		gone <- request(t, site, "/top/ports", func(r *http.Request) { *r = *r.WithContext(ctx) }).Code
	}()
	for m.asked.Load() == 0 {
		time.Sleep(time.Millisecond)
	}
	go func() { stays <- request(t, site, "/top/ports").Code }()
	leave()
	if status := <-gone; status != http.StatusServiceUnavailable {
		t.Errorf("who went away gets %d", status)
	}
	close(m.gate)
	if status := <-stays; status != http.StatusOK {
		t.Errorf("who stayed gets %d", status)
	}
}

// Beyond a number of requests at once, more are turned away at once.
func TestBusy(t *testing.T) {
	site := newSite(&failing{t})
	capture := sampleCapture()
	m := capture.Explorer.(*memory)
	m.gate = make(chan struct{})
	pass := cookie(t, site)
	site.Show(capture)
	statuses := make(chan int, 65)
	var group sync.WaitGroup
	for range 65 {
		group.Go(func() { statuses <- get(site, pass, "/top/ports").Code })
	}
	if first := <-statuses; first != http.StatusServiceUnavailable {
		t.Errorf("status %d", first)
	}
	close(m.gate)
	group.Wait()
	close(statuses)
	for status := range statuses {
		if status != http.StatusOK {
			t.Errorf("status %d", status)
		}
	}
}

func TestDownloads(t *testing.T) {
	site := sampleSite(t)
	w := request(t, site, "/flows.csv?port=8443")
	lines := strings.Split(strings.TrimSpace(w.Body.String()), "\n")
	if len(lines) != 289 || !strings.HasPrefix(lines[0], "start,duration,src_ip,dst_ip,proto,") || !strings.HasPrefix(lines[1], "1717372800000500,200000,192.0.2.17,203.0.113.66,tcp,50000,8443,640,1200,") {
		t.Errorf("%d lines: %s", len(lines), beginning(w.Body.String()))
	}
	if got := w.Header().Get("Content-Disposition"); got != `attachment; filename="flows.csv"` {
		t.Error(got)
	}
	want(t, request(t, site, "/top.csv?by=ports&src=192.0.2.17"), http.StatusOK, "Port,flows,up_bytes", "8443/tcp,288,184320,345600,2024-06-03 00:00:00")
	want(t, request(t, site, "/sql.csv?q=SELECT"), http.StatusOK, "src_ip,<b>flows</b>", "'=192.0.2.1499,1499")
	want(t, request(t, site, "/sql.csv?q=DROP"), http.StatusBadRequest, "more than read")
	want(t, request(t, site, "/sql.csv"), http.StatusBadRequest)
	want(t, request(t, site, "/report.json"), http.StatusOK, `"beacon-0123456789ab"`)
	want(t, request(t, site, "/report.html"), http.StatusOK, "Content-Security-Policy", "192.0.2.17 calls")
}

// exporter writes what it was asked for.
type exporter struct{ *memory }

func (e exporter) Export(_ context.Context, filter explore.Filter, path string) error {
	if filter.DstPort == 80 {
		return errors.New("no room")
	}
	return os.WriteFile(path, []byte("PAR1 of port 443"), 0o600)
}

func TestParquet(t *testing.T) {
	text := logged(t, func(site *web.Site) {
		capture := sampleCapture()
		capture.Explorer = exporter{capture.Explorer.(*memory)}
		site.Show(capture)
		want(t, request(t, site, "/flows?port=443"), http.StatusOK, `href="/flows.parquet?port=443"`)
		want(t, request(t, site, "/flows.parquet?port=443"), http.StatusOK, "PAR1 of port 443")
		w := request(t, site, "/flows.parquet?port=80")
		want(t, w, http.StatusInternalServerError, "no room")
		if w.Header().Get("Content-Disposition") != "" {
			t.Error("the error is a download")
		}
	})
	if strings.Count(text, "\n") != 1 {
		t.Errorf("log: %s", text)
	}
}

func TestAssets(t *testing.T) {
	site := sampleSite(t)
	page := request(t, site, "/").Body.String()
	for _, name := range []string{"app.", "report.", "htmx.min.", "echarts.min.", "icon."} {
		_, rest, ok := strings.Cut(page, `"/static/`+name)
		if !ok {
			t.Errorf("%s is missing", name)
			continue
		}
		hash, _, _ := strings.Cut(rest, `"`)
		target := "/static/" + name + hash
		plain := request(t, site, target)
		zipped := request(t, site, target, func(r *http.Request) { r.Header.Set("Accept-Encoding", "gzip, br") })
		if plain.Code != http.StatusOK || plain.Body.Len() <= zipped.Body.Len() || zipped.Header().Get("Content-Encoding") != "gzip" || !strings.Contains(plain.Header().Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %d, %d and %d bytes, %v", target, plain.Code, plain.Body.Len(), zipped.Body.Len(), plain.Header())
		}
		again := request(t, site, target, func(r *http.Request) { r.Header.Set("If-None-Match", plain.Header().Get("ETag")) })
		if again.Code != http.StatusNotModified || again.Body.Len() != 0 {
			t.Errorf("%s again: %d", target, again.Code)
		}
	}
}

// A capture without dates shows none, and takes times of day.
func TestUndated(t *testing.T) {
	var flows []flow.Flow
	for _, f := range sampleFlows() {
		f.Start -= began.UnixMicro()
		flows = append(flows, f)
	}
	r := sampleReport()
	r.Undated = true
	site := newSite(&failing{t})
	site.Show(&web.Capture{Report: r, Explorer: newMemory(flows)})
	if to := request(t, site, "/?from=06:00&to=day+2+06:00").Header().Get("Location"); to != "/?from=1970-01-01T06%3A00%3A00&to=1970-01-02T06%3A00%3A00" {
		t.Errorf("leads to %s", to)
	}
	w := request(t, site, "/?from=1970-01-01T06%3A00%3A00&to=1970-01-02T06%3A00%3A00")
	want(t, w, http.StatusOK, `value="06:00:00"`, `value="day 2 06:00:00"`, `chip-value">day 2 06:00:00`, "By hour of the day", `placeholder="day 2 23:59:00"`)
	if strings.Contains(w.Body.String(), ">1970") || strings.Contains(w.Body.String(), "day of the week") {
		t.Error("the page shows a date that the capture does not have")
	}
}
