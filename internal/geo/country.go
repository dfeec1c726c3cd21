package geo

import (
	"net/netip"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"sentinel/internal/geo/reserved"
)

// Private tells whether a is of a block for use inside networks or by protocols (RFC 1918, RFC 4193,
// loopback, link-local, multicast, carrier NAT and so on), so that no public database can place it. An
// invalid address is not private.
func Private(a netip.Addr) bool { return reserved.Private(a) }

// CountryName is the English name of a country's code. It is "Unknown" for the empty code, and the code
// itself where no name is known.
func CountryName(code string) string {
	if name, ok := ownNames[code]; ok {
		return name
	}
	region, err := language.ParseRegion(code)
	if err != nil {
		return code
	}
	if name := regions.Name(region); name != "" {
		return name
	}
	return code
}

var regions = display.English.Regions()

// ownNames are names that CLDR lacks, because only legacy GeoIP has the code, or that changed after
// CLDR 32, which is what golang.org/x/text carries.
var ownNames = map[string]string{
	"":   "Unknown",
	"A1": "Anonymous proxy",
	"A2": "Satellite provider",
	"O1": "Other country",
	"AN": "Netherlands Antilles",
	"AP": "Asia/Pacific",
	"EU": "Europe",
	"FX": "France, metropolitan",
	"MK": "North Macedonia",
	"SZ": "Eswatini",
	"ZZ": "Unknown",
}
