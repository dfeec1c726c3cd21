package duckdb

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// Cache keeps stores in a directory of the user's, so that a capture need not be read again. Several processes may use
// it at once: a store appears in it whole, and one that is removed stays with those who have it open.
type Cache struct {
	Dir      string // empty: sentinel in the user's directory for caches
	MaxBytes int64  // of all stores together; 0: DefaultCacheBytes
}

// DefaultCacheBytes is what stores may take together: some twenty days of 20 million flows.
const DefaultCacheBytes = 5 << 30

// storeEnding ends the names of stores: key, checksum of the content, ending.
const storeEnding = ".store"

// abandoned is the age at which what a process was making counts as left behind.
const abandoned = 7 * 24 * time.Hour

// dir makes the directory, for the user alone.
func (c Cache) dir() (string, error) {
	dir := c.Dir
	if dir == "" {
		base, err := os.UserCacheDir()
		if err != nil {
			return "", fmt.Errorf("finding the directory for caches: %w", err)
		}
		dir = filepath.Join(base, "sentinel")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	info, err := os.Stat(dir)
	if err == nil && runtime.GOOS != "windows" && info.Mode().Perm()&0o022 != 0 {
		err = fmt.Errorf("%s: others may write to it, so what it holds cannot be trusted; expected the mode 0700", dir)
	}
	return dir, err
}

// Open opens the store of a key; ok tells whether there is one. A file that is not as it was written is removed, before the
// engine has seen any of it.
func (c Cache) Open(ctx context.Context, key Key, options StoreOptions) (store *Store, ok bool, err error) {
	dir, err := c.dir()
	if err != nil || !key.known() {
		return nil, false, err
	}
	for _, found := range stores(dir) {
		if !strings.HasPrefix(filepath.Base(found.path), key.sum+"-") {
			continue
		}
		if found.sound(ctx) {
			if store, err = OpenStore(ctx, found.path, options); err == nil {
				now := time.Now()
				_ = os.Chtimes(found.path, now, now) // else it counts as older than it is
				return store, true, nil
			}
		}
		if ctx.Err() != nil {
			return nil, false, ctx.Err()
		}
		if err := os.Remove(found.path); err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, false, fmt.Errorf("removing a damaged store: %w", err)
		}
	}
	return nil, false, nil
}

// Make keeps what is in the database, and opens it. What cannot be known again, is too large for the cache, or changed while
// it was read, lasts only as long as the store is open; its Kept then tells why.
func (c Cache) Make(ctx context.Context, key Key, db *Database, making ExploreOptions, options StoreOptions) (store *Store, err error) {
	dir, unkept := c.dir()
	if unkept == nil && !key.known() {
		unkept = errors.New("the capture cannot be known again")
	}
	parent := dir
	if unkept != nil {
		parent = options.TempDir // of the system where it is empty
	}
	own, err := os.MkdirTemp(parent, makingPrefix)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(own))
		}
	}()
	path := filepath.Join(own, "store")
	if err := db.Keep(ctx, path, making); err != nil {
		return nil, err
	}
	if unkept == nil {
		var kept string
		if kept, unkept = c.admit(ctx, key, dir, path); unkept == nil {
			c.evict(dir, kept)
			return OpenStore(ctx, kept, options)
		}
	}
	if store, err = OpenStore(ctx, path, options); err != nil {
		return nil, err
	}
	store.own, store.unkept = own, unkept
	return store, nil
}

func (c Cache) most() int64 { return cmp.Or(c.MaxBytes, DefaultCacheBytes) }

// admit moves a store to its place in the cache; the directory that it was in goes.
func (c Cache) admit(ctx context.Context, key Key, dir, path string) (kept string, err error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return "", err
	case info.Size() > c.most():
		return "", fmt.Errorf("it has %d bytes, and the cache takes %d", info.Size(), c.most())
	case !key.holds():
		return "", errors.New("the capture changed while it was read")
	}
	sum, err := checksum(ctx, path)
	if err != nil {
		return "", err
	}
	kept = filepath.Join(dir, key.sum+"-"+sum+storeEnding)
	if err := os.Rename(path, kept); err != nil {
		return "", err
	}
	return kept, os.RemoveAll(filepath.Dir(path))
}

// evict removes the stores that were not used for longest, until the rest takes no more than it may, and what other processes
// left behind. What cannot be removed stays: it may be in use.
func (c Cache) evict(dir, newest string) {
	var total int64
	for _, found := range stores(dir) { // the last used first
		if total += found.size; total > c.most() && found.path != newest {
			if os.Remove(found.path) == nil {
				total -= found.size
			}
		}
	}
	evictNotes(dir)
	left, _ := filepath.Glob(filepath.Join(dir, makingPrefix+"*"))
	for _, path := range left {
		if info, err := os.Lstat(path); err == nil && time.Since(info.ModTime()) > abandoned {
			_ = os.RemoveAll(path)
		}
	}
}

// stored is a file of a cache.
type stored struct {
	path string
	size int64
	used time.Time
}

// stores lists the files of a cache, the last used first.
func stores(dir string) (found []stored) {
	paths, _ := filepath.Glob(filepath.Join(dir, "*"+storeEnding)) // a directory that cannot be read has none
	for _, path := range paths {
		if info, err := os.Lstat(path); err == nil {
			found = append(found, stored{path, info.Size(), info.ModTime()})
		}
	}
	slices.SortFunc(found, func(a, b stored) int { return cmp.Or(b.used.Compare(a.used), cmp.Compare(a.path, b.path)) })
	return found
}

// sound tells whether a file is what its name says, and nobody else's.
func (s stored) sound(ctx context.Context) bool {
	info, err := os.Lstat(s.path)
	if err != nil || !info.Mode().IsRegular() || runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return false
	}
	sum, err := checksum(ctx, s.path)
	return err == nil && strings.HasSuffix(strings.TrimSuffix(s.path, filepath.Ext(s.path)), "-"+sum)
}

// checksum reads a file to its end, which also brings it into memory.
func checksum(ctx context.Context, path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	sum := crc32.New(crc32.MakeTable(crc32.Castagnoli))
	buffer := make([]byte, 1<<20)
	for ctx.Err() == nil {
		n, err := file.Read(buffer)
		sum.Write(buffer[:n])
		if err == io.EOF {
			return fmt.Sprintf("%08x", sum.Sum32()), nil
		}
		if err != nil {
			return "", err
		}
	}
	return "", ctx.Err()
}
