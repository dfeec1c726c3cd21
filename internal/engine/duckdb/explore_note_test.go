package duckdb

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func notedText(t *testing.T, cache Cache, key Key) (text string, ok bool) {
	t.Helper()
	ok, err := cache.Noted(t.Context(), key, func(r io.Reader) error {
		content, err := io.ReadAll(r)
		text = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return text, ok
}

func note(t *testing.T, cache Cache, key Key, text string) {
	t.Helper()
	if err := cache.Note(t.Context(), key, func(w io.Writer) error { _, err := io.WriteString(w, text); return err }); err != nil {
		t.Fatal(err)
	}
}

func TestNotesGoWithTheirStore(t *testing.T) {
	cache := Cache{Dir: filepath.Join(t.TempDir(), "cache")}
	key := keyOf(t, captureFile(t, "a"))
	store := filled(t, cache, key)
	note(t, cache, key, "known")
	if text, ok := notedText(t, cache, key); !ok || text != "known" {
		t.Errorf("%q, %v", text, ok)
	}
	if _, ok := notedText(t, cache, keyOf(t, captureFile(t, "b"))); ok {
		t.Error("a note of another capture was read")
	}
	if err := os.Remove(store); err != nil {
		t.Fatal(err)
	}
	evictNotes(cache.Dir)
	if _, ok := notedText(t, cache, key); ok {
		t.Error("the note outlived its store")
	}
}

func TestDamagedNotesAreThrownAway(t *testing.T) {
	cache := Cache{Dir: filepath.Join(t.TempDir(), "cache")}
	key := keyOf(t, captureFile(t, "a"))
	filled(t, cache, key)
	note(t, cache, key, "known")
	paths, err := filepath.Glob(filepath.Join(cache.Dir, "*"+noteEnding))
	if err != nil || len(paths) != 1 {
		t.Fatal(paths, err)
	}
	if err := os.WriteFile(paths[0], []byte(strings.ToUpper("known")), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, ok := notedText(t, cache, key); ok {
		t.Error("a damaged note was read")
	}
}
