package geo_test

import (
	"net/netip"
	"os"
	"path/filepath"
	"testing"
	"unicode/utf8"

	"sentinel/internal/geo"
)

// FuzzLegacy changes legacy files.
func FuzzLegacy(f *testing.F) {
	for _, file := range legacyFiles {
		f.Add(file.bytes())
	}
	f.Fuzz(askEverything)
}

// FuzzOpen changes files of every kind.
func FuzzOpen(f *testing.F) {
	f.Add(shapes.bytes())
	f.Add(asnumFile.bytes())
	f.Add([]byte("\x1f\x8b\x08\x00"))
	for _, pattern := range []string{"bad-data/*/*.mmdb", "test-data/MaxMind-DB-*.mmdb"} {
		published, _ := filepath.Glob(maxmindData + pattern)
		for _, path := range published {
			data, err := os.ReadFile(path)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
	f.Fuzz(askEverything)
}

// askEverything opens data and looks addresses up: no panic, and only answers that could be.
func askEverything(t *testing.T, data []byte) {
	db, err := geo.Open(write(t, data))
	if err != nil {
		return
	}
	for _, text := range []string{
		"0.0.0.0", "255.255.255.255", "192.0.2.1", "198.51.100.7", "203.0.113.200", "192.0.2.33", "1.1.1.1", "8.8.8.8",
		"::", "2001:db8::1", "2001:db8:ffff::", "::ffff:192.0.2.1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
	} {
		a := netip.MustParseAddr(text)
		if country := db.Country(a); country != "" && len(country) != 2 {
			t.Errorf("Country(%s) = %q", a, country)
		}
		if owner := db.Owner(a); !utf8.ValidString(owner.Name) || len(owner.Name) > len(data)*3 {
			t.Errorf("Owner(%s) = %q", a, owner)
		}
	}
}
