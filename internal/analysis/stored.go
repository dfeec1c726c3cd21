package analysis

import (
	"context"

	"sentinel/internal/engine"
	"sentinel/internal/flow"
	"sentinel/internal/report"
)

// Stored is flows that an engine holds already, and what a report tells of them. Run closes the engine.
type Stored struct {
	engine.Engine
	Input   report.Input
	Undated bool // its times count from midnight of an unnamed day
}

// capture is what Run sees of them.
func (s *Stored) capture() *capture {
	return &capture{Engine: s.Engine, inputs: []report.Input{s.Input}, undated: s.Undated}
}

// test brings what is to be judged into an engine, unless it is in one.
func (o *Options) test(ctx context.Context, dir string) (*capture, error) {
	if o.Stored != nil {
		return o.Stored.capture(), nil
	}
	return load(ctx, *o, o.Captures, o.Extra, dir)
}

// baseline does so with what to compare with.
func (o *Options) baseline(ctx context.Context, dir string) (*capture, error) {
	if o.StoredBaseline != nil {
		return o.StoredBaseline.capture(), nil
	}
	return load(ctx, *o, o.Baseline, nil, dir)
}

// AbsentColumns lists the flow columns that a set lacks, for Input.Absent.
func AbsentColumns(filled flow.Set) (absent []string) {
	for _, column := range flow.Columns {
		if !column.Required && !filled[column.Name] {
			absent = append(absent, column.Name)
		}
	}
	return absent
}
