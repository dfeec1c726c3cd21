package markdown

import (
	"bytes"
	"html"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"

	"sentinel/internal/output"
)

// FuzzEscape renders escaped text as GitHub does, in a line and in a cell of a table, and wants the text itself and
// nothing more.
func FuzzEscape(f *testing.F) {
	for _, seed := range []string{
		"plain", "<b>", "a|b", "`x`", "[a](b)", "![a](b)", "**x**", "_x_", "~~x~~", "https://evil.example", "www.evil.example",
		"a@b.example", "&lt;", "\\<b\\>", "# x", "- x", "1. x", "> x", "x\n# y", "$x$", "HTTP://X.example", "ftp://x.example", "mailto:a@b.example", "xmpp:a@b.example", "+ x", "= x", "===", "---", "  x  ", "x  ", ":-:", "1) x",
	} {
		f.Add(seed)
	}
	renderer := goldmark.New(goldmark.WithExtensions(extension.GFM))
	f.Fuzz(func(t *testing.T, given string) {
		want := strings.TrimSpace(output.Printable(given))
		escaped := escape(given)
		var line, cell bytes.Buffer
		if err := renderer.Convert([]byte("x "+escaped+" y\n"), &line); err != nil {
			t.Fatal(err)
		}
		if got := html.UnescapeString(line.String()); strings.Join(strings.Fields(got), " ") != strings.Join(strings.Fields("<p>x "+want+" y</p>"), " ") {
			t.Errorf("%q, written %q, shows %q", given, escaped, got)
		}
		if err := renderer.Convert([]byte("| a | b |\n| - | - |\n| "+escaped+" | y |\n"), &cell); err != nil {
			t.Fatal(err)
		}
		if got := html.UnescapeString(cell.String()); strings.Count(got, "<td>") != 2 || !strings.Contains(strings.Join(strings.Fields(got), " "), "<td>"+strings.Join(strings.Fields(want), " ")+"</td>") {
			t.Errorf("%q, written %q, shows the cell %q", given, escaped, got)
		}
	})
}
