package detect

import (
	"context"
	"fmt"
	"math"
	"net/netip"
	"slices"

	"sentinel/internal/engine"
	"sentinel/internal/finding"
	"sentinel/internal/flow"
	"sentinel/internal/measure"
	"sentinel/internal/stat"
)

// falseDiscoveryRate is the share of false findings among those with a p-value that a run puts up with.
const falseDiscoveryRate = 0.05

// Config is what a run of detectors goes by.
type Config struct {
	Detectors []Detector
	Params    map[string]map[string]float64 // detector, parameter: value; the others are at their defaults
	Internal  []netip.Prefix
	Roles     map[netip.Addr]Role
	Places    measure.Places
	Columns   flow.Set // optional columns that the input fills
	Explain   netip.Addr
	Allowed   func(finding.Finding) (reason string, allowed bool) // nil: none
	Progress  measure.Progress
}

// Flows is one set of flows to judge or to compare with.
type Flows struct {
	engine.Engine
	First, Last int64 // microseconds since the epoch
}

// Result is what a run found, and what it looked at.
type Result struct {
	Findings []finding.Finding // most severe first
	Ran      []Ran
	Allowed  []finding.Finding // silenced by the allow-list
	Rejected int               // candidates that chance explains
	Tests    int
	Lines    []Line // for Config.Explain
	Network  *Network
}

// Ran tells what a detector looked at, or why it could not judge.
type Ran struct {
	ID     string
	Title  string
	Finds  string // one sentence
	Looked string
	Void   string
	Tests  int
	Found  int
}

// ExpectedFalse is how many of the findings with a p-value are false, on average, at most.
func (r *Result) ExpectedFalse() float64 {
	tested := 0
	for _, f := range r.Findings {
		if !math.IsNaN(f.PValue) {
			tested++
		}
	}
	return falseDiscoveryRate * float64(tested)
}

// Run lets detectors judge test, against base where there is one.
func Run(ctx context.Context, test Flows, base *Flows, config Config) (*Result, error) {
	result := &Result{}
	config.Progress.Begin("who is who", 0, len(config.Detectors))
	scenes, err := orient(ctx, test, base, config)
	if err != nil {
		return nil, err
	}
	result.Network = scenes[0].Network
	var candidates []finding.Finding
	for i, detector := range config.Detectors {
		config.Progress.Begin(detector.Title, i, len(config.Detectors))
		verdict, err := judge(ctx, detector, scenes, config, result)
		if err != nil {
			return nil, fmt.Errorf("detector %s: %w", detector.ID, err)
		}
		for _, candidate := range verdict.Findings {
			candidates = append(candidates, complete(candidate, detector))
		}
		result.Tests += verdict.Tests
		result.Ran = append(result.Ran, Ran{
			ID: detector.ID, Title: detector.Title, Finds: detector.Finds, Looked: verdict.Looked, Void: verdict.Void, Tests: verdict.Tests,
		})
	}
	result.keep(candidates, config)
	return result, nil
}

// complete adds what follows from the detector and from who did what.
func complete(f finding.Finding, detector Detector) finding.Finding {
	f.Detector, f.Attack = detector.ID, detector.Attack
	if len(f.Hosts) == 0 && f.SrcIP.IsValid() {
		f.Hosts = []netip.Addr{f.SrcIP}
	}
	if f.Filters == nil {
		f.Filters = finding.FiltersFor(f.Hosts, f.DstIP, f.Proto, f.DstPort)
	}
	return f
}

// orient reads who is who, in the flows to judge and in the baseline.
func orient(ctx context.Context, test Flows, base *Flows, config Config) (scenes [2]*Scene, err error) {
	for i, flows := range []*Flows{&test, base} {
		if flows == nil {
			continue
		}
		kept, network, err := remember(ctx, flows.Engine, config)
		if err != nil {
			return scenes, err
		}
		scenes[i] = &Scene{Engine: kept, Network: network, First: flows.First, Last: flows.Last}
	}
	return scenes, nil
}

