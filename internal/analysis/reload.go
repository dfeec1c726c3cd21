package analysis

import (
	"context"

	"sentinel/internal/engine/duckdb"
)

// Reload brings the captures of the options into an engine again, in the way in which Run does, and seals it. It tells the
// files from which rows are then still read.
func Reload(ctx context.Context, options Options, db *duckdb.Database) (files []string, err error) {
	set := &capture{Engine: db, db: db}
	if err := set.addAll(ctx, options, options.Captures); err != nil {
		return nil, err
	}
	return set.files, db.Seal(ctx)
}
