package markdown

import (
	"io"
	"path/filepath"

	"sentinel/internal/output"
	"sentinel/internal/output/figure"
	"sentinel/internal/report"
)

// Format is the value that the catalog lists. Printed, the report has no pictures; as a file it has them beside it.
var Format = output.Format{
	ID: "md", Title: "Markdown", Extension: ".md", Thorough: true,
	Doc:   "the report as Markdown, with its pictures beside it, for wikis and tickets",
	Write: func(w io.Writer, r *report.Report) error { return Write(w, r, Pictures{}) },
	Files: files,
}

func files(stem string, r *report.Report) []output.File {
	pictures := figure.Pictures(r)
	var shown Pictures
	for i, picture := range pictures {
		switch picture.Name {
		case figure.CountryPicture:
			shown.Countries = picture.Name
		case figure.HourPicture:
			shown.Hours = picture.Name
		}
		pictures[i].Name = filepath.Join(filepath.Dir(stem), picture.Name)
	}
	page := output.File{Name: stem + ".md", Write: func(w io.Writer) error { return Write(w, r, shown) }}
	return append([]output.File{page}, pictures...)
}
