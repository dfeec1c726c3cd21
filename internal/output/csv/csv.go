// Package csv writes a report as tables of comma-separated values, a file each, for spreadsheets.
package csv

import (
	"encoding/csv"
	"io"

	"sentinel/internal/output"
	"sentinel/internal/report"
)

// Format is the value that the register of outputs lists.
var Format = output.Format{
	ID: "csv", Title: "CSV", Thorough: true,
	Doc:       "the tables of the report as CSV, a file each, for spreadsheets; cells that would be formulas are defused",
	Extension: extension, Files: Files,
}

const extension = ".csv"

// table is one file: what follows the stem in its name, its header, and its rows; nil where the report lacks it.
type table struct {
	name   string
	header []string
	rows   func(*report.Report) [][]string
}

// Files lists the tables that the report has.
func Files(stem string, r *report.Report) (files []output.File) {
	for _, table := range tables {
		rows := table.rows(r)
		if rows == nil {
			continue
		}
		files = append(files, output.File{
			Name:  stem + "-" + table.name + extension,
			Write: func(w io.Writer) error { return write(w, table.header, rows) },
		})
	}
	return files
}

// write writes rows with the line ends of RFC 4180, 2. No cell is a formula, and none breaks a line.
func write(w io.Writer, header []string, rows [][]string) error {
	writer := csv.NewWriter(w)
	writer.UseCRLF = true
	if err := writer.Write(header); err != nil {
		return err
	}
	cells := make([]string, len(header))
	for _, row := range rows {
		for i, cell := range row {
			cells[i] = output.Defused(output.PrintableLong(cell))
		}
		if err := writer.Write(cells[:len(row)]); err != nil {
			return err
		}
	}
	writer.Flush()
	return writer.Error()
}

// each makes a row of each element; of a list that was not asked for there is no table.
func each[T any](list []T, row func(T) []string) [][]string {
	if list == nil {
		return nil
	}
	rows := make([][]string, 0, len(list))
	for _, element := range list {
		rows = append(rows, row(element))
	}
	return rows
}
