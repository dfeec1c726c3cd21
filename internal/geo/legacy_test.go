package geo_test

import (
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sentinel/internal/geo"
)

const (
	portugal = 179 // numbers of libGeoIP
	germany  = 56
)

var (
	countryFile = legacyFile{
		edition: 106, width: 3, begin: 0xffff00, comment: "GEO-106TEST 20260102 Build 1",
		leaves: map[string]uint32{"192.0.2.0/24": portugal, "198.51.100.7/32": germany, "203.0.113.0/24": 255 + 1},
	}
	country6File = legacyFile{
		edition: 12, width: 3, begin: 0xffff00, wide: true,
		leaves: map[string]uint32{"2001:db8::/32": portugal, "::ffff:192.0.2.0/120": germany, "::203.0.113.0/120": portugal},
	}
	largeCountryFile = legacyFile{
		edition: 17, width: 3, begin: 0xfc0000,
		leaves: map[string]uint32{"192.0.2.0/24": portugal},
	}
	asnumFile = legacyFile{
		edition: 9, width: 3, comment: "GEO-117 20260102 Build 1 Copyright (c) 2026 Example",
		names: map[string]string{
			"192.0.2.0/24":    "AS64496 Funda\xe7\xe3o Exemplo",
			"198.51.100.0/24": "AS64497",
			"203.0.113.0/25":  "ASSOCIATION of examples",
		},
	}
	longNameFile = legacyFile{ // not among legacyFiles: libGeoIP reads past its buffer
		edition: 9, width: 3,
		names: map[string]string{"192.0.2.0/24": "AS64498 " + strings.Repeat("x", 400)},
	}
	asnum6File = legacyFile{
		edition: 21, width: 3, wide: true,
		names: map[string]string{"2001:db8::/32": "AS64496 Example"},
	}
	ispFile = legacyFile{
		edition: 4, width: 4,
		names: map[string]string{"192.0.2.0/24": "Example ISP"},
	}
	organization6File = legacyFile{
		edition: 23, width: 4, wide: true,
		names: map[string]string{"2001:db8::/32": "Example Org"},
	}
	cityFile = legacyFile{
		edition: 111, width: 3, // 2, City Rev 1, as commercial files number it
		leaves: map[string]uint32{},
		names:  map[string]string{"192.0.2.0/24": string([]byte{portugal}) + "14\x00Lisbon\x00\x00\x00\x00\x00\x00\x00\x00\x00"},
	}
	city6File = legacyFile{
		edition: 30, width: 3, wide: true,
		names: map[string]string{"2001:db8::/32": string([]byte{germany}) + "16\x00Berlin\x00\x00\x00\x00\x00\x00\x00\x00\x00"},
	}
	region0File = legacyFile{
		edition: 112, width: 3, begin: 16700000,
		leaves: map[string]uint32{"192.0.2.0/24": portugal, "198.51.100.0/24": 1000 + 26*2},
	}
	region1File = legacyFile{
		edition: 108, width: 3, begin: 16000000,
		leaves: map[string]uint32{
			"192.0.2.0/25": 1, "192.0.2.128/25": 676, "198.51.100.0/25": 677, "198.51.100.128/25": 1352,
			"203.0.113.0/25": 1353 + 360*portugal, "203.0.113.128/25": 1353 + 360*portugal + 359,
		},
	}
)

// legacyFiles are all of them, for tests that treat each alike.
var legacyFiles = map[string]legacyFile{
	"country": countryFile, "country6": country6File, "large country": largeCountryFile,
	"asnum": asnumFile, "asnum6": asnum6File, "isp": ispFile, "organization6": organization6File,
	"city": cityFile, "city6": city6File, "region0": region0File, "region1": region1File,
}

func TestLegacyCountry(t *testing.T) {
	for _, test := range []struct {
		name    string
		file    legacyFile
		address string
		want    string
	}{
		{"first of its network", countryFile, "192.0.2.0", "PT"},
		{"last of its network", countryFile, "192.0.2.255", "PT"},
		{"before the network", countryFile, "192.0.1.255", ""},
		{"after the network", countryFile, "192.0.3.0", ""},
		{"one address", countryFile, "198.51.100.7", "DE"},
		{"beside the one address", countryFile, "198.51.100.6", ""},
		{"a number past the last country", countryFile, "203.0.113.1", ""},
		{"mapped", countryFile, "::ffff:192.0.2.1", "PT"},
		{"IPv6 in an IPv4 edition", countryFile, "2001:db8::1", ""},
		{"V6", country6File, "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "PT"},
		{"V6 with zone", country6File, "2001:db8::1%eth0", "PT"},
		{"after the V6 network", country6File, "2001:db9::", ""},
		{"IPv4, mapped in a V6 edition", country6File, "192.0.2.9", "DE"},
		{"IPv4, compatible in a V6 edition", country6File, "203.0.113.9", "PT"},
		{"large", largeCountryFile, "192.0.2.1", "PT"},
		{"city", cityFile, "192.0.2.1", "PT"},
		{"not in city", cityFile, "192.0.3.1", ""},
		{"city V6", city6File, "2001:db8::1", "DE"},
		{"region 0: country", region0File, "192.0.2.1", "PT"},
		{"region 0: state", region0File, "198.51.100.1", "US"},
		{"region 0: none", region0File, "203.0.113.1", ""},
		{"region 1: first state", region1File, "192.0.2.1", "US"},
		{"region 1: last state", region1File, "192.0.2.129", "US"},
		{"region 1: first province", region1File, "198.51.100.1", "CA"},
		{"region 1: last province", region1File, "198.51.100.129", "CA"},
		{"region 1: first region", region1File, "203.0.113.1", "PT"},
		{"region 1: last region", region1File, "203.0.113.129", "PT"},
		{"region 1: none", region1File, "8.8.8.8", ""},
		{"no countries", asnumFile, "192.0.2.1", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			db := open(t, test.file.bytes())
			if got := db.Country(netip.MustParseAddr(test.address)); got != test.want {
				t.Errorf("Country(%s) = %q, want %q", test.address, got, test.want)
			}
		})
	}
}