func judge(ctx context.Context, detector Detector, scenes [2]*Scene, config Config, result *Result) (Verdict, error) {
	if detector.Relative && scenes[1] == nil {
		return Verdict{Void: "it needs a baseline: --baseline CAPTURE"}, nil
	}
	for _, column := range detector.Columns {
		if !config.Columns[column] {
			return Verdict{Void: "the input has no " + column}, nil
		}
	}
	params := detector.Defaults()
	for name, value := range config.Params[detector.ID] {
		params[name] = value
	}
	c := &Case{Test: scenes[0], Base: scenes[1], Places: config.Places, params: params, asked: config.Explain}
	verdict, err := detector.Judge(ctx, c)
	for _, line := range c.lines {
		line.Detector = detector.ID
		result.Lines = append(result.Lines, line)
	}
	return verdict, err
}

// keep decides which candidates stand: those that chance does not explain, that nobody allows, and that no
// other finding covers.
func (r *Result) keep(candidates []finding.Finding, config Config) {
	stand := r.notByChance(candidates)
	stand = slices.DeleteFunc(stand, func(f finding.Finding) bool {
		if config.Allowed == nil {
			return false
		}
		_, allowed := config.Allowed(f)
		if allowed {
			r.Allowed = append(r.Allowed, f)
		}
		return allowed
	})
	r.Findings = merge(stand, config.Detectors)
	slices.SortStableFunc(r.Findings, finding.Compare)
	for i, ran := range r.Ran {
		for _, found := range r.Findings {
			if found.Detector == ran.ID {
				r.Ran[i].Found++
			}
		}
	}
}

// notByChance drops the candidates whose p-values do not stand among all tests of the run.
func (r *Result) notByChance(candidates []finding.Finding) []finding.Finding {
	var pValues []float64
	for _, candidate := range candidates {
		if !math.IsNaN(candidate.PValue) {
			pValues = append(pValues, candidate.PValue)
		}
	}
	discovered := stat.Discoveries(pValues, r.Tests, falseDiscoveryRate)
	next := 0
	return slices.DeleteFunc(candidates, func(f finding.Finding) bool {
		if math.IsNaN(f.PValue) {
			return false
		}
		next++
		if discovered[next-1] {
			return false
		}
		r.Rejected++
		return true
	})
}

// merge drops every finding whose pairs an earlier detector's finding covers: the same phenomenon, seen by a detector
// that says less of it. The detectors stand in the order of how much they say. What is no finding of at least low
// severity covers nothing, and none covers what is more severe.
func merge(findings []finding.Finding, detectors []Detector) []finding.Finding {
	rank := map[string]int{}
	for i, detector := range detectors {
		rank[detector.ID] = i
	}
	slices.SortStableFunc(findings, func(a, b finding.Finding) int {
		if rank[a.Detector] != rank[b.Detector] {
			return rank[a.Detector] - rank[b.Detector]
		}
		return finding.Compare(a, b)
	})
	owner := map[finding.Pair]int{}
	var kept []finding.Finding
	for _, f := range findings {
		if at, covered := coveredBy(f, owner); covered && kept[at].Severity >= max(finding.Low, f.Severity) {
			if !slices.Contains(kept[at].Also, f.Detector) && f.Detector != kept[at].Detector {
				kept[at].Also = append(kept[at].Also, f.Detector)
			}
			continue
		}
		for _, pair := range f.Pairs {
			if _, taken := owner[pair]; !taken {
				owner[pair] = len(kept)
			}
		}
		kept = append(kept, f)
	}
	return kept
}

// coveredBy finds the finding that has the first pair of f, if others have all of them.
func coveredBy(f finding.Finding, owner map[finding.Pair]int) (first int, covered bool) {
	for i, pair := range f.Pairs {
		at, taken := owner[pair]
		if !taken {
			at, taken = owner[finding.Pair{SrcIP: pair.SrcIP}]
		}
		if !taken {
			return 0, false
		}
		if i == 0 {
			first = at
		}
	}
	return first, len(f.Pairs) > 0
}
