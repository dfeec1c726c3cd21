// Command explore measures how fast a page about a large capture answers, and writes docs/explore-benchmarks.md:
//
//	make build && go run ./bench/explore -dir /var/tmp/explore
//
// It generates a day, makes the store of it, opens that again, and asks what a view of the page asks for filters of all kinds.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"

	"sentinel/internal/engine/duckdb"
	"sentinel/internal/explore"
	"sentinel/internal/geo"
	"sentinel/internal/input/catalog"
)

const page = "docs/explore-benchmarks.md"

func main() {
	b := bench{}
	flag.IntVar(&b.flows, "flows", 20_000_000, "of the day")
	flag.IntVar(&b.devices, "devices", 2000, "in its network")
	flag.IntVar(&b.threads, "threads", 2, "of the engine")
	flag.IntVar(&b.rounds, "rounds", 5, "of each measurement; the median counts")
	flag.StringVar(&b.dir, "dir", filepath.Join(os.TempDir(), "sentinel-bench-explore"), "keeps the capture for the next time, and the store")
	flag.Parse()
	if err := b.run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

// bench is one run.
type bench struct {
	flows, devices, threads, rounds int
	dir, temp                       string
	text                            bytes.Buffer // the page
}

func (b *bench) run(ctx context.Context) (err error) {
	if err := os.MkdirAll(b.dir, 0o700); err != nil {
		return err
	}
	if b.temp, err = duckdb.MakeTempDir(""); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(b.temp)) }()
	capture, err := b.capture()
	if err != nil {
		return err
	}
	cache := duckdb.Cache{Dir: filepath.Join(b.dir, "cache")}
	if err := os.RemoveAll(cache.Dir); err != nil {
		return err
	}
	key, err := duckdb.KeyOf([]string{capture})
	if err != nil {
		return err
	}
	options := duckdb.StoreOptions{Threads: b.threads, TempDir: b.temp, Originals: func(ctx context.Context, db *duckdb.Database) ([]string, error) {
		return []string{capture}, load(ctx, db, capture)
	}}
	if err := b.make(ctx, cache, key, capture, options); err != nil {
		return err
	}
	store, err := b.open(ctx, cache, key, options)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	if err := b.views(ctx, store); err != nil {
		return err
	}
	return os.WriteFile(page, b.text.Bytes(), 0o644)
}

func (b *bench) printf(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	b.text.WriteString(text)
	fmt.Fprint(os.Stderr, text)
}

// capture generates the day, unless it is there.
func (b *bench) capture() (string, error) {
	path := filepath.Join(b.dir, fmt.Sprintf("day-%d-%d.parquet", b.flows, b.devices))
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	command := exec.Command("bin/sentinel", "generate", "--profile", "office", "--flows", fmt.Sprint(b.flows), "--devices", fmt.Sprint(b.devices), "--network", "10.20.0.0/16", path)
	command.Stdout, command.Stderr = os.Stderr, os.Stderr
	return path, command.Run()
}

func load(ctx context.Context, db *duckdb.Database, capture string) error {
	file, err := catalog.All.Open(capture, nil)
	if err != nil {
		return err
	}
	if _, err := db.Add(ctx, file, duckdb.Hints{}); err != nil {
		return err
	}
	return db.Seal(ctx)
}

