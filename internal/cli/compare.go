package cli

import (
	"context"
	"errors"
	"slices"

	"github.com/urfave/cli/v3"
)

func compareCommand() *cli.Command {
	return &cli.Command{
		Name:      "compare",
		Usage:     "show what is new, gone or changed between a clean capture and another",
		ArgsUsage: "BASE TEST...",
		Description: "BASE is a capture of a clean time, TEST the captures to judge. Every detector judges TEST against BASE,\n" +
			"and countries, owners, networks, ports, internal contacts, hosts, DNS and hours are set side by side.",
		Flags:  slices.Concat(geoFlags(), detectionFlags(), []cli.Flag{failOnFlag()}, inputFlags(), engineFlags(), judgingFlags(), outputFlags()),
		Action: runCompare,
	}
}

func runCompare(ctx context.Context, command *cli.Command) error {
	if command.Args().Len() < 2 && !command.IsSet("engine") {
		return hinted{errors.New("expected a capture of a clean time and one to judge"), "sentinel compare monday.parquet tuesday.parquet"}
	}
	options, err := optionsFrom(command)
	if err != nil {
		return err
	}
	if err := detectionFrom(command, &options); err != nil {
		return err
	}
	if command.Args().Present() {
		options.Baseline = append(options.Baseline, command.Args().First())
	}
	if err := subjectFrom(ctx, command, &options, command.Args().Tail(), ""); err != nil {
		return err
	}
	if len(options.Baseline) == 0 && options.StoredBaseline == nil {
		return errors.Join(hinted{errors.New("nothing to compare with"), "--baseline-from and --baseline-to name a clean time, or name a capture of one"}, options.Stored.Close())
	}
	options.Compare = true
	options.Measures = choose([]string{"summary"})
	return analyse(ctx, command, options, delivery{rows: topRows})
}
