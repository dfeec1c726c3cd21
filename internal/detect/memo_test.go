package detect

import (
	"io"
	"testing"

	"sentinel/internal/engine"
	"sentinel/internal/engine/duckdb"
	"sentinel/internal/engine/enginetest"
	"sentinel/internal/flow"
)

// What is kept and added up again is what the engine would have said.
func TestContractOfMemo(t *testing.T) {
	enginetest.Run(t, func(t testing.TB, flows []flow.Flow, options enginetest.Options) engine.Engine {
		t.Helper()
		db, err := duckdb.Open(t.Context(), duckdb.Options{Threads: options.Threads})
		if err != nil {
			t.Fatal(err)
		}
		if err := db.AddReader(t.Context(), &list{flows}); err != nil {
			t.Fatal(err)
		}
		if err := db.Seal(t.Context()); err != nil {
			t.Fatal(err)
		}
		return &memo{Engine: db, whole: true}
	})
}

// list reads flows with all columns.
type list struct{ flows []flow.Flow }

func (l *list) Columns() flow.Set {
	var names []string
	for _, column := range flow.Columns {
		names = append(names, column.Name)
	}
	return flow.NewSet(names...)
}

func (l *list) Read(dst []flow.Flow) (int, error) {
	n := copy(dst, l.flows)
	if l.flows = l.flows[n:]; len(l.flows) == 0 {
		return n, io.EOF
	}
	return n, nil
}
