package geo_test

import (
	"net/netip"
	"testing"

	"sentinel/internal/geo"
)

func TestCountryName(t *testing.T) {
	for code, want := range map[string]string{
		"": "Unknown", "PT": "Portugal", "US": "United States", "GB": "United Kingdom", "MK": "North Macedonia",
		"SZ": "Eswatini", "XK": "Kosovo", "A1": "Anonymous proxy", "A2": "Satellite provider",
		"O1": "Other country", "EU": "Europe", "AP": "Asia/Pacific", "AN": "Netherlands Antilles",
		"QQ": "QQ", "not a code": "not a code",
	} {
		if got := geo.CountryName(code); got != want {
			t.Errorf("CountryName(%q) = %q, want %q", code, got, want)
		}
	}
}

// TestEveryLegacyCodeHasAName asks a file that holds every number of libGeoIP's.
func TestEveryLegacyCodeHasAName(t *testing.T) {
	file := legacyFile{edition: 1, width: 3, begin: 0xffff00, leaves: map[string]uint32{}}
	for number := range uint32(256) {
		file.leaves[netip.PrefixFrom(netip.AddrFrom4([4]byte{192, 0, 2, byte(number)}), 32).String()] = number
	}
	db := open(t, file.bytes())
	for number := 1; number < 256; number++ {
		code := db.Country(netip.AddrFrom4([4]byte{192, 0, 2, byte(number)}))
		if name := geo.CountryName(code); len(code) != 2 || name == code {
			t.Errorf("number %d: code %q, name %q", number, code, name)
		}
	}
}

func TestPrivate(t *testing.T) {
	for address, want := range map[string]bool{
		"10.1.2.3": true, "172.16.0.1": true, "172.31.255.255": true, "172.32.0.1": false, "192.168.1.1": true,
		"127.0.0.1": true, "169.254.1.1": true, "224.0.0.251": true, "239.255.255.250": true, "255.255.255.255": true,
		"100.64.0.1": true, "100.63.255.255": false, "100.128.0.0": false, "0.0.0.0": true, "198.18.0.1": true,
		"8.8.8.8": false, "192.0.2.1": false, "203.0.113.1": false, "::ffff:10.0.0.1": true, "::ffff:8.8.8.8": false,
		"::": true, "::1": true, "::2": false, "fe80::1%eth0": true, "fd00::1": true, "fc00::1": true, "ff02::1": true,
		"2001:db8::1": false, "2606:4700::1": false, "64:ff9b::808:808": false,
	} {
		if got := geo.Private(netip.MustParseAddr(address)); got != want {
			t.Errorf("Private(%s) = %v, want %v", address, got, want)
		}
	}
	if geo.Private(netip.Addr{}) {
		t.Error("Private of an invalid address is true")
	}
}
