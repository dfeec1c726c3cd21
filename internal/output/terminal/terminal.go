// Package terminal writes a report for people at a terminal.
package terminal

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/jedib0t/go-pretty/v6/text"

	"sentinel/internal/output"
	"sentinel/internal/report"
)

// Options fit the report to a terminal.
type Options struct {
	Width  int  // cells
	Colour bool // escape sequences are allowed
	Rows   int  // of a table; 0: all
}

// Write writes the report: what was read, then each section that was asked for, in the original's order.
func Write(w io.Writer, r *report.Report, options Options) error {
	buffered := bufio.NewWriter(w)
	p := &printer{Writer: buffered, report: r, Options: options, fit: shorten}
	p.inputs()
	p.summary()
	p.findings()
	p.comparison()
	p.exfiltration()
	p.botnet()
	p.countries()
	p.hours()
	p.talkers()
	p.ports()
	p.quality()
	p.notes()
	return buffered.Flush()
}

// printer writes to a buffer that remembers its first error.
type printer struct {
	*bufio.Writer
	Options
	report *report.Report
	fit    func(cell string, width int) string // makes a cell of a wide column narrower
}

func (p *printer) paint(colours text.Colors, s string) string {
	if !p.Colour {
		return s
	}
	lines := strings.Split(s, "\n")
	for i, line := range lines { // a pager forgets colours at the end of a line
		lines[i] = colours.Sprint(line)
	}
	return strings.Join(lines, "\n")
}

func (p *printer) printf(format string, args ...any) { fmt.Fprintf(p, format, args...) }

// heading opens a section with its title and a word on what it shows.
func (p *printer) heading(title, about string) {
	p.printf("\n%s\n", p.paint(text.Colors{text.Bold}, title))
	if about != "" {
		p.printf("%s\n", p.paint(text.Colors{text.Faint}, wrap(about, p.Width)))
	}
}

// wrap breaks text at blanks so that no line is wider than width.
func wrap(s string, width int) string {
	lines := strings.Split(text.WrapSoft(s, max(width, 20)), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " ")
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n")
}

func (p *printer) inputs() {
	for _, input := range p.report.Inputs {
		format := input.Format
		if input.Compression != "" {
			format += ", " + input.Compression
		}
		p.printf("%s (%s)\n", p.paint(text.Colors{text.Bold}, output.Printable(input.Path)), format)
		p.detail("%s, %s to %s UTC", made(input), p.report.Time(input.First), p.report.Time(input.Last))
		if input.Clock != "" {
			p.detail("timestamp: %s", input.Clock)
		}
		if renamed := renamedColumns(input.Columns); renamed != "" {
			p.detail("columns: %s", renamed)
		}
		if len(input.Ignored) > 0 {
			p.detail("ignored columns: %s", output.Printable(strings.Join(input.Ignored, ", ")))
		}
		if len(input.Skipped) > 0 {
			p.detail("skipped: %s", output.PrintableLong(output.Skipped(input.Skipped)))
		}
		if input.Filled > 0 {
			p.detail("missing byte counts or ports taken as 0 in %s flows", output.Count(input.Filled))
		}
		for _, note := range input.Notes {
			p.detail("%s", output.PrintableLong(withHint(note)))
		}
	}
	for _, failure := range p.report.Failures {
		what := "not read: "
		if failure.Partial {
			what = "not read to its end: "
		}
		p.printf("%s: %s\n", p.paint(text.Colors{text.Bold, text.FgRed}, what+output.Printable(failure.Path)), output.Printable(failure.Reason))
		if failure.Hint != "" {
			p.detail("hint: %s", output.Printable(failure.Hint))
		}
	}
}

// made tells what an input holds, and of what its flows were made.
func made(input report.Input) string {
	text := output.Counted(input.Flows, "flow")
	if input.Unit != "" {
		text += fmt.Sprintf(" out of %s %s", output.Count(input.Records), input.Unit)
	}
	if input.Lookups > 0 {
		text += " and " + output.Counted(input.Lookups, "DNS question")
	}
	return text
}

func withHint(note report.Note) string {
	if note.Hint == "" {
		return note.Text
	}
	return note.Text + " (" + note.Hint + ")"
}

// detail writes a line below an input, broken where it is too wide.
func (p *printer) detail(format string, args ...any) {
	for _, line := range strings.Split(wrap(fmt.Sprintf(format, args...), p.Width-2), "\n") {
		p.printf("  %s\n", strings.TrimRight(line, " "))
	}
}

// renamedColumns tells what columns of other names were taken for.
func renamedColumns(columns []report.Column) string {
	var parts []string
	for _, column := range columns {
		switch {
		case column.Field == "":
			parts = append(parts, column.Name+" = 0")
		case !column.Usual:
			parts = append(parts, column.Name+" = "+output.Printable(column.Field))
		}
	}
	return strings.Join(parts, ", ")
}

func (p *printer) summary() {
	s := p.report.Summary
	p.printf("\n%s of %s to %s over %s, %s up and %s down\n",
		output.Counted(s.Flows, "flow"), output.Counted(s.Hosts, "host"), output.Counted(s.Servers, "server"), p.report.Span(s.First, s.Last),
		output.Bytes(s.UpBytes), output.Bytes(s.DownBytes))
	p.internal()
	p.overTime()
}

// overTime draws how the flows came, where that was measured.
func (p *printer) overTime() {
	line := p.report.Timeline
	if line == nil || len(line.Flows) < 2 {
		return
	}
	first, last := p.report.Time(line.Start), p.report.Time(line.Start+int64(len(line.Flows))*line.Step)
	drawn := sparkline(line, min(p.Width, mostSpark))
	p.printf("\n%s\n", strings.TrimRight(p.paint(text.Colors{text.FgCyan}, drawn), " "))
	gap := utf8.RuneCountInString(drawn) - len(first) - len(last)
	if gap < 1 {
		p.printf("%s to %s\n", first, last)
		return
	}
	p.printf("%s\n", p.paint(text.Colors{text.Faint}, first+strings.Repeat(" ", gap)+last))
}

// mostSpark is how wide a timeline is drawn at most: the eye follows no longer line.
const mostSpark = 96

// internal tells what stayed inside.
func (p *printer) internal() {
	s := p.report.Summary
	if len(s.Internal.Networks) == 0 {
		return
	}
	var networks []string
	for _, network := range s.Internal.Networks {
		networks = append(networks, network.String())
	}
	p.printf("internal: %s in %s", output.Counted(s.Internal.Hosts, "host"), strings.Join(networks, ", "))
	if s.Internal.Flows != nil {
		p.printf("; %s of the flows stay inside", output.Share(*s.Internal.Flows, s.Flows))
	}
	p.printf("\n")
}

func (p *printer) notes() {
	for _, note := range p.report.Notes {
		p.printf("\n%s\n", wrap("note: "+output.Printable(note.Text), p.Width))
		if note.Hint != "" {
			p.printf("%s\n", wrap("hint: "+output.Printable(note.Hint), p.Width))
		}
	}
}
