// Package geo tells the country and the owner of an address.
package geo

import (
	"net/netip"
	"strconv"
)

// Owner is who announces an address: an autonomous system, or only a name where the database has no
// number (ISP and Organization editions). The zero value is an unknown owner.
type Owner struct {
	ASN  uint32
	Name string
}

// String is the owner as legacy GeoIP prints it, "AS1930 Fundacao para a Ciencia"; empty if unknown.
func (o Owner) String() string {
	if o.ASN == 0 {
		return o.Name
	}
	number := "AS" + strconv.FormatUint(uint64(o.ASN), 10)
	if o.Name == "" {
		return number
	}
	return number + " " + o.Name
}

// Info says which database answers, for reports. What a database does not tell stays empty.
type Info struct {
	Path    string // empty for the built-in table
	Kind    string // KindLegacy, KindMMDB or KindBuiltin
	Edition string // "Country (GEO-106FREE)", "GeoLite2-ASN"
	Built   string // date, as 2026-07-04
	Licence string // as the database states it
}

// The kinds of database that Info.Kind names.
const (
	KindLegacy  = "GeoIP legacy"
	KindMMDB    = "MMDB"
	KindBuiltin = "built-in"
)

// Database answers for addresses. It never changes, holds no open file and may be used from any number
// of goroutines.
type Database struct {
	info      Info
	countries bool
	owners    bool
	source    source
}

// source is a format's own look-up. Addresses come valid, without zone, IPv4-mapped ones as IPv4.
type source interface {
	country(a netip.Addr) string
	owner(a netip.Addr) Owner
}

// Country is the ISO 3166-1 alpha-2 code of a's country in upper case, or one of legacy GeoIP's own
// (A1, A2, O1, AP, EU). It is empty where the database does not know.
func (d *Database) Country(a netip.Addr) string {
	if !d.countries || !a.IsValid() {
		return ""
	}
	return d.source.country(a.Unmap().WithZone(""))
}

// Owner is who owns a; the zero Owner where the database does not know.
func (d *Database) Owner(a netip.Addr) Owner {
	if !d.owners || !a.IsValid() {
		return Owner{}
	}
	return d.source.owner(a.Unmap().WithZone(""))
}

// HasCountries tells whether the database is one of countries.
func (d *Database) HasCountries() bool { return d.countries }

// HasOwners tells whether the database is one of owners.
func (d *Database) HasOwners() bool { return d.owners }

// Info says which database this is.
func (d *Database) Info() Info { return d.info }
