package geo_test

import (
	"math/rand/v2"
	"net/netip"
	"testing"

	"sentinel/internal/geo"
)

func TestBuiltin(t *testing.T) {
	db := geo.Builtin()
	for address, want := range map[string]string{
		"193.136.73.21": "PT", "8.8.8.8": "US", "::ffff:8.8.8.8": "US", "3.120.0.1": "DE", "91.198.174.192": "NL",
		"2001:690::1": "PT", "255.255.255.255": "", "::": "",
	} {
		if got := db.Country(netip.MustParseAddr(address)); got != want {
			t.Errorf("Country(%s) = %q, want %q", address, got, want)
		}
	}
	if !db.HasCountries() || db.HasOwners() {
		t.Errorf("HasCountries, HasOwners = %v, %v, want true, false", db.HasCountries(), db.HasOwners())
	}
	if geo.Builtin() != db {
		t.Error("Builtin decodes anew")
	}
}

func TestBuiltinInfo(t *testing.T) {
	want := geo.Info{
		Kind:    geo.KindBuiltin,
		Edition: "@ip-location-db/geo-whois-asn-country-mmdb 2.3.2026061719",
		Built:   "2026-06-17",
		Licence: "CC0-1.0; includes data by the NRO, nro.net, CC BY 4.0",
	}
	if got := geo.Builtin().Info(); got != want {
		t.Errorf("Info() = %+v, want %+v", got, want)
	}
}

// TestBuiltinPlacesNobody: the source placed 192.168.1.1 in Australia and documentation in Japan.
func TestBuiltinPlacesNobody(t *testing.T) {
	for _, address := range []string{
		"10.0.0.1", "172.16.0.1", "192.168.1.1", "192.168.255.255", "127.0.0.1", "169.254.1.1", "100.64.0.1",
		"224.0.0.1", "240.0.0.1", "192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "fd00::1", "fe80::1", "ff02::1",
	} {
		if got := geo.Builtin().Country(netip.MustParseAddr(address)); got != "" {
			t.Errorf("Country(%s) = %q, want none", address, got)
		}
	}
}

// TestBuiltinAgreesWithLegacy guards against a source gone bad: 93.5 % and 91.5 % were measured.
func TestBuiltinAgreesWithLegacy(t *testing.T) {
	for name, asked := range map[string][]netip.Addr{
		"geoip/legacy/GeoIP.dat":   addresses(20_000, random4),
		"geoip/legacy/GeoIPv6.dat": addresses(100_000, randomAssigned6),
	} {
		t.Run(name, func(t *testing.T) {
			_, legacy := published(t, name)
			both, same := 0, 0
			for _, a := range asked {
				ours, theirs := geo.Builtin().Country(a), legacy.Country(a)
				if ours == "" || theirs == "" {
					continue
				}
				both++
				if ours == theirs {
					same++
				}
			}
			if both < 2000 || same*100 < both*89 {
				t.Errorf("%d of %d answers are the same, want 89 %% of 2000 or more", same, both)
			}
			t.Logf("%d of %d answers are the same", same, both)
		})
	}
}

// randomAssigned6 is often in a network that a registry assigned: they begin at the start of its blocks.
func randomAssigned6(r *rand.Rand) netip.Addr {
	blocks := [][2]byte{{0x20, 0x01}, {0x24, 0}, {0x26, 0}, {0x28, 0}, {0x2a, 0}, {0x2c, 0}}
	var bytes [16]byte
	for i := range bytes {
		bytes[i] = byte(r.Uint32())
	}
	block := blocks[r.IntN(len(blocks))]
	bytes[0], bytes[1] = block[0], block[1]|bytes[1]&0x1f
	bytes[3] &= 0xf8
	return netip.AddrFrom16(bytes)
}
