// Command generate makes the table of countries out of an MMDB with flat records {country_code}. The
// same source gives the same bytes. Package builtin's go:generate lines show its use.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"net/netip"
	"os"
	"time"

	"github.com/oschwald/maxminddb-golang/v2"

	"sentinel/internal/geo/builtin"
	"sentinel/internal/geo/reserved"
)

func main() {
	manifest := flag.String("package", "package/package.json", "npm manifest of the source")
	out := flag.String("o", "countries.bin", "table to write")
	flag.Parse()
	if err := generate(flag.Arg(0), *manifest, *out); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func generate(mmdb, manifest, out string) error {
	db, err := maxminddb.Open(mmdb)
	if err != nil {
		return fmt.Errorf("open %s: %w", mmdb, err)
	}
	defer db.Close()
	source, err := describe(manifest, db.Metadata.BuildTime())
	if err != nil {
		return err
	}
	table, err := convert(db, source)
	if err != nil {
		return fmt.Errorf("convert %s: %w", mmdb, err)
	}
	return os.WriteFile(out, table, 0o644)
}

func describe(manifest string, built time.Time) (builtin.Source, error) {
	var npm struct{ Name, Version, License string }
	text, err := os.ReadFile(manifest)
	if err != nil {
		return builtin.Source{}, err
	}
	if err := json.Unmarshal(text, &npm); err != nil {
		return builtin.Source{}, fmt.Errorf("parse %s: %w", manifest, err)
	}
	// The package's README asks for this attribution beside the licence that its manifest states.
	licence := npm.License + "; includes data by the NRO, nro.net, CC BY 4.0"
	return builtin.Source{Package: npm.Name, Version: npm.Version, Built: built.UTC().Format(time.DateOnly), Licence: licence}, nil
}

func convert(db *maxminddb.Reader, source builtin.Source) ([]byte, error) {
	builder := builtin.NewBuilder()
	for network := range db.Networks() {
		var country string
		if err := network.DecodePath(&country, "country_code"); err != nil {
			return nil, err
		}
		if err := addPublic(builder, network.Prefix(), country); err != nil {
			return nil, err
		}
	}
	return builder.Encode(source)
}

// addPublic adds the parts of a network that lie outside the special-purpose blocks.
func addPublic(b *builtin.Builder, p netip.Prefix, country string) error {
	for _, block := range reserved.Blocks() {
		if block.Overlaps(p) && block.Bits() <= p.Bits() {
			return nil
		}
		if block.Overlaps(p) {
			return addHalves(b, p, country)
		}
	}
	return b.Add(p, country)
}

func addHalves(b *builtin.Builder, p netip.Prefix, country string) error {
	low := netip.PrefixFrom(p.Addr(), p.Bits()+1)
	upper := p.Addr().AsSlice()
	upper[p.Bits()/8] |= 0x80 >> (p.Bits() % 8)
	address, _ := netip.AddrFromSlice(upper)
	if err := addPublic(b, low, country); err != nil {
		return err
	}
	return addPublic(b, netip.PrefixFrom(address, p.Bits()+1), country)
}
