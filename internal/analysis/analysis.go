// Package analysis is the road from captures to a report, end to end.
package analysis

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"time"

	"sentinel/internal/engine/duckdb"
	"sentinel/internal/flow"
	"sentinel/internal/geo"
	"sentinel/internal/input"
	"sentinel/internal/input/table"
	"sentinel/internal/measure"
	"sentinel/internal/report"
)

// Options say what to analyse and how.
type Options struct {
	Captures []string          // file names, patterns, or - for standard input
	Columns  table.Overrides   // what --map says
	Clock    *table.Clock      // what --time-unit says; nil: infer
	Measures []measure.Measure // what to compute
	Config   measure.Config    // Places is filled by Run
	Country  string            // database of countries; empty: the built-in table
	Owner    string            // database of owners; empty: none
	Memory   string            // memory limit of the engine
	Threads  int               // 0: all cores
	TempDir  string            // below which temporary files go; empty: the system's
	Version  string
	Now      time.Time // of the run; zero leaves it out of the report
	Resolve  Resolver  // nil: no question leaves this machine
}

// InternalNetworks are the networks taken for one's own unless the user names others (RFC 1918, RFC 4193, RFC 3927, RFC 4291).
var InternalNetworks = []netip.Prefix{
	netip.MustParsePrefix("10.0.0.0/8"),
	netip.MustParsePrefix("172.16.0.0/12"),
	netip.MustParsePrefix("192.168.0.0/16"),
	netip.MustParsePrefix("169.254.0.0/16"),
	netip.MustParsePrefix("fc00::/7"),
	netip.MustParsePrefix("fe80::/10"),
}

// Run analyses. Inputs that cannot be read become failures in the report, and the others are analysed; where
// none can, the error joins the reasons of all.
func Run(ctx context.Context, options Options) (result *report.Report, err error) {
	result = &report.Report{Provenance: report.Provenance{Version: options.Version, Engine: duckdb.Version()}}
	if !options.Now.IsZero() {
		result.Provenance.Generated = options.Now.UTC().Format(time.RFC3339)
	}
	if options.Config.Places, err = openPlaces(options.Country, options.Owner, &result.Provenance); err != nil {
		return nil, err
	}
	dir, err := duckdb.MakeTempDir(options.TempDir)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	db, err := duckdb.Open(ctx, duckdb.Options{Memory: options.Memory, Threads: options.Threads, TempDir: dir})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := addAll(ctx, db, options, dir, result); err != nil {
		return nil, err
	}
	if err := measure.Run(ctx, db, options.Config, options.Measures, result); err != nil {
		return nil, err
	}
	resolve(ctx, options.Resolve, result)
	return result, nil
}

// openPlaces opens the databases that the user names; the built-in table serves where none tells countries.
func openPlaces(country, owner string, provenance *report.Provenance) (measure.Places, error) {
	places := measure.Places{Countries: geo.Builtin()}
	if country != "" {
		database, err := openDatabase(country, "countries", (*geo.Database).HasCountries)
		if err != nil {
			return places, err
		}
		places.Countries = database
	}
	provenance.Databases = append(provenance.Databases, describe("countries", places.Countries.Info()))
	if owner == "" {
		return places, nil
	}
	database, err := openDatabase(owner, "owners", (*geo.Database).HasOwners)
	if err != nil {
		return places, err
	}
	places.Owners = database
	provenance.Databases = append(provenance.Databases, describe("owners", database.Info()))
	return places, nil
}

func openDatabase(path, what string, has func(*geo.Database) bool) (*geo.Database, error) {
	database, err := geo.Open(path)
	if err != nil {
		return nil, &input.Error{Name: path, Hint: "leave the flag out to use what is built in", Err: err}
	}
	if !has(database) {
		return nil, &input.Error{Name: path, Hint: "-gi takes a database of countries, -gin one of AS numbers or organisations",
			Err: fmt.Errorf("%s, %s: tells no %s", database.Info().Kind, database.Info().Edition, what)}
	}
	return database, nil
}

