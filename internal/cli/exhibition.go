package cli

import (
	"context"
	"encoding/gob"
	"fmt"
	"io"
	"net/netip"
	"slices"

	"sentinel/internal/analysis"
	"sentinel/internal/detect"
	"sentinel/internal/engine/clickhouse"
	"sentinel/internal/engine/duckdb"
	"sentinel/internal/explore"
	"sentinel/internal/measure"
	"sentinel/internal/report"
	"sentinel/internal/web"
)

// exhibition brings captures to a page: what it explores as soon as they are read, and the findings when they are
// judged. Of captures in the cache it has both at once.
type exhibition struct {
	site    *web.Site
	options analysis.Options
	dir     string // for temporary files
	cached  bool
	cache   duckdb.Cache
	key     duckdb.Key
	store   explorer
	holding *holding // what a database holds, in place of captures; or nil
}

// explorer answers a page, and questions of its user's own.
type explorer interface {
	explore.Explorer
	web.Asker
}

// holding opens flows that a database holds.
type holding struct {
	subject func(context.Context, *analysis.Options) error // for one analysis, which closes it
	store   func(context.Context, clickhouse.ExploreOptions) (*clickhouse.Store, error)
}

// prepare reads and judges the captures. A fault of theirs is shown by the page, and told on standard error.
func (e *exhibition) prepare(ctx context.Context, stderr io.Writer) error {
	err := e.show(ctx, stderr)
	if err == nil || ctx.Err() != nil {
		return nil
	}
	e.site.Fail(failed(err))
	for _, fault := range faults(err) {
		tell(stderr, fault.Error(), hintOf(fault))
	}
	return nil
}

func (e *exhibition) show(ctx context.Context, stderr io.Writer) error {
	if e.holding != nil {
		return e.showHeld(ctx)
	}
	if e.cached {
		e.key = e.keyOf()
		shown, err := e.remember(ctx)
		if err != nil {
			tell(stderr, "reading the cache: "+err.Error(), "--no-cache does without it")
		}
		if shown {
			return nil
		}
	}
	e.options.Inspect = func(ctx context.Context, measured *report.Report, flows detect.Flows) error {
		db, ok := flows.Engine.(*duckdb.Database)
		if !ok {
			return fmt.Errorf("%s is no engine that a page explores", flows.Version())
		}
		if err := e.keep(ctx, db, stderr); err != nil {
			return err
		}
		first := *measured // what the judging adds comes later
		e.present(&first, true)
		return nil
	}
	result, err := analysis.Run(ctx, e.options)
	if err != nil {
		return err
	}
	tellFailures(stderr, result.Failures)
	e.present(result, false)
	if err := e.cache.Note(ctx, e.key, func(w io.Writer) error { return gob.NewEncoder(w).Encode(result) }); err != nil {
		tell(stderr, "the next time these captures are judged anew: "+err.Error(), "")
	}
	return nil
}

// showHeld shows what a database holds, which answers the page itself.
func (e *exhibition) showHeld(ctx context.Context) error {
	places, err := analysis.Places(e.options)
	if err != nil {
		return err
	}
	store, err := e.holding.store(ctx, clickhouse.ExploreOptions{Country: countryOf(places), Internal: e.options.Config.Internal})
	if err != nil {
		return err
	}
	e.store = heldStore{store}
	options := e.options
	options.Inspect = func(_ context.Context, measured *report.Report, _ detect.Flows) error {
		first := *measured
		e.present(&first, true)
		return nil
	}
	if err := e.holding.subject(ctx, &options); err != nil {
		return err
	}
	result, err := analysis.Run(ctx, options)
	if err != nil {
		return err
	}
	e.present(result, false)
	return nil
}

// keyOf tells captures in the cache apart; what cannot be known again has the zero key.
func (e *exhibition) keyOf() duckdb.Key {
	settings := []string{e.options.Version}
	for _, set := range e.options.Settings {
		settings = append(settings, set.Name+"="+set.Value)
	}
	files := slices.Clone(e.options.Captures)
	settings = append(settings, fmt.Sprintf("%d captures", len(files)))
	files = append(files, e.options.Baseline...)
	for _, set := range e.options.Settings {
		if slices.Contains(fileFlags, set.Name) {
			files = append(files, set.Value)
		}
	}
	key, err := duckdb.KeyOf(files, settings...)
	if err != nil {
		return duckdb.Key{}
	}
	return key
}

// fileFlags name files whose content changes what is found.
var fileFlags = []string{"gi", "gin", "config", "allow", "intel"}

// remember shows captures that were read and judged before.
func (e *exhibition) remember(ctx context.Context) (shown bool, err error) {
	result := &report.Report{}
	known, err := e.cache.Noted(ctx, e.key, func(r io.Reader) error { return gob.NewDecoder(r).Decode(result) })
	if err != nil || !known {
		return false, err
	}
	store, ok, err := e.cache.Open(ctx, e.key, e.storing())
	if err != nil || !ok {
		return false, err
	}
	e.store = store
	e.present(result, false)
	return true, nil
}

func (e *exhibition) storing() duckdb.StoreOptions {
	return duckdb.StoreOptions{
		Memory: e.options.Memory, Threads: e.options.Threads, TempDir: e.dir,
		Originals: func(ctx context.Context, db *duckdb.Database) ([]string, error) {
			return analysis.Reload(ctx, e.options, db)
		},
	}
}

// keep makes the store that the page explores.
func (e *exhibition) keep(ctx context.Context, db *duckdb.Database, stderr io.Writer) (err error) {
	places, err := analysis.Places(e.options)
	if err != nil {
		return err
	}
	e.options.Progress.Work("adding up flows for the page")
	making := duckdb.ExploreOptions{Country: countryOf(places), Internal: e.options.Config.Internal}
	store, err := e.cache.Make(ctx, e.key, db, making, e.storing())
	if err != nil {
		return err
	}
	e.store = store
	if why := store.Kept(); why != nil && e.cached {
		tell(stderr, "the next time these captures are read anew: "+why.Error(), "")
	}
	return nil
}

func countryOf(places measure.Places) func(netip.Addr) string {
	return func(address netip.Addr) string { return places.Of(address).Country }
}

func (e *exhibition) present(result *report.Report, judging bool) {
	e.site.Show(&web.Capture{Report: result, Explorer: e.store, Asker: e.store, Explain: e.explain, Judging: judging})
}

// explain judges the captures anew, with one host asked for.
func (e *exhibition) explain(ctx context.Context, host netip.Addr) ([]report.Line, error) {
	options := e.options
	options.Inspect, options.Measures, options.Checksums, options.Compare = nil, nil, false, false
	options.Detection.Explain = host
	if e.holding != nil {
		if err := e.holding.subject(ctx, &options); err != nil {
			return nil, err
		}
	}
	result, err := analysis.Run(ctx, options)
	if err != nil {
		return nil, err
	}
	return result.Lines, nil
}

func (e *exhibition) close() error {
	if e.store == nil {
		return nil
	}
	return e.store.Close()
}
