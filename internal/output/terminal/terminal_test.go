package terminal_test

import (
	"io"
	"slices"
	"strings"
	"testing"

	"sentinel/internal/output/outputtest"
	"sentinel/internal/output/terminal"
	"sentinel/internal/report"
)

func written(t *testing.T, r *report.Report, options terminal.Options) string {
	t.Helper()
	return string(outputtest.Bytes(t, func(w io.Writer, r *report.Report) error { return terminal.Write(w, r, options) }, r))
}

// A pager shows lines one by one, so none leaves a colour to the next.
func TestColoursEndWithTheirLine(t *testing.T) {
	const reset = "\x1b[0m"
	for line := range strings.Lines(written(t, outputtest.Full(), terminal.Options{Width: 50, Colour: true})) {
		if strings.LastIndex(line, "\x1b[") != strings.LastIndex(line, reset) {
			t.Errorf("%q leaves a colour to the next line", line)
		}
	}
}

// What is hidden without details is said to be.
func TestHiddenRowsAreCounted(t *testing.T) {
	r := outputtest.Full()
	r.Comparison.Dimensions[0].Changes = slices.Repeat(r.Comparison.Dimensions[0].Changes, 4)
	short := written(t, r, terminal.Options{Width: 100, Rows: 10})
	for _, want := range []string{"… and 1 of severity info; --details shows all", "… and 3 more; --details shows all"} {
		if !strings.Contains(short, want) {
			t.Errorf("nothing says %q in\n%s", want, short)
		}
	}
	if whole := written(t, r, terminal.Options{Width: 100}); strings.Contains(whole, "--details") {
		t.Error("all rows are shown, and some are said to be hidden")
	}
}