// make measures the making of a store.
func (b *bench) make(ctx context.Context, cache duckdb.Cache, key duckdb.Key, capture string, options duckdb.StoreOptions) (err error) {
	db, err := duckdb.Open(ctx, duckdb.Options{Threads: b.threads, TempDir: b.temp})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var loading, making time.Duration
	loading = timed(func() { err = load(ctx, db, capture) })
	if err != nil {
		return err
	}
	countries := geo.Builtin()
	var store *duckdb.Store
	making = timed(func() {
		store, err = cache.Make(ctx, key, db, duckdb.ExploreOptions{
			Country:  countries.Country,
			Internal: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")},
		}, options)
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	info, err := os.Stat(capture)
	if err != nil {
		return err
	}
	var stored int64
	for _, path := range must(filepath.Glob(filepath.Join(cache.Dir, "*"))) {
		stored += must(os.Stat(path)).Size()
	}
	b.printf("# Exploring, measured\n\n`make bench-explore` writes this page: %s, %d threads of %d cores, %s.\n\n", duckdb.Version(), b.threads, runtime.NumCPU(), runtime.GOARCH)
	if load, err := os.ReadFile("/proc/loadavg"); err == nil {
		b.printf("When it began, the machine had %s processes that wanted a core, on average of a minute; with more than %d, seconds of the clock tell little, and those of the processor more.\n\n", strings.Fields(string(load))[0], runtime.NumCPU())
	}
	b.printf("A generated day of %d flows of %d devices lies in Parquet, %d MB. Opening it takes %s, making its store %s; the store has %d MB.\n",
		b.flows, b.devices, info.Size()>>20, seconds(loading), seconds(making), stored>>20)
	return nil
}

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

// open measures the first view of a store that is in the cache.
func (b *bench) open(ctx context.Context, cache duckdb.Cache, key duckdb.Key, options duckdb.StoreOptions) (store *duckdb.Store, err error) {
	var took []time.Duration
	for range b.rounds {
		if store != nil {
			if err := store.Close(); err != nil {
				return nil, err
			}
		}
		var ok bool
		took = append(took, timed(func() {
			if store, ok, err = cache.Open(ctx, key, options); err == nil && ok {
				err = view(ctx, store, explore.Everything)
			}
		}))
		if err != nil || !ok {
			return nil, fmt.Errorf("opening the store: found %t, %w", ok, err)
		}
	}
	b.printf("Where the store is in the cache, it takes %s from the start to all answers of the first view, the check of the file included.\n", seconds(median(took)))
	return store, nil
}

// question is one that a view asks.
type question struct {
	name string
	ask  func(context.Context, explore.Explorer, explore.Filter) error
}

// questions are those of a view.
func questions() []question {
	list := []question{
		{"totals", func(ctx context.Context, e explore.Explorer, f explore.Filter) error {
			_, err := e.Totals(ctx, f)
			return err
		}},
		{"timeline", func(ctx context.Context, e explore.Explorer, f explore.Filter) error {
			_, _, err := e.Timeline(ctx, f, 200)
			return err
		}},
		{"week", func(ctx context.Context, e explore.Explorer, f explore.Filter) error {
			_, err := e.Week(ctx, f)
			return err
		}},
	}
	for _, by := range []explore.Dimension{explore.Sources, explore.Destinations, explore.Countries, explore.Ports, explore.Names, explore.Edges, explore.Channels} {
		list = append(list, question{string(by), func(ctx context.Context, e explore.Explorer, f explore.Filter) error {
			_, _, err := e.Top(ctx, f, by, 20)
			return err
		}})
	}
	return list
}

// atOnce is how many questions a page lets an explorer work on.
const atOnce = 4

// view asks all questions of a view, side by side.
func view(ctx context.Context, e explore.Explorer, filter explore.Filter) error {
	var group sync.WaitGroup
	list := questions()
	errs, places := make([]error, len(list)), make(chan struct{}, atOnce)
	for i, question := range list {
		group.Go(func() {
			places <- struct{}{}
			errs[i] = question.ask(ctx, e, filter)
			<-places
		})
	}
	group.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// views measures every filter.
func (b *bench) views(ctx context.Context, store *duckdb.Store) error {
	filters, err := chooseFilters(ctx, store)
	if err != nil {
		return err
	}
	names := []string{"filter", "flows", "view", "processor"}
	for _, question := range questions() {
		names = append(names, question.name)
	}
	b.printf("\nThe view is all questions side by side, as a page asks them, in seconds, and the time of all cores that it takes; then each question by itself. Medians of %d; nothing is remembered from one to the next.\n\n| %s |\n|---|%s\n",
		b.rounds, strings.Join(names, " | "), strings.Repeat("---:|", len(names)-1))
	for _, filter := range filters {
		if err := b.row(ctx, store, filter); err != nil {
			return err
		}
	}
	return b.pages(ctx, store, filters)
}

func (b *bench) row(ctx context.Context, store *duckdb.Store, filter named) error {
	totals, err := store.Totals(ctx, filter.Filter)
	if err != nil {
		return err
	}
	var views, processor []time.Duration
	for range b.rounds {
		before := processorTime()
		views = append(views, timed(func() { err = view(ctx, store, filter.Filter) }))
		processor = append(processor, processorTime()-before)
		if err != nil {
			return err
		}
	}
	cells := []string{filter.name, fmt.Sprint(totals.Flows), seconds(median(views)), seconds(median(processor))}
	for _, question := range questions() {
		var took []time.Duration
		for range b.rounds {
			took = append(took, timed(func() { err = question.ask(ctx, store, filter.Filter) }))
			if err != nil {
				return err
			}
		}
		cells = append(cells, seconds(median(took)))
	}
	b.printf("| %s |\n", strings.Join(cells, " | "))
	return nil
}

// pages measures the flows behind figures.
func (b *bench) pages(ctx context.Context, store *duckdb.Store, filters []named) error {
	if err := drain(ctx, store, explore.Everything, 0); err != nil { // opens the capture
		return err
	}
	b.printf("\nThe flows behind a figure come from the capture itself. A page of 100, in seconds: the first, the tenth, and one from the middle.\n\n| filter | first | tenth | middle |\n|---|---:|---:|---:|\n")
	for _, filter := range filters {
		totals, err := store.Totals(ctx, filter.Filter)
		if err != nil {
			return err
		}
		cells := []string{filter.name}
		for _, offset := range []int64{0, 1000, totals.Flows / 2} {
			var took []time.Duration
			for range b.rounds {
				took = append(took, timed(func() { err = drain(ctx, store, filter.Filter, offset) }))
				if err != nil {
					return err
				}
			}
			cells = append(cells, seconds(median(took)))
		}
		b.printf("| %s |\n", strings.Join(cells, " | "))
	}
	return nil
}

func drain(ctx context.Context, store *duckdb.Store, filter explore.Filter, offset int64) error {
	for _, err := range store.Flows(ctx, filter, offset, 100) {
		if err != nil {
			return err
		}
	}
	return nil
}

// processorTime is what this process has used of all cores.
func processorTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		log.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func timed(do func()) time.Duration {
	start := time.Now()
	do()
	return time.Since(start)
}
