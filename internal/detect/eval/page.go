package eval

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/template"

	"sentinel/internal/detect"
	"sentinel/internal/stat"
	"sentinel/internal/synth"
)

//go:embed page.md.tmpl
var pageText string

var pageTemplate = template.Must(template.New("page").Parse(pageText))

// captures is the table of labelled public captures, from the last run of the tests that had them.
//
//go:embed captures.md
var captures string

// What the page judges.
const (
	plantedPairs = 20
	cleanPairs   = 40
	cleanServers = 20
	firstPlanted = 1
	firstClean   = 501
)

// page is what the template fills in; all texts are Markdown.
type page struct {
	Pairs, Clean, Trials               int
	CleanServers, CleanAll, FirstClean int
	Attacks, Detectors, Lines          string
	CleanDays, CleanLines, CleanTotal  string
	Worst                              int
	Skipped                            string

	Jitter, Loss, Period, Contacts, Random string
	Exfil, ScanSpeed, ScanTargets          string
	Captures                               string
}

// WritePage judges everything that docs/evaluation.md tells, and writes the page. Progress gets a line as each step ends.
func WritePage(ctx context.Context, w io.Writer, detectors []detect.Detector, progress io.Writer) error {
	p := page{
		Pairs: plantedPairs, Clean: cleanPairs, CleanServers: cleanServers, CleanAll: cleanPairs + cleanServers,
		FirstClean: firstClean, Trials: trials, Captures: captures,
	}
	if err := p.fill(ctx, detectors, progress); err != nil {
		return err
	}
	return pageTemplate.Execute(w, p)
}

// fill takes the steps side by side: each fills fields of its own.
func (p *page) fill(ctx context.Context, detectors []detect.Detector, progress io.Writer) error {
	steps := []struct {
		name string
		fill func(context.Context, []detect.Detector) error
	}{{"planted and clean days", p.days}, {"power curves", p.curves}}
	done := make(chan error, len(steps))
	for _, step := range steps {
		go func() {
			err := step.fill(ctx, detectors)
			if err != nil {
				err = fmt.Errorf("judging %s: %w", step.name, err)
			}
			done <- err
		}()
	}
	var all error
	for i := range steps {
		all = errors.Join(all, <-done)
		_, err := fmt.Fprintf(progress, "%d of %d steps\n", i+1, len(steps))
		all = errors.Join(all, err)
	}
	return all
}

func (p *page) days(ctx context.Context, detectors []detect.Detector) error {
	return errors.Join(p.planted(ctx, detectors), p.clean(ctx, detectors))
}

func (p *page) planted(ctx context.Context, detectors []detect.Detector) error {
	pairs := append(Pairs(synth.Judge, firstPlanted, plantedPairs), Pairs(synth.Servers, firstPlanted, plantedPairs)...)
	with, without, err := Judge(ctx, pairs, detectors)
	if err != nil {
		return err
	}
	p.Attacks, p.Detectors = attackTable(with, without), detectorTable(detectors, with, without)
	p.Lines = list("With the baseline", with.Lines) + list("Without", without.Lines)
	p.Worst = max(with.MostADay, without.MostADay)
	p.Skipped = skipped(with.Skipped)
	return nil
}

func (p *page) clean(ctx context.Context, detectors []detect.Detector) error {
	pairs := append(CleanPairs(synth.Clean, firstClean, cleanPairs), CleanPairs(synth.Servers, firstClean, cleanServers)...)
	with, without, err := Judge(ctx, pairs, detectors)
	if err != nil {
		return err
	}
	p.CleanDays = cleanTable(detectors, with, without)
	p.CleanLines = list("With the baseline", with.Lines) + list("Without", without.Lines)
	p.CleanTotal = fmt.Sprintf("%d findings at medium or above with the baseline, %d without; %d and %d of them high",
		with.Unwanted(), without.Unwanted(), with.High, without.High)
	return nil
}

// Judge judges pairs twice: with the baseline, and without by the detectors that need none.
func Judge(ctx context.Context, pairs []Pair, detectors []detect.Detector) (with, without *Tally, err error) {
	alone := slices.DeleteFunc(slices.Clone(detectors), func(d detect.Detector) bool { return d.Relative })
	with, without = NewTally(detectors), NewTally(alone)
	for _, pair := range pairs {
		for _, run := range []struct {
			tally *Tally
			order Order
		}{
			{with, Order{Test: pair.Test, Base: &pair.Base, Detectors: detectors}},
			{without, Order{Test: pair.Test, Detectors: alone}},
		} {
			outcome, err := Run(ctx, run.order)
			if err != nil {
				return nil, nil, fmt.Errorf("%s: %w", pair.Name, err)
			}
			run.tally.Add(pair.Name, outcome)
		}
	}
	return with, without, nil
}

