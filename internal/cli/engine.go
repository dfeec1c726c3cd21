package cli

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/url"
	"os"
	"runtime/debug"
	"time"

	"github.com/urfave/cli/v3"

	"sentinel/internal/analysis"
	"sentinel/internal/engine/clickhouse"
	"sentinel/internal/report"
)

// engineFlags say which flows of a database to analyse in place of captures.
func engineFlags() []cli.Flag {
	return []cli.Flag{
		engineFlag("analyse flows that sentinel load stored"),
		&cli.StringFlag{Local: true, Name: "from", Usage: "with --engine: flows from this `TIME` on, UTC"},
		&cli.StringFlag{Local: true, Name: "to", Usage: "with --engine: flows before this `TIME`, UTC"},
		&cli.StringFlag{Local: true, Name: "baseline-from", Usage: "with --engine: compare with flows from this `TIME` on"},
		&cli.StringFlag{Local: true, Name: "baseline-to", Usage: "with --engine: compare with flows before this `TIME`"},
	}
}

// timeForms are the ways to write a time.
var timeForms = []string{time.RFC3339, "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02T15:04", time.DateOnly}

// windowFrom reads a span of time; set tells whether there is one.
func windowFrom(command *cli.Command, from, to string) (window clickhouse.Window, set bool, err error) {
	for name, into := range map[string]*int64{from: &window.From, to: &window.To} {
		text := command.String(name)
		if text == "" {
			continue
		}
		if *into, err = parseTime(name, text); err != nil {
			return window, false, err
		}
		set = true
	}
	if window.To != 0 && window.To <= window.From {
		return window, false, fmt.Errorf("--%s is not after --%s", to, from)
	}
	return window, set, nil
}

func parseTime(flag, text string) (int64, error) {
	for _, form := range timeForms {
		if at, err := time.ParseInLocation(form, text, time.UTC); err == nil {
			return at.UnixMicro(), nil
		}
	}
	return 0, hinted{fmt.Errorf("--%s %s: is no time", flag, text), "write it as 2026-01-05, 2026-01-05 09:30 or 2026-01-05T09:30:00Z"}
}

// subjectFrom finds what to analyse: the captures that are named, or flows of a database.
func subjectFrom(ctx context.Context, command *cli.Command, options *analysis.Options, captures []string, example string) error {
	address := command.String("engine")
	switch {
	case address == "" && len(captures) == 0:
		return hinted{errors.New("no capture given"), example}
	case address == "":
		options.Captures = captures
		return windowless(command)
	case len(captures) > 0:
		return bothGiven(captures[0])
	}
	window, _, err := windowFrom(command, "from", "to")
	if err != nil {
		return err
	}
	before, compared, err := windowFrom(command, "baseline-from", "baseline-to")
	if err != nil {
		return err
	}
	if options.Stored, err = stored(ctx, address, window, options.Threads); err != nil || !compared {
		return err
	}
	if options.StoredBaseline, err = stored(ctx, address, before, options.Threads); err != nil {
		return errors.Join(err, options.Stored.Close())
	}
	return nil
}

// windowless refuses times where there is no database to ask for them.
func windowless(command *cli.Command) error {
	for _, name := range []string{"from", "to", "baseline-from", "baseline-to"} {
		if command.IsSet(name) {
			return hinted{fmt.Errorf("--%s needs --engine", name), "sentinel convert and sentinel sql choose flows of captures by time"}
		}
	}
	return nil
}

// clientMemory is from where on this process collects garbage more often where servers hold the flows: they work longer
// than it does, and it may run beside others.
const clientMemory = 400 << 20

func stored(ctx context.Context, address string, window clickhouse.Window, threads int) (*analysis.Stored, error) {
	if unlimited := debug.SetMemoryLimit(-1) == math.MaxInt64; unlimited { // else GOMEMLIMIT says
		debug.SetMemoryLimit(clientMemory)
	}
	db, err := clickhouse.Open(ctx, clickhouse.Options{Address: address, Getenv: os.Getenv, Window: window, Threads: threads})
	if err != nil {
		return nil, err
	}
	bounds := db.Bounds()
	if bounds.Flows == 0 {
		return nil, errors.Join(hinted{fmt.Errorf("%s has no flows in that time", shown(address)), "sentinel load CAPTURE --engine ADDRESS stores some"}, db.Close())
	}
	return &analysis.Stored{Engine: db, Undated: undated(bounds.Last), Input: report.Input{
		Path: shown(address), Format: "ClickHouse", Flows: bounds.Flows, First: bounds.First, Last: bounds.Last,
		Absent: analysis.AbsentColumns(db.Columns()),
	}}, nil
}

// undated tells captures whose times count from midnight of an unnamed day: they lie on the first days of 1970, from
// which no capture has come down.
func undated(last int64) bool { return last < (7 * 24 * time.Hour).Microseconds() }

// shown is an address without what stands behind its ?.
func shown(address string) string {
	parsed, err := url.Parse(address)
	if err != nil {
		return "the database"
	}
	parsed.RawQuery = ""
	return parsed.Redacted()
}

// holdingOf reads which flows of a database a page is about.
func holdingOf(command *cli.Command) (*holding, error) {
	if command.Args().Present() {
		return nil, bothGiven(command.Args().First())
	}
	window, _, err := windowFrom(command, "from", "to")
	if err != nil {
		return nil, err
	}
	return &holding{
		subject: func(ctx context.Context, options *analysis.Options) error {
			return subjectFrom(ctx, command, options, nil, "")
		},
		store: func(ctx context.Context, about clickhouse.ExploreOptions) (*clickhouse.Store, error) {
			return clickhouse.OpenStore(ctx, clickhouse.Options{Address: command.String("engine"), Getenv: os.Getenv, Window: window}, about)
		},
	}, nil
}

func bothGiven(capture string) error {
	return hinted{fmt.Errorf("both a capture and --engine given: %s", capture), "sentinel load puts captures into the database"}
}

// askThere answers a question in SQL by the database that holds the flows.
func askThere(ctx context.Context, command *cli.Command, question string, answer answerer) (err error) {
	window, _, err := windowFrom(command, "from", "to")
	if err != nil {
		return err
	}
	options := clickhouse.Options{Address: command.String("engine"), Getenv: os.Getenv, Window: window, Threads: command.Int("threads")}
	store, err := clickhouse.OpenStore(ctx, options, clickhouse.ExploreOptions{AskTime: patientTime, AskRows: math.MaxInt64})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	return store.Ask(ctx, question, answer.columns, answer.row)
}

// patientTime is how long a question at the command line may take: whoever asked can end it.
const patientTime = 24 * time.Hour
