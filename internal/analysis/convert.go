package analysis

import (
	"context"
	"errors"
	"os"

	"sentinel/internal/engine/duckdb"
	"sentinel/internal/input"
	"sentinel/internal/report"
)

// Convert reads captures and writes their flows to one file, and their questions to the DNS to another, each unless
// its name is empty. The report tells what was read, and nothing else.
//
// The flows of a single capture that Sentinel parses itself are written as they are read, in the order in which they
// end; all others are sorted by their start.
func Convert(ctx context.Context, options Options, flows, lookups string) (result *report.Report, err error) {
	if file := alone(&options); file != nil && lookups == "" {
		return stream(ctx, options, file, flows)
	}
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
		return set.db.ExportLookups(ctx, lookups)
	})
	return result, err
}

// alone opens the only capture of the options. It gives nil where that is none that can be written as it is read; what
// was opened is kept for whoever reads it then, since a stream has but one beginning.
func alone(options *Options) *input.File {
	candidates, errs := input.Expand(options.Captures)
	if len(candidates) != 1 || len(errs) > 0 {
		return nil
	}
	file, err := options.Formats.Open(candidates[0].Name, options.Format)
	if err != nil {
		return nil // whoever reads it finds the same error
	}
	options.opened = file
	if file.Format.Open == nil || candidates[0].Found && file.Aside() {
		return nil
	}
	return file
}

// stream writes flows as they are read.
func stream(ctx context.Context, options Options, file *input.File, flows string) (*report.Report, error) {
	options.Progress.begin(file)
	source, err := duckdb.ExportCapture(ctx, file, options.Reading, flows)
	if err != nil {
		return nil, readingError(file, err)
	}
	if source.Flows == 0 {
		return nil, emptyError(file, source)
	}
	set := &capture{}
	set.enter(&added{Input: describeInput(file, file.Compression, source), damage: source.Account.Damage})
	result := &report.Report{}
	set.tell(result)
	return result, nil
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