func describe(what string, info geo.Info) string {
	text := what + ": " + info.Kind
	if info.Path != "" {
		text += " " + info.Path
	}
	if info.Built != "" {
		text += " of " + info.Built
	}
	return text
}

// addAll brings the captures into the engine, one by one.
func addAll(ctx context.Context, db *duckdb.Database, options Options, dir string, into *report.Report) error {
	names, errs := input.Expand(options.Captures)
	for _, name := range names {
		read, err := add(ctx, db, name, options, dir)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err == nil && len(into.Inputs) > 0 && into.Undated != read.undated {
			return mixedClocks(into.Inputs[0].Path, name)
		}
		if err != nil {
			errs = append(errs, err)
			continue
		}
		into.Undated = read.undated
		into.Inputs = append(into.Inputs, read.Input)
	}
	if len(into.Inputs) == 0 {
		return errors.Join(errs...)
	}
	for _, err := range errs {
		into.Failures = append(into.Failures, failure(err))
	}
	return db.Seal(ctx)
}

func mixedClocks(first, second string) error {
	return &input.Error{Name: second, Hint: "analyse them one by one", Err: fmt.Errorf(
		"its times and those of %s cannot be put side by side: one counts from midnight of an unnamed day, the other has dates", first)}
}

// added is an input and what the report must know of it besides.
type added struct {
	report.Input
	undated bool
}

func add(ctx context.Context, db *duckdb.Database, name string, options Options, dir string) (added, error) {
	file, err := input.Open(name, dir)
	if err != nil {
		return added{}, err
	}
	source, err := db.Add(ctx, file, duckdb.Hints{Columns: options.Columns, Clock: options.Clock})
	if err != nil {
		return added{}, &input.Error{Name: file.Name, Hint: hintFor(file, err), Err: fmt.Errorf("reading it as %s: %w", file.Format, err)}
	}
	if source.Flows == 0 {
		return added{}, &input.Error{Name: file.Name, Hint: skippedHint(source.Skipped), Err: errors.New("has no flows")}
	}
	return added{describeInput(file, source), source.Clock.Midnight}, nil
}

// skippedHint tells why the rows of a file without flows were skipped.
func skippedHint(skipped []duckdb.Skip) string {
	if len(skipped) == 0 {
		return ""
	}
	return fmt.Sprintf("%d rows were skipped, most of them for this: %s", skipped[0].Rows, skipped[0].Reason)
}

// hintFor finds the next step for an error of a file.
func hintFor(file input.File, err error) string {
	var hinted interface{ Hint() string }
	if errors.As(err, &hinted) {
		return hinted.Hint()
	}
	var fault *duckdb.Fault
	if errors.As(err, &fault) && fault.OutOfMemory() {
		return "give more with --memory 4GB, or a --temp-dir with room to spill"
	}
	if file.Format == input.Parquet || file.Compression != input.None {
		return "the file may be cut short or damaged"
	}
	return ""
}

func describeInput(file input.File, source duckdb.Source) report.Input {
	result := report.Input{
		Path: file.Name, Format: string(file.Format), Compression: string(file.Compression),
		Flows: source.Flows, First: source.First, Last: source.Last, Filled: source.Filled,
		Clock: source.Clock.Doc, Ignored: source.Ignored,
	}
	filled := map[string]bool{}
	for _, match := range source.Matches {
		filled[match.Column.Name] = true
		result.Columns = append(result.Columns, report.Column{Name: match.Column.Name, Field: match.Field.Name(), Usual: match.Usual()})
	}
	for _, column := range flow.Columns {
		if !filled[column.Name] {
			result.Absent = append(result.Absent, column.Name)
		}
	}
	for _, skip := range source.Skipped {
		result.Skipped = append(result.Skipped, report.Skip(skip))
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
