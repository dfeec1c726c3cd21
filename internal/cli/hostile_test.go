package cli_test

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

// hostile are texts that an attacker may have put into a capture, its columns or its name.
var hostile = map[string]string{
	"element":        `<script>alert(1)</script><img src=x onerror=alert(2)>`,
	"entity":         `&lt;script&gt;&#60;b&#62;`,
	"table":          `a|b|c`,
	"code":           "`rm -rf`",
	"emphasis":       `**bold** _it_ ~~gone~~ # title`,
	"link":           `[click](javascript:alert(1))`,
	"end of link":    `](javascript:alert(1))`,
	"picture":        `![x](https://evil.example/x.png)`,
	"autolink":       `<https://evil.example/>`,
	"bare link":      `https://evil.example/a`,
	"bare www":       `www.evil.example`,
	"mail":           `mallory@evil.example`,
	"reference":      `[a]: https://evil.example`,
	"escape":         "\x1b[31mred\x1b]0;title\x07\x1b[2J",
	"C1 escape":      "\u009b31m\u009d0;x\u009c",
	"right to left":  "abc\u202egpj.exe\u2066x\u2069",
	"newline":        "a\n# b\r\n> c",
	"null":           "a\x00b",
	"zero width":     "goo\u200bgle\ufeff\u00ad",
	"line separator": "a\u2028b\u2029c",
	"long":           strings.Repeat("x", 10_000),
	"backslash":      `a\|b\`,
	"mathematics":    `$x$ $$y$$`,
	"formula":        `=1+1`,
}

// quoted writes a CSV field.
func quoted(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

// In the rows, in the names of columns.
func TestHostileCapture(t *testing.T) {
	t.Chdir(t.TempDir())
	columns, rows := csvHeader+",sni", ""
	for name, evil := range hostile {
		columns += "," + quoted(name+strings.ReplaceAll(evil, "\x00", ""))
		rows += "0,192.168.104.1,192.168.104.9,tcp,443,1,2," + quoted(evil) + strings.Repeat(",1", len(hostile)) + "\n" +
			"100,192.168.104.2,192.168.104.9," + quoted(evil) + ",443,1,2," + quoted(evil) + strings.Repeat(",1", len(hostile)) + "\n" +
			"300," + quoted(evil) + ",8.8.8.8,tcp,443,1,2,x" + strings.Repeat(",1", len(hostile)) + "\n"
	}
	for i, evil := range slices.Sorted(maps.Values(hostile)) { // a server for each, so that each is the name of one
		rows += fmt.Sprintf("200,192.168.104.2,192.168.104.%d,udp,53,1,2,%s%s\n", i+20, quoted(evil), strings.Repeat(",1", len(hostile)))
	}
	writeFile(t, "day.csv", columns+"\n"+rows)
	plain(t, "terminal", done(t, "analyze", "--reproducible", "--details", "-o", "day.csv"), 400)
	report, err := os.ReadFile("report.md")
	if err != nil {
		t.Fatal(err)
	}
	plain(t, "Markdown", string(report), 4000)
	textOnly(t, report)
	document := parse(t, done(t, "analyze", "--format", "json", "day.csv"))
	if flows := document["summary"].(map[string]any)["flows"]; fmt.Sprint(flows) != fmt.Sprint(3*len(hostile)) {
		t.Errorf("%v flows, expected %d", flows, 3*len(hostile))
	}
}

// In the names of files, in arguments, and so in messages.
func TestHostileNames(t *testing.T) {
	for name, evil := range hostile {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			path := strings.NewReplacer("/", "∕", "\x00", "").Replace(evil)
			path = path[:min(len(path), 200)] + ".csv"
			writeFile(t, path, csvHeader+"\n0,192.168.104.1,8.8.8.8,tcp,443,1,2\n")
			plain(t, "terminal", done(t, "--data", path, "-cv", "-o", "--reproducible"), 400)
			report, err := os.ReadFile("report.md")
			if err != nil {
				t.Fatal(err)
			}
			plain(t, "Markdown", string(report), 4000)
			textOnly(t, report)
			for _, args := range [][]string{{"--data", "no-" + path}, {evil}, {"--data", path, "--map", "src_ip=" + evil}, {"geo", evil}} {
				_, stderr, status := run(t, args...)
				plain(t, "message", stderr, 4500)
				if status != 2 {
					t.Errorf("sentinel %.50q: status %d", args, status)
				}
			}
		})
	}
}

// plain wants UTF-8 without control or formatting characters, in lines of at most that many characters.
func plain(t *testing.T, what, shown string, longest int) {
	t.Helper()
	if !utf8.ValidString(shown) {
		t.Errorf("%s is not UTF-8", what)
	}
	for line := range strings.Lines(shown) {
		if count := utf8.RuneCountInString(line); count > longest {
			t.Errorf("%s has a line of %d characters", what, count)
		}
		for _, r := range strings.TrimSuffix(line, "\n") {
			if unicode.Is(unicode.C, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r) {
				t.Errorf("%s shows %U in %q", what, r, line[:min(len(line), 100)])
				return
			}
		}
	}
}

// pageBreak is the one element that the report itself has.
const pageBreak = `<div style="page-break-after: always;"></div>`

// textOnly renders Markdown as GitHub does, and wants no link and no element but those of the report itself.
func textOnly(t *testing.T, report []byte) {
	t.Helper()
	parsed := goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser().Parse(text.NewReader(report))
	err := ast.Walk(parsed, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch node := node.(type) {
		case *ast.HTMLBlock:
			if got := strings.TrimSpace(string(node.Lines().Value(report))); got != pageBreak {
				t.Errorf("element %q", got)
			}
		case *ast.RawHTML, *ast.Link, *ast.AutoLink, *ast.CodeSpan, *ast.CodeBlock, *ast.FencedCodeBlock:
			t.Errorf("%s: %q", node.Kind(), lineOf(node, report))
		case *ast.Image:
			if destination := string(node.Destination); !strings.HasPrefix(destination, "connectionsx") {
				t.Errorf("picture %q", destination)
			}
		case *ast.Heading:
			if title := string(node.Lines().Value(report)); strings.Contains(title, "title") && node.Level == 1 && !strings.Contains(title, "Sentinel") {
				t.Errorf("heading %q", title)
			}
		}
		return ast.WalkContinue, nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func lineOf(node ast.Node, report []byte) string {
	for node != nil && node.Type() == ast.TypeInline {
		node = node.Parent()
	}
	if node == nil {
		return ""
	}
	return string(node.Lines().Value(report))
}

// A name that is not UTF-8 is refused or shown escaped, and never breaks a message.
func TestFileNameNotUTF8(t *testing.T) {
	t.Chdir(t.TempDir())
	writeFile(t, "a\xff\xfe.csv", csvHeader+"\n0,192.168.104.1,8.8.8.8,tcp,443,1,2\n")
	stdout, stderr, _ := run(t, "analyze", "a\xff\xfe.csv")
	plain(t, "terminal", stdout, 400)
	plain(t, "message", stderr, 400)
	stdout, stderr, _ = run(t, "analyze", "--format", "json", "a\xff\xfe.csv")
	plain(t, "message", stderr, 400)
	if stdout != "" {
		parse(t, stdout)
	}
}
