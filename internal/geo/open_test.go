package geo_test

import (
	"errors"
	"io/fs"
	"net/netip"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"sentinel/internal/geo"
)

func TestOpenUnknownKind(t *testing.T) {
	for name, test := range map[string]struct{ data, want string }{
		"empty":   {"", "the file is empty"},
		"garbage": {"garbage and more", "first bytes are 6761726261676520"},
		"gzip":    {"\x1f\x8b\x08\x00\x00", "first bytes are 1f8b080000, which is gzip"},
		"text":    {"network,geoname_id\n", "GeoLite2 CSV"},
		"page":    {"<!DOCTYPE html>", "a web page"},
		"marked":  {"garbage\xff\xff\xff\x63", "first bytes are"},
	} {
		t.Run(name, func(t *testing.T) {
			path := write(t, []byte(test.data))
			_, err := geo.Open(path)
			if !errors.Is(err, geo.ErrUnknownKind) || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), path) {
				t.Errorf("Open = %v, want ErrUnknownKind with %q and %s", err, test.want, path)
			}
		})
	}
}

func TestOpenUnreadable(t *testing.T) {
	dir := t.TempDir()
	if _, err := geo.Open(filepath.Join(dir, "none.dat")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Open of no file = %v, want fs.ErrNotExist", err)
	}
	if _, err := geo.Open(dir); err == nil || !strings.Contains(err.Error(), dir) {
		t.Errorf("Open of a directory = %v, want an error with its name", err)
	}
}

func TestInvalidAddress(t *testing.T) {
	for _, data := range [][]byte{countryFile.bytes(), country6File.bytes(), shapes.bytes()} {
		db := open(t, data)
		if country, owner := db.Country(netip.Addr{}), db.Owner(netip.Addr{}); country != "" || owner != (geo.Owner{}) {
			t.Errorf("%s: invalid address = %q, %v, want nothing", db.Info().Edition, country, owner)
		}
	}
	if got := geo.Builtin().Country(netip.Addr{}); got != "" {
		t.Errorf("built-in: invalid address = %q, want nothing", got)
	}
}

func TestOwnerString(t *testing.T) {
	for _, test := range []struct {
		owner geo.Owner
		want  string
	}{
		{geo.Owner{}, ""},
		{geo.Owner{ASN: 1930}, "AS1930"},
		{geo.Owner{Name: "Example"}, "Example"},
		{geo.Owner{ASN: 1930, Name: "Fundacao"}, "AS1930 Fundacao"},
	} {
		if got := test.owner.String(); got != test.want {
			t.Errorf("%+v.String() = %q, want %q", test.owner, got, test.want)
		}
	}
}

// TestConcurrentUse is for the race detector.
func TestConcurrentUse(t *testing.T) {
	databases := []*geo.Database{open(t, countryFile.bytes()), open(t, asnumFile.bytes()), open(t, shapes.bytes()), geo.Builtin()}
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for i := range 200 {
				a := netip.AddrFrom4([4]byte{192, 0, 2, byte(i)})
				for _, db := range databases {
					db.Country(a)
					db.Owner(a)
				}
			}
		})
	}
	wait.Wait()
}
