// Package analysis is the road from captures to a report, end to end.
package analysis

import (
	"context"
	"errors"
	"net/netip"
	"os"
	"time"

	"sentinel/internal/detect"
	"sentinel/internal/engine/duckdb"
	"sentinel/internal/flow"
	"sentinel/internal/input"
	"sentinel/internal/input/table"
	"sentinel/internal/measure"
	"sentinel/internal/report"
)

// Options say what to analyse and how.
type Options struct {
	Captures []string          // file names, patterns, or - for standard input
	Stored   *Stored           // what to analyse in place of captures, or nil
	Formats  input.Formats     // those that captures may have
	Format   *input.Format     // what --input-format says; nil: recognise
	Reading  input.Settings    // timeouts and bounds of what Sentinel parses itself
	Columns  table.Overrides   // what --map says
	Clock    *table.Clock      // what --time-unit says; nil: infer
	Measures []measure.Measure // what to compute
	Config   measure.Config    // Places is filled by Run
	Country  string            // database of countries; empty: the built-in table
	Owner    string            // database of owners; empty: none
	Memory   string            // memory limit of the engine
	Threads  int               // 0: all cores
	TempDir  string            // below which temporary files go; empty: the system's
	// Detection says which detectors judge and how; without detectors none does.
	Detection      detect.Config
	Extra          []flow.Reader                                             // flows to add to those of the captures
	Export         string                                                    // file to write all flows to; empty: none
	Inspect        func(context.Context, *report.Report, detect.Flows) error // is shown the measures and the flows before they are judged; may be nil
	Baseline       []string                                                  // captures to compare with; empty: none
	StoredBaseline *Stored                                                   // what to compare with in place of captures, or nil
	Compare        bool                                                      // set the captures beside the baseline in the report, too, if there is one
	Checksums      bool                                                      // of the inputs, in the report
	Settings       []report.Setting                                          // for the reader
	Notes          []report.Note                                             // of what was prepared, for the reader
	Version        string
	Now            time.Time   // of the run; zero leaves it out of the report
	Progress       *Progress   // of reading; may be nil
	Resolve        Resolver    // nil: no question leaves this machine
	unlocked       bool        // the engine's settings, for Query to restrict
	opened         *input.File // the only capture, where it is open already
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
	result = &report.Report{Provenance: report.Provenance{Version: options.Version, Settings: options.Settings}, Notes: options.Notes}
	if !options.Now.IsZero() {
		result.Provenance.Generated = options.Now.UTC().Format(time.RFC3339)
	}
	var places measure.Places
	opened, provenance := make(chan error, 1), &result.Provenance // an early return sets result to nil
	go func() {                                                   // decoding the built-in table takes as long as reading a small capture
		var err error
		places, err = openPlaces(options.Country, options.Owner, provenance)
		opened <- err
	}()
	dir, err := duckdb.MakeTempDir(options.TempDir)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	test, err := options.test(ctx, dir)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, test.Close()) }()
	if err := <-opened; err != nil {
		return nil, err
	}
	options.Config.Places = places
	result.Provenance.Engine = test.Version()
	test.tell(result)
	options.Config.Progress = options.Progress.Work("measuring")
	if err := measure.Run(ctx, test, options.Config, options.Measures, result); err != nil {
		return nil, err
	}
	if err := test.show(ctx, options, result); err != nil {
		return nil, err
	}
	base, err := loadBaseline(ctx, options, dir, result)
	if err != nil {
		return nil, err
	}
	if base != nil {
		defer func() { err = errors.Join(err, base.Close()) }()
	}
	if err := setBeside(ctx, test, base, options, result); err != nil {
		return nil, err
	}
	if err := judge(ctx, test, base, options, result); err != nil {
		return nil, err
	}
	resolve(ctx, options.Resolve, result)
	return result, nil
}
