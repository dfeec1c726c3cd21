package html_test

import (
	"crypto/sha256"
	"encoding/base64"
	"flag"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sentinel/internal/finding"
	"sentinel/internal/output/html"
	"sentinel/internal/output/outputtest"
	"sentinel/internal/report"
)

var update = flag.Bool("update", false, "renew testdata/full.html")

// What other packages or files of this one decide, and so has its tests there: drawings, style, script.
var elsewhere = []struct {
	pattern *regexp.Regexp
	instead string
}{
	{regexp.MustCompile(`(?s)<svg xmlns.*?<title>(.*?)</title>.*?</svg>\n?`), "<svg>$1</svg>"},
	{regexp.MustCompile(`(?s)<style>.*?</style>`), "<style></style>"},
	{regexp.MustCompile(`(?s)<script>.*?</script>`), "<script></script>"},
	{regexp.MustCompile(`sha256-[^=]*=`), "sha256-"},
}

func TestPage(t *testing.T) {
	page := string(outputtest.Bytes(t, html.Write, outputtest.Full()))
	for _, part := range elsewhere {
		page = part.pattern.ReplaceAllString(page, part.instead)
	}
	outputtest.Golden(t, "full.html", []byte(page), *update)
}

// reports are those that a page must be sound for.
func reports() map[string]*report.Report {
	bare := outputtest.Full()
	bare.Findings, bare.Detection, bare.Comparison, bare.Beside, bare.Timeline, bare.Week = nil, nil, nil, nil, nil, nil
	undated := outputtest.Full()
	undated.Undated = true
	return map[string]*report.Report{"full": outputtest.Full(), "empty": {}, "bare": bare, "undated": undated, "crowded": crowded(800)}
}

// crowded has many findings, each with all the points that an exhibit may have and many peers.
func crowded(findings int) *report.Report {
	r := outputtest.Full()
	one := r.Findings[0]
	r.Findings = nil
	for i := range findings {
		f := one
		f.ID = fmt.Sprintf("beacon-%012x", i)
		f.Exhibits = slices.Clone(one.Exhibits)
		f.Exhibits[0].Points = make([]finding.Point, finding.MaxPoints)
		for j := range f.Exhibits[0].Points {
			f.Exhibits[0].Points[j] = finding.Point{X: float64(one.First) + float64(j)*61e6, Y: float64(100 + j*7%13)}
		}
		f.Pairs = slices.Repeat(one.Pairs, 1000)
		r.Findings = append(r.Findings, f)
	}
	return r
}

func TestSoundMarkup(t *testing.T) {
	for name, r := range reports() {
		t.Run(name, func(t *testing.T) {
			page := outputtest.Bytes(t, html.Write, r)
			outputtest.Plain(t, page)
			nest(t, page)
			tree := parsed(t, page)
			selfContained(t, tree)
			linked(t, tree)
			outlined(t, tree)
		})
	}
}

// However much was found, the page stays one that a browser opens at once and a mail carries.
func TestSizeIsBounded(t *testing.T) {
	const most = 3_000_000
	for _, findings := range []int{250, 800} {
		if size := len(outputtest.Bytes(t, html.Write, crowded(findings))); size > most {
			t.Errorf("%d findings make %d bytes, want at most %d", findings, size, most)
		}
	}
}

// What a table has no room for is said below it.
func TestLongTables(t *testing.T) {
	r := outputtest.Full()
	r.Exfiltration.Hosts = slices.Repeat(r.Exfiltration.Hosts, 617)
	r.Botnet.Destinations = slices.Repeat(r.Botnet.Destinations, 250) // all have room
	r.Comparison.Dimensions[0].Changes = slices.Repeat(r.Comparison.Dimensions[0].Changes, 300)
	r.Findings = append(r.Findings, slices.Repeat(r.Findings[4:], 500)...)
	r.EdgeCount = 1234
	page := string(outputtest.Bytes(t, html.Write, r))
	for _, want := range []string{
		`<p class="left">500 of 1,234 rows are here, the first ones; the JSON report has all.</p>`,
		`<p class="left">500 of 600 rows are here, the first ones; the JSON report has all.</p>`,
		`<p class="left">500 of 501 rows are here, the first ones; the JSON report has all.</p>`,
		`Who opened connections to whom: of 1,234 pairs, the 1 with most flows`,
	} {
		if strings.Count(page, want) != 1 {
			t.Errorf("the page does not say %s", want)
		}
	}
	if got := strings.Count(page, `class="left"`); got != 3 {
		t.Errorf("%d tables are cut, want 3", got)
	}
}

// The policy lets through what the page holds, and that only.
func TestPolicyNamesStyleAndScript(t *testing.T) {
	page := string(outputtest.Bytes(t, html.Write, outputtest.Full()))
	policy := regexp.MustCompile(`<meta http-equiv="Content-Security-Policy" content="([^"]*)">`).FindStringSubmatch(page)
	if policy == nil {
		t.Fatal("no policy")
	}
	allowed := strings.NewReplacer("&#39;", "'", "&#43;", "+").Replace(policy[1])
	for _, element := range []string{"style", "script"} {
		content := between(page, "<"+element+">", "</"+element+">")
		sum := sha256.Sum256([]byte(content))
		want := element + "-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
		if content == "" || !strings.Contains(allowed, want) {
			t.Errorf("%s of %d bytes: the policy %s lacks %s", element, len(content), allowed, want)
		}
	}
	if !strings.HasPrefix(allowed, "default-src 'none';") || strings.Contains(allowed, "unsafe") {
		t.Errorf("policy %s", allowed)
	}
}

func between(text, from, to string) string {
	_, text, _ = strings.Cut(text, from)
	text, _, _ = strings.Cut(text, to)
	return text
}

func TestPartsForOtherPages(t *testing.T) {
	r := outputtest.Full()
	cards, err := html.Findings(r, r.Findings[:2])
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(string(cards), "<article"); got != 2 {
		t.Errorf("%d cards, want 2", got)
	}
	sections, err := html.Sections(r)
	if err != nil {
		t.Fatal(err)
	}
	page := string(outputtest.Bytes(t, html.Write, r))
	for _, section := range sections {
		if section.Body == "" || !strings.Contains(page, string(section.Body)) {
			t.Errorf("the page lacks section %s", section.ID)
		}
	}
	if !strings.Contains(page, html.Stylesheet()) || !strings.Contains(page, html.Script()) {
		t.Error("the page has another style or script")
	}
}
