package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"github.com/urfave/cli/v3"
	"golang.org/x/sync/errgroup"

	"sentinel/internal/analysis"
	"sentinel/internal/chart"
	"sentinel/internal/measure"
	"sentinel/internal/output"
	"sentinel/internal/output/figure"
	"sentinel/internal/output/json"
	"sentinel/internal/output/markdown"
	"sentinel/internal/output/terminal"
	"sentinel/internal/report"
)

// Pictures, under the names that the original gave them.
const (
	countryPicture = "connectionsxcountry.png"
	hourPicture    = "connectionsxhour.png"
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
		Flags:  slices.Concat(flags, detectionFlags(), []cli.Flag{failOnFlag()}, inputFlags(), judgingFlags(), outputFlags()),
		Action: runAnalyze,
	}
}

func runAnalyze(ctx context.Context, command *cli.Command) error {
	if !command.Args().Present() {
		return hinted{errors.New("no capture given"), "sentinel analyze CAPTURE..., for example sentinel analyze day.parquet"}
	}
	options, err := optionsFrom(command)
	if err != nil {
		return err
	}
	options.Captures = command.Args().Slice()
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
	return analyse(ctx, command, options, delivery{pictures: command.Bool("o"), rows: topRows})
}

// delivery says where a report goes besides standard output.
type delivery struct {
	pictures bool
	rows     int // of a table on the terminal
}

// analyse runs the analysis and delivers its report.
func analyse(ctx context.Context, command *cli.Command, options analysis.Options, to delivery) error {
	var result *report.Report
	err := showing(command, &options, func() (err error) {
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
	if err := writeFiles(result, to.pictures, command.Bool("o"), options.Now); err != nil {
		return err
	}
	if err := failOn(command, result); err != nil {
		return err
	}
	return completeness(result)
}

func print(command *cli.Command, result *report.Report, rows int) error {
	stdout := command.Root().Writer
	if command.String("format") == "json" {
		return json.Write(stdout, result)
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

// writeFiles draws the pictures, side by side, and writes the Markdown report that shows them.
func writeFiles(result *report.Report, pictures, md bool, now time.Time) error {
	names := markdown.Pictures{}
	var group errgroup.Group
	if pictures && result.Countries != nil {
		names.Countries = countryPicture
		group.Go(func() error { return draw(countryPicture, figure.Countries(result)) })
	}
	if pictures && result.Hours != nil {
		names.Hours = hourPicture
		group.Go(func() error { return draw(hourPicture, figure.Hours(result)) })
	}
	if err := group.Wait(); err != nil || !md {
		return err
	}
	name := "report.md"
	if !now.IsZero() {
		name = fmt.Sprintf("report_%d.md", now.UnixMicro())
	}
	return writeFile(name, func(w io.Writer) error { return markdown.Write(w, result, names) })
}

func draw(name string, bars chart.Bars) error {
	return writeFile(name, bars.PNG)
}

func writeFile(name string, write func(io.Writer) error) error {
	err := output.WriteFile(name, write)
	if err == nil {
		return nil
	}
	dir, _ := filepath.Abs(".")
	return hinted{fmt.Errorf("writing %s: %w", name, err), "run it in a directory where you may write; this one is " + dir}
}
