package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/urfave/cli/v3"

	"sentinel/internal/analysis"
	"sentinel/internal/engine/clickhouse"
	"sentinel/internal/output"
	"sentinel/internal/report"
)

func loadCommand() *cli.Command {
	return &cli.Command{
		Name:      "load",
		Usage:     "store captures in ClickHouse, for flows that one machine cannot hold",
		ArgsUsage: "CAPTURE...",
		Description: "Databases and tables are made where they are missing. A capture is stored once, by its content; a load that was cut\n" +
			"off goes on when the same command runs again, and until then nothing of its capture counts.\n" +
			"User and password come from " + clickhouse.UserVariable + " and " + clickhouse.PasswordVariable + ", or ?password_file=FILE in the address.",
		Flags: slices.Concat([]cli.Flag{
			engineFlag("the database to fill"),
			&cli.StringFlag{Local: true, Name: "cluster", Usage: "spread the flows over the servers of the cluster `NAME`"},
			&cli.BoolFlag{Local: true, Name: "q", Aliases: []string{"quiet"}, Usage: "no summary and no progress on standard error"},
		}, inputFlags()),
		Action: runLoad,
	}
}

func engineFlag(what string) cli.Flag {
	return &cli.StringFlag{Local: true, Name: "engine", Usage: what + ", `ADDRESS`: clickhouse://USER@HOST:9000/DATABASE"}
}

func runLoad(ctx context.Context, command *cli.Command) (err error) {
	const example = "sentinel load day.pcap --engine clickhouse://localhost/flows"
	switch {
	case !command.Args().Present():
		return hinted{errors.New("no capture given"), example}
	case command.String("engine") == "":
		return hinted{errors.New("--engine is missing"), example}
	}
	options, err := readOptions(command)
	if err != nil {
		return err
	}
	options.Captures = command.Args().Slice()
	loader, err := clickhouse.OpenLoader(ctx, clickhouse.Options{Address: command.String("engine"), Getenv: os.Getenv, Cluster: command.String("cluster")})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, loader.Close()) }()
	var failures []report.Failure
	err = showing(command, &options, func() (err error) {
		failures, err = analysis.Contents(ctx, options, func(content analysis.Content) error { return loadOne(ctx, command, loader, content) })
		return err
	})
	if err != nil {
		return err
	}
	tellFailures(command.Root().ErrWriter, failures)
	return completeness(&report.Report{Failures: failures})
}

func loadOne(ctx context.Context, command *cli.Command, loader *clickhouse.Loader, content analysis.Content) error {
	outcome, err := loader.Load(ctx, clickhouse.Capture{Content: content.SHA256, Name: content.Name, Open: content.Open})
	if err != nil || command.Bool("q") {
		return err
	}
	_, err = fmt.Fprintf(command.Root().ErrWriter, "%s: %s\n", output.Printable(content.Name), outcomeText(outcome))
	return err
}

// outcomeText tells what came of a load.
func outcomeText(outcome *clickhouse.Outcome) string {
	if outcome.Already {
		return "is there already, with " + output.Counted(outcome.Flows, "flow")
	}
	text := output.Counted(outcome.Flows, "flow")
	if outcome.Lookups > 0 {
		text += " and " + output.Counted(outcome.Lookups, "DNS question")
	}
	if outcome.Resumed > 0 {
		text += fmt.Sprintf(", %s of them by an earlier load that was cut off", output.Count(outcome.Resumed))
	}
	for _, skip := range outcome.Skipped {
		text += fmt.Sprintf("; skipped: %s %s", output.Count(skip.Rows), output.Printable(skip.Reason))
	}
	return text
}
