package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/urfave/cli/v3"

	"sentinel/internal/analysis"
	"sentinel/internal/detect"
	"sentinel/internal/detect/catalog"
	"sentinel/internal/finding"
	"sentinel/internal/output/terminal"
	"sentinel/internal/report"
)

// detectionFlags say which detectors judge, against what, and how.
func detectionFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringSliceFlag{Name: "baseline", Usage: "compare with this capture of a clean time, `CAPTURE`"},
		&cli.StringSliceFlag{Name: "only", Usage: "run only this `DETECTOR`"},
		&cli.StringSliceFlag{Name: "skip", Usage: "do not run this `DETECTOR`"},
		&cli.StringSliceFlag{Name: "set", Usage: "set a threshold, `DETECTOR.PARAM=N` (see sentinel detectors NAME)"},
		&cli.StringFlag{Name: "config", Usage: "thresholds from a TOML `FILE`: a table per detector", TakesFile: true},
		&cli.StringSliceFlag{Name: "server", Usage: "take `ADDRESS` for a server whatever the capture says"},
		&cli.StringSliceFlag{Name: "client", Usage: "take `ADDRESS` for a client whatever the capture says"},
		&cli.StringSliceFlag{Name: "allow", Usage: "silence findings about what this `FILE` lists: addresses, networks, names, channels, each with a reason", TakesFile: true},
		&cli.StringSliceFlag{Name: "intel", Usage: "report contact with what this `FILE` lists: addresses, networks, names; plain, CSV, MISP or STIX 2.1", TakesFile: true},
	}
}

// failOnFlag is for commands that end in findings.
func failOnFlag() cli.Flag {
	return &cli.StringFlag{Name: "fail-on", Usage: "exit with status 1 on a finding of this `SEVERITY` or above: low, medium, high, critical"}
}

// detectionFrom reads the flags of detection into options.
func detectionFrom(command *cli.Command, options *analysis.Options) (err error) {
	if name := command.String("fail-on"); name != "" {
		if _, err := finding.ParseSeverity(name); err != nil {
			return hinted{fmt.Errorf("--fail-on: %w", err), "for example --fail-on high"}
		}
	}
	options.Baseline = command.StringSlice("baseline")
	if options.Detection.Detectors, err = chooseDetectors(byCommas(command.StringSlice("only")), byCommas(command.StringSlice("skip"))); err != nil {
		return err
	}
	if options.Detection.Params, err = thresholds(command.String("config"), command.StringSlice("set")); err != nil {
		return err
	}
	if err := listsFrom(command, options); err != nil {
		return err
	}
	options.Detection.Roles = map[netip.Addr]detect.Role{}
	for flag, role := range map[string]detect.Role{"server": detect.Server, "client": detect.Client} {
		for _, text := range command.StringSlice(flag) {
			address, err := netip.ParseAddr(text)
			if err != nil {
				return hinted{fmt.Errorf("--%s %s: is no IP address", flag, text), "write addresses as 192.0.2.1 or 2001:db8::1"}
			}
			options.Detection.Roles[address] = role
		}
	}
	return nil
}

func chooseDetectors(only, skip []string) ([]detect.Detector, error) {
	for _, name := range append(slices.Clone(only), skip...) {
		if _, err := detectorByID(name); err != nil {
			return nil, err
		}
	}
	chosen := slices.DeleteFunc(slices.Clone(catalog.All), func(d detect.Detector) bool {
		return slices.Contains(skip, d.ID) || len(only) > 0 && !slices.Contains(only, d.ID)
	})
	if len(chosen) == 0 {
		return nil, hinted{errors.New("no detector is left to judge"), "--skip takes away what --only names"}
	}
	return chosen, nil
}

// byCommas takes lists apart that were given as one argument.
func byCommas(arguments []string) (names []string) {
	for _, argument := range arguments {
		for name := range strings.SplitSeq(argument, ",") {
			names = append(names, strings.TrimSpace(name))
		}
	}
	return names
}

