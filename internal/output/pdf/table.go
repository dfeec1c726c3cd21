package pdf

import (
	"fmt"

	"sentinel/internal/output"
)

// column is one column of a table. Widths are shares of the width of the page.
type column struct {
	title string
	width float64
	right bool
}

// Bounds of a table: the rows that are shown, and the lines that a cell may take.
const (
	mostRows  = 100
	mostLines = 12
)

const padding = 1.2

// table sets rows under a header, which every page repeats.
func (s *sheet) table(columns []column, rows [][]string) {
	widths := widthsOf(columns)
	s.need(20)
	s.header(columns, widths)
	for i, row := range rows {
		if i == mostRows {
			s.remark(fmt.Sprintf("… and %s more rows, which the other formats have.", output.Count(int64(len(rows)-mostRows))))
			break
		}
		s.row(columns, widths, row)
	}
	s.Ln(2)
}

func widthsOf(columns []column) []float64 {
	total, widths := 0.0, make([]float64, len(columns))
	for _, c := range columns {
		total += c.width
	}
	for i, c := range columns {
		widths[i] = c.width / total * inner
	}
	return widths
}

func (s *sheet) header(columns []column, widths []float64) {
	s.letters(bold, small, faint)
	s.fill(shade)
	y := s.GetY()
	s.Rect(margin, y, inner, 5.5, "F")
	x := float64(margin)
	for i, c := range columns {
		s.SetXY(x+padding, y+0.6)
		s.CellFormat(widths[i]-2*padding, line, c.title, "", 0, align(c), false, 0, "")
		x += widths[i]
	}
	s.SetXY(margin, y+6)
}

func align(c column) string {
	if c.right {
		return "R"
	}
	return "L"
}

func (s *sheet) row(columns []column, widths []float64, row []string) {
	const height = 3.7
	s.letters(regular, 8, ink)
	cells, tallest := make([][]string, len(row)), 1
	for i, text := range row {
		cells[i] = s.cut(s.wrapped(legible(text), widths[i]-2*padding))
		tallest = max(tallest, len(cells[i]))
	}
	if s.GetY()+float64(tallest)*height+1.2 > bottom {
		s.AddPage()
		s.header(columns, widths)
		s.letters(regular, 8, ink)
	}
	y, x := s.GetY(), float64(margin)
	for i, lines := range cells {
		for j, text := range lines {
			s.SetXY(x+padding, y+0.4+float64(j)*height)
			s.CellFormat(widths[i]-2*padding, height, text, "", 0, align(columns[i]), false, 0, "")
		}
		x += widths[i]
	}
	s.SetXY(margin, y+float64(tallest)*height+1.2)
	s.SetDrawColor(rule.r, rule.g, rule.b)
	s.SetLineWidth(0.1)
	s.Line(margin, s.GetY()-0.2, margin+inner, s.GetY()-0.2)
}

// cut leaves out what a cell has no room for.
func (s *sheet) cut(lines []string) []string {
	if len(lines) > mostLines {
		return append(lines[:mostLines-1:mostLines-1], "…")
	}
	return lines
}
