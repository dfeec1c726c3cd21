package flow

import (
	"encoding/binary"
	"net/netip"
)

// Cell reads one column of a record; of the two, the one that fits the column is set. A text that a record lacks is
// empty.
type Cell[Record any] struct {
	Integer func(*Record) int64
	Text    func(*Record, *Texts) string
}

// Cells reads the columns of Columns by name; a test holds the two lists together.
var Cells = map[string]Cell[Flow]{
	"start":        {Integer: func(f *Flow) int64 { return f.Start }},
	"duration":     {Integer: func(f *Flow) int64 { return f.Duration }},
	"src_ip":       {Text: func(f *Flow, t *Texts) string { return t.Address(f.SrcIP) }},
	"dst_ip":       {Text: func(f *Flow, t *Texts) string { return t.Address(f.DstIP) }},
	"proto":        {Text: func(f *Flow, _ *Texts) string { return printed[f.Proto] }},
	"src_port":     {Integer: func(f *Flow) int64 { return int64(f.SrcPort) }},
	"dst_port":     {Integer: func(f *Flow) int64 { return int64(f.DstPort) }},
	"up_bytes":     {Integer: func(f *Flow) int64 { return f.UpBytes }},
	"down_bytes":   {Integer: func(f *Flow) int64 { return f.DownBytes }},
	"up_packets":   {Integer: func(f *Flow) int64 { return f.UpPackets }},
	"down_packets": {Integer: func(f *Flow) int64 { return f.DownPackets }},
	"up_payload":   {Integer: func(f *Flow) int64 { return f.UpPayload }},
	"down_payload": {Integer: func(f *Flow) int64 { return f.DownPayload }},
	"state":        {Text: func(f *Flow, _ *Texts) string { return string(f.State) }},
	"service":      {Text: func(f *Flow, _ *Texts) string { return f.Service }},
	"name":         {Text: func(f *Flow, _ *Texts) string { return f.Name }},
	"ja4":          {Text: func(f *Flow, _ *Texts) string { return f.JA4 }},
	"opener":       {Text: func(f *Flow, _ *Texts) string { return string(f.Opener) }},
}

// LookupCells reads those of LookupColumns.
var LookupCells = map[string]Cell[Lookup]{
	"time":       {Integer: func(l *Lookup) int64 { return l.Time }},
	"client":     {Text: func(l *Lookup, t *Texts) string { return t.Address(l.Client) }},
	"server":     {Text: func(l *Lookup, t *Texts) string { return t.Address(l.Server) }},
	"name":       {Text: func(l *Lookup, _ *Texts) string { return l.Name }},
	"type":       {Text: func(l *Lookup, _ *Texts) string { return l.Type }},
	"code":       {Text: func(l *Lookup, _ *Texts) string { return l.Code }},
	"answers":    {Integer: func(l *Lookup) int64 { return l.Answers }},
	"up_bytes":   {Integer: func(l *Lookup) int64 { return l.UpBytes }},
	"down_bytes": {Integer: func(l *Lookup) int64 { return l.DownBytes }},
}

// Texts remembers what addresses are as text, since the same ones come again and again. The zero value is ready; one
// goroutine uses it at a time.
type Texts struct {
	addresses [1 << placeBits]netip.Addr
	written   [1 << placeBits]string
}

const placeBits = 12

// Address is the canonical text of an address.
func (t *Texts) Address(address netip.Addr) string {
	bytes := address.As16()
	place := (binary.LittleEndian.Uint64(bytes[:]) ^ binary.LittleEndian.Uint64(bytes[8:])) * 0x9e3779b97f4a7c15 >> (64 - placeBits)
	if t.addresses[place] != address {
		t.addresses[place], t.written[place] = address, address.String()
	}
	return t.written[place]
}
