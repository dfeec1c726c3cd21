package clickhouse

import (
	"testing"

	"sentinel/internal/flow"
)

func TestCellsCoverColumns(t *testing.T) {
	cover(t, flow.Columns, flow.Cells)
	cover(t, flow.LookupColumns, flow.LookupCells)
}

func cover[Record any](t *testing.T, columns []flow.Column, cells map[string]flow.Cell[Record]) {
	t.Helper()
	for _, column := range columns {
		cell, ok := cells[column.Name]
		if !ok || (column.Type == flow.Integer) != (cell.Integer != nil) || (column.Type == flow.Text) != (cell.Text != nil) {
			t.Errorf("no cell reads column %s as %s", column.Name, column.Type)
		}
	}
	if len(cells) != len(columns) {
		t.Errorf("%d cells for %d columns", len(cells), len(columns))
	}
}

// Texts that only differ in where one ends and the next begins are not taken for each other.
func TestDigest(t *testing.T) {
	seen := map[string]bool{}
	for _, names := range [][]string{{"ab", "c"}, {"a", "bc"}, {"abc", ""}, {"abc"}, {"", "abc"}} {
		b := newBlock()
		b.clear(0)
		for _, name := range names {
			b.flows.add([]flow.Flow{{Name: name}}, &flow.Texts{})
		}
		if digest := b.digest(); seen[digest] {
			t.Errorf("%q has the digest of others", names)
		} else {
			seen[digest] = true
		}
	}
}
