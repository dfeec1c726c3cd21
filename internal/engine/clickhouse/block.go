package clickhouse

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"

	"sentinel/internal/flow"
)

// columnar holds records by column. A column has one of the two lists.
type columnar[Record any] struct {
	cells    []flow.Cell[Record]
	integers [][]int64
	texts    [][]string
	rows     int
}

func newColumnar[Record any](columns []flow.Column, cells map[string]flow.Cell[Record]) *columnar[Record] {
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

func (c *columnar[Record]) add(records []Record, texts *flow.Texts) {
	for i, cell := range c.cells {
		if cell.Integer != nil {
			for at := range records {
				c.integers[i] = append(c.integers[i], cell.Integer(&records[at]))
			}
		} else {
			for at := range records {
				c.texts[i] = append(c.texts[i], cell.Text(&records[at], texts))
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
	return &block{flows: newColumnar(flow.Columns, flow.Cells), lookups: newColumnar(flow.LookupColumns, flow.LookupCells)}
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
