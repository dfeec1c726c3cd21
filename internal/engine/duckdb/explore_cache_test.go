package duckdb

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"sentinel/internal/explore"
	"sentinel/internal/explore/exploretest"
	"sentinel/internal/flow"
)

// captureFile is a file that a key can be made of.
func captureFile(t testing.TB, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "capture")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func keyOf(t testing.TB, file string, settings ...string) Key {
	t.Helper()
	key, err := KeyOf([]string{file}, settings...)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// filled makes the store of a few flows in a cache, and gives the one file of it.
func filled(t testing.TB, cache Cache, key Key) string {
	t.Helper()
	db := engineOf(t, Options{Threads: 1}, &list{flows: []flow.Flow{{Start: 60_000_000, SrcIP: testHost, DstIP: testServer, Proto: flow.TCP, DstPort: 443}}})
	defer closed(t, db)
	store, err := cache.Make(t.Context(), key, db, ExploreOptions{Country: exploretest.Country}, StoreOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, store)
	if err := store.Kept(); err != nil {
		t.Fatal(err)
	}
	return store.path
}

func mustFind(t testing.TB, cache Cache, key Key, want bool) {
	t.Helper()
	store, ok, err := cache.Open(t.Context(), key, StoreOptions{})
	if err != nil || ok != want {
		t.Fatalf("found %t, error %v; expected %t", ok, err, want)
	}
	if !ok {
		return
	}
	defer closed(t, store)
	if totals, err := store.Totals(t.Context(), explore.Everything); err != nil || totals.Flows != 1 {
		t.Errorf("%+v, error %v", totals, err)
	}
}

// A capture is known again as long as neither it nor the settings change.
func TestCacheKey(t *testing.T) {
	cache := Cache{Dir: t.TempDir()}
	file := captureFile(t, "one")
	key := keyOf(t, file, "setting")
	mustFind(t, cache, key, false)
	filled(t, cache, key)
	mustFind(t, cache, keyOf(t, file, "setting"), true)
	mustFind(t, cache, keyOf(t, file, "another"), false)
	if err := os.Chtimes(file, time.Unix(1, 0), time.Unix(1, 0)); err != nil {
		t.Fatal(err)
	}
	mustFind(t, cache, keyOf(t, file, "setting"), false)
	if _, err := KeyOf([]string{t.TempDir()}); !errors.Is(err, ErrNoKey) {
		t.Errorf("key of a directory: error %v", err)
	}
}

// Logs are read with others of their directory.
func TestCacheKeyOfLogs(t *testing.T) {
	dir := t.TempDir()
	conn := filepath.Join(dir, "conn.log")
	for _, name := range []string{conn, filepath.Join(dir, "ssl.log")} {
		if err := os.WriteFile(name, []byte("log"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	before := keyOf(t, conn)
	if err := os.WriteFile(filepath.Join(dir, "ssl.log"), []byte("more"), 0o600); err != nil {
		t.Fatal(err)
	}
	if keyOf(t, conn).sum == before.sum {
		t.Error("another log of the directory does not count")
	}
}

// What is in a cache belongs to the user alone.
func TestCacheIsPrivate(t *testing.T) {
	cache := Cache{Dir: filepath.Join(t.TempDir(), "a", "b")}
	path := filled(t, cache, keyOf(t, captureFile(t, "one")))
	for name, want := range map[string]os.FileMode{path: 0o600, cache.Dir: 0o700} {
		info, err := os.Stat(name)
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: mode %v, error %v; expected %v", name, info.Mode(), err, want)
		}
	}
	left, err := os.ReadDir(cache.Dir)
	if err != nil || len(left) != 1 {
		t.Errorf("the directory holds %v, error %v; expected the store alone", left, err)
	}
	if err := os.Chmod(cache.Dir, 0o777); err != nil {
		t.Fatal(err)
	}
	if _, _, err := cache.Open(t.Context(), keyOf(t, captureFile(t, "one")), StoreOptions{}); err == nil {
		t.Error("no error for a directory that anybody may write to")
	}
}

// A store of which any part is damaged, missing or foreign is made anew.
func TestCacheDamage(t *testing.T) {
	for name, damage := range map[string]func(t *testing.T, path string){
		"empty":     func(t *testing.T, path string) { change(t, path, func([]byte) []byte { return nil }) },
		"cut short": func(t *testing.T, path string) { change(t, path, func(b []byte) []byte { return b[:len(b)/2] }) },
		"longer":    func(t *testing.T, path string) { change(t, path, func(b []byte) []byte { return append(b, 0) }) },
		"first bit": func(t *testing.T, path string) { change(t, path, func(b []byte) []byte { b[0] ^= 1; return b }) },
		"a bit in the middle": func(t *testing.T, path string) {
			change(t, path, func(b []byte) []byte { b[len(b)/2] ^= 4; return b })
		},
		"last bit": func(t *testing.T, path string) {
			change(t, path, func(b []byte) []byte { b[len(b)-1] ^= 128; return b })
		},
		"another's": func(t *testing.T, path string) {
			if err := os.Chmod(path, 0o644); err != nil {
				t.Fatal(err)
			}
		},
		"a link": func(t *testing.T, path string) {
			if err := errors.Join(os.Rename(path, path+".moved"), os.Symlink(path+".moved", path)); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			cache := Cache{Dir: t.TempDir()}
			key := keyOf(t, captureFile(t, "one"))
			path := filled(t, cache, key)
			damage(t, path)
			mustFind(t, cache, key, false)
			if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("the damaged file is still there: %v", err)
			}
			filled(t, cache, key)
			mustFind(t, cache, key, true)
		})
	}
}

func change(t *testing.T, path string, edit func([]byte) []byte) {
	t.Helper()
	content, err := os.ReadFile(path)
	if err == nil {
		err = os.WriteFile(path, edit(content), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// A file that has the right checksum but is no store, or of another layout, is no store either.
func TestCacheForeign(t *testing.T) {
	cache := Cache{Dir: t.TempDir()}
	key := keyOf(t, captureFile(t, "one"))
	path := filepath.Join(cache.Dir, "foreign")
	if err := os.WriteFile(path, []byte("not a database"), 0o600); err != nil {
		t.Fatal(err)
	}
	sum, err := checksum(t.Context(), path)
	if err == nil {
		err = os.Rename(path, filepath.Join(cache.Dir, key.sum+"-"+sum+storeEnding))
	}
	if err != nil {
		t.Fatal(err)
	}
	mustFind(t, cache, key, false)
}

// Together stores take no more than they may, and those used last stay.
func TestCacheIsBounded(t *testing.T) {
	cache := Cache{Dir: t.TempDir()}
	var keys []Key
	var size int64
	for i := range 3 {
		keys = append(keys, keyOf(t, captureFile(t, "one")))
		path := filled(t, cache, keys[i])
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		size = max(size, info.Size())
		long := time.Now().Add(time.Duration(i-10) * time.Hour)
		if err := os.Chtimes(path, long, long); err != nil {
			t.Fatal(err)
		}
	}
	mustFind(t, cache, keys[0], true) // used last, from now on
	cache.MaxBytes = 3 * size
	last := keyOf(t, captureFile(t, "one"))
	filled(t, cache, last)
	for key, want := range map[*Key]bool{&keys[0]: true, &keys[1]: false, &keys[2]: true, &last: true} {
		mustFind(t, cache, *key, want)
	}
}

// What cannot be kept answers all the same, and goes when it is closed.
func TestCacheUnkept(t *testing.T) {
	file := captureFile(t, "one")
	changed := keyOf(t, file)
	if err := os.WriteFile(file, []byte("other"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, try := range map[string]struct {
		key  Key
		most int64
	}{
		"no key":    {},
		"too large": {keyOf(t, captureFile(t, "one")), 100},
		"changed":   {changed, 0},
	} {
		t.Run(name, func(t *testing.T) {
			cache, temporary := Cache{Dir: t.TempDir(), MaxBytes: try.most}, t.TempDir()
			db := engineOf(t, Options{Threads: 1}, &list{flows: []flow.Flow{{Start: 60_000_000, SrcIP: testHost, DstIP: testServer}}})
			defer closed(t, db)
			store, err := cache.Make(t.Context(), try.key, db, ExploreOptions{}, StoreOptions{TempDir: temporary})
			if err != nil {
				t.Fatal(err)
			}
			if store.Kept() == nil {
				t.Error("counts as kept")
			}
			if totals, err := store.Totals(t.Context(), explore.Everything); err != nil || totals.Flows != 1 {
				t.Errorf("%+v, error %v", totals, err)
			}
			if err := store.Close(); err != nil {
				t.Error(err)
			}
			for _, dir := range []string{cache.Dir, temporary} {
				if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
					t.Errorf("%s still holds %v, error %v", dir, left, err)
				}
			}
		})
	}
}

// A making that is interrupted leaves neither a store nor anything in the database.
func TestCacheInterrupted(t *testing.T) {
	cache := Cache{Dir: t.TempDir()}
	key := keyOf(t, captureFile(t, "one"))
	db := engineOf(t, Options{Threads: 1}, &list{flows: []flow.Flow{{Start: 60_000_000, SrcIP: testHost, DstIP: testServer}}})
	defer closed(t, db)
	ctx, cancel := context.WithCancel(t.Context())
	making := ExploreOptions{Progress: func(done, _ int) {
		if done == 2 {
			cancel()
		}
	}}
	if _, err := cache.Make(ctx, key, db, making, StoreOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if left, err := os.ReadDir(cache.Dir); err != nil || len(left) > 0 {
		t.Errorf("the cache holds %v, error %v", left, err)
	}
	store, err := cache.Make(t.Context(), key, db, ExploreOptions{}, StoreOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, store)
	mustFind(t, cache, key, true)
}
