package duckdb

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Key tells stores in a cache apart: by the files that they are of, and what else decides how those are read. The zero
// key is that of a capture which cannot be known again, such as standard input.
type Key struct {
	files    []string
	settings []string
	sum      string
}

// ErrNoKey is the error of a file that cannot be known again.
var ErrNoKey = errors.New("is no regular file")

// KeyOf looks at the size and the time of change of each file, whose content it does not read. Logs are often read
// together with others of their directory, so these count as well.
func KeyOf(files []string, settings ...string) (Key, error) {
	sum := sha256.New()
	write := func(text string) { fmt.Fprintf(sum, "%d:%s", len(text), text) }
	write(fmt.Sprint(storeLayout))
	write(Version())
	for _, setting := range settings {
		write(setting)
	}
	for _, file := range files {
		if err := writeFile(sum, file); err != nil {
			return Key{}, err
		}
	}
	return Key{files, settings, hex.EncodeToString(sum.Sum(nil)[:16])}, nil
}

func writeFile(to io.Writer, name string) error {
	path, err := filepath.Abs(name)
	if err != nil {
		return err
	}
	if err := writeInfo(to, path); err != nil || !strings.Contains(filepath.Base(path), ".log") {
		return err
	}
	beside, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		return err
	}
	for _, entry := range beside {
		if strings.Contains(entry.Name(), ".log") && entry.Type().IsRegular() {
			if err := writeInfo(to, filepath.Join(filepath.Dir(path), entry.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

func writeInfo(to io.Writer, path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s %w", path, ErrNoKey)
	}
	_, err = fmt.Fprintf(to, "%d:%s %d %d", len(path), path, info.Size(), info.ModTime().UnixNano())
	return err
}

// known tells whether a capture can be known again.
func (k Key) known() bool { return k.sum != "" }

// holds tells whether the files are still those that the key was made of.
func (k Key) holds() bool {
	now, err := KeyOf(k.files, k.settings...)
	return err == nil && now.sum == k.sum
}
