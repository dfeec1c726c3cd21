package builtin_test

import (
	"math/rand/v2"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/oschwald/maxminddb-golang/v2"

	"sentinel/internal/geo/builtin"
	"sentinel/internal/geo/reserved"
)

var source = builtin.Source{Package: "example", Version: "1.0", Built: "2026-01-02", Licence: "CC0-1.0"}

type network struct{ prefix, country string }

var networks = []network{
	{"0.0.0.0/8", "PT"}, {"1.0.0.0/8", "PT"}, {"2.0.0.0/8", "DE"}, {"9.0.0.0/24", "US"}, {"9.0.1.0/32", "FR"},
	{"255.0.0.0/8", "JP"},
	{"2001:600::/32", "PT"}, {"2001:601::1:0/112", "DE"}, {"2001:601::2:0/128", "US"}, {"ff00::/8", "FR"},
}

func encode(t testing.TB, networks []network) []byte {
	t.Helper()
	b := builtin.NewBuilder()
	for _, n := range networks {
		if err := b.Add(netip.MustParsePrefix(n.prefix), n.country); err != nil {
			t.Fatal(err)
		}
	}
	data, err := b.Encode(source)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestTable(t *testing.T) {
	table, err := builtin.Decode(encode(t, networks))
	if err != nil {
		t.Fatal(err)
	}
	if table.Source != source {
		t.Errorf("Source = %+v, want %+v", table.Source, source)
	}
	for address, want := range map[string]string{
		"0.0.0.0": "PT", "1.255.255.255": "PT", "2.0.0.0": "DE", "2.255.255.255": "DE", "3.0.0.0": "", "8.255.255.255": "",
		"9.0.0.0": "US", "9.0.0.255": "US", "9.0.1.0": "FR", "9.0.1.1": "", "254.255.255.255": "", "255.0.0.0": "JP", "255.255.255.255": "JP",
		"::": "", "2001:600::": "PT", "2001:600:ffff:ffff:ffff:ffff:ffff:ffff": "PT", "2001:601::": "", "2001:601::1:0": "DE",
		"2001:601::1:ffff": "DE", "2001:601::2:0": "US", "2001:601::2:1": "", "feff::": "", "ff00::": "FR",
		"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff": "FR", "::ffff:1.2.3.4": "",
	} {
		if got := table.Country(netip.MustParseAddr(address)); got != want {
			t.Errorf("Country(%s) = %q, want %q", address, got, want)
		}
	}
	if got := table.Country(netip.Addr{}); got != "" {
		t.Errorf("Country of an invalid address = %q", got)
	}
}

func TestAddRefuses(t *testing.T) {
	for name, last := range map[string]network{
		"a network before the last": {"8.0.0.0/8", "PT"},
		"an overlap":                {"9.0.1.0/24", "PT"},
		"after the end":             {"255.0.0.0/8", "PT"},
		"a long code":               {"2002::/16", "PRT"},
	} {
		b := builtin.NewBuilder()
		for _, n := range networks[:6] {
			if err := b.Add(netip.MustParsePrefix(n.prefix), n.country); err != nil {
				t.Fatal(err)
			}
		}
		if err := b.Add(netip.MustParsePrefix(last.prefix), last.country); err == nil {
			t.Errorf("%s: added", name)
		}
	}
}

func TestDecodeCutShort(t *testing.T) {
	data := encode(t, networks)
	for size := range data {
		if _, err := builtin.Decode(data[:size]); err == nil {
			t.Errorf("cut to %d of %d bytes: decoded", size, len(data))
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(encode(f, networks))
	f.Add(encode(f, nil))
	f.Fuzz(func(_ *testing.T, data []byte) {
		table, err := builtin.Decode(data)
		if err != nil {
			return
		}
		for _, address := range []string{"0.0.0.0", "9.0.0.1", "255.255.255.255", "::", "2001:600::1", "ffff::"} {
			table.Country(netip.MustParseAddr(address))
		}
	})
}

// sources are the folders with the MMDBs that the table was made from, whole or one family each. The
// shared data has IPv4; SENTINEL_GEO_SOURCE names the folder that `npm pack` and tar left (see table.go).
var sources = []string{
	os.Getenv("SENTINEL_GEO_SOURCE"),
	"../../../../shared/data/geoip/npm/ip-location-db-geo-whois-asn-country-mmdb-2.3.2026061719",
}

// TestTableEqualsSource compares every network of the source, both ends and one address inside.
func TestTableEqualsSource(t *testing.T) {
	table, err := builtin.Load()
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for _, folder := range sources {
		files, _ := filepath.Glob(filepath.Join(folder, "geo-whois-asn-country*.mmdb"))
		for _, file := range files {
			compared += compareSource(t, table, file)
		}
	}
	if compared == 0 {
		t.Skip("needs the table's source: " + strings.Join(sources[1:], ", "))
	}
	t.Logf("%d networks compared", compared)
}

func compareSource(t *testing.T, table *builtin.Table, file string) int {
	t.Helper()
	db, err := maxminddb.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	random := rand.New(rand.NewPCG(1, 2))
	count, wrong := 0, 0
	for network := range db.Networks(maxminddb.IncludeNetworksWithoutData()) {
		var want string
		if err := network.DecodePath(&want, "country_code"); err != nil {
			t.Fatal(err)
		}
		if network.Prefix().Addr().Is4() && strings.Contains(file, "ipv6") {
			continue // a file of IPv6 alone says nothing about IPv4
		}
		count++
		for _, a := range samples(network.Prefix(), random) {
			if got := table.Country(a); got != want && !isReserved(a) && wrong < 20 {
				wrong++
				t.Errorf("%s = %q, %s says %q", a, got, file, want)
			}
		}
	}
	return count
}

// samples are the first, the last and a random address of a network.
func samples(p netip.Prefix, random *rand.Rand) []netip.Addr {
	first := p.Masked().Addr()
	last, inside := first.AsSlice(), first.AsSlice()
	for bit := p.Bits(); bit < len(last)*8; bit++ {
		last[bit/8] |= 0x80 >> (bit % 8)
		inside[bit/8] |= byte(random.IntN(2)) << (7 - bit%8)
	}
	l, _ := netip.AddrFromSlice(last)
	i, _ := netip.AddrFromSlice(inside)
	return []netip.Addr{first, l, i}
}

func isReserved(a netip.Addr) bool {
	for _, block := range reserved.Blocks() {
		if block.Contains(a) {
			return true
		}
	}
	return false
}

func BenchmarkLoad(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := builtin.Load(); err != nil {
			b.Fatal(err)
		}
	}
}
