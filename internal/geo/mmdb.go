package geo

import (
	"fmt"
	"math"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/oschwald/maxminddb-golang/v2"
)

// mmdbMarker begins the metadata at the end of an MMDB (MaxMind DB specification 2.0, "Database Metadata").
var mmdbMarker = []byte("\xab\xcd\xefMaxMind.com")

// mmdb answers from an MMDB. Publishers agree on the container and not on the records, so each record is
// asked along the paths below, in order.
type mmdb struct{ reader *maxminddb.Reader }

type path []any

// countryPaths: GeoLite2 and DB-IP; ip-location-db and IPinfo Lite, whose `country` is a name; IPinfo's
// older files. Where MaxMind knows only in which country a network is registered (1.1.1.1), that is told.
var countryPaths = []path{
	{"country", "iso_code"},
	{"country_code"},
	{"country"},
	{"registered_country", "iso_code"},
}

// numberPaths: GeoLite2, GeoIP2 ISP and ip-location-db; IPinfo, as "AS123"; GeoIP2 Enterprise.
var numberPaths = []path{
	{"autonomous_system_number"},
	{"asn"},
	{"traits", "autonomous_system_number"},
}

// namePaths are the names of an owner; numberedNamePaths only beside a number, as a record of another
// sort can have them too.
var (
	namePaths = []path{
		{"autonomous_system_organization"},
		{"as_name"},
		{"traits", "autonomous_system_organization"},
		{"isp"},
		{"organization"},
		{"traits", "isp"},
		{"traits", "organization"},
	}
	numberedNamePaths = []path{{"name"}, {"as_domain"}, {"domain"}}
)

func openMMDB(data []byte) (*Database, error) {
	reader, err := maxminddb.OpenBytes(data)
	if err != nil {
		return nil, fmt.Errorf("MMDB: %w", brief{err})
	}
	m := mmdb{reader}
	info := m.info()
	countries, owners, err := m.survey()
	if err != nil {
		return nil, fmt.Errorf("MMDB %s: %w", info.Edition, err)
	}
	if !countries && !owners {
		return nil, fmt.Errorf("MMDB %s holds neither countries nor networks' owners", info.Edition)
	}
	return &Database{info: info, countries: countries, owners: owners, source: m}, nil
}

// brief keeps an error of maxminddb's to a line: in a deeply nested record it names the whole path.
type brief struct{ error }

func (b brief) Error() string {
	text := b.error.Error()
	if len(text) > 200 {
		text = text[:90] + " ... " + text[len(text)-100:]
	}
	return text
}

func (b brief) Unwrap() error { return b.error }

// surveyed is how many networks are looked at to learn what a database holds.
const surveyed = 4096

// survey reads the records of the first networks whole. It fails on the first damaged one.
func (m mmdb) survey() (countries, owners bool, err error) {
	seen := map[uintptr]bool{}
	networks := 0
	for network := range m.reader.Networks() {
		if networks++; networks > surveyed {
			break
		}
		if seen[network.Offset()] {
			continue
		}
		seen[network.Offset()] = true
		var whole any
		if err := network.Decode(&whole); err != nil {
			return false, false, fmt.Errorf("record of network %s: %w", network.Prefix(), brief{err})
		}
		countries = countries || countryOf(network) != ""
		owners = owners || ownerOf(network) != Owner{}
	}
	return countries, owners, nil
}

func (m mmdb) info() Info {
	meta := m.reader.Metadata
	info := Info{Kind: KindMMDB, Edition: strings.Map(printable, meta.DatabaseType)}
	if meta.BuildEpoch != 0 {
		info.Built = meta.BuildTime().UTC().Format(time.DateOnly)
	}
	return info
}

func (m mmdb) country(a netip.Addr) string { return countryOf(m.reader.Lookup(a)) }

func (m mmdb) owner(a netip.Addr) Owner { return ownerOf(m.reader.Lookup(a)) }

func countryOf(record maxminddb.Result) string {
	for _, p := range countryPaths {
		if code, ok := countryCode(text(record, p)); ok {
			return code
		}
	}
	return ""
}

// countryCode is text in upper case, if it is two letters, or a letter and a digit as A1.
func countryCode(text string) (string, bool) {
	if len(text) != 2 {
		return "", false
	}
	code := strings.ToUpper(text)
	isLetter := func(b byte) bool { return 'A' <= b && b <= 'Z' }
	isDigit := func(b byte) bool { return '0' <= b && b <= '9' }
	return code, isLetter(code[0]) && (isLetter(code[1]) || isDigit(code[1]))
}

func ownerOf(record maxminddb.Result) Owner {
	o := Owner{ASN: number(record)}
	o.Name = firstText(record, namePaths)
	if o.Name == "" && o.ASN != 0 {
		o.Name = firstText(record, numberedNamePaths)
	}
	return o
}

// number is the first AS number along numberPaths.
func number(record maxminddb.Result) uint32 {
	for _, p := range numberPaths {
		var v any
		if err := record.DecodePath(&v, p...); err != nil {
			continue
		}
		if asn := asNumber(v); asn != 0 {
			return asn
		}
	}
	return 0
}

// asNumber takes 123, "AS123" and "123"; 0 is none.
func asNumber(v any) uint32 {
	switch v := v.(type) {
	case uint64:
		if v > math.MaxUint32 {
			return 0
		}
		return uint32(v)
	case string:
		asn, _ := strconv.ParseUint(strings.TrimPrefix(v, "AS"), 10, 32)
		return uint32(asn)
	}
	return 0
}

func firstText(record maxminddb.Result, paths []path) string {
	for _, p := range paths {
		if t := text(record, p); t != "" {
			return t
		}
	}
	return ""
}

// text is empty where the path leads nowhere, or to something that is no text: records are many-shaped.
func text(record maxminddb.Result, p path) string {
	var t string
	if err := record.DecodePath(&t, p...); err != nil {
		return ""
	}
	return strings.ToValidUTF8(t, "\uFFFD")
}
