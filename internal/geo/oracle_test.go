package geo_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"sentinel/internal/geo"
)

// sharedData holds published databases, beside the repository. They are not part of a clone.
const sharedData = "../../../shared/data"

// published opens a database of sharedData, or skips the test.
func published(t testing.TB, name string) (path string, db *geo.Database) {
	t.Helper()
	path = filepath.Join(sharedData, name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("needs the published database: %v", err)
	}
	db, err := geo.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return path, db
}

// needs skips the test where a program is not installed.
func needs(t testing.TB, program, debian string) {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		t.Skipf("needs %s (Debian: %s)", program, debian)
	}
}

// answer is what an oracle can be asked for: the country's code, or the owner.
func answer(db *geo.Database, a netip.Addr) string {
	if db.HasCountries() {
		return db.Country(a)
	}
	return db.Owner(a).String()
}

// TestLibGeoIPRanges asks libGeoIP for every range of the published databases, and compares both ends.
func TestLibGeoIPRanges(t *testing.T) {
	if testing.Short() {
		t.Skip("takes 15 s")
	}
	for _, name := range []string{"geoip/legacy/GeoIP.dat", "geoip/legacy/GeoIPv6.dat", "geoip/asnum/GeoIPASNum.dat"} {
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			path, db := published(t, name)
			count, wrong := 0, 0
			for line := range strings.Lines(libGeoIP(t, path, nil, "ranges")) {
				count++
				ends := strings.SplitN(strings.TrimSuffix(line, "\n"), " ", 3)
				for _, end := range ends[:2] {
					if got := answer(db, netip.MustParseAddr(end)); got != ends[2] && wrong < 20 {
						wrong++
						t.Errorf("%s = %q, libGeoIP says %q", end, got, ends[2])
					}
				}
			}
			if count < 100_000 {
				t.Errorf("libGeoIP told %d ranges, want more than 100,000", count)
			}
			t.Logf("%d ranges compared", count)
		})
	}
}

// TestLibGeoIPRandom asks libGeoIP about random addresses.
func TestLibGeoIPRandom(t *testing.T) {
	for name, random := range map[string]func(*rand.Rand) netip.Addr{
		"geoip/legacy/GeoIP.dat":     random4,
		"geoip/legacy/GeoIPv6.dat":   random6,
		"geoip/asnum/GeoIPASNum.dat": random4,
	} {
		t.Run(filepath.Base(name), func(t *testing.T) {
			path, db := published(t, name)
			compare(t, db, libGeoIP(t, path, addresses(10_000, random)))
		})
	}
}

// TestLibGeoIPGenerated compares the editions that no published file has.
func TestLibGeoIPGenerated(t *testing.T) {
	for name, file := range legacyFiles {
		t.Run(name, func(t *testing.T) {
			random := random4
			if file.wide {
				random = random6
			}
			asked := addresses(500, random)
			for _, prefixes := range []map[string]struct{}{keys(file.leaves), keys(file.names)} {
				for prefix := range prefixes {
					first := netip.MustParsePrefix(prefix).Addr()
					if file.wide == first.Is6() {
						asked = append(asked, first, first.Prev(), first.Next())
					}
				}
			}
			path := write(t, file.bytes())
			compare(t, open(t, file.bytes()), libGeoIP(t, path, asked))
		})
	}
}

func keys[V any](m map[string]V) map[string]struct{} {
	set := map[string]struct{}{}
	for k := range m {
		set[k] = struct{}{}
	}
	return set
}

// compare checks lines of address and answer, and that some answers are known.
func compare(t *testing.T, db *geo.Database, lines string) {
	t.Helper()
	known := 0
	for line := range strings.Lines(lines) {
		address, want, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		if want != "" {
			known++
		}
		if got := answer(db, netip.MustParseAddr(address)); got != want {
			t.Errorf("%s = %q, libGeoIP says %q", address, got, want)
		}
	}
	if known == 0 {
		t.Error("libGeoIP knew none of the addresses")
	}
	t.Logf("%d of the addresses known", known)
}

