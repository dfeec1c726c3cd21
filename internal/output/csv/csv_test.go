package csv_test

import (
	"bytes"
	stdcsv "encoding/csv"
	"flag"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"sentinel/internal/output/csv"
	"sentinel/internal/output/outputtest"
	"sentinel/internal/report"
)

var update = flag.Bool("update", false, "renew testdata/full.txt")

// written gives the tables of a report by name, as they are and as a reader of CSV has them.
func written(t *testing.T, r *report.Report) (texts map[string]string, cells map[string][][]string, names []string) {
	t.Helper()
	texts, cells = map[string]string{}, map[string][][]string{}
	for _, file := range csv.Files("day", r) {
		var text bytes.Buffer
		if err := file.Write(&text); err != nil {
			t.Fatal(err)
		}
		rows, err := stdcsv.NewReader(bytes.NewReader(text.Bytes())).ReadAll() // which wants as many cells in every row
		if err != nil {
			t.Fatalf("%s: %v in\n%s", file.Name, err, text.String())
		}
		texts[file.Name], cells[file.Name], names = text.String(), rows, append(names, file.Name)
	}
	return texts, cells, names
}

func TestFull(t *testing.T) {
	texts, _, names := written(t, outputtest.Full())
	var all bytes.Buffer
	for _, name := range names {
		fmt.Fprintf(&all, "%s\n%s", name, strings.ReplaceAll(texts[name], "\r\n", "\n"))
	}
	outputtest.Golden(t, "full.txt", all.Bytes(), *update)
}

// Lines end as RFC 4180 says.
func TestLineEnds(t *testing.T) {
	texts, _, _ := written(t, outputtest.Full())
	for name, text := range texts {
		if strings.Count(text, "\n") != strings.Count(text, "\r\n") || !strings.HasSuffix(text, "\r\n") {
			t.Errorf("%s: line ends of %q", name, text[:min(len(text), 80)])
		}
	}
}

// What was not asked for has no file; what was asked for and is empty has one with its header.
func TestSections(t *testing.T) {
	if _, _, names := written(t, &report.Report{}); names != nil {
		t.Errorf("%v of an empty report", names)
	}
	_, cells, _ := written(t, &report.Report{Detection: &report.Detection{}, Countries: []report.Country{}})
	if len(cells["day-findings.csv"]) != 1 || len(cells["day-countries.csv"]) != 1 {
		t.Errorf("%v", cells)
	}
}

func TestHostileText(t *testing.T) {
	for name, evil := range outputtest.Hostile {
		t.Run(name, func(t *testing.T) {
			texts, cells, _ := written(t, outputtest.Spoiled(evil))
			for file, text := range texts {
				outputtest.Plain(t, []byte(strings.ReplaceAll(text, "\r\n", "\n")))
				for _, row := range cells[file] {
					for _, cell := range row {
						wantHarmless(t, file, cell)
					}
				}
			}
		})
	}
}

// wantHarmless wants a cell that no spreadsheet evaluates, on one line, and of bounded length.
func wantHarmless(t *testing.T, file, cell string) {
	t.Helper()
	if cell != "" && strings.ContainsRune("=+@\t\r", rune(cell[0])) || strings.ContainsAny(cell, "\r\n") {
		t.Errorf("%s: cell %q", file, cell[:min(len(cell), 80)])
	}
	if count := utf8.RuneCountInString(cell); count > 2010 {
		t.Errorf("%s: cell of %d characters", file, count)
	}
}
