package output

import (
	"io"

	"sentinel/internal/report"
)

// Format is one way to hand a report over. It has Write, Files, or both.
type Format struct {
	ID        string // what --report and --format call it
	Title     string
	Doc       string // one sentence: what it is for
	Extension string // with its dot
	Binary    bool   // no text
	Thorough  bool   // for keeps: it tells checksums of the inputs, and sets a baseline beside the capture
	// Write writes the report as one document; nil where it takes several files.
	Write func(io.Writer, *report.Report) error
	// Files lists the files of the report, named after the stem, which may have a directory in front; nil where Write
	// makes the only one.
	Files func(stem string, r *report.Report) []File
}

// File is a file to be written.
type File struct {
	Name  string
	Write func(io.Writer) error
}

// FilesOf lists what writing a report in the format makes.
func (f Format) FilesOf(stem string, r *report.Report) []File {
	if f.Files != nil {
		return f.Files(stem, r)
	}
	return []File{{stem + f.Extension, func(w io.Writer) error { return f.Write(w, r) }}}
}