// libGeoIP runs testdata/libgeoip.py, or skips the test where the library is not installed.
func libGeoIP(t *testing.T, path string, asked []netip.Addr, arguments ...string) string {
	t.Helper()
	needs(t, "python3", "python3")
	var in, stderr bytes.Buffer
	for _, a := range asked {
		fmt.Fprintln(&in, a)
	}
	command := exec.Command("python3", append([]string{"testdata/libgeoip.py", path}, arguments...)...)
	command.Stdin, command.Stderr = &in, &stderr
	out, err := command.Output()
	if strings.Contains(stderr.String(), "libGeoIP.so.1: cannot open") {
		t.Skip("needs libGeoIP.so.1 (Debian: libgeoip1)")
	}
	if err != nil {
		t.Fatalf("libgeoip.py: %v\n%s", err, stderr.String())
	}
	return string(out)
}

func addresses(count int, random func(*rand.Rand) netip.Addr) []netip.Addr {
	r := rand.New(rand.NewPCG(1, 2))
	list := make([]netip.Addr, count)
	for i := range list {
		list[i] = random(r)
	}
	return list
}

func random4(r *rand.Rand) netip.Addr {
	v := r.Uint32()
	return netip.AddrFrom4([4]byte{byte(v >> 24), byte(v >> 16), byte(v >> 8), byte(v)})
}

// random6 keeps to the blocks in use: a registry's, Teredo, 6to4, and IPv4 as mapped and compatible.
func random6(r *rand.Rand) netip.Addr {
	blocks := []string{"2001:600::", "2400::", "2600::", "2a00::", "2c00::", "2800::", "2001::", "2002::", "::ffff:0:0", "::"}
	block := netip.MustParseAddr(blocks[r.IntN(len(blocks))]).As16()
	for i := range 16 {
		if block[i] == 0 && (i >= 12 || block[0] != 0) {
			block[i] = byte(r.Uint32())
		}
		if i == 3 && block[0] == 0x20 && block[1] == 1 {
			block[i] &= 0x0f // thin out, as few of the networks are assigned
		}
	}
	return netip.AddrFrom16(block)
}

// TestGeoIPLookup asks the command itself, which takes an address a run.
func TestGeoIPLookup(t *testing.T) {
	for _, test := range []struct {
		name, command string
		random        func(*rand.Rand) netip.Addr
	}{
		{"geoip/legacy/GeoIP.dat", "geoiplookup", random4},
		{"geoip/asnum/GeoIPASNum.dat", "geoiplookup", random4},
		{"geoip/legacy/GeoIPv6.dat", "geoiplookup6", random6},
	} {
		t.Run(filepath.Base(test.name), func(t *testing.T) {
			needs(t, test.command, "geoip-bin")
			path, db := published(t, test.name)
			eachConcurrently(addresses(400, test.random), func(a netip.Addr) {
				out, err := exec.Command(test.command, "-f", path, a.String()).Output()
				if err != nil {
					t.Errorf("%s %s: %v", test.command, a, err)
				}
				if got, want := answer(db, a), printed(out, db.HasCountries()); got != want {
					t.Errorf("%s = %q, %s says %q", a, got, test.command, want)
				}
			})
		})
	}
}

// printed is the answer in "GeoIP Country Edition: PT, Portugal".
func printed(out []byte, countries bool) string {
	_, text, _ := strings.Cut(strings.TrimSuffix(string(out), "\n"), ": ")
	if text == "IP Address not found" {
		return ""
	}
	if countries {
		text, _, _ = strings.Cut(text, ",")
	}
	return text
}

// TestMMDBLookup asks libmaxminddb's command.
func TestMMDBLookup(t *testing.T) {
	needs(t, "mmdblookup", "mmdb-bin")
	path, db := published(t, iptoasn)
	asked := append(addresses(300, random4), addresses(300, random6)...)
	eachConcurrently(asked, func(a netip.Addr) {
		a = a.Unmap() // mmdblookup takes a mapped address for IPv6, where most publishers have nothing
		// The exit status is 6 for an address that is not in the database.
		out, _ := exec.Command("mmdblookup", "--file", path, "--ip", a.String(), "country_code").Output()
		_, rest, _ := strings.Cut(string(out), `"`)
		want, _, _ := strings.Cut(rest, `"`)
		if got := db.Country(a); got != want {
			t.Errorf("%s = %q, mmdblookup says %q", a, got, want)
		}
	})
}

func eachConcurrently(list []netip.Addr, do func(netip.Addr)) {
	var wait sync.WaitGroup
	turn := make(chan struct{}, 4)
	for _, a := range list {
		turn <- struct{}{}
		wait.Go(func() {
			do(a)
			<-turn
		})
	}
	wait.Wait()
}
