package flow

import "maps"

// Type is the type of a column, the same in every engine.
type Type string

// The types of columns.
const (
	Integer Type = "integer" // signed, 64 bits
	Text    Type = "text"
)

// Column declares one column of the flow record. Data definitions, file mappings and documentation derive from it.
type Column struct {
	Name     string
	Type     Type
	Required bool   // an input without it cannot be analysed
	Doc      string // one phrase, with the unit
}

// Columns declares the flow record, in the order in which engines store it.
var Columns = []Column{
	{"start", Integer, true, "start of the flow, microseconds since 1970-01-01 UTC"},
	{"duration", Integer, false, "duration, microseconds"},
	{"src_ip", Text, true, "address of the end that opened the flow, canonical text"},
	{"dst_ip", Text, true, "address of the other end, canonical text"},
	{"proto", Text, true, "transport protocol by its IANA keyword, lower case"},
	{"src_port", Integer, false, "port at src_ip; of ICMP the type"},
	{"dst_port", Integer, true, "port at dst_ip; of ICMP the code"},
	{"up_bytes", Integer, true, "bytes from src_ip to dst_ip"},
	{"down_bytes", Integer, true, "bytes from dst_ip to src_ip"},
	{"up_packets", Integer, false, "packets from src_ip to dst_ip"},
	{"down_packets", Integer, false, "packets from dst_ip to src_ip"},
	{"up_payload", Integer, false, "bytes above the transport header from src_ip to dst_ip"},
	{"down_payload", Integer, false, "bytes above the transport header from dst_ip to src_ip"},
	{"state", Text, false, "established, refused, unanswered, reset or other"},
	{"service", Text, false, "application protocol, lower case"},
	{"name", Text, false, "host name of dst_ip from TLS SNI, HTTP Host or a DNS answer"},
	{"ja4", Text, false, "JA4 fingerprint of the TLS or QUIC client"},
	{"opener", Text, false, "why src_ip counts as who opened the flow: syn, first or port"},
}

// ColumnByName finds the declaration of a column.
func ColumnByName(name string) (Column, bool) {
	for _, column := range Columns {
		if column.Name == name {
			return column, true
		}
	}
	return Column{}, false
}

// Set is a set of columns by name. The nil set is empty.
type Set map[string]bool

// NewSet makes the set of the named columns.
func NewSet(names ...string) Set {
	set := make(Set, len(names))
	for _, name := range names {
		set[name] = true
	}
	return set
}

// Clone is a copy that may be changed; of the nil set, an empty one.
func (s Set) Clone() Set {
	clone := make(Set, len(s))
	maps.Copy(clone, s)
	return clone
}
