package inject

import (
	"context"
	"net/netip"
	"slices"

	"sentinel/internal/analysis"
	"sentinel/internal/finding"
	"sentinel/internal/flow"
	"sentinel/internal/synth"
)

// Strengths are the multiples of an attack's strength that are tried, the strongest first.
var Strengths = []float64{4, 2, 1, 0.5, 0.25, 0.125}

// Trial is what detectors made of the attack at one strength.
type Trial struct {
	Strength float64
	Planted  synth.Planted
	Seen     []finding.Finding // low or above, about the attack, and not there without it; most severe first
}

// Severity is how severe a detector finds the attack; Info where it does not see it.
func (t Trial) Severity(detector string) finding.Severity {
	severity := finding.Info
	for _, f := range t.Seen {
		if f.Detector == detector {
			severity = max(severity, f.Severity)
		}
	}
	return severity
}

// Judge lets the detectors judge the captures of options with the attack in them, up to a moment in microseconds
// since the epoch. Before are the findings without it.
func (p *Plan) Judge(ctx context.Context, options analysis.Options, strength float64, until int64, before []finding.Finding) (Trial, error) {
	attack, planted, err := p.At(strength, until)
	if err != nil {
		return Trial{}, err
	}
	options.Extra = []flow.Reader{attack}
	result, err := analysis.Run(ctx, options)
	if err != nil {
		return Trial{}, err
	}
	known := map[string]bool{}
	for _, f := range before {
		known[f.ID] = true
	}
	trial := Trial{Strength: strength, Planted: planted}
	for _, f := range result.Findings {
		if !known[f.ID] && f.Severity > finding.Info && about(f, planted) {
			trial.Seen = append(trial.Seen, f)
		}
	}
	return trial, nil
}

// about tells whether a finding names a host of the attack, or what it attacks.
func about(f finding.Finding, planted synth.Planted) bool {
	named := func(address netip.Addr) bool { return slices.Contains(planted.Hosts, address) }
	return named(f.SrcIP) || slices.ContainsFunc(f.Hosts, named) || slices.Contains(planted.Destinations, f.DstIP)
}

// Soonest finds when the detector that is meant for the attack sees it first at medium or above, to a 32nd of the
// attack's length, by halving; ok is false where it never does.
func (p *Plan) Soonest(ctx context.Context, options analysis.Options, before []finding.Finding) (moment int64, ok bool, err error) {
	_, planted, err := p.At(1, p.last)
	if err != nil {
		return 0, false, err
	}
	low, high := max(planted.First.UnixMicro(), p.first), min(planted.Last.UnixMicro(), p.last)
	sees := func(until int64) (bool, error) {
		trial, err := p.Judge(ctx, options, 1, until, before)
		return trial.Severity(planted.Detector) >= finding.Medium, err
	}
	if ok, err := sees(high); err != nil || !ok {
		return 0, false, err
	}
	for range 5 {
		middle := low + (high-low)/2
		seen, err := sees(middle)
		switch {
		case err != nil:
			return 0, false, err
		case seen:
			high = middle
		default:
			low = middle
		}
	}
	return high, true, nil
}
