// Command run prints how the detectors do on generated days: go run ./internal/detect/eval/run -seeds 5.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"sentinel/internal/detect"
	"sentinel/internal/detect/catalog"
	"sentinel/internal/detect/eval"
	"sentinel/internal/finding"
	"sentinel/internal/synth"
)

func main() {
	seeds := flag.Int("seeds", 3, "how many networks")
	first := flag.Uint64("first", 1, "the first seed")
	flows := flag.Int("flows", 300_000, "flows a day")
	baseline := flag.Bool("baseline", true, "compare with the clean day before")
	kind := flag.String("kind", "judge", "judge, clean or servers")
	profile := flag.String("profile", "original", "original or office")
	only := flag.String("only", "", "only these detectors, by commas")
	verbose := flag.Bool("v", false, "print every finding")
	markdown := flag.Bool("markdown", false, "print docs/evaluation.md; the other flags do not matter")
	flag.Parse()
	if *markdown {
		if err := eval.WritePage(context.Background(), os.Stdout, catalog.All, os.Stderr); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	detectors := catalog.All
	if *only != "" {
		detectors = slices.DeleteFunc(slices.Clone(detectors), func(d detect.Detector) bool { return !slices.Contains(strings.Split(*only, ","), d.ID) })
	}
	recall := map[string][2]int{}
	unwanted := 0
	for i := range *seeds {
		options := synth.Options{Kind: synth.Kind(*kind), Profile: synth.Profile(*profile), Seed: *first + uint64(i), Day: 1, Flows: *flows}
		var base *synth.Options
		if *baseline {
			base = &synth.Options{Kind: synth.Clean, Profile: options.Profile, Seed: options.Seed, Flows: *flows}
			if options.Kind == synth.Servers {
				base.Kind, base.Attacks = synth.Servers, []synth.Attack{}
			}
		}
		start := time.Now()
		outcome, err := eval.Run(context.Background(), eval.Order{Test: options, Base: base, Detectors: detectors})
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Printf("seed %d: %d found, %d missed, %d unwanted, %d of another kind (%.1f s)\n", options.Seed, len(outcome.Found), len(outcome.Missed),
			len(outcome.Unwanted), len(outcome.Mistaken), time.Since(start).Seconds())
		report(outcome, *verbose, recall, detectors)
		unwanted += len(outcome.Unwanted)
	}
	fmt.Println()
	for _, name := range sortedKeys(recall) {
		fmt.Printf("%-22s %d of %d planted hosts\n", name, recall[name][0], recall[name][0]+recall[name][1])
	}
	fmt.Printf("%d unwanted at medium or above in %d days\n", unwanted, *seeds)
}

func report(outcome eval.Outcome, verbose bool, recall map[string][2]int, detectors []detect.Detector) {
	judged := func(kind string) bool {
		return slices.ContainsFunc(detectors, func(d detect.Detector) bool { return d.ID == kind })
	}
	for _, found := range outcome.Found {
		counts := recall[found.Attack]
		recall[found.Attack] = [2]int{counts[0] + 1, counts[1]}
	}
	for _, missed := range outcome.Missed {
		if !judged(missed.Kind) {
			continue
		}
		counts := recall[missed.Attack]
		recall[missed.Attack] = [2]int{counts[0], counts[1] + 1}
		fmt.Printf("  missed    %s %s\n", missed.Attack, missed.Host)
	}
	show := func(word string, findings []finding.Finding) {
		for _, f := range findings {
			fmt.Printf("  %-9s %s %s %.2f p=%.2g %s %v\n", word, f.Detector, f.Severity, f.Score, f.PValue, f.Title, f.Modifiers)
		}
	}
	show("unwanted", outcome.Unwanted)
	show("other", outcome.Mistaken)
	if verbose {
		show("finding", outcome.Result.Findings)
		for _, ran := range outcome.Result.Ran {
			fmt.Printf("  %s: looked at %s; %d tests, void: %q\n", ran.ID, ran.Looked, ran.Tests, ran.Void)
		}
	}
}

func sortedKeys(m map[string][2]int) []string {
	var keys []string
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