func detectorByID(id string) (detect.Detector, error) {
	for _, detector := range catalog.All {
		if detector.ID == id {
			return detector, nil
		}
	}
	return detect.Detector{}, hinted{fmt.Errorf("no detector %s", id), "the detectors are " + strings.Join(detectorNames(), ", ")}
}

func detectorNames() (names []string) {
	for _, detector := range catalog.All {
		names = append(names, detector.ID)
	}
	return names
}

// thresholds reads the values that users set: those of a file first, then those of the command line.
func thresholds(file string, sets []string) (map[string]map[string]float64, error) {
	values := map[string]map[string]float64{}
	if file != "" {
		if _, err := toml.DecodeFile(file, &values); err != nil {
			return nil, hinted{fmt.Errorf("reading %s: %w", file, err), "a table per detector and a number per parameter: [beacon] and below it min_contacts = 20"}
		}
	}
	for _, text := range sets {
		name, number, _ := strings.Cut(text, "=")
		id, param, ok := strings.Cut(name, ".")
		value, err := strconv.ParseFloat(number, 64)
		if !ok || err != nil {
			return nil, hinted{fmt.Errorf("--set %s: expected detector.parameter=number", text), "for example --set beacon.min_contacts=20"}
		}
		if values[id] == nil {
			values[id] = map[string]float64{}
		}
		values[id][param] = value
	}
	return values, checkThresholds(values)
}

func checkThresholds(values map[string]map[string]float64) error {
	for _, id := range slices.Sorted(maps.Keys(values)) {
		detector, err := detectorByID(id)
		if err != nil {
			return err
		}
		for _, name := range slices.Sorted(maps.Keys(values[id])) {
			if err := checkThreshold(detector, name, values[id][name]); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkThreshold(detector detect.Detector, name string, value float64) error {
	var known []string
	for _, param := range detector.Params {
		if param.Name == name && value >= param.Min && value <= param.Max {
			return nil
		}
		if param.Name == name {
			return fmt.Errorf("%s.%s = %g: expected %g to %g", detector.ID, name, value, param.Min, param.Max)
		}
		known = append(known, param.Name)
	}
	return hinted{fmt.Errorf("%s has no parameter %s", detector.ID, name), "it has " + strings.Join(known, ", ")}
}

// failing tells the exit status that --fail-on asks for.
type failing struct{ severity finding.Severity }

func (f failing) Error() string {
	return "there are findings of severity " + f.severity.String() + " or above"
}

func failOn(command *cli.Command, result *report.Report) error {
	name := command.String("fail-on")
	if name == "" {
		return nil
	}
	severity, err := finding.ParseSeverity(name)
	if err != nil {
		return err
	}
	for _, found := range result.Findings {
		if found.Severity >= severity {
			return failing{severity}
		}
	}
	return nil
}

func detectorsCommand() *cli.Command {
	return &cli.Command{
		Name:      "detectors",
		Usage:     "list the detectors, or show the page of one",
		ArgsUsage: "[NAME]",
		Action: func(_ context.Context, command *cli.Command) error {
			if command.Args().Len() > 1 {
				return errors.New("expected one detector at most")
			}
			if name := command.Args().First(); name != "" {
				return showDetector(command, name)
			}
			return listDetectors(command)
		},
	}
}

func listDetectors(command *cli.Command) error {
	var rows [][]string
	for _, detector := range catalog.All {
		needs := strings.Join(detector.Columns, ", ")
		if detector.Relative {
			needs = strings.TrimPrefix(needs+", a baseline", ", ")
		}
		rows = append(rows, []string{detector.ID, strings.Join(detector.Attack, " "), dash(needs), detector.Finds})
	}
	width, _ := terminalWidth(command.Root().Writer)
	return terminal.WriteTable(command.Root().Writer, width, []string{"Detector", "ATT&CK", "Needs", "Finds"}, rows)
}

func showDetector(command *cli.Command, id string) error {
	detector, err := detectorByID(id)
	if err != nil {
		return err
	}
	_, err = fmt.Fprint(command.Root().Writer, detector.Document())
	return err
}
