package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/urfave/cli/v3"

	"sentinel/internal/analysis"
	"sentinel/internal/engine/duckdb"
	"sentinel/internal/output"
	"sentinel/internal/report"
)

func convertCommand() *cli.Command {
	return &cli.Command{
		Name:      "convert",
		Usage:     "turn captures of any kind into a table of flows",
		ArgsUsage: "CAPTURE...",
		Description: "FILE ends in " + strings.Join(duckdb.FileEndings(), ", ") + "; .log is a conn.log as Zeek writes it.\n" +
			"sentinel columns lists what a flow has.",
		Flags: slices.Concat([]cli.Flag{
			&cli.StringFlag{Local: true, Name: "o", Aliases: []string{"output"}, Usage: "write the flows to `FILE`", TakesFile: true},
			&cli.StringFlag{Local: true, Name: "dns", Usage: "write the questions to the DNS to `FILE`", TakesFile: true},
			&cli.BoolFlag{Local: true, Name: "q", Aliases: []string{"quiet"}, Usage: "no summary and no progress on standard error"},
		}, inputFlags()),
		Action: runConvert,
	}
}

func runConvert(ctx context.Context, command *cli.Command) error {
	const example = "sentinel convert capture.pcap -o flows.parquet"
	flows, lookups := command.String("o"), command.String("dns")
	switch {
	case !command.Args().Present():
		return hinted{errors.New("no capture given"), example}
	case flows == "" && lookups == "":
		return hinted{errors.New("no file to write given"), example}
	}
	options, err := readOptions(command)
	if err != nil {
		return err
	}
	options.Captures = command.Args().Slice()
	var result *report.Report
	err = showing(command, &options, func() (err error) {
		result, err = analysis.Convert(ctx, options, flows, lookups)
		return err
	})
	if err != nil {
		return err
	}
	stderr := command.Root().ErrWriter
	tellFailures(stderr, result.Failures)
	if !command.Bool("q") {
		tellNotes(stderr, result)
		if err := tellWritten(command, result, flows, lookups); err != nil {
			return err
		}
	}
	return completeness(result)
}

// tellWritten says what was made of what.
func tellWritten(command *cli.Command, result *report.Report, files ...string) error {
	var flows, questions, read int64
	units := map[string]bool{}
	for _, in := range result.Inputs {
		flows += in.Flows
		questions += in.Lookups
		read += in.Records
		units[in.Unit] = true
	}
	text := output.Counted(flows, "flow")
	if len(units) == 1 && result.Inputs[0].Unit != "" {
		text += fmt.Sprintf(" out of %s %s", output.Count(read), result.Inputs[0].Unit)
	}
	if questions > 0 {
		text += " and " + output.Counted(questions, "DNS question")
	}
	for _, name := range files {
		if name == "" {
			continue
		}
		info, err := os.Stat(name)
		if err != nil {
			return err
		}
		text += fmt.Sprintf("; %s, %s", output.Printable(name), output.Bytes(info.Size()))
	}
	_, err := fmt.Fprintln(command.Root().ErrWriter, text)
	return err
}

// completeness is an error of its own kind where some input was not read.
func completeness(result *report.Report) error {
	if len(result.Failures) > 0 {
		return partly{errors.New("some input was not read")}
	}
	return nil
}
