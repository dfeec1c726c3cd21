// Package input finds the files that a user names and recognises what each holds, by content and not by name.
package input

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

// Stdin is the name under which a user gives standard input.
const Stdin = "-"

// Error is trouble with one input. Hint says what to do next; it may be empty, or several lines.
type Error struct {
	Name string
	Hint string
	Err  error
}

func (e *Error) Error() string { return e.Name + ": " + e.Err.Error() }
func (e *Error) Unwrap() error { return e.Err }

// cause takes the path off an error of the file system, since Error names the file already.
func cause(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

func missingHint(name string, err error) string {
	if !errors.Is(err, fs.ErrNotExist) {
		return ""
	}
	dir := filepath.Dir(name)
	if _, err := os.Stat(dir); err != nil {
		return "there is no directory " + dir
	}
	if near := nearestFile(name); near != "" {
		return "did you mean " + near + "?"
	}
	return "check its spelling and the directory that you are in"
}

// nearestFile finds a file in the same directory whose name differs only in case or ending.
func nearestFile(name string) string {
	entries, err := os.ReadDir(filepath.Dir(name))
	if err != nil {
		return ""
	}
	stem := func(s string) string { s, _, _ = strings.Cut(strings.ToLower(s), "."); return s }
	for _, entry := range entries {
		if !entry.IsDir() && stem(entry.Name()) == stem(filepath.Base(name)) {
			return filepath.Join(filepath.Dir(name), entry.Name())
		}
	}
	return ""
}

// Literal gives a file whose name an engine could take for a pattern or an address, or that is not UTF-8, another
// path below dir; where none can be made, the file keeps its own.
func (f *File) Literal(dir string) { f.Path = literal(f.Path, dir) }

// literal gives a file whose name an engine could take for a pattern or an address, or that is not UTF-8,
// another name below dir; where none can be made, the file keeps its own.
func literal(name, dir string) string {
	if utf8.ValidString(name) && !strings.ContainsAny(name, "*?[:") {
		return name
	}
	target, err := filepath.Abs(name)
	if err != nil {
		return name
	}
	below, err := os.MkdirTemp(dir, "name-*")
	if err != nil {
		return name
	}
	link := filepath.Join(below, "capture")
	if os.Symlink(target, link) != nil {
		return name
	}
	return link
}
