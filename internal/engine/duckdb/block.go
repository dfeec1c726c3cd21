package duckdb

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/netip"
	"reflect"
	"strings"
	"unsafe"

	"github.com/duckdb/duckdb-go/v2/mapping"
)

// block is some rows of an answer where DuckDB has them, column by column: valid until the next block. database/sql
// would box each value, at thirty times the cost.
type block struct {
	rows    int
	columns []unsafe.Pointer
	last    []lastText // column by column
}

// lastText is what a column had last: equal ones tend to follow each other.
type lastText struct {
	text    string
	address netip.Addr // that the text is, if it has been read as one
}

// integer reads a BIGINT.
func (b *block) integer(column, row int) int64 {
	return *(*int64)(unsafe.Add(b.columns[column], row*8))
}

// DuckDB has a text in 16 bytes: its length, then the text itself up to so many bytes, else a pointer to it.
const (
	textSize   = 16
	textInline = 12
)

// borrow reads a VARCHAR that is valid as long as the block.
func (b *block) borrow(column, row int) string {
	at := unsafe.Add(b.columns[column], row*textSize)
	length := int(*(*uint32)(at))
	if length <= textInline {
		return unsafe.String((*byte)(unsafe.Add(at, 4)), length)
	}
	return unsafe.String(*(**byte)(unsafe.Add(at, 8)), length)
}

// text reads a VARCHAR. The same ones come again and again, so the last of a column is kept.
func (b *block) text(column, row int) string {
	last := &b.last[column]
	if text := b.borrow(column, row); text != last.text {
		last.text = strings.Clone(text)
	}
	return last.text
}

// address reads the canonical text of an address.
func (b *block) address(column, row int) (netip.Addr, error) {
	last := &b.last[column]
	text := b.borrow(column, row)
	if text == last.text && last.address.IsValid() {
		return last.address, nil
	}
	address, err := netip.ParseAddr(text)
	if err == nil {
		last.text, last.address = strings.Clone(text), address
	}
	return address, err
}

// scan reads a row into fields, each an *int64, *string, *netip.Addr, a rank or, of a text of whole
// numbers, *[]int64.
func (b *block) scan(row int, fields []any) (err error) {
	for column, field := range fields {
		switch into := field.(type) {
		case *int64:
			*into = b.integer(column, row)
		case *string:
			*into = b.text(column, row)
		case *netip.Addr:
			if *into, err = b.address(column, row); err != nil {
				return err
			}
		case rank:
			*into.into = into.of.ranked[b.integer(column, row)]
		case *[]int64:
			*into = integersOf(b.borrow(column, row))
		}
	}
	return nil
}

// blocks asks DuckDB and hands over the answer block by block, until use no longer wants any. Each column is a BIGINT or
// a VARCHAR without NULL.
func (db *Database) blocks(ctx context.Context, query string, args []any, use func(*block) (more bool, err error)) (err error) {
	var answer driver.Rows
	err = db.conn.Raw(func(conn any) error {
		values := make([]driver.NamedValue, len(args))
		for i, arg := range args {
			values[i] = driver.NamedValue{Ordinal: i + 1, Value: arg}
		}
		answer, err = conn.(driver.QueryerContext).QueryContext(ctx, query, values)
		return err
	})
	if err != nil {
		return explain(err)
	}
	defer func() { err = errors.Join(err, answer.Close()) }()
	result, err := resultOf(answer)
	if err != nil {
		return err
	}
	b := block{columns: make([]unsafe.Pointer, len(answer.Columns()))}
	b.last = make([]lastText, len(b.columns))
	for column := range b.columns {
		kind := mapping.ColumnType(&result, mapping.IdxT(column))
		if kind != mapping.TypeBigInt && kind != mapping.TypeVarchar {
			return fmt.Errorf("column %s: neither BIGINT nor VARCHAR", answer.Columns()[column])
		}
	}
	return b.each(ctx, result, use)
}

// resultOf finds the result behind the rows of the driver, which itself only gives them value by value.
func resultOf(answer driver.Rows) (result mapping.Result, err error) {
	rows := reflect.ValueOf(answer)
	if rows.Kind() == reflect.Pointer && rows.Elem().Kind() == reflect.Struct {
		if field := rows.Elem().FieldByName("res"); field.IsValid() && field.Type() == reflect.TypeFor[mapping.Result]() {
			return *(*mapping.Result)(unsafe.Pointer(field.UnsafeAddr())), nil
		}
	}
	return result, fmt.Errorf("%T holds no result of DuckDB: another version of its driver", answer)
}

func (b *block) each(ctx context.Context, result mapping.Result, use func(*block) (more bool, err error)) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		chunk := mapping.FetchChunk(result)
		if chunk.Ptr == nil {
			return nil
		}
		b.rows = int(mapping.DataChunkGetSize(chunk))
		for column := range b.columns {
			b.columns[column] = mapping.VectorGetData(mapping.DataChunkGetVector(chunk, mapping.IdxT(column)))
		}
		more, err := use(b)
		mapping.DestroyDataChunk(&chunk)
		if err != nil || !more {
			return err
		}
	}
}
