package geo_test

import (
	"net/netip"
	"strings"
	"testing"

	"sentinel/internal/geo"
)

// shapes is a database with a network for every shape of record that publishers use, and some that
// nobody should.
var shapes = mmdbFile{kind: "Test-Shapes", version: 6, records: map[string]record{
	"192.0.2.0/28":   {"country": record{"iso_code": "PT"}, "registered_country": record{"iso_code": "DE"}},
	"192.0.2.16/28":  {"country_code": "PT"},
	"192.0.2.32/28":  {"country": "PT", "asn": "AS64496", "as_name": "Example", "as_domain": "example.com"},
	"192.0.2.48/28":  {"country": "Portugal", "country_code": "PT", "asn": "AS64496", "as_domain": "example.com"},
	"192.0.2.64/28":  {"autonomous_system_number": uint32(64496), "autonomous_system_organization": "Example"},
	"192.0.2.80/28":  {"registered_country": record{"iso_code": "PT"}},
	"192.0.2.96/28":  {"traits": record{"autonomous_system_number": uint32(64496), "autonomous_system_organization": "Example"}},
	"192.0.2.112/28": {"isp": "Example ISP", "organization": "Example Org"},
	"192.0.2.128/28": {"asn": uint32(64496), "name": "Example"},
	"192.0.2.144/28": {"country_code": "pt"},
	"192.0.2.160/28": {"country_code": "\x1b[", "asn": "AS-EXAMPLE", "name": "not an owner"},
	"192.0.2.176/28": {"country": []any{"PT"}, "autonomous_system_number": record{}, "autonomous_system_organization": uint32(7)},
	"192.0.2.192/28": {"country": record{"iso_code": uint32(7)}, "country_code": "PT"},
	"192.0.2.208/28": {"autonomous_system_number": uint64(1 << 40), "autonomous_system_organization": "Ex\xffample"},
	"2001:db8::/32":  {"country_code": "PT", "autonomous_system_number": uint32(64496)},
}}

func TestMMDB(t *testing.T) {
	example := geo.Owner{ASN: 64496, Name: "Example"}
	db := open(t, shapes.bytes())
	for _, test := range []struct {
		name, address string
		country       string
		owner         geo.Owner
	}{
		{"GeoLite2 Country", "192.0.2.1", "PT", geo.Owner{}},
		{"flat", "192.0.2.17", "PT", geo.Owner{}},
		{"IPinfo", "192.0.2.33", "PT", example},
		{"IPinfo Lite without a name", "192.0.2.49", "PT", geo.Owner{ASN: 64496, Name: "example.com"}},
		{"GeoLite2 ASN", "192.0.2.65", "", example},
		{"registered country", "192.0.2.81", "PT", geo.Owner{}},
		{"Enterprise", "192.0.2.97", "", example},
		{"ISP", "192.0.2.113", "", geo.Owner{Name: "Example ISP"}},
		{"number as a number", "192.0.2.129", "", example},
		{"lower case", "192.0.2.145", "PT", geo.Owner{}},
		{"no code, no number", "192.0.2.161", "", geo.Owner{}},
		{"other types", "192.0.2.177", "", geo.Owner{}},
		{"other type along the first path", "192.0.2.193", "PT", geo.Owner{}},
		{"number too large, name not UTF-8", "192.0.2.209", "", geo.Owner{Name: "Ex\uFFFDample"}},
		{"IPv6", "2001:db8::1", "PT", geo.Owner{ASN: 64496}},
		{"mapped", "::ffff:192.0.2.17", "PT", geo.Owner{}},
		{"no record", "198.51.100.1", "", geo.Owner{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := netip.MustParseAddr(test.address)
			if got := db.Country(a); got != test.country {
				t.Errorf("Country(%s) = %q, want %q", a, got, test.country)
			}
			if got := db.Owner(a); got != test.owner {
				t.Errorf("Owner(%s) = %+v, want %+v", a, got, test.owner)
			}
		})
	}
}

func TestMMDBInfo(t *testing.T) {
	for _, test := range []struct {
		name              string
		record            record
		countries, owners bool
	}{
		{"countries", record{"country_code": "PT"}, true, false},
		{"owners", record{"autonomous_system_number": uint32(64496)}, false, true},
		{"both", record{"country": "PT", "asn": "AS64496"}, true, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			file := mmdbFile{kind: "Test\x1b[31m", version: 4, records: map[string]record{"192.0.2.0/24": test.record}}
			db := open(t, file.bytes())
			want := geo.Info{Path: db.Info().Path, Kind: geo.KindMMDB, Edition: "Test[31m", Built: "2026-01-02"}
			if db.Info() != want {
				t.Errorf("Info() = %+v, want %+v", db.Info(), want)
			}
			if db.HasCountries() != test.countries || db.HasOwners() != test.owners {
				t.Errorf("HasCountries, HasOwners = %v, %v, want %v, %v",
					db.HasCountries(), db.HasOwners(), test.countries, test.owners)
			}
		})
	}
}

func TestMMDBOfIPv4DoesNotKnowIPv6(t *testing.T) {
	file := mmdbFile{kind: "Test", version: 4, records: map[string]record{"0.0.0.0/1": {"country_code": "PT"}}}
	db := open(t, file.bytes())
	if got := db.Country(netip.MustParseAddr("::1.1.1.1")); got != "" {
		t.Errorf("Country = %q, want none", got)
	}
	if got := db.Country(netip.MustParseAddr("1.1.1.1")); got != "PT" {
		t.Errorf("Country = %q, want PT", got)
	}
}

func TestMMDBRefused(t *testing.T) {
	other := mmdbFile{kind: "Test-Proxies", version: 4, records: map[string]record{"192.0.2.0/24": {"is_proxy": "yes"}}}
	deep := record{"country_code": "PT"}
	for range 600 {
		deep = record{"country": deep}
	}
	nested := mmdbFile{kind: "Test", version: 4, records: map[string]record{"192.0.2.0/24": deep}}
	for name, test := range map[string]struct {
		data []byte
		want string
	}{
		"neither countries nor owners": {other.bytes(), "MMDB Test-Proxies holds neither countries nor networks' owners"},
		"nested too deep":              {nested.bytes(), "record of network 192.0.2.0/24"},
		"marker alone":                 {[]byte("\xab\xcd\xefMaxMind.com"), "MMDB: "},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := geo.Open(write(t, test.data))
			if err == nil || !strings.Contains(err.Error(), test.want) || len(err.Error()) > 500 {
				t.Errorf("Open = %v, want an error with %q", err, test.want)
			}
		})
	}
}

func TestMMDBCutShort(t *testing.T) { refusedAtEveryLength(t, shapes.bytes()) }
