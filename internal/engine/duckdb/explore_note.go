package duckdb

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// noteEnding ends the names of notes: key, checksum of the content, ending.
const noteEnding = ".note"

// Note keeps what a caller knows of a capture beside its store, and goes with it. Without a store there is no note.
func (c Cache) Note(ctx context.Context, key Key, write func(io.Writer) error) (err error) {
	dir, err := c.dir()
	if err != nil || !key.known() || !key.holds() {
		return err
	}
	file, err := os.CreateTemp(dir, makingPrefix+"*"+noteEnding) // for the user alone
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(file.Name()))
		}
	}()
	buffered := bufio.NewWriter(file)
	if err := errors.Join(write(buffered), buffered.Flush(), file.Close()); err != nil {
		return err
	}
	sum, err := checksum(ctx, file.Name())
	if err != nil {
		return err
	}
	return os.Rename(file.Name(), filepath.Join(dir, key.sum+"-"+sum+noteEnding))
}

// Noted reads the note of a key; ok tells whether there is one that is as it was written.
func (c Cache) Noted(ctx context.Context, key Key, read func(io.Reader) error) (ok bool, err error) {
	dir, err := c.dir()
	if err != nil || !key.known() {
		return false, err
	}
	paths, _ := filepath.Glob(filepath.Join(dir, key.sum+"-*"+noteEnding))
	for _, path := range paths {
		if !(stored{path: path}).sound(ctx) {
			_ = os.Remove(path)
			continue
		}
		file, err := os.Open(path)
		if err != nil {
			return false, err
		}
		return true, errors.Join(read(bufio.NewReader(file)), file.Close())
	}
	return false, nil
}

// evictNotes removes the notes whose store is gone.
func evictNotes(dir string) {
	kept := map[string]bool{}
	for _, found := range stores(dir) {
		kept[keyIn(found.path)] = true
	}
	notes, _ := filepath.Glob(filepath.Join(dir, "*"+noteEnding))
	for _, note := range notes {
		if name := filepath.Base(note); !kept[keyIn(name)] && !strings.HasPrefix(name, makingPrefix) {
			_ = os.Remove(note)
		}
	}
}

// keyIn is the key that the name of a store or a note begins with.
func keyIn(path string) string {
	key, _, _ := strings.Cut(filepath.Base(path), "-")
	return key
}
