// Package eval judges the detectors on captures whose truth is known: what they find, miss and invent.
package eval

import (
	"context"
	"errors"
	"net/netip"
	"os"
	"slices"

	"sentinel/internal/analysis"
	"sentinel/internal/detect"
	"sentinel/internal/engine/duckdb"
	"sentinel/internal/finding"
	"sentinel/internal/geo"
	"sentinel/internal/measure"
	"sentinel/internal/synth"
)

// Outcome is how a run compares with the truth.
type Outcome struct {
	Truth    synth.Truth
	Result   *detect.Result
	Missed   []Miss            // planted hosts without a finding of their kind at medium or above
	Found    []Miss            // those with one
	Unwanted []finding.Finding // at medium or above, about nobody that was planted
	Mistaken []finding.Finding // at medium or above, about somebody planted, but of another kind
}

// Miss is one planted host, and what was planted with it.
type Miss struct {
	Attack string
	Kind   string // the detector that should find it
	Host   netip.Addr
}

// Run generates the captures, lets the detectors judge, and compares. Base may be nil.
func Run(ctx context.Context, test synth.Options, base *synth.Options, detectors []detect.Detector) (outcome Outcome, err error) {
	dir, err := os.MkdirTemp("", "sentinel-eval-")
	if err != nil {
		return outcome, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	flows, truth, err := load(ctx, test, dir)
	if err != nil {
		return outcome, err
	}
	defer func() { err = errors.Join(err, flows.Close()) }()
	var before *detect.Flows
	if base != nil {
		loaded, _, err := load(ctx, *base, dir)
		if err != nil {
			return outcome, err
		}
		defer func() { _ = loaded.Close() }()
		before = loaded
	}
	capture, err := synth.Day(test)
	if err != nil {
		return outcome, err
	}
	result, err := detect.Run(ctx, *flows, before, detect.Config{
		Detectors: detectors, Internal: analysis.InternalNetworks, Columns: capture.Columns(),
		Places: measure.Places{Countries: geo.Builtin()},
	})
	if err != nil {
		return outcome, err
	}
	return compare(truth, result), nil
}

func load(ctx context.Context, options synth.Options, dir string) (*detect.Flows, synth.Truth, error) {
	capture, err := synth.Day(options)
	if err != nil {
		return nil, synth.Truth{}, err
	}
	db, err := duckdb.Open(ctx, duckdb.Options{TempDir: dir, Memory: "2GB"})
	if err != nil {
		return nil, synth.Truth{}, err
	}
	if err := errors.Join(db.AddReader(ctx, capture), db.Seal(ctx)); err != nil {
		return nil, synth.Truth{}, errors.Join(err, db.Close())
	}
	truth := capture.Truth()
	return &detect.Flows{Engine: db, First: truth.Start.UnixMicro(), Last: truth.End.UnixMicro()}, truth, nil
}

// compare matches findings at medium or above with what was planted.
func compare(truth synth.Truth, result *detect.Result) Outcome {
	outcome := Outcome{Truth: truth, Result: result}
	kinds := map[netip.Addr][]string{}
	for _, planted := range truth.Attacks {
		for _, host := range planted.Hosts {
			kinds[host] = append(kinds[host], planted.Detector)
			miss := Miss{planted.Name, planted.Detector, host}
			if named(result.Findings, planted.Detector, host) {
				outcome.Found = append(outcome.Found, miss)
			} else {
				outcome.Missed = append(outcome.Missed, miss)
			}
		}
		for _, destination := range planted.Destinations {
			kinds[destination] = append(kinds[destination], planted.Detector)
		}
	}
	for _, found := range result.Findings {
		if found.Severity < finding.Medium {
			continue
		}
		switch matched, known := match(found, kinds); {
		case !known:
			outcome.Unwanted = append(outcome.Unwanted, found)
		case !matched:
			outcome.Mistaken = append(outcome.Mistaken, found)
		}
	}
	return outcome
}

func named(findings []finding.Finding, detector string, host netip.Addr) bool {
	return slices.ContainsFunc(findings, func(f finding.Finding) bool {
		return f.Detector == detector && f.Severity >= finding.Medium && (f.SrcIP == host || slices.Contains(f.Hosts, host))
	})
}

// match tells whether a finding names somebody planted with its kind, and whether anybody planted at all.
func match(f finding.Finding, kinds map[netip.Addr][]string) (matched, known bool) {
	named := append([]netip.Addr{f.SrcIP}, f.Hosts...)
	if !f.SrcIP.IsValid() && len(f.Hosts) == 0 {
		named = append(named, f.DstIP)
	}
	for _, host := range named {
		known = known || len(kinds[host]) > 0
		matched = matched || slices.Contains(kinds[host], f.Detector)
	}
	return matched, known
}
