package eval

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"net/netip"
	"slices"

	"sentinel/internal/detect"
	"sentinel/internal/detect/beacon"
	"sentinel/internal/finding"
	"sentinel/internal/flow"
	"sentinel/internal/synth"
)

// ritaMedium is the beacon score from which on RITA v5 shows a medium threat.
const ritaMedium = 0.7

// Point is one point of a power curve: an attack, planted alone into a number of small days.
type Point struct {
	Attack   synth.Attack
	Days     int  // days in the capture: 1
	Baseline bool // compare with the day before
}

// Power is what became of the attack over all seeds.
type Power struct {
	Seen     Share   // the detector names the host at medium or above
	Mean     float64 // bytes up for exfil, flows for others, per capture
	RITA     float64 // mean beacon score
	RITASeen Share   // RITA shows a medium threat
}

// trialFlows is how large the days around the attacks are.
const trialFlows = 30_000

// Measure plants the attack of a point in as many networks as there are trials.
func Measure(ctx context.Context, point Point, trials int, detector detect.Detector) (Power, error) {
	var power Power
	for seed := range uint64(trials) {
		days := max(point.Days, 1)
		options := synth.Options{
			Kind: synth.Judge, Seed: 1_000 + seed, Day: 1, Days: days, Flows: trialFlows / days, Devices: 30, Attacks: []synth.Attack{point.Attack},
		}
		order := Order{Test: options, Detectors: []detect.Detector{detector}}
		if point.Baseline {
			order.Base = &synth.Options{Kind: synth.Clean, Seed: options.Seed, Flows: options.Flows, Devices: options.Devices}
		}
		outcome, err := Run(ctx, order)
		if err != nil {
			return power, err
		}
		planted := outcome.Truth.Attacks[0]
		power.Seen.count(len(outcome.Missed) == 0)
		power.Mean += volume(planted) / float64(trials)
		if planted.Detector == "beacon" {
			options.Bare = true
			score, err := ritaOf(options, outcome.Truth)
			if err != nil {
				return power, err
			}
			power.RITA += score / float64(trials)
			power.RITASeen.count(score >= ritaMedium)
		}
	}
	return power, nil
}

func volume(planted synth.Planted) float64 {
	if planted.Detector == "exfil" {
		return float64(planted.UpBytes)
	}
	return float64(planted.Flows)
}

// ritaOf scores the flows of a bare attack, as RITA would see them.
func ritaOf(bare synth.Options, truth synth.Truth) (float64, error) {
	capture, err := synth.Day(bare)
	if err != nil {
		return 0, err
	}
	flows, err := flow.ReadAll(capture)
	return rita(flows, truth), err
}

// rita looks at the last 24 hours only, as RITA does.
func rita(flows []flow.Flow, truth synth.Truth) float64 {
	last := truth.End.UnixMicro()
	first := max(truth.Start.UnixMicro(), last-24*3600*1e6)
	slices.SortFunc(flows, func(a, b flow.Flow) int { return cmp.Compare(a.Start, b.Start) })
	var starts []int64
	var sizes []float64
	for _, f := range flows {
		if f.Start >= first {
			starts, sizes = append(starts, f.Start), append(sizes, float64(f.UpBytes))
		}
	}
	return beacon.RITAScore(starts, sizes, first, last)
}

// Random is harmless traffic of constant size: contacts at random moments (Poisson), Gap seconds apart on average.
type Random struct{ Gap float64 }

// MeasureRandom adds random contacts to as many clean days as there are trials; Seen counts findings about them.
func MeasureRandom(ctx context.Context, random Random, trials int, detector detect.Detector) (Power, error) {
	var power Power
	for seed := range uint64(trials) {
		options := synth.Options{Kind: synth.Clean, Seed: 1_000 + seed, Day: 1, Flows: trialFlows, Devices: 30}
		capture, err := synth.Day(options)
		if err != nil {
			return power, err
		}
		truth := capture.Truth()
		flows := random.flows(seed, truth)
		score := rita(slices.Clone(flows), truth)
		outcome, err := Run(ctx, Order{Test: options, Extra: flows, Detectors: []detect.Detector{detector}})
		if err != nil {
			return power, err
		}
		power.Seen.count(slices.ContainsFunc(outcome.Result.Findings, func(f finding.Finding) bool {
			return f.SrcIP == flows[0].SrcIP && f.DstIP == flows[0].DstIP
		}))
		power.Mean += float64(len(flows)) / float64(trials)
		power.RITA += score / float64(trials)
		power.RITASeen.count(score >= ritaMedium)
	}
	return power, nil
}

// visitor and visited are the ends of the random contacts (RFC 5737).
var (
	visitor = netip.MustParseAddr("192.168.104.77")
	visited = netip.MustParseAddr("203.0.113.80")
)

func (r Random) flows(seed uint64, truth synth.Truth) []flow.Flow {
	source := rand.New(rand.NewPCG(seed, uint64(r.Gap)))
	var flows []flow.Flow
	start, end := truth.Start.UnixMicro(), truth.End.UnixMicro()
	for at := start; at < end; at += int64(math.Ceil(1e6 * r.Gap * source.ExpFloat64())) {
		flows = append(flows, flow.Flow{
			Start: at, SrcIP: visitor, DstIP: visited, Proto: flow.TCP, DstPort: 443, UpBytes: 800, DownBytes: 1_500,
		})
	}
	return flows
}
