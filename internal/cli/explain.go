package cli

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"

	"github.com/urfave/cli/v3"

	"sentinel/internal/analysis"
	"sentinel/internal/output/terminal"
)

func explainCommand() *cli.Command {
	return &cli.Command{
		Name:      "explain",
		Usage:     "show what every detector saw of one host, and why it fired or did not",
		ArgsUsage: "HOST CAPTURE...",
		Flags:     slices.Concat(geoFlags(), detectionFlags(), inputFlags(), engineFlags(), judgingFlags()),
		Action:    runExplain,
	}
}

func runExplain(ctx context.Context, command *cli.Command) error {
	if command.Args().Len() < 2 && !command.IsSet("engine") {
		return hinted{errors.New("expected a host and a capture"), "sentinel explain 192.168.104.20 day.parquet"}
	}
	host, err := netip.ParseAddr(command.Args().First())
	if err != nil {
		return hinted{fmt.Errorf("%s is no IP address", command.Args().First()), "the host comes first: sentinel explain 192.168.104.20 day.parquet"}
	}
	options, err := optionsFrom(command)
	if err != nil {
		return err
	}
	if err := detectionFrom(command, &options); err != nil {
		return err
	}
	options.Measures = choose([]string{"summary"})
	options.Detection.Explain = host.Unmap()
	if err := subjectFrom(ctx, command, &options, command.Args().Tail(), "sentinel explain 192.168.104.20 day.parquet"); err != nil {
		return err
	}
	result, err := analysis.Run(ctx, options)
	if err != nil {
		return err
	}
	width, isTerminal := terminalWidth(command.Root().Writer)
	return terminal.WriteExplanation(command.Root().Writer, result, options.Detection.Explain, terminal.Options{Width: width, Colour: colours(isTerminal)})
}