func (p *page) curves(ctx context.Context, detectors []detect.Detector) error {
	c := &curves{ctx: ctx, detectors: map[string]detect.Detector{}}
	for _, detector := range detectors {
		c.detectors[detector.ID] = detector
	}
	every5 := map[string]float64{"period": 300, "jitter": 0.2}
	p.Jitter = c.beacon("jitter", "jitter", map[string]float64{"period": 300}, []float64{0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9}, percent)
	p.Loss = c.beacon("contacts lost", "loss", every5, []float64{0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7}, percent)
	p.Period = c.beacon("period", "period", map[string]float64{"jitter": 0.2}, []float64{10, 60, 300, 900, 3_600, 7_200, 14_400, 28_800, 43_200}, seconds)
	p.Contacts = c.beacon("contacts in the day", "contacts", map[string]float64{"jitter": 0.2}, []float64{5, 10, 12, 15, 20, 50, 100, 200}, plain)
	p.Random = c.random([]float64{10, 60, 300, 900, 3_600})
	p.Exfil = c.exfil([]float64{0.02, 0.05, 0.1, 0.2, 0.5, 1, 2})
	p.ScanSpeed = c.scanSpeed([]float64{0.01, 0.1, 1, 60, 240, 600})
	p.ScanTargets = c.scanTargets([]float64{12, 15, 20, 30, 50, 100})
	return c.err
}

func attackTable(with, without *Tally) string {
	rows := [][]string{{"planted", "detector", "hosts found with baseline", "without"}}
	for _, kind := range synth.AttackKinds() {
		row := []string{kind.Name, kind.Detector}
		for _, tally := range []*Tally{with, without} {
			if share := tally.Attacks[kind.Name]; share != nil {
				row = append(row, share.String())
			} else {
				row = append(row, "needs a baseline")
			}
		}
		rows = append(rows, row)
	}
	return table(rows)
}

func detectorTable(detectors []detect.Detector, with, without *Tally) string {
	rows := [][]string{{"detector", "recall", "precision", "right, other kind, unwanted", "recall without", "precision without", "right, other kind, unwanted without"}}
	for _, detector := range detectors {
		row := []string{detector.ID}
		for _, tally := range []*Tally{with, without} {
			score := tally.Detectors[detector.ID]
			if score == nil {
				row = append(row, "–", "–", "–")
				continue
			}
			row = append(row, score.Recall.Percent(), score.Precision().Percent(), fmt.Sprintf("%d, %d, %d", score.Right, score.Other, score.Unwanted))
		}
		rows = append(rows, row)
	}
	return table(rows)
}

func cleanTable(detectors []detect.Detector, with, without *Tally) string {
	rows := [][]string{{"detector", "findings", "days with one", "at most (95 %)", "findings without", "days with one", "at most (95 %)"}}
	for _, detector := range detectors {
		row := []string{detector.ID}
		for _, tally := range []*Tally{with, without} {
			score := tally.Detectors[detector.ID]
			if score == nil {
				row = append(row, "–", "–", "–")
				continue
			}
			row = append(row, fmt.Sprint(score.Unwanted), score.Days.String(), fmt.Sprintf("%.1f %%", 100*Upper(score.Days)))
		}
		rows = append(rows, row)
	}
	return table(rows)
}

// Upper is the share that a share lies below with 95 % confidence (Clopper and Pearson, 1934); about 3 in n where
// nothing was seen.
func Upper(seen Share) float64 {
	low, high := 0.0, 1.0
	for range 50 {
		middle := (low + high) / 2
		if 1-stat.BinomialUpper(int64(seen.Part)+1, int64(seen.Of), middle) > 0.05 {
			low = middle
		} else {
			high = middle
		}
	}
	return high
}

func skipped(counts map[string]int) string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		names = append(names, fmt.Sprintf("%s in %d", name, counts[name]))
	}
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

func list(title string, lines []string) string {
	if len(lines) == 0 {
		return fmt.Sprintf("%s: nothing.\n\n", title)
	}
	return fmt.Sprintf("%s:\n\n- %s\n\n", title, strings.Join(lines, "\n- "))
}

// table writes Markdown; the first row is the heading.
func table(rows [][]string) string {
	var b strings.Builder
	for i, row := range rows {
		b.WriteString("| " + strings.Join(row, " | ") + " |\n")
		if i == 0 {
			b.WriteString(strings.Repeat("| - ", len(row)) + "|\n")
		}
	}
	return b.String()
}
