package analysis

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"sentinel/internal/engine"
	"sentinel/internal/engine/duckdb"
	"sentinel/internal/flow"
	"sentinel/internal/input"
	"sentinel/internal/input/table"
	"sentinel/internal/report"
)

// capture is a set of inputs inside an engine.
type capture struct {
	engine.Engine
	db        *duckdb.Database // which the engine is where inputs were read; else nil
	inputs    []report.Input
	failures  []report.Failure
	files     []string // that rows may still be read from
	relations []string // of the inputs
	leftOut   []string // files of directories that hold no flows
	notes     []report.Note
	undated   bool
}

// load brings inputs into an engine of their own. Those that cannot be read become failures; where none can,
// the error joins the reasons of all.
func load(ctx context.Context, options Options, arguments []string, extra []flow.Reader, dir string) (*capture, error) {
	db, err := duckdb.Open(ctx, duckdb.Options{Memory: options.Memory, Threads: options.Threads, TempDir: dir, Unlocked: options.unlocked})
	if err != nil {
		return nil, err
	}
	set := &capture{Engine: db, db: db}
	err = set.addAll(ctx, options, arguments)
	for _, reader := range extra {
		err = errors.Join(err, db.AddReader(ctx, reader))
	}
	if err == nil {
		err = db.Seal(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return set, nil
}

func (c *capture) addAll(ctx context.Context, options Options, arguments []string) error {
	candidates, errs := input.Expand(arguments)
	var asides []input.Candidate
	for _, candidate := range candidates {
		err := c.add(ctx, candidate, options, len(candidates) > 1)
		switch {
		case ctx.Err() != nil || errors.Is(err, errMixedClocks):
			return cmp.Or(ctx.Err(), err)
		case errors.Is(err, errAside):
			asides = append(asides, candidate)
		case errors.Is(err, errLeftOut):
			c.leftOut = append(c.leftOut, candidate.Name)
		case err != nil:
			errs = append(errs, err)
		}
	}
	errs = append(errs, c.addAsides(ctx, options, asides)...)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if len(c.inputs) == 0 {
		return errors.Join(append(errs, c.nothingFound())...)
	}
	for _, err := range errs {
		c.failures = append(c.failures, failure(err))
	}
	c.noteLeftOut()
	return nil
}

// addAsides takes files that would be read with another where that other was not there after all: they then stand for
// themselves. Those found in a directory never do.
func (c *capture) addAsides(ctx context.Context, options Options, asides []input.Candidate) (errs []error) {
	read := map[string]bool{}
	for _, in := range c.inputs {
		read[filepath.Dir(in.Path)] = true
	}
	for _, candidate := range asides {
		switch {
		case read[filepath.Dir(candidate.Name)]:
		case candidate.Found:
			c.leftOut = append(c.leftOut, candidate.Name)
		default:
			if err := c.add(ctx, candidate, options, false); err != nil {
				errs = append(errs, err)
			}
		}
	}
	return errs
}

// enter makes an input that was read part of the capture.
func (c *capture) enter(read *added) {
	c.undated = read.undated
	c.inputs = append(c.inputs, read.Input)
	c.files = append(c.files, read.path)
	c.relations = append(c.relations, read.relation)
	if read.damage != nil {
		c.failures = append(c.failures, report.Failure{Path: read.Path, Reason: read.damage.Error(), Hint: "what came before is part of the analysis", Partial: true})
	}
}

// nothingFound is the error of directories without any flows; nil where files were named.
func (c *capture) nothingFound() error {
	if len(c.leftOut) == 0 {
		return nil
	}
	err := errLeftOut
	if others := len(c.leftOut) - 1; others > 0 {
		err = fmt.Errorf("%w, nor does any of the %d other files of its directory", err, others)
	}
	return &input.Error{Name: c.leftOut[0], Hint: "sentinel formats lists what can be read", Err: err}
}

// noteLeftOut tells which files of directories hold no flows.
func (c *capture) noteLeftOut() {
	const named = 3
	if len(c.leftOut) == 0 {
		return
	}
	text := fmt.Sprintf("left out what holds no flows in the directories, %d in all: %s", len(c.leftOut), strings.Join(c.leftOut[:min(named, len(c.leftOut))], ", "))
	if more := len(c.leftOut) - named; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	c.notes = append(c.notes, report.Note{Text: text})
}

// show hands the flows to those who asked for them as they are.
func (c *capture) show(ctx context.Context, options Options, measured *report.Report) error {
	if options.Inspect != nil {
		if err := options.Inspect(ctx, measured, flowsOf(c)); err != nil {
			return err
		}
	}
	if options.Export == "" {
		return nil
	}
	return c.export(ctx, options.Export)
}

// export writes all flows to a file, in the shape that can tell their times.
func (c *capture) export(ctx context.Context, path string) error {
	shape := duckdb.FlowShape
	if c.undated { // which only times of the original's kind can say
		shape = duckdb.OriginalShape
	}
	return c.db.Export(ctx, path, shape, 0)
}

// columns are the optional columns that all inputs fill.
func (c *capture) columns() flow.Set {
	set := flow.Set{}
	for _, column := range flow.Columns {
		set[column.Name] = true
	}
	for _, input := range c.inputs {
		if input.Flows == 0 {
			continue
		}
		for _, absent := range input.Absent {
			delete(set, absent)
		}
	}
	return set
}

func mixedClocks(first, second string) error {
	return &input.Error{Name: second, Hint: "analyse them one by one", Err: fmt.Errorf(
		"its times and those of %s %w: one counts from midnight of an unnamed day, the other has dates", first, errMixedClocks)}
}

// added is an input and what the report must know of it besides.
type added struct {
	report.Input
	path     string // from which its rows come, where it is read in place
	relation string // that holds its flows
	undated  bool
	damage   error // where it breaks off
}

// Errors that are no faults of a file: it is in a directory and holds no flows, or it is read with another.
var (
	errLeftOut = errors.New("holds no flows")
	errAside   = errors.New("is read with another file")
)

// errMixedClocks is the error of inputs whose times have no common axis.
var errMixedClocks = errors.New("cannot be put side by side")

// add reads one input. One that may be read with another is left aside where there are others.
func (c *capture) add(ctx context.Context, candidate input.Candidate, options Options, others bool) error {
	file, err := options.open(candidate.Name)
	if err != nil && candidate.Found && !errors.Is(err, fs.ErrPermission) {
		return errLeftOut
	}
	if err != nil {
		return err
	}
	if (candidate.Found || others) && file.Aside() {
		return errAside
	}
	options.Progress.begin(file)
	sum := options.sum(file)
	compression := file.Compression // of what the user named; a copy has none
	source, err := c.db.Add(ctx, file, duckdb.Hints{Columns: options.Columns, Clock: options.Clock, Settings: options.Reading})
	var other *table.MissingError
	if candidate.Found && errors.As(err, &other) {
		return errLeftOut
	}
	if err != nil {
		return readingError(file, err)
	}
	if source.Flows+source.Lookups == 0 {
		return emptyError(file, source)
	}
	if len(c.inputs) > 0 && c.undated != source.Clock.Midnight {
		return mixedClocks(c.inputs[0].Path, candidate.Name)
	}
	described := describeInput(file, compression, source)
	described.SHA256 = <-sum
	c.enter(&added{described, file.Path, source.Relation, source.Clock.Midnight, source.Account.Damage})
	return nil
}

// open recognises a capture, unless that was done already.
func (o *Options) open(name string) (*input.File, error) {
	if o.opened != nil {
		return o.opened, nil
	}
	return o.Formats.Open(name, o.Format)
}

func readingError(file *input.File, err error) error {
	return &input.Error{Name: file.Name, Hint: hintFor(file, err), Err: fmt.Errorf("reading it as %s: %w", file.Format.Name, err)}
}

func emptyError(file *input.File, source duckdb.Source) error {
	return &input.Error{Name: file.Name, Hint: emptyHint(source), Err: errors.New("has no flows")}
}

// emptyHint tells why a file has no flows, as far as it is known.
func emptyHint(source duckdb.Source) string {
	if damage := source.Account.Damage; damage != nil {
		return damage.Error()
	}
	return skippedHint(source.Skipped)
}

// skippedHint tells why the rows of a file without flows were skipped.
func skippedHint(skipped []duckdb.Skip) string {
	if len(skipped) == 0 {
		return ""
	}
	return fmt.Sprintf("%d rows were skipped, most of them for this: %s", skipped[0].Rows, skipped[0].Reason)
}

// hintFor finds the next step for an error of a file.
func hintFor(file *input.File, err error) string {
	var hinted interface{ Hint() string }
	if errors.As(err, &hinted) {
		return hinted.Hint()
	}
	var fault *duckdb.Fault
	if errors.As(err, &fault) && fault.OutOfMemory() {
		return "give more with --memory 4GB, or a --temp-dir with room to spill"
	}
	if file.Format.ID == table.Parquet.ID || file.Compression != input.None {
		return "the file may be cut short or damaged"
	}
	return ""
}

func describeInput(file *input.File, compression input.Compression, source duckdb.Source) report.Input {
	result := report.Input{
		Path: file.Name, Format: file.Format.Name, Compression: string(compression),
		Flows: source.Flows, Lookups: source.Lookups, Records: source.Account.Records, Unit: source.Account.Unit,
		First: source.First, Last: source.Last, Filled: source.Filled, Clock: source.Clock.Doc, Ignored: source.Ignored,
	}
	filled := source.Present.Clone()
	for _, match := range source.Matches {
		filled[match.Column.Name] = true
		result.Columns = append(result.Columns, report.Column{Name: match.Column.Name, Field: match.Field.Name(), Usual: match.Usual()})
	}
	for _, column := range flow.Columns {
		parsed := source.Matches == nil // then every required column is there
		if !filled[column.Name] && (!column.Required || !parsed) {
			result.Absent = append(result.Absent, column.Name)
		}
	}
	for _, skip := range source.Skipped {
		result.Skipped = append(result.Skipped, report.Skip(skip))
	}
	for _, note := range source.Account.Notes {
		result.Notes = append(result.Notes, report.Note(note))
	}
	return result
}

func failure(err error) report.Failure {
	var fault *input.Error
	if errors.As(err, &fault) {
		return report.Failure{Path: fault.Name, Reason: fault.Err.Error(), Hint: fault.Hint}
	}
	return report.Failure{Reason: err.Error()}
}

// tell enters what was read into a report.
func (c *capture) tell(into *report.Report) {
	into.Inputs, into.Failures, into.Undated = c.inputs, c.failures, c.undated
	into.Notes = append(into.Notes, c.notes...)
}