func TestLegacyOwner(t *testing.T) {
	for _, test := range []struct {
		name    string
		file    legacyFile
		address string
		want    geo.Owner
	}{
		{"Latin-1", asnumFile, "192.0.2.1", geo.Owner{ASN: 64496, Name: "Fundação Exemplo"}},
		{"number alone", asnumFile, "198.51.100.1", geo.Owner{ASN: 64497}},
		{"AS that is no number", asnumFile, "203.0.113.1", geo.Owner{Name: "ASSOCIATION of examples"}},
		{"name of 300 bytes at most", longNameFile, "192.0.2.1", geo.Owner{ASN: 64498, Name: strings.Repeat("x", 292)}},
		{"none", asnumFile, "8.8.8.8", geo.Owner{}},
		{"V6", asnum6File, "2001:db8::1", geo.Owner{ASN: 64496, Name: "Example"}},
		{"records of 4 bytes", ispFile, "192.0.2.1", geo.Owner{Name: "Example ISP"}},
		{"records of 4 bytes, V6", organization6File, "2001:db8::1", geo.Owner{Name: "Example Org"}},
		{"no owners", countryFile, "192.0.2.1", geo.Owner{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			db := open(t, test.file.bytes())
			if got := db.Owner(netip.MustParseAddr(test.address)); got != test.want {
				t.Errorf("Owner(%s) = %q, want %q", test.address, got, test.want)
			}
		})
	}
}

func TestLegacyInfo(t *testing.T) {
	path := write(t, asnumFile.bytes())
	db, err := geo.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	want := geo.Info{
		Path: path, Kind: geo.KindLegacy, Edition: "ASNum (GEO-117)", Built: "2026-01-02",
		Licence: "Copyright (c) 2026 Example",
	}
	if db.Info() != want {
		t.Errorf("Info() = %+v, want %+v", db.Info(), want)
	}
	if db.HasCountries() || !db.HasOwners() {
		t.Errorf("HasCountries, HasOwners = %v, %v, want false, true", db.HasCountries(), db.HasOwners())
	}
}

func TestLegacyRefused(t *testing.T) {
	pastTheEnd := countryFile.bytes()
	pastTheEnd[0], pastTheEnd[1], pastTheEnd[2] = 0, 0, 1
	badLeaf := asnumFile.bytes()
	badLeaf[0], badLeaf[1], badLeaf[2] = 0, 0, 1
	tooManyNodes := asnumFile.bytes()
	tooManyNodes[len(tooManyNodes)-1] = 1
	for _, test := range []struct {
		name, want string
		data       []byte
	}{
		{"unsupported edition", "Domain Name edition (11) holds neither", legacyFile{edition: 11, width: 4}.bytes()},
		{"node past the end", "trie needs 393222 bytes, and has 445", pastTheEnd},
		{"leaf past the end", "record at byte 0 points to byte 65474 of 119", badLeaf},
		{"more nodes than bytes", "nodes need", tooManyNodes},
		{"no number of nodes", "ends before the number of nodes", []byte("xxxxxxxx\xff\xff\xff\x09\x01")},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := write(t, test.data)
			_, err := geo.Open(path)
			if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), path) {
				t.Errorf("Open = %v, want an error with %q and %s", err, test.want, path)
			}
		})
	}
}

func TestLegacyCutShort(t *testing.T) {
	for name, file := range legacyFiles {
		t.Run(name, func(t *testing.T) { refusedAtEveryLength(t, file.bytes()) })
	}
}

func refusedAtEveryLength(t *testing.T, data []byte) {
	t.Helper()
	path := write(t, data)
	if _, err := geo.Open(path); err != nil {
		t.Fatal(err)
	}
	for size := len(data) - 1; size >= 0; size-- {
		if err := os.Truncate(path, int64(size)); err != nil {
			t.Fatal(err)
		}
		if db, err := geo.Open(path); err == nil {
			t.Errorf("cut to %d of %d bytes: opened as %s", size, len(data), db.Info().Edition)
		}
	}
}

func open(t testing.TB, data []byte) *geo.Database {
	t.Helper()
	db, err := geo.Open(write(t, data))
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func write(t testing.TB, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "geo.db")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
