package geo_test

import (
	"cmp"
	"encoding/json"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sentinel/internal/geo"
)

const maxmindData = sharedData + "/maxmind-db/"

// TestMaxMindSources compares MaxMind's test databases with the JSON they were made from.
func TestMaxMindSources(t *testing.T) {
	for _, name := range []string{
		"GeoLite2-Country", "GeoLite2-City", "GeoLite2-ASN", "GeoIP2-Country", "GeoIP2-City", "GeoIP2-ISP",
		"GeoIP2-Enterprise", "GeoIP2-Precision-Enterprise",
	} {
		t.Run(name, func(t *testing.T) {
			_, db := published(t, "maxmind-db/test-data/"+name+"-Test.mmdb")
			known := 0
			for prefix, source := range maxmindSource(t, name) {
				country, owner := source.answers()
				if got := db.Country(prefix.Addr()); db.HasCountries() && got != country {
					t.Errorf("Country(%s) = %q, want %q", prefix.Addr(), got, country)
				}
				if got := db.Owner(prefix.Addr()); db.HasOwners() && got != owner {
					t.Errorf("Owner(%s) = %+v, want %+v", prefix.Addr(), got, owner)
				}
				if db.HasCountries() && country != "" || db.HasOwners() && owner != (geo.Owner{}) {
					known++
				}
			}
			if known == 0 {
				t.Error("no network of the source is known")
			}
			t.Logf("%d networks compared", known)
		})
	}
}

// maxmindRecord is the part of MaxMind's records that geo answers with.
type maxmindRecord struct {
	Country, RegisteredCountry struct {
		Code string `json:"iso_code"`
	}
	Traits            *maxmindRecord
	ASN               uint32 `json:"autonomous_system_number"`
	Name              string `json:"autonomous_system_organization"`
	ISP, Organization string
}

func (r maxmindRecord) answers() (string, geo.Owner) {
	country := r.Country.Code
	if country == "" {
		country = r.RegisteredCountry.Code
	}
	if r.Traits != nil {
		r = *r.Traits
	}
	if r.Name == "" {
		r.Name = cmp.Or(r.ISP, r.Organization)
	}
	return country, geo.Owner{ASN: r.ASN, Name: r.Name}
}

func maxmindSource(t *testing.T, name string) map[netip.Prefix]maxmindRecord {
	t.Helper()
	text, err := os.ReadFile(maxmindData + "source-data/" + name + "-Test.json")
	if err != nil {
		t.Skipf("needs MaxMind's sources: %v", err)
	}
	var networks []map[netip.Prefix]maxmindRecord
	if err := json.Unmarshal([]byte(strings.ReplaceAll(string(text), `"registered_country"`, `"RegisteredCountry"`)), &networks); err != nil {
		t.Fatal(err)
	}
	merged := map[netip.Prefix]maxmindRecord{}
	for _, network := range networks {
		for prefix, record := range network {
			merged[prefix] = record
		}
	}
	return merged
}

// TestMaxMindBroken opens every file that MaxMind broke on purpose, and asks those that open.
func TestMaxMindBroken(t *testing.T) {
	broken, _ := filepath.Glob(maxmindData + "bad-data/*/*.mmdb")
	for _, pattern := range []string{"*[Bb]roken*.mmdb", "*Invalid*.mmdb"} {
		more, _ := filepath.Glob(maxmindData + "test-data/" + pattern)
		broken = append(broken, more...)
	}
	if len(broken) == 0 {
		t.Skip("needs MaxMind's broken files in " + maxmindData)
	}
	for _, path := range broken {
		t.Run(filepath.Base(path), func(t *testing.T) {
			_, err := geo.Open(path)
			if err == nil {
				t.Fatal("opened")
			}
			if text := err.Error(); !strings.Contains(text, path) || len(text) > 600 {
				t.Errorf("Open = %v, want a line with the file's name", err)
			}
		})
	}
	t.Logf("%d files refused", len(broken))
}
