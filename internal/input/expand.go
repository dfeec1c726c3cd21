package input

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Candidate is a file to read.
type Candidate struct {
	Name  string
	Found bool // in a directory, rather than named by the user
}

// maxFound bounds what one directory may bring in.
const maxFound = 100_000

// Expand turns the arguments of a command into files: globs become the files that match them, directories the files
// below them, sorted; repeated names count once. An argument that gives nothing is an error of its own; the others
// still count.
func Expand(args []string) (files []Candidate, errs []error) {
	seen := map[string]bool{}
	for _, arg := range args {
		matches, err := expandOne(arg)
		if err != nil {
			errs = append(errs, err)
		}
		for _, match := range matches {
			if !seen[match.Name] {
				seen[match.Name] = true
				files = append(files, match)
			}
		}
	}
	return files, errs
}

func expandOne(arg string) ([]Candidate, error) {
	if arg == "" {
		return nil, &Error{`""`, "the name is empty; perhaps it came from a variable of the shell that is not set", errors.New("is no file name")}
	}
	if info, err := os.Stat(arg); err == nil && info.IsDir() {
		return walk(arg)
	}
	if _, err := os.Lstat(arg); err == nil || arg == Stdin || !strings.ContainsAny(arg, "*?[") {
		return []Candidate{{Name: arg}}, nil
	}
	matches, err := filepath.Glob(arg)
	if err != nil {
		return nil, &Error{arg, "escape [, * and ? with a backslash to mean the characters themselves", err}
	}
	if len(matches) == 0 {
		return nil, &Error{arg, "quote the pattern only if the shell does not expand it as you wish", errors.New("no file matches")}
	}
	slices.Sort(matches)
	return expandMatches(matches)
}

// expandMatches walks the directories among the files that match a pattern.
func expandMatches(matches []string) (files []Candidate, err error) {
	for _, match := range matches {
		if info, err := os.Stat(match); err != nil || !info.IsDir() {
			files = append(files, Candidate{Name: match})
			continue
		}
		below, err := walk(match)
		if err != nil {
			return files, err
		}
		files = append(files, below...)
	}
	return files, nil
}

// walk lists the files below a directory, in the order of their names; hidden ones and links to directories are left
// out.
func walk(dir string) (files []Candidate, err error) {
	err = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		hidden := path != dir && strings.HasPrefix(entry.Name(), ".")
		switch {
		case hidden && entry.IsDir():
			return fs.SkipDir
		case hidden || entry.IsDir() || !isFile(path, entry):
			return nil
		case len(files) == maxFound:
			return fmt.Errorf("holds more than %d files", maxFound)
		}
		files = append(files, Candidate{path, true})
		return nil
	})
	if err != nil {
		return nil, &Error{dir, "name the files themselves, or a directory below it", cause(err)}
	}
	if len(files) == 0 {
		return nil, &Error{dir, "files whose names begin with a dot do not count", errors.New("holds no file")}
	}
	return files, nil
}

// isFile tells whether an entry of a directory is a file, or a link to one.
func isFile(path string, entry fs.DirEntry) bool {
	if entry.Type().IsRegular() {
		return true
	}
	if entry.Type()&fs.ModeSymlink == 0 {
		return false
	}
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}
