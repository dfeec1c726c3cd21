package cli

import (
	"fmt"
	"io"

	"github.com/urfave/cli/v3"

	"sentinel/internal/analysis"
	"sentinel/internal/input"
	"sentinel/internal/input/catalog"
	"sentinel/internal/output"
	"sentinel/internal/report"
)

// readingFlags say how captures become flows.
func readingFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Local: true, Name: "input-format", Usage: "take every input for this `FORMAT` (see sentinel formats) instead of recognising it"},
		&cli.DurationFlag{Local: true, Name: "idle-timeout", Usage: "end a flow after so long without a packet (default: 5m for TCP, 1m for others)", HideDefault: true},
		&cli.DurationFlag{Local: true, Name: "active-timeout", Usage: "cut a flow that goes on for so long (default: never)", HideDefault: true},
		&cli.IntFlag{Local: true, Name: "max-flows", Usage: "flows of a packet capture held open at once (default: 2000000)", HideDefault: true},
		&cli.Int64Flag{Local: true, Name: "sampling", Usage: "one in `N` packets was seen, whatever the input says of it", HideDefault: true},
	}
}

// readingFrom reads those flags.
func readingFrom(command *cli.Command, options *analysis.Options) error {
	options.Reading = input.Settings{
		Idle: command.Duration("idle-timeout"), Active: command.Duration("active-timeout"),
		MaxFlows: command.Int("max-flows"), Threads: options.Threads, Sampling: command.Int64("sampling"),
	}
	for name, value := range map[string]int64{
		"idle-timeout": int64(options.Reading.Idle), "active-timeout": int64(options.Reading.Active),
		"max-flows": int64(options.Reading.MaxFlows), "sampling": options.Reading.Sampling,
	} {
		if value < 0 {
			return fmt.Errorf("--%s: expected more than 0", name)
		}
	}
	id := command.String("input-format")
	if id == "" {
		return nil
	}
	format, ok := catalog.All.ByID(id)
	if !ok {
		return hinted{fmt.Errorf("--input-format %s: no such format", id), "sentinel formats lists them"}
	}
	options.Format = &format
	return nil
}

// tellFailures prints which inputs were not read, or not to their end.
func tellFailures(stderr io.Writer, failures []report.Failure) {
	for _, failure := range failures {
		what := failure.Path
		if failure.Partial {
			what += ": not read to its end"
		}
		tell(stderr, what+": "+failure.Reason, failure.Hint)
	}
}

// tellNotes prints what the readers of inputs remarked.
func tellNotes(stderr io.Writer, result *report.Report) {
	for _, in := range result.Inputs {
		if len(in.Skipped) > 0 {
			fmt.Fprintf(stderr, "note: %s: skipped %s\n", output.Printable(in.Path), output.Printable(output.Skipped(in.Skipped)))
		}
		for _, note := range in.Notes {
			fmt.Fprintf(stderr, "note: %s: %s\n", output.Printable(in.Path), output.PrintableLong(note.Text))
		}
	}
	for _, note := range result.Notes {
		fmt.Fprintf(stderr, "note: %s\n", output.PrintableLong(note.Text))
	}
}
