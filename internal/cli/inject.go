package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"sentinel/internal/analysis"
	"sentinel/internal/detect"
	"sentinel/internal/engine/duckdb"
	"sentinel/internal/finding"
	"sentinel/internal/inject"
	"sentinel/internal/output/terminal"
	"sentinel/internal/report"
	"sentinel/internal/synth"
)

func injectCommand() *cli.Command {
	return &cli.Command{
		Name:      "inject",
		Usage:     "write an attack into a capture of your own, and see which detectors find it",
		ArgsUsage: "CAPTURE...",
		Description: "The attack runs between hosts of the capture, at several strengths: the table shows how severe each detector\n" +
			"finds it. sentinel generate --list-attacks lists the attacks.",
		Flags: slices.Concat([]cli.Flag{
			&cli.StringFlag{Name: "attack", Usage: "the attack, `NAME[:PARAM=N,...]`", Required: true},
			&cli.StringFlag{Name: "write", Usage: "write the capture with the attack in it to `FILE`, one of " + strings.Join(duckdb.FileEndings(), ", ")},
		}, geoFlags(), detectionFlags(), inputFlags(), judgingFlags()),
		Action: runInject,
	}
}

func runInject(ctx context.Context, command *cli.Command) error {
	if !command.Args().Present() {
		return hinted{errors.New("no capture given"), "sentinel inject --attack beacon:period=60 day.parquet"}
	}
	attack, err := synth.ParseAttack(command.String("attack"))
	if err != nil {
		return hinted{err, "sentinel generate --list-attacks lists them"}
	}
	options, err := optionsFrom(command)
	if err == nil {
		err = detectionFrom(command, &options)
	}
	if err != nil {
		return err
	}
	options.Captures = command.Args().Slice()
	options.Measures = choose([]string{"summary"})
	var plan *inject.Plan
	options.Inspect = func(ctx context.Context, _ *report.Report, flows detect.Flows) (err error) {
		plan, err = inject.Fit(ctx, flows, options.Config.Internal, attack)
		return err
	}
	clean, err := analysis.Run(ctx, options)
	if err != nil {
		return hinted{err, "name your networks with --internal if no host of the capture is private"}
	}
	options.Inspect = nil
	if file := command.String("write"); file != "" {
		return writeInjected(ctx, command.Root().ErrWriter, options, plan, file)
	}
	return tryStrengths(ctx, command.Root().Writer, options, plan, clean)
}

// tryStrengths prints how severe each detector finds the attack, strength by strength, and how soon it is seen.
func tryStrengths(ctx context.Context, stdout io.Writer, options analysis.Options, plan *inject.Plan, clean *report.Report) error {
	var trials []inject.Trial
	for _, strength := range inject.Strengths {
		trial, err := plan.Judge(ctx, options, strength, clean.Summary.Last, clean.Findings)
		if err != nil {
			return err
		}
		trials = append(trials, trial)
	}
	planted := trials[0].Planted
	if _, err := fmt.Fprintf(stdout, "%s between %v and %s; meant for the detector %s\n\n", planted.Name, planted.Hosts, few(planted), planted.Detector); err != nil {
		return err
	}
	titles := []string{"Detector"}
	for _, strength := range inject.Strengths {
		titles = append(titles, fmt.Sprintf("× %g", strength))
	}
	width, _ := terminalWidth(stdout)
	if err := terminal.WriteTable(stdout, width, titles, severities(trials)); err != nil {
		return err
	}
	moment, seen, err := plan.Soonest(ctx, options, clean.Findings)
	if err != nil {
		return err
	}
	sentence := fmt.Sprintf("%s does not see it at medium or above at its own strength", planted.Detector)
	if seen {
		after := time.UnixMicro(moment).Sub(planted.First)
		sentence = fmt.Sprintf("%s sees it at medium or above %s after it began, at %s", planted.Detector, report.Duration(after), clean.Time(moment))
	}
	_, err = fmt.Fprintf(stdout, "\n%s\n", sentence)
	return err
}

// few names the destinations of an attack, or how many they are.
func few(planted synth.Planted) string {
	if len(planted.Destinations) > 3 {
		return fmt.Sprintf("%d addresses", len(planted.Destinations))
	}
	return fmt.Sprint(planted.Destinations)
}

// severities has a row for each detector that saw the attack at any strength, and for the one that is meant to.
func severities(trials []inject.Trial) (rows [][]string) {
	for _, name := range detectorNames() {
		row, seen := []string{name}, name == trials[0].Planted.Detector
		for _, trial := range trials {
			severity := trial.Severity(name)
			seen = seen || severity > finding.Info
			row = append(row, dash(map[bool]string{true: severity.String()}[severity > finding.Info]))
		}
		if seen {
			rows = append(rows, row)
		}
	}
	return rows
}

func writeInjected(ctx context.Context, stderr io.Writer, options analysis.Options, plan *inject.Plan, file string) error {
	attack, planted, err := plan.At(1, math.MaxInt64)
	if err != nil {
		return err
	}
	options.Extra = append(options.Extra, attack)
	options.Detection.Detectors = nil
	options.Export = file
	if _, err := analysis.Run(ctx, options); err != nil {
		return err
	}
	return writeTruth(stderr, file, map[string][]synth.Planted{"attacks": {planted}}, 1)
}
