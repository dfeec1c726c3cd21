package html_test

import (
	"strings"
	"testing"

	"sentinel/internal/output"
	"sentinel/internal/output/html"
	"sentinel/internal/output/outputtest"
)

// Captured text is text, wherever it stands.
func TestHostileText(t *testing.T) {
	for name, text := range outputtest.Hostile {
		t.Run(name, func(t *testing.T) {
			page := outputtest.Bytes(t, html.Write, outputtest.Spoiled(text))
			outputtest.Plain(t, page)
			nest(t, page)
			tree := parsed(t, page)
			selfContained(t, tree)
			linked(t, tree)
			if seen := strings.Count(textOf(tree), output.Printable(text)); seen < 10 {
				t.Errorf("the text is to be seen %d times, want it wherever it stood", seen)
			}
			if strings.Contains(string(page), strings.Repeat("x", 2500)) {
				t.Error("a text without end is shown without end")
			}
		})
	}
}

// An ID or a detector of odd characters gives no odd link.
func TestHostileAnchor(t *testing.T) {
	for name, text := range outputtest.Hostile {
		r := outputtest.Full()
		r.Findings[0].ID, r.Findings[1].Detector = text, text
		tree := parsed(t, outputtest.Bytes(t, html.Write, r))
		t.Run(name, func(t *testing.T) {
			selfContained(t, tree)
			linked(t, tree)
		})
	}
}
