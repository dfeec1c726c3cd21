package pdf_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"sentinel/internal/finding"
	"sentinel/internal/output/outputtest"
	"sentinel/internal/output/pdf"
	"sentinel/internal/report"
)

// saved writes a report to a file.
func saved(t *testing.T, r *report.Report) (path string) {
	t.Helper()
	var content bytes.Buffer
	if err := pdf.Write(&content, r); err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(t.TempDir(), "report.pdf")
	if err := os.WriteFile(path, content.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// The library keeps fonts and pictures in maps; the order in the file must not be theirs.
func TestTheSameReportGivesTheSameBytes(t *testing.T) {
	for range 3 {
		outputtest.Bytes(t, pdf.Write, outputtest.Full())
	}
}

// run runs another program on a file, and skips the test where it is not installed.
func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	program, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("no %s here (Debian: qpdf, poppler-utils)", name)
	}
	out, err := exec.Command(program, args...).CombinedOutput()
	if err != nil {
		t.Errorf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

// text is what a reader of the file can copy out of it, with white space as single blanks.
func text(t *testing.T, path string) string {
	t.Helper()
	return strings.Join(strings.Fields(run(t, "pdftotext", "-layout", path, "-")), " ")
}

func reports() map[string]*report.Report {
	many := outputtest.Full()
	for range 400 {
		many.Findings = append(many.Findings, many.Findings[1])
		many.Botnet.Destinations = append(many.Botnet.Destinations, many.Botnet.Destinations[0])
	}
	undated := outputtest.Full()
	undated.Undated = true
	return map[string]*report.Report{
		"full": outputtest.Full(), "empty": {}, "many": many, "undated": undated,
		"bare":     {Findings: []finding.Finding{{ID: "x-1", Detector: "x", DstPort: -1}}, Detection: &report.Detection{}},
		"sections": {Countries: []report.Country{}, Hours: []report.Hour{}, Ports: []report.Port{}, Talkers: &report.Talkers{}, Comparison: &report.Comparison{}, Quality: &report.Quality{}},
	}
}

// Another program finds the files sound.
func TestFilesAreSound(t *testing.T) {
	for name, r := range reports() {
		t.Run(name, func(t *testing.T) { run(t, "qpdf", "--check", saved(t, r)) })
	}
}

func TestContent(t *testing.T) {
	got := text(t, saved(t, outputtest.Full()))
	for _, want := range []string{
		"Sentinel traffic report", "captures/day one.pcap", "1,234", "192.0.2.10 contacts 203.0.113.7 every 60 s", "T1071.004 DNS", "+0.10 few hosts go there",
		"0.97 of 1", "What would make it go away: it stops being a finding when the contacts end", "tcp.port == 443", "3 hosts act as one",
		"Against the baseline", "Portugal", "Protocols and ports", "7 others", "900.00", "∞", "Without flows from", "9f86d081884c", "Not read to its end: half.pcap",
		"yesterday.pcap", "percentile", "page 1 of ",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q", want)
		}
	}
	if strings.Contains(got, "tries 4 ports") {
		t.Error("a finding of severity info is told")
	}
	if strings.Contains(got, "{nb}") {
		t.Error("the number of pages is not told")
	}
}

// However many findings and rows there are, a report stays one that people print, and says what it leaves out.
func TestManyFindings(t *testing.T) {
	path := saved(t, reports()["many"])
	if got := text(t, path); !strings.Contains(got, "more findings") || !strings.Contains(got, "more rows") {
		t.Error("nothing is said of what is left out")
	}
	info := run(t, "pdfinfo", path)
	for line := range strings.Lines(info) {
		if pages, ok := strings.CutPrefix(line, "Pages:"); ok && len(strings.TrimSpace(pages)) > 2 {
			t.Errorf("%s pages", strings.TrimSpace(pages))
		}
	}
}

func TestHostileText(t *testing.T) {
	for name, evil := range outputtest.Hostile {
		t.Run(name, func(t *testing.T) {
			path := saved(t, outputtest.Spoiled(evil))
			plain := filepath.Join(t.TempDir(), "plain.pdf")
			run(t, "qpdf", "--qdf", "--object-streams=disable", path, plain)
			content, err := os.ReadFile(plain)
			if err != nil {
				t.Fatal(err)
			}
			for _, active := range []string{"/JavaScript", "/JS ", "/URI", "/Launch", "/OpenAction", "/AA ", "/Type /EmbeddedFile"} {
				if bytes.Contains(content, []byte(active)) {
					t.Errorf("the file has %s", active)
				}
			}
			if name == "wide" {
				return // pdftotext marks the direction of Hebrew by itself
			}
			outputtest.Plain(t, []byte(strings.ReplaceAll(run(t, "pdftotext", path, "-"), "\f", "\n")))
		})
	}
}

// What the font lacks is an escape; what it has is itself.
func TestLetters(t *testing.T) {
	r := outputtest.Full()
	r.Findings[0].Title = "Größe ελλ Жук 日 😀 end"
	if got := text(t, saved(t, r)); !strings.Contains(got, `Größe ελλ Жук \u65e5 \U0001f600 end`) {
		t.Errorf("%.600s", got)
	}
}

// The date of the file is that of the run, or the same for all where a report must be reproducible.
func TestDate(t *testing.T) {
	r := outputtest.Full()
	if info := run(t, "pdfinfo", "-isodates", saved(t, r)); !strings.Contains(info, "2001-01-01") {
		t.Error(info)
	}
	r.Provenance.Generated = "2026-03-04T05:06:07Z"
	if info := run(t, "pdfinfo", "-isodates", saved(t, r)); !strings.Contains(info, "2026-03-04T05:06:07Z") {
		t.Error(info)
	}
}
