// Package eval judges the detectors on captures whose truth is known: what they find, miss and invent.
package eval

import (
	"context"
	"errors"
	"io"
	"net/netip"
	"os"
	"slices"

	"sentinel/internal/analysis"
	"sentinel/internal/detect"
	"sentinel/internal/engine/duckdb"
	"sentinel/internal/finding"
	"sentinel/internal/flow"
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
	Right    []finding.Finding // at medium or above, about somebody planted, of the right kind
	Unwanted []finding.Finding // at medium or above, about nobody that was planted
	Mistaken []finding.Finding // at medium or above, about somebody planted, but of another kind
}

// Miss is one planted host, and what was planted with it.
type Miss struct {
	Attack string
	Kind   string // the detector that should find it
	Host   netip.Addr
}

// Order says what to judge, and by whom.
type Order struct {
	Test      synth.Options
	Base      *synth.Options // nil: no baseline
	Extra     []flow.Flow    // added to the capture
	Detectors []detect.Detector
}

// Run generates the captures, lets the detectors judge, and compares with the truth.
func Run(ctx context.Context, order Order) (outcome Outcome, err error) {
	dir, err := os.MkdirTemp("", "sentinel-eval-")
	if err != nil {
		return outcome, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	capture, err := synth.Day(order.Test)
	if err != nil {
		return outcome, err
	}
	readers := []flow.Reader{capture}
	if len(order.Extra) > 0 {
		readers = append(readers, &added{order.Extra, capture.Columns()})
	}
	truth := capture.Truth()
	flows, err := load(ctx, dir, truth, readers...)
	if err != nil {
		return outcome, err
	}
	defer func() { err = errors.Join(err, flows.Close()) }()
	before, err := past(ctx, dir, order.Base)
	if err != nil {
		return outcome, err
	}
	if before != nil {
		defer func() { err = errors.Join(err, before.Close()) }()
	}
	result, err := detect.Run(ctx, *flows, before, detect.Config{
		Detectors: order.Detectors, Internal: analysis.InternalNetworks, Columns: capture.Columns(),
		Places: measure.Places{Countries: geo.Builtin()},
	})
	if err != nil {
		return outcome, err
	}
	return compare(truth, result), nil
}

// past loads the baseline, where there is one.
func past(ctx context.Context, dir string, options *synth.Options) (*detect.Flows, error) {
	if options == nil {
		return nil, nil
	}
	capture, err := synth.Day(*options)
	if err != nil {
		return nil, err
	}
	return load(ctx, dir, capture.Truth(), capture)
}

func load(ctx context.Context, dir string, truth synth.Truth, readers ...flow.Reader) (*detect.Flows, error) {
	db, err := duckdb.Open(ctx, duckdb.Options{TempDir: dir, Memory: "2GB"})
	if err != nil {
		return nil, err
	}
	for _, reader := range readers {
		if err := db.AddReader(ctx, reader); err != nil {
			return nil, errors.Join(err, db.Close())
		}
	}
	if err := db.Seal(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &detect.Flows{Engine: db, First: truth.Start.UnixMicro(), Last: truth.End.UnixMicro()}, nil
}

// added reads flows that are already there.
type added struct {
	flows   []flow.Flow
	columns flow.Set
}

// Columns implements flow.Reader.
func (a *added) Columns() flow.Set { return a.columns }

// Read implements flow.Reader.
func (a *added) Read(dst []flow.Flow) (int, error) {
	n := copy(dst, a.flows)
	a.flows = a.flows[n:]
	if len(a.flows) == 0 {
		return n, io.EOF
	}
	return n, nil
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
		default:
			outcome.Right = append(outcome.Right, found)
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
