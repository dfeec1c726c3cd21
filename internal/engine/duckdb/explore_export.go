package duckdb

import (
	"context"
	"errors"
	"fmt"

	"sentinel/internal/explore"
)

// Export writes the flows that a filter chooses to a file in the format of its ending, in the columns of flow.Columns,
// earliest first. The file is whole or absent.
func (s *Store) Export(ctx context.Context, filter explore.Filter, path string) error {
	db, _, err := s.openFlows(ctx, false)
	if err != nil {
		return err
	}
	err = db.exec(ctx, fmt.Sprintf("ALTER VIEW flows RENAME TO flows_all; CREATE TEMP VIEW flows AS SELECT * FROM flows_all %s", flowsBehind(filter).where()))
	if err == nil {
		err = db.Export(ctx, path, FlowShape, 0)
	}
	return errors.Join(err, db.Close())
}
