package cli

import (
	"context"
	"errors"
	"os"
	"slices"
	"syscall"

	"github.com/urfave/cli/v3"

	"sentinel/internal/analysis"
	"sentinel/internal/measure"
	"sentinel/internal/output/figure"
	"sentinel/internal/output/terminal"
	"sentinel/internal/report"
)

func analyzeCommand() *cli.Command {
	flags := append(geoFlags(),
		&cli.IntFlag{Name: "dx", Aliases: []string{"percentile"}, Value: defaultPercentile, Usage: "show hosts above the `P`-th percentile of downloads over uploads"},
		&cli.StringFlag{Name: "bn", Aliases: []string{"network"}, Usage: "rank destinations inside the network `CIDR` (default: the internal networks); 0.0.0.0/0: all"},
	)
	return &cli.Command{
		Name:      "analyze",
		Aliases:   []string{"analyse"},
		Usage:     "read captures and show what is in them",
		ArgsUsage: "CAPTURE...",
		Description: "CAPTURE is a file, a directory, a pattern, or - for standard input: packets, logs, flow exports or tables\n" +
			"of flows, plain or compressed; sentinel formats lists what is read. It is recognised by its content.",
		Flags:  slices.Concat(flags, detectionFlags(), []cli.Flag{failOnFlag()}, inputFlags(), engineFlags(), judgingFlags(), outputFlags()),
		Action: runAnalyze,
	}
}

func runAnalyze(ctx context.Context, command *cli.Command) error {
	options, err := optionsFrom(command)
	if err != nil {
		return err
	}
	options.Measures = measure.All
	if err := detectionFrom(command, &options); err != nil {
		return err
	}
	if options.Config.Percentile, err = parsePercentile(command.Int("dx")); err != nil {
		return err
	}
	if command.IsSet("bn") {
		if options.Config.Botnet, err = parseNetworks("-bn", []string{command.String("bn")}); err != nil {
			return err
		}
	}
	if err := subjectFrom(ctx, command, &options, command.Args().Slice(), "sentinel analyze CAPTURE..., for example sentinel analyze day.parquet"); err != nil {
		return err
	}
	return analyse(ctx, command, options, delivery{rows: topRows})
}

// analyse runs the analysis and delivers its report.
func analyse(ctx context.Context, command *cli.Command, options analysis.Options, to delivery) error {
	orders, err := prepare(command, &options)
	if err != nil {
		return err
	}
	var result *report.Report
	err = showing(command, &options, func() (err error) {
		result, err = analysis.Run(ctx, options)
		return err
	})
	if err != nil {
		return err
	}
	tellFailures(command.Root().ErrWriter, result.Failures)
	if !command.Bool("q") {
		if err := print(command, result, to.rows); err != nil && !errors.Is(err, syscall.EPIPE) {
			return hinted{err, "standard output may go to a full disk"} // a reader that has seen enough still wants its files
		}
	}
	if to.pictures && !command.Bool("o") { // whose Markdown comes with them
		if err := writeFiles(figure.Pictures(result)); err != nil {
			return err
		}
	}
	if err := deliver(command, result, orders); err != nil {
		return err
	}
	if err := failOn(command, result); err != nil {
		return err
	}
	return completeness(result)
}

func print(command *cli.Command, result *report.Report, rows int) error {
	stdout := command.Root().Writer
	if id := command.String("format"); id != "text" {
		format, err := formatByID("--format", id, prints)
		if err != nil {
			return err
		}
		return format.Write(stdout, result)
	}
	width, isTerminal := terminalWidth(stdout)
	if command.Bool("details") {
		rows = 0
	}
	return terminal.Write(stdout, result, terminal.Options{
		Width:  width,
		Colour: colours(isTerminal),
		Rows:   rows,
	})
}

// colours tells whether escape sequences are welcome (no-color.org).
func colours(isTerminal bool) bool {
	return isTerminal && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}
