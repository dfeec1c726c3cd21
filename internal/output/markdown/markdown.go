// Package markdown writes a report as Markdown, in the order and with the cards of the original's.
package markdown

import (
	"bytes"
	_ "embed"
	"fmt"
	"io"
	"regexp"
	"strings"
	"text/template"

	"sentinel/internal/finding"
	"sentinel/internal/output"
	"sentinel/internal/report"
)

// Pictures are the files that the report shows, relative to it; an empty one is left out.
type Pictures struct{ Countries, Hours string }

// mostCards is how many destinations inside a network have a card of their own; the others are a table.
const mostCards = 25

//go:embed report.md.tmpl
var page string

var parsed = template.Must(template.New("report").Funcs(template.FuncMap{
	"text":    escape,
	"prose":   prose,
	"figure":  func(name string) string { return escape(output.Figure(name)) },
	"count":   output.Count,
	"counted": output.Counted,
	"cards":   func(all []report.Destination) []report.Destination { return all[:min(len(all), mostCards)] },
	"beyond":  func(all []report.Destination) []report.Destination { return all[min(len(all), mostCards):] },
	"bytes":   output.Bytes,
	"ratio":   output.Ratio,
	"rate":    output.Rate,
	"share":   output.Share,
	"origin":  func(place report.Place) string { return escape(output.Origin(place)) },
	"host":    hostName,
	"skips":   func(skipped []report.Skip) string { return escape(output.Skipped(skipped)) },
	"number":  func(i int) int { return i + 1 },
	"after":   func(i int, e *report.Exfiltration) int { return i + 1 + alerts(e) },
	"top":     func(p report.Port) bool { return p.Others == 0 },
	"faint":   faint,
	"shown":   func(f finding.Finding) bool { return f.Severity > finding.Info },
	"title":   func(s finding.Severity) string { return strings.ToUpper(s.String()[:1]) + s.String()[1:] },
	"chance":  output.Chance,
	"code":    code,
	"count64": func(n int) string { return output.Count(int64(n)) },
}).Parse(page))

// code sets text as code; inside it only backticks and line ends mean more than themselves.
func code(text string) string {
	return "`" + strings.ReplaceAll(output.PrintableLong(text), "`", "'") + "`"
}

// faint counts the findings that are too weak to be told.
func faint(findings []finding.Finding) (count int64) {
	for _, f := range findings {
		if f.Severity == finding.Info {
			count++
		}
	}
	return count
}

// alerts counts the cards of exfiltration, which come before those of botnets.
func alerts(e *report.Exfiltration) int {
	if e == nil {
		return 0
	}
	return len(e.Hosts)
}

func hostName(place report.Place) string {
	if place.Name == "" {
		return "Unknown"
	}
	return escape(output.Printable(place.Name))
}

// Write writes the report.
func Write(w io.Writer, r *report.Report, pictures Pictures) error {
	var text bytes.Buffer
	if err := parsed.Execute(&text, struct {
		*report.Report
		Pictures Pictures
	}{r, pictures}); err != nil {
		return fmt.Errorf("writing Markdown: %w", err)
	}
	_, err := w.Write(text.Bytes())
	return err
}

// marks are the characters that Markdown or HTML would read as more than text (CommonMark 0.31, 2.4; GFM 0.29, 6.9).
const marks = "\\`*_{}[]<>#|&~\"$@"

// linkStart finds what GFM turns into a link by itself, up to the character to escape (GFM 0.29, 6.9).
var linkStart = regexp.MustCompile(`(?i)(:)//|\bwww(\.)`)

// escape makes text from a capture stand for itself in a line or a table cell.
func escape(text string) string { return escaped(output.Printable(text)) }

// prose is escape for sentences, which may be longer than a cell.
func prose(text string) string { return escaped(output.PrintableLong(text)) }

func escaped(text string) string {
	special := map[int]bool{}
	for _, span := range linkStart.FindAllStringSubmatchIndex(text, -1) {
		special[max(span[2], span[4])] = true
	}
	var b strings.Builder
	for i, r := range text {
		if special[i] || strings.ContainsRune(marks, r) {
			fmt.Fprintf(&b, "&#%d;", r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}
