package flow

import "net/netip"

// Lookup is one question to the DNS and what came back. LookupColumns declares the same fields for engines.
type Lookup struct {
	Time      int64 // of the question, or of the answer where the question was not seen; microseconds since 1970-01-01 UTC
	Client    netip.Addr
	Server    netip.Addr
	Name      string // asked for: lower case, no final dot, bytes that are not printable ASCII as \DDD (RFC 1035, 5.1)
	Type      string // of record, by its IANA mnemonic, else TYPEn (RFC 3597)
	Code      string // of the response, by its IANA mnemonic in upper case, else RCODEn; empty without answer
	Answers   int64  // records in the answer
	UpBytes   int64  // of the question's DNS message
	DownBytes int64  // of the answer's
}

// LookupReader is a reader that also finds questions to the DNS.
type LookupReader interface {
	Reader
	// Lookups hands over those found since the last call. They belong to the reader again with the next Read, which may
	// forget those that nobody asked for.
	Lookups() []Lookup
}

// LookupColumns declares the lookup, in the order in which engines store it.
var LookupColumns = []Column{
	{"time", Integer, true, "time of the question, microseconds since 1970-01-01 UTC"},
	{"client", Text, true, "address of the end that asked, canonical text"},
	{"server", Text, true, "address that was asked"},
	{"name", Text, true, "name asked for, lower case, without the final dot"},
	{"type", Text, true, "type of record asked for: A, AAAA, TXT..."},
	{"code", Text, false, "code of the response: NOERROR, NXDOMAIN...; absent without answer"},
	{"answers", Integer, false, "records in the answer"},
	{"up_bytes", Integer, false, "bytes of the question"},
	{"down_bytes", Integer, false, "bytes of the answer"},
}
