package cli

import (
	"context"
	"io"
	"iter"

	"sentinel/internal/engine/clickhouse"
	"sentinel/internal/engine/duckdb"
	"sentinel/internal/explore"
	"sentinel/internal/flow"
)

// heldStore is flows that a database holds. A download in Parquet is written here, by the embedded engine.
type heldStore struct{ *clickhouse.Store }

// Export implements web.Exporter.
func (s heldStore) Export(ctx context.Context, filter explore.Filter, path string) error {
	next, stop := iter.Pull2(s.Flows(ctx, filter, 0, 0))
	defer stop()
	return duckdb.Export(ctx, &flowStream{s.Columns(), next}, path, duckdb.FlowShape, 0)
}

// flowStream reads flows as an explorer streams them.
type flowStream struct {
	columns flow.Set
	next    func() (flow.Flow, error, bool)
}

// Columns implements flow.Reader.
func (s *flowStream) Columns() flow.Set { return s.columns }

// Read implements flow.Reader.
func (s *flowStream) Read(dst []flow.Flow) (n int, err error) {
	for ; n < len(dst); n++ {
		next, err, ok := s.next()
		if !ok {
			return n, io.EOF
		}
		if err != nil {
			return n, err
		}
		dst[n] = next
	}
	return n, nil
}
