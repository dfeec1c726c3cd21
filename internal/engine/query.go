package engine

import "net/netip"

// Query is what one client asked the DNS about one name.
type Query struct {
	Client     netip.Addr
	Name       string
	Lookups    int64
	Missing    int64 // answered by NXDOMAIN
	Unanswered int64
	Bulky      int64 // for records of the types in BulkyTypes
	First      int64 // microseconds since the epoch
	Last       int64
	UpBytes    int64 // of questions
	DownBytes  int64 // of answers
}

// BulkyTypes are the types of record that hold more than an address, or anything at all. Tunnels use them; TYPE65399 is that of iodine.
var BulkyTypes = []string{"TXT", "NULL", "CNAME", "MX", "SRV", "KEY", "TYPE65399"}
