package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v3"

	"sentinel/internal/engine/duckdb"
	"sentinel/internal/output"
	"sentinel/internal/output/terminal"
	"sentinel/internal/synth"
)

func generateCommand() *cli.Command {
	return &cli.Command{
		Name:      "generate",
		Usage:     "make a labelled capture to try things on",
		ArgsUsage: "FILE",
		Description: "FILE ends in " + strings.Join(duckdb.FileEndings(), ", ") + ", or for packets in\n" +
			".pcap, .pcapng, .pcap.gz or .pcap.zst. Beside it goes FILE's name with .truth.json instead of the ending: what was\n" +
			"planted, and what is harmless though it may not look so. The same flags make the same capture.\n" +
			"Packets are of the office profile, and of 10,000 flows, unless other flags are given.",
		Flags: append([]cli.Flag{
			&cli.StringFlag{Name: "kind", Value: string(synth.Judge), Usage: "clean (a day known to be clean), judge (a clean day with attacks), servers (external clients at public servers)"},
			&cli.StringFlag{Name: "profile", Value: string(synth.Original), Usage: "original (the original's seven columns), office (more protocols, all columns)"},
			&cli.Uint64Flag{Name: "seed", Value: 1, Usage: "which network: its devices and habits"},
			&cli.IntFlag{Name: "day", Usage: "which day in the life of that network"},
			&cli.IntFlag{Name: "days", Value: 1, Usage: "days in one capture"},
			&cli.IntFlag{Name: "flows", Value: 1_000_000, Usage: "flows a day, about"},
			&cli.IntFlag{Name: "devices", Usage: "devices in the network (default: 200)", HideDefault: true},
			&cli.StringFlag{Name: "network", Value: "192.168.104.0/24", Usage: "the internal network"},
			&cli.StringSliceFlag{Name: "attack", Usage: "plant this attack, `NAME[:PARAM=N,...]`; may be repeated (default: all that fit)"},
			&cli.BoolFlag{Name: "list-attacks", Usage: "list the attacks and their parameters"},
		}, packetFlags()...),
		Action: runGenerate,
	}
}

func runGenerate(ctx context.Context, command *cli.Command) error {
	if command.Bool("list-attacks") {
		return listAttacks(command.Root().Writer)
	}
	path := command.Args().First()
	if path == "" || command.Args().Len() > 1 {
		return hinted{fmt.Errorf("expected one file to write, got %d", command.Args().Len()), "sentinel generate day.parquet"}
	}
	format, err := wireFormat(command, path)
	if err != nil {
		return err
	}
	options, err := synthOptions(command)
	if err != nil {
		return err
	}
	if format != "" {
		packetOptions(command, &options)
	}
	capture, err := synth.Day(options)
	if err != nil {
		return hinted{err, "sentinel generate --help lists the flags"}
	}
	if format != "" {
		return writePackets(command, capture, path, format)
	}
	return writeTable(ctx, command, capture, path)
}

// writeTable writes a capture as a table of flows, and the truth beside it.
func writeTable(ctx context.Context, command *cli.Command, capture *synth.Capture, path string) error {
	truth := capture.Truth()
	shape := duckdb.OriginalShape
	if truth.Profile != synth.Original {
		shape = duckdb.FlowShape
	}
	if err := duckdb.Export(ctx, capture, path, shape, truth.Start.UnixMicro()); err != nil {
		return hinted{err, "write to a directory where you may write, with room for the file"}
	}
	return writeTruth(command.Root().ErrWriter, path, truth, len(truth.Attacks))
}

func synthOptions(command *cli.Command) (options synth.Options, err error) {
	options = synth.Options{
		Kind: synth.Kind(command.String("kind")), Profile: synth.Profile(command.String("profile")),
		Seed: command.Uint64("seed"), Day: command.Int("day"), Days: command.Int("days"),
		Flows: command.Int("flows"), Devices: command.Int("devices"),
	}
	if options.Network, err = netip.ParsePrefix(command.String("network")); err != nil {
		return options, hinted{fmt.Errorf("--network %s: is no network", command.String("network")), "for example --network 10.1.2.0/24"}
	}
	for _, text := range command.StringSlice("attack") {
		attack, err := synth.ParseAttack(text)
		if err != nil {
			return options, hinted{err, "sentinel generate --list-attacks lists them"}
		}
		options.Attacks = append(options.Attacks, attack)
	}
	return options, nil
}

// writeTruth writes what was planted beside a capture.
func writeTruth(stderr io.Writer, path string, truth any, attacks int) error {
	stem, _, _ := strings.Cut(filepath.Base(path), ".")
	name := filepath.Join(filepath.Dir(path), stem+".truth.json")
	err := output.WriteFile(name, func(w io.Writer) error {
		encoder := json.NewEncoder(w)
		encoder.SetIndent("", "  ")
		return encoder.Encode(truth)
	})
	if err != nil {
		return hinted{fmt.Errorf("writing %s: %w", name, err), "the capture itself is complete"}
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(stderr, "%s: %s, %s planted, told in %s\n", path, output.Bytes(info.Size()), output.Counted(int64(attacks), "attack"), name)
	return err
}

func listAttacks(stdout io.Writer) error {
	var rows [][]string
	for _, kind := range synth.AttackKinds() {
		var params []string
		for _, param := range kind.Params {
			params = append(params, fmt.Sprintf("%s=%g", param.Name, param.Default))
		}
		rows = append(rows, []string{kind.Name, kind.Detector, string(kind.On), strings.Join(params, " "), kind.Doc})
	}
	width, _ := terminalWidth(stdout)
	return terminal.WriteTable(stdout, width, []string{"Attack", "Detector", "Kind", "Parameters", "What it does"}, rows)
}
