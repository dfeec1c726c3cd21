// Command textpicture draws what a command printed on a terminal as SVG: standard input to standard output.
// The first argument is the command line to show above it. It knows the escape sequences for bold, faint and some colours.
package main

import (
	"bufio"
	"cmp"
	"fmt"
	"html"
	"io"
	"os"
	"regexp"
	"strings"
	"unicode/utf8"
)

// Sizes in pixels. Text is stretched to whole cells, so that columns align in any monospaced font.
const (
	cellWidth  = 7.8
	lineHeight = 17
	fontSize   = 13
	margin     = 18
	barHeight  = 30 // of the window's upper edge
)

func main() {
	if err := draw(os.Stdin, os.Stdout, strings.Join(os.Args[1:], " ")); err != nil {
		fmt.Fprintln(os.Stderr, "textpicture:", err)
		os.Exit(1)
	}
}

func draw(r io.Reader, w io.Writer, command string) error {
	lines := []string{"\x1b[1m$ " + command + "\x1b[0m"}
	scanner := bufio.NewScanner(r)
	for scanner.Scan() {
		lines = append(lines, strings.TrimRight(scanner.Text(), "\r"))
	}
	if err := scanner.Err(); err != nil {
		return err
	}
	for lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	columns := 0
	for _, line := range lines {
		columns = max(columns, cells(line))
	}
	out := bufio.NewWriter(w)
	width, height := 2*margin+float64(columns)*cellWidth, barHeight+2*margin+len(lines)*lineHeight
	fmt.Fprintf(out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %d" width="%.0f" height="%d" font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="%d" fill="#d5dbe3">
<rect width="100%%" height="100%%" rx="8" fill="#1c232d"/>
<g fill="#48525f"><circle cx="20" cy="16" r="5"/><circle cx="38" cy="16" r="5"/><circle cx="56" cy="16" r="5"/></g>
`, width, height, width, height, fontSize)
	for i, line := range lines {
		drawLine(out, line, barHeight+margin+i*lineHeight)
	}
	fmt.Fprintln(out, "</svg>")
	return out.Flush()
}

var (
	escape = regexp.MustCompile("\x1b\\[([0-9;]*)m")
	gap    = regexp.MustCompile(` {2,}`)
)

// codes are the colours of escape sequences (ECMA-48, 8.3.117) as the picture has them.
var codes = map[string]struct{ fill, ground string }{
	"1": {fill: "#ffffff"}, "2": {fill: "#8b96a5"}, "31": {fill: "#ff7b72"}, "32": {fill: "#7ee787"}, "33": {fill: "#e3b341"},
	"36": {fill: "#76c7d6"}, "97": {fill: "#ffffff"}, "41": {ground: "#c0392b"},
}

// look is how a run of text looks.
type look struct {
	bold         bool
	fill, ground string
}

func lookOf(sequence string) (l look) {
	for code := range strings.SplitSeq(sequence, ";") {
		colour := codes[code]
		l.bold = l.bold || code == "1"
		l.fill = cmp.Or(colour.fill, l.fill)
		l.ground = cmp.Or(colour.ground, l.ground)
	}
	return l
}

// attributes writes a look as those of an SVG text.
func (l look) attributes() (list string) {
	if l.bold {
		list += ` font-weight="bold"`
	}
	if l.fill != "" {
		list += ` fill="` + l.fill + `"`
	}
	return list
}

// drawLine sets each run of one style, and within it each stretch between wide gaps, at its own column.
func drawLine(w io.Writer, line string, y int) {
	column, style := 0, look{}
	for line != "" {
		text, rest := line, ""
		at := escape.FindStringSubmatchIndex(line)
		if at != nil {
			text, rest = line[:at[0]], line[at[1]:]
		}
		start := 0
		for _, space := range append(gap.FindAllStringIndex(text, -1), []int{len(text), len(text)}) {
			drawRun(w, text[start:space[0]], column+utf8.RuneCountInString(text[:start]), y, style)
			start = space[1]
		}
		column += utf8.RuneCountInString(text)
		if at != nil {
			style = lookOf(line[at[2]:at[3]])
		}
		line = rest
	}
}

// drawRun sets text from a column; blocks, of which bars are made, become rectangles.
func drawRun(w io.Writer, text string, column, y int, style look) {
	blocks := 0.0 // cells: the full block is one, each after it an eighth less
	for _, r := range text {
		if r < '█' || r > '▏' {
			break
		}
		blocks += float64('▏'-r+1) / 8
	}
	x := margin + float64(column)*cellWidth
	if blocks > 0 {
		fmt.Fprintf(w, `<rect x="%.1f" y="%d" width="%.1f" height="%d" fill="#5b9bd5"/>`+"\n", x, y-fontSize+2, blocks*cellWidth, fontSize)
		return
	}
	if text = strings.TrimRight(text, " "); strings.TrimSpace(text) == "" {
		return
	}
	lead := len(text) - len(strings.TrimLeft(text, " "))
	text = text[lead:]
	x += float64(lead) * cellWidth
	width := float64(utf8.RuneCountInString(text)) * cellWidth
	if style.ground != "" {
		fmt.Fprintf(w, `<rect x="%.1f" y="%d" width="%.1f" height="%d" fill="%s"/>`+"\n", x-2, y-fontSize+1, width+4, fontSize+3, style.ground)
	}
	fmt.Fprintf(w, `<text x="%.1f" y="%d" textLength="%.1f"%s>%s</text>`+"\n", x, y, width, style.attributes(), html.EscapeString(text))
}

// cells is how wide a line is.
func cells(line string) int { return utf8.RuneCountInString(escape.ReplaceAllString(line, "")) }
