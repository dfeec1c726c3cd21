package analysis

import (
	"context"

	"sentinel/internal/compare"
	"sentinel/internal/measure"
	"sentinel/internal/report"
)

// setBeside compares the captures with the baseline, dimension by dimension, and measures the baseline as the captures
// were.
func setBeside(ctx context.Context, test, base *capture, options Options, into *report.Report) (err error) {
	if !options.Compare || base == nil {
		return nil
	}
	options.Config.Progress = options.Progress.Work("comparing")
	if into.Comparison, err = compare.Run(ctx, base, test, options.Config); err != nil {
		return err
	}
	options.Config.Progress = options.Progress.Work("measuring the baseline")
	before := report.Report{Inputs: base.inputs, Undated: base.undated}
	if err := measure.Run(ctx, base, options.Config, measure.Beside, &before); err != nil {
		return err
	}
	into.Beside = &report.Beside{Summary: before.Summary, Countries: before.Countries, Hours: before.Hours, Timeline: before.Timeline}
	return nil
}
