package markdown_test

import (
	"bytes"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer/html"

	"sentinel/internal/output/markdown"
	"sentinel/internal/output/outputtest"
	"sentinel/internal/report"
)

func write(w io.Writer, r *report.Report) error {
	return markdown.Write(w, r, markdown.Pictures{Countries: "countries.png", Hours: "hours.png"})
}

var tag = regexp.MustCompile(`</?[A-Za-z!?][^>]*>`)

// rendered is the report as GitHub shows it, with the elements that stand in it kept, and the list of its elements.
func rendered(t *testing.T, text []byte) (page string, tags []string) {
	t.Helper()
	var shown bytes.Buffer
	if err := goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithRendererOptions(html.WithUnsafe())).Convert(text, &shown); err != nil {
		t.Fatal(err)
	}
	return shown.String(), tag.FindAllString(shown.String(), -1)
}

// Whatever text comes from a capture, the page has the elements of a harmless report, in the same order: no element,
// link, picture, heading or cell is made of it.
func TestHostileTextMakesNoElements(t *testing.T) {
	_, want := rendered(t, outputtest.Bytes(t, write, outputtest.Full()))
	if len(want) < 100 {
		t.Fatalf("%d elements", len(want))
	}
	for name, evil := range outputtest.Hostile {
		t.Run(name, func(t *testing.T) {
			text := outputtest.Bytes(t, write, outputtest.Spoiled(evil))
			outputtest.Plain(t, text)
			page, got := rendered(t, text)
			if !slices.Equal(got, want) {
				t.Errorf("elements differ: %s", firstDifference(got, want))
			}
			if name == "table" && !strings.Contains(page, "<td>a|b|c</td>") { // a cell too many would be left out, not seen
				t.Error("a cell is cut at its bar")
			}
			if strings.Contains(page, strings.Repeat("x", 2100)) {
				t.Error("a text is not cut")
			}
		})
	}
}

func firstDifference(got, want []string) string {
	for i := range got {
		if i >= len(want) || got[i] != want[i] {
			return got[i] + " after " + strings.Join(got[max(0, i-5):i], "")
		}
	}
	return "some are missing"
}

// The check above must be able to fail.
func TestElementsAreSeen(t *testing.T) {
	for _, evil := range []string{"<b>", "[a](b)", "https://evil.example", "# x", "![a](b)"} {
		_, harmless := rendered(t, []byte("| a |\n| - |\n| x |\n\nx\n"))
		if _, got := rendered(t, []byte("| a |\n| - |\n| "+evil+" |\n\n"+evil+"\n")); slices.Equal(got, harmless) {
			t.Errorf("%q makes no element", evil)
		}
	}
}

func TestComparison(t *testing.T) {
	page, _ := rendered(t, outputtest.Bytes(t, write, outputtest.Full()))
	for _, want := range []string{"Against the baseline", "2 of 60 keys changed", "<td>PT</td>", "p = 1e-06", "+5.6"} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q", want)
		}
	}
	if strings.Contains(page, "<td>FR</td>") {
		t.Error("a change that chance explains is shown")
	}
	r := outputtest.Full()
	r.Comparison = nil
	if page, _ := rendered(t, outputtest.Bytes(t, write, r)); strings.Contains(page, "Against the baseline") {
		t.Error("a comparison is shown that nobody made")
	}
}
