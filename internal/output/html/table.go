package html

import (
	"fmt"
	"net/netip"
	"strconv"

	"sentinel/internal/output"
	"sentinel/internal/report"
)

// Table is a table that the script can sort, search and fold.
type Table struct {
	ID      string
	Caption string
	Columns []Column
	Rows    [][]Cell
	Total   int // rows that there are, where they may be more
	Folded  int // rows that a screen shows at first; 0 for all
}

// mostRows bounds a table: more is nothing to be read, and the page is one that a mail carries.
const mostRows = 500

// bounded are the first of a list, as many as a table holds, which tells of the others.
func bounded[T any](t *Table, list []T) []T {
	t.Total = len(list)
	return list[:min(len(list), mostRows)]
}

// Left says which rows are missing; it is empty where none is.
func (t Table) Left() string {
	if t.Total <= len(t.Rows) {
		return ""
	}
	return fmt.Sprintf("%s of %s rows are here, the first ones; the JSON report has all.", output.Count(int64(len(t.Rows))), output.Count(int64(t.Total)))
}

// Column is the head of one.
type Column struct {
	Title   string
	Numeric bool // set to the right, and sorted by value, the largest first
}

// Cell is one value.
type Cell struct {
	Text  string
	Value string // to sort by; empty where the text is
	Kind  string // class of the cell; may be empty
}

// searchable is how many rows a table has that one does not take in at a glance.
const searchable = 12

// Searchable tells whether a box to search the table in is worth its place.
func (t Table) Searchable() bool { return len(t.Rows) > searchable }

// usual is how many rows of a long table a screen shows at first.
const usual = 10

func words(titles ...string) (columns []Column) {
	for _, title := range titles {
		columns = append(columns, Column{Title: title})
	}
	return columns
}

func numbers(titles ...string) (columns []Column) {
	for _, title := range titles {
		columns = append(columns, Column{title, true})
	}
	return columns
}

func textCell(text string) Cell { return Cell{Text: output.PrintableLong(text)} }

func nameCell(name string) Cell { return Cell{Text: output.Printable(name), Kind: "name"} }

func countCell(n int64) Cell { return Cell{Text: output.Count(n), Value: strconv.FormatInt(n, 10)} }

func bytesCell(n int64) Cell { return Cell{Text: output.Bytes(n), Value: strconv.FormatInt(n, 10)} }

func shareCell(part, whole int64) Cell {
	return Cell{Text: output.Share(part, whole), Value: strconv.FormatInt(part, 10)}
}

// numberCell has a value that the text rounds or dresses.
func numberCell(text string, value float64) Cell {
	return Cell{Text: text, Value: strconv.FormatFloat(value, 'g', -1, 64)}
}

func timeCell(r *report.Report, micros int64) Cell {
	return Cell{Text: r.Time(micros), Value: strconv.FormatInt(micros, 10), Kind: "time"}
}

// addressCell sorts addresses by value, IPv4 before IPv6.
func addressCell(address netip.Addr) Cell {
	if !address.IsValid() {
		return Cell{Text: "–"}
	}
	return Cell{Text: address.String(), Value: sortable(address), Kind: "address"}
}

// sortable is the address in hexadecimal digits, behind its family.
func sortable(address netip.Addr) string {
	bytes := address.AsSlice()
	return fmt.Sprintf("%02d%x", len(bytes), bytes)
}

// class is how a cell of a column looks.
func class(columns []Column, at int, cell Cell) string {
	if at < len(columns) && columns[at].Numeric {
		return "number"
	}
	return cell.Kind
}
