package pdf

import (
	"fmt"
	"time"

	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"codeberg.org/go-pdf/fpdf"

	"sentinel/internal/report"
)

// Lengths are in millimetres, sizes of letters in points.
const (
	margin     = 18
	pageWidth  = 210
	pageHeight = 297
	inner      = pageWidth - 2*margin
	bottom     = pageHeight - margin
	line       = 4.4 // of body text
	body       = 9
	small      = 7.5
)

type colour struct{ r, g, b int }

var (
	ink   = colour{28, 32, 40}
	faint = colour{110, 116, 128}
	rule  = colour{214, 218, 226}
	shade = colour{244, 246, 249}
	paper = colour{255, 255, 255}
)

const (
	regular = ""
	bold    = "B"
)

// sheet is the paper: it sets text, and turns the page where the next thing would not fit.
type sheet struct {
	*fpdf.Fpdf
	drawn int // pictures so far
}

func newSheet(r *report.Report) *sheet {
	s := &sheet{Fpdf: fpdf.New("P", "mm", "A4", "")}
	s.SetCatalogSort(true)
	s.SetCreationDate(created(r))
	s.SetModificationDate(created(r))
	s.AddUTF8FontFromBytes("sans", regular, liberationsansregular.TTF)
	s.AddUTF8FontFromBytes("sans", bold, liberationsansbold.TTF)
	s.SetTitle("Sentinel traffic report", true)
	s.SetCreator(legible("Sentinel "+r.Provenance.Version), true)
	s.SetLang("en-GB")
	s.SetMargins(margin, margin, margin)
	s.SetAutoPageBreak(false, margin)
	s.SetCellMargin(0)
	s.AliasNbPages("")
	s.SetFooterFunc(s.footer)
	s.AddPage()
	return s
}

// created is the time of the run. Where a report must be reproducible it has none, and the file says the first moment
// of this century.
func created(r *report.Report) time.Time {
	if moment, err := time.Parse(time.RFC3339, r.Provenance.Generated); err == nil {
		return moment.UTC()
	}
	return time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC)
}

func (s *sheet) footer() {
	s.SetY(pageHeight - margin + 4)
	s.letters(regular, small, faint)
	s.CellFormat(inner/2, line, "Sentinel traffic report", "", 0, "L", false, 0, "")
	s.CellFormat(inner/2, line, fmt.Sprintf("page %d of {nb}", s.PageNo()), "", 0, "R", false, 0, "")
}

// letters chooses how the following text looks.
func (s *sheet) letters(weight string, size float64, c colour) {
	s.SetFont("sans", weight, size)
	s.SetTextColor(c.r, c.g, c.b)
}

func (s *sheet) fill(c colour) { s.SetFillColor(c.r, c.g, c.b) }

// need turns the page unless so much height is left on it.
func (s *sheet) need(height float64) {
	if s.GetY()+height > bottom {
		s.AddPage()
	}
}

// heading opens a section, with a bookmark.
func (s *sheet) heading(title string) {
	s.need(30)
	if s.GetY() > margin {
		s.Ln(5)
	}
	s.letters(bold, 14, ink)
	s.Bookmark(title, 0, -1)
	s.CellFormat(inner, 8, title, "", 1, "L", false, 0, "")
	s.SetDrawColor(rule.r, rule.g, rule.b)
	s.SetLineWidth(0.3)
	s.Line(margin, s.GetY(), margin+inner, s.GetY())
	s.Ln(2.5)
}

// subheading opens a part of a section, and stays with what follows.
func (s *sheet) subheading(title string) {
	s.need(25)
	s.Ln(2)
	s.letters(bold, 10, ink)
	s.CellFormat(inner, 6, title, "", 1, "L", false, 0, "")
}

// wrapped breaks a legible text into lines of a width, at the letters that are chosen.
func (s *sheet) wrapped(text string, width float64) []string {
	lines := s.SplitText(text, width)
	if len(lines) == 0 {
		return []string{""}
	}
	return lines
}

// paragraph sets a text over the width between the indent and the margin.
func (s *sheet) paragraph(text string, indent float64) {
	_, size := s.GetFontSize()
	height := max(size*1.35, 3.4)
	for _, part := range s.wrapped(legible(text), inner-indent) {
		s.need(height)
		s.SetX(margin + indent)
		s.CellFormat(inner-indent, height, part, "", 1, "L", false, 0, "")
	}
}

// remark is a paragraph in small grey letters.
func (s *sheet) remark(text string) {
	s.letters(regular, small, faint)
	s.paragraph(text, 0)
}
