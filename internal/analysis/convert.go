package analysis

import (
	"context"
	"errors"
	"os"

	"sentinel/internal/engine/duckdb"
	"sentinel/internal/report"
)

// Convert reads captures and writes their flows to one file, and their questions to the DNS to another, each unless
// its name is empty. The report tells what was read, and nothing else.
func Convert(ctx context.Context, options Options, flows, lookups string) (result *report.Report, err error) {
	err = with(ctx, options, func(set *capture) error {
		result = &report.Report{}
		set.tell(result)
		if flows != "" {
			if err := set.export(ctx, flows); err != nil {
				return err
			}
		}
		if lookups == "" {
			return nil
		}
		return set.ExportLookups(ctx, lookups)
	})
	return result, err
}

// with reads captures, hands them over, and clears up.
func with(ctx context.Context, options Options, use func(*capture) error) (err error) {
	dir, err := duckdb.MakeTempDir(options.TempDir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	set, err := load(ctx, options, options.Captures, options.Extra, dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, set.Close()) }()
	return use(set)
}
