package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/urfave/cli/v3"

	"sentinel/internal/measure"
)

// originalFlags are those of sentinel-analysis 0.1.5, unchanged, with the newer ones beside them.
func originalFlags() []cli.Flag {
	flags := []cli.Flag{&cli.StringSliceFlag{Local: true, Name: "data", Usage: "flows to analyse, `FILE`: Parquet, CSV or JSON; - for standard input"}}
	flags = append(flags, geoFlags()...)
	flags = append(flags,
		&cli.IntFlag{Local: true, Name: "dx", Aliases: []string{"dataExfiltration"}, Usage: "hosts above the `P`-th percentile of downloads over uploads; 90: the top 10 %", HideDefault: true},
		&cli.StringFlag{Local: true, Name: "bn", Aliases: []string{"botnet"}, Usage: "flows between hosts of the network `CIDR`, by destination; 0.0.0.0/0: all networks"},
		&cli.BoolFlag{Local: true, Name: "cv", Aliases: []string{"countryVolume"}, Usage: "connections per country of destination, with connectionsxcountry.png"},
		&cli.BoolFlag{Local: true, Name: "td", Aliases: []string{"trafficDistribution"}, Usage: "connections per hour of the day, with connectionsxhour.png"},
	)
	return slices.Concat(flags, inputFlags(), judgingFlags(), outputFlags())
}

// runOriginal does what the original does: each measurement only when asked for.
func runOriginal(ctx context.Context, command *cli.Command) error {
	if command.Args().Present() {
		return strayArgument(command)
	}
	if command.NumFlags() == 0 {
		return errors.Join(cli.ShowRootCommandHelp(command), hinted{errors.New("nothing to do"), "sentinel analyze CAPTURE... analyses captures"})
	}
	if !command.IsSet("data") {
		return hinted{errors.New("--data is missing"), "--data FILE names the flows to analyse"}
	}
	options, err := optionsFrom(command)
	if err != nil {
		return err
	}
	options.Captures = command.StringSlice("data")
	chosen := []string{"summary"}
	if command.IsSet("dx") {
		chosen = append(chosen, "exfiltration")
		if options.Config.Percentile, err = parsePercentile(command.Int("dx")); err != nil {
			return err
		}
	}
	if command.IsSet("bn") {
		chosen = append(chosen, "botnet")
		if options.Config.Botnet, err = parseNetworks("-bn", []string{command.String("bn")}); err != nil {
			return err
		}
	}
	if command.Bool("cv") {
		chosen = append(chosen, "countries")
	}
	if command.Bool("td") {
		chosen = append(chosen, "hours")
	}
	options.Measures = choose(chosen)
	return analyse(ctx, command, options, delivery{pictures: true, rows: originalRows})
}

// originalRows is how many rows of a table the original showed.
const originalRows = 60

// choose picks measures by their names, in the order of a report.
func choose(ids []string) []measure.Measure {
	var chosen []measure.Measure
	for _, one := range measure.All {
		if slices.Contains(ids, one.ID) {
			chosen = append(chosen, one)
		}
	}
	return chosen
}

// strayArgument tells a mistyped command from a file given without --data.
func strayArgument(command *cli.Command) error {
	word := command.Args().First()
	if _, err := os.Stat(word); err == nil {
		return hinted{fmt.Errorf("%s is a file, not a command", word), "sentinel analyze " + word}
	}
	hint := "sentinel --help lists the commands"
	if near := cli.SuggestCommand(command.Commands, word); near != "" {
		hint = "did you mean sentinel " + near + "?"
	}
	return hinted{fmt.Errorf("no command %s", word), hint}
}
