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
		Flags:  slices.Concat(geoFlags(), detectionFlags(), []cli.Flag{failOnFlag()}, inputFlags(), judgingFlags(), outputFlags()),
		Action: runCompare,
	}
}

func runCompare(ctx context.Context, command *cli.Command) error {
	if command.Args().Len() < 2 {
		return hinted{errors.New("expected a capture of a clean time and one to judge"), "sentinel compare monday.parquet tuesday.parquet"}
	}
	options, err := optionsFrom(command)
	if err != nil {
		return err
	}
	if err := detectionFrom(command, &options); err != nil {
		return err
	}
	options.Baseline = append(options.Baseline, command.Args().First())
	options.Captures = command.Args().Tail()
	options.Compare = true
	options.Measures = choose([]string{"summary"})
	return analyse(ctx, command, options, delivery{rows: topRows})
}
