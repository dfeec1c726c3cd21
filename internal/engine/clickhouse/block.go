package clickhouse

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"net/netip"

	"sentinel/internal/flow"
)

// cell reads one column of a record; of the two, the one that fits the column is set.
type cell[Record any] struct {
	integer func(*Record) int64
	text    func(*Record, *texts) string
}

// flowCells reads the columns of flow.Columns by name; a test holds the two lists together.
var flowCells = map[string]cell[flow.Flow]{
	"start":        {integer: func(f *flow.Flow) int64 { return f.Start }},
	"duration":     {integer: func(f *flow.Flow) int64 { return f.Duration }},
	"src_ip":       {text: func(f *flow.Flow, t *texts) string { return t.address(f.SrcIP) }},
	"dst_ip":       {text: func(f *flow.Flow, t *texts) string { return t.address(f.DstIP) }},
	"proto":        {text: func(f *flow.Flow, _ *texts) string { return protocols[f.Proto] }},
	"src_port":     {integer: func(f *flow.Flow) int64 { return int64(f.SrcPort) }},
	"dst_port":     {integer: func(f *flow.Flow) int64 { return int64(f.DstPort) }},
	"up_bytes":     {integer: func(f *flow.Flow) int64 { return f.UpBytes }},
	"down_bytes":   {integer: func(f *flow.Flow) int64 { return f.DownBytes }},
	"up_packets":   {integer: func(f *flow.Flow) int64 { return f.UpPackets }},
	"down_packets": {integer: func(f *flow.Flow) int64 { return f.DownPackets }},
	"up_payload":   {integer: func(f *flow.Flow) int64 { return f.UpPayload }},
	"down_payload": {integer: func(f *flow.Flow) int64 { return f.DownPayload }},
	"state":        {text: func(f *flow.Flow, _ *texts) string { return string(f.State) }},
	"service":      {text: func(f *flow.Flow, _ *texts) string { return f.Service }},
	"name":         {text: func(f *flow.Flow, _ *texts) string { return f.Name }},
	"ja4":          {text: func(f *flow.Flow, _ *texts) string { return f.JA4 }},
	"opener":       {text: func(f *flow.Flow, _ *texts) string { return string(f.Opener) }},
}

// lookupCells reads those of flow.LookupColumns.
var lookupCells = map[string]cell[flow.Lookup]{
	"time":       {integer: func(l *flow.Lookup) int64 { return l.Time }},
	"client":     {text: func(l *flow.Lookup, t *texts) string { return t.address(l.Client) }},
	"server":     {text: func(l *flow.Lookup, t *texts) string { return t.address(l.Server) }},
	"name":       {text: func(l *flow.Lookup, _ *texts) string { return l.Name }},
	"type":       {text: func(l *flow.Lookup, _ *texts) string { return l.Type }},
	"code":       {text: func(l *flow.Lookup, _ *texts) string { return l.Code }},
	"answers":    {integer: func(l *flow.Lookup) int64 { return l.Answers }},
	"up_bytes":   {integer: func(l *flow.Lookup) int64 { return l.UpBytes }},
	"down_bytes": {integer: func(l *flow.Lookup) int64 { return l.DownBytes }},
}

// protocols are what flow.Proto prints.
var protocols = func() (names [256]string) {
	for number := range names {
		names[number] = flow.Proto(number).String()
	}
	return names
}()

// texts remembers what addresses are as text, since the same ones come again and again.
type texts struct {
	addresses [1 << 14]netip.Addr
	written   [1 << 14]string
}

func (t *texts) address(address netip.Addr) string {
	bytes := address.As16()
	place := (binary.LittleEndian.Uint64(bytes[:]) ^ binary.LittleEndian.Uint64(bytes[8:])) * 0x9e3779b97f4a7c15 >> 50
	if t.addresses[place] != address {
		t.addresses[place], t.written[place] = address, address.String()
	}
	return t.written[place]
}

// columnar holds records by column. A column has one of the two lists.
type columnar[Record any] struct {
	cells    []cell[Record]
	integers [][]int64
	texts    [][]string
	rows     int
}

func newColumnar[Record any](columns []flow.Column, cells map[string]cell[Record]) *columnar[Record] {
	c := &columnar[Record]{integers: make([][]int64, len(columns)), texts: make([][]string, len(columns))}
	for _, column := range columns {
		c.cells = append(c.cells, cells[column.Name])
	}
	return c
}

func (c *columnar[Record]) clear() {
	for i := range c.cells {
		c.integers[i], c.texts[i] = c.integers[i][:0], c.texts[i][:0]
	}
	c.rows = 0
}

func (c *columnar[Record]) add(records []Record, texts *texts) {
	for i, cell := range c.cells {
		if cell.integer != nil {
			for at := range records {
				c.integers[i] = append(c.integers[i], cell.integer(&records[at]))
			}
		} else {
			for at := range records {
				c.texts[i] = append(c.texts[i], cell.text(&records[at], texts))
			}
		}
	}
	c.rows += len(records)
}

// block is some flows of a capture, a fixed number but for the last block, and the lookups that came with them. The
// same capture always gives the same blocks.
type block struct {
	number  uint64
	flows   *columnar[flow.Flow]
	lookups *columnar[flow.Lookup]
	span    span
}

func newBlock() *block {
	return &block{flows: newColumnar(flow.Columns, flowCells), lookups: newColumnar(flow.LookupColumns, lookupCells)}
}

func (b *block) clear(number uint64) {
	b.number, b.span = number, nothing
	b.flows.clear()
	b.lookups.clear()
}

// span is from when to when flows and lookups are, microseconds since the epoch.
type span struct{ first, last int64 }

// nothing is the span of no moment.
var nothing = span{math.MaxInt64, math.MinInt64}

func (s span) with(moment int64) span { return s.and(span{moment, moment}) }
func (s span) and(other span) span    { return span{min(s.first, other.first), max(s.last, other.last)} }

// digest tells the content of a block from others, in hexadecimal.
func (b *block) digest() string {
	hash := sha256.New()
	var scratch []byte
	write := func(integers []int64, texts []string) {
		scratch = binary.LittleEndian.AppendUint64(scratch[:0], uint64(len(integers)+len(texts)))
		for _, value := range integers {
			scratch = binary.LittleEndian.AppendUint64(scratch, uint64(value))
		}
		for _, value := range texts {
			scratch = binary.AppendUvarint(scratch, uint64(len(value)))
			scratch = append(scratch, value...)
		}
		hash.Write(scratch)
	}
	for i := range b.flows.cells {
		write(b.flows.integers[i], b.flows.texts[i])
	}
	for i := range b.lookups.cells {
		write(b.lookups.integers[i], b.lookups.texts[i])
	}
	return hex.EncodeToString(hash.Sum(nil))
}
