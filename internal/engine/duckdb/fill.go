package duckdb

import (
	"reflect"
	"unicode/utf8"
	"unsafe"

	duckdb "github.com/duckdb/duckdb-go/v2"
	"github.com/duckdb/duckdb-go/v2/mapping"

	"sentinel/internal/flow"
)

// column is the memory of a column of a chunk. The driver writes value by value, and each text by a call into C, which
// takes longer than all else that is done for a flow here.
type column struct {
	vector mapping.Vector
	values unsafe.Pointer // int64 or text, a row each
	valid  unsafe.Pointer // uint64, a bit for each row; 0 is NULL
}

// columnOf finds the memory by the names that the driver has for it, since it keeps them to itself.
func columnOf(vector duckdb.Vector) column {
	inner := reflect.ValueOf(vector).FieldByName("v").Elem()
	return column{
		vector: mapping.Vector{Ptr: inner.FieldByName("vec").FieldByName("Ptr").UnsafePointer()},
		values: inner.FieldByName("dataPtr").UnsafePointer(),
		valid:  inner.FieldByName("maskPtr").UnsafePointer(),
	}
}

// text is duckdb_string_t: up to 12 bytes lie in it, of longer texts the first four and where all of them are.
type text struct {
	length uint32
	inline [inlineText]byte
}

const (
	inlineText = 12
	prefixText = 4
)

// place is where the bytes of a long text are.
func (t *text) place() *uintptr { return (*uintptr)(unsafe.Pointer(&t.inline[prefixText])) }

// fill writes a column of a batch.
func (c column) fill(flows []flow.Flow, read flow.Cell[flow.Flow], known *texts) {
	if read.Integer != nil {
		c.fillIntegers(flows, read.Integer)
	} else {
		c.fillTexts(flows, read.Text, known)
	}
}

// fillIntegers writes a column of numbers.
func (c column) fillIntegers(flows []flow.Flow, read func(*flow.Flow) int64) {
	values := unsafe.Slice((*int64)(c.values), len(flows))
	for row := range flows {
		values[row] = read(&flows[row])
	}
}

// fillTexts writes a column of texts. One that is empty, or not UTF-8, is NULL.
func (c column) fillTexts(flows []flow.Flow, read func(*flow.Flow, *flow.Texts) string, known *texts) {
	values := unsafe.Slice((*text)(c.values), len(flows))
	valid := unsafe.Slice((*uint64)(c.valid), (len(flows)+63)/64)
	packed := known.packed[:0]
	for row := range flows {
		value := read(&flows[row], &known.Texts)
		if row%64 == 0 {
			valid[row/64] = 0
		}
		if value == "" || !utf8.ValidString(value) {
			values[row] = text{}
			continue
		}
		valid[row/64] |= 1 << (row % 64)
		t := text{length: uint32(len(value))}
		if copy(t.inline[:], value); len(value) > inlineText {
			*t.place() = uintptr(len(packed))
			packed = append(packed, value...)
		}
		values[row] = t
	}
	known.packed = packed
	if len(packed) > 0 {
		c.keep(values, packed)
	}
}

// keep gives the long texts of all rows to DuckDB as one, that of the first row, and makes those of the rows parts of it.
func (c column) keep(values []text, packed []byte) {
	first := values[0]
	mapping.VectorAssignStringElementLen(c.vector, 0, packed)
	base := *values[0].place()
	values[0] = first
	for row := range values {
		if values[row].length > inlineText {
			*values[row].place() += base
		}
	}
}

// empty makes a column of NULL.
func (c column) empty(rows int) { clear(unsafe.Slice((*uint64)(c.valid), (rows+63)/64)) }
