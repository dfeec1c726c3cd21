// Package flood finds destinations that suddenly get flows at rates far above their own and their peers'.
package flood

import (
	"context"
	_ "embed"
	"fmt"
	"math"

	"sentinel/internal/detect"
	"sentinel/internal/finding"
)

//go:embed flood.md
var page string

// Detector is the value that the catalog lists.
var Detector = detect.Detector{
	ID:     "flood",
	Title:  "Floods",
	Finds:  "destinations that suddenly get flows at rates far above their own and their peers': floods of connections that never open, of datagrams, of requests",
	Null:   "rule: robust z of the log rate against the destination's other times, with absolute floors",
	Page:   page,
	Attack: []string{"T1498", "T1499"},
	Params: []detect.Param{
		{Name: "min_rate", Default: 2, Min: 0.1, Max: 1e6, Doc: "flows a second to one destination, over ten seconds, below which nothing is a flood"},
		{Name: "min_flows", Default: 300, Min: 10, Max: 1e9, Doc: "flows of an attack in all, a third of them in one wave"},
		{Name: "min_z", Default: 3.5, Min: 1, Max: 100, Doc: "robust standard deviations of the log rate above the destination's usual"},
		{Name: "sure_rate", Default: 256, Min: 1, Max: 1e9, Doc: "flows a second that make a flood in captures too short to know what is usual"},
		{Name: "min_failed", Default: 0.8, Min: 0.1, Max: 1, Doc: "share of the flows without answer from which on they count as never opened"},
	},
	Judge: judge,
}

func judge(ctx context.Context, c *detect.Case) (detect.Verdict, error) {
	verdict := detect.Verdict{}
	seen, err := history(ctx, c.Test, c.Param("min_rate"))
	if err != nil {
		return verdict, err
	}
	before := map[string]float64{}
	if c.Base != nil {
		if before, err = peaksBefore(ctx, c); err != nil {
			return verdict, err
		}
	}
	var attacks []*attack
	for i, t := range seen {
		if waves, fired := judgeTarget(c, t); fired {
			a := attackOn(t, waves)
			a.others = peakOfOthers(seen, i)
			attacks = append(attacks, a)
		}
	}
	if err := whoFloods(ctx, c, attacks); err != nil {
		return verdict, err
	}
	for _, a := range attacks {
		if f, ok := describe(c, a, before[a.on.dst.String()]); ok {
			verdict.Findings = append(verdict.Findings, f)
		}
	}
	verdict.Looked = fmt.Sprintf("%d destinations that got %.3g flows a second or more", len(seen), c.Param("min_rate"))
	return verdict, nil
}

const (
	lesserWave = 10 // how many times larger the largest wave of an attack may be than one that still belongs to it
	fewWaves   = 3  // the largest wave has at least this part of min_flows: many small ones over a day are a busy server
)

// ofOneAttack leaves out the waves that are small beside the largest, and adds up the others.
func ofOneAttack(waves []wave) (kept []wave, largest, flows int64) {
	for _, w := range waves {
		largest = max(largest, w.flows)
	}
	for _, w := range waves {
		if w.flows*lesserWave >= largest {
			kept = append(kept, w)
			flows += w.flows
		}
	}
	return kept, largest, flows
}

// judgeTarget tells when a destination got more than it could usually get.
func judgeTarget(c *detect.Case, t *target) ([]wave, bool) {
	threshold := t.usual * math.Exp(c.Param("min_z")*t.sigma)
	if t.short {
		threshold = c.Param("sure_rate")
	}
	waves := t.wavesAbove(max(threshold, c.Param("min_rate")))
	waves, largest, flows := ofOneAttack(waves)
	fired := float64(flows) >= c.Param("min_flows") && float64(largest) >= c.Param("min_flows")/fewWaves
	if c.Asked(t.dst) {
		c.Explain(t.dst, detect.Line{What: "peak of flows to it, a second", Value: t.peakRate(), Threshold: threshold, Fired: fired,
			Why: fmt.Sprintf("it usually gets %.3g; %d flows came while it got more than the threshold, %.0f are the least", t.usual, flows, c.Param("min_flows"))})
	}
	return waves, fired
}

// modifiers weigh who floods, and whether it is usual.
func modifiers(c *detect.Case, a *attack, before float64) []finding.Modifier {
	t := a.on
	var list []finding.Modifier
	if a.own > 0 && !a.answered && !a.oneWay {
		list = append(list, finding.Modifier{Delta: 0.1, Reason: fmt.Sprintf("%d hosts of the network take part", a.own)})
	}
	if a.lonely() && t.peakRate() < c.Param("sure_rate") {
		list = append(list, finding.Modifier{Delta: -0.5, Reason: "nobody ever got an answer there: a program may be retrying at a service that is gone"})
	}
	if (a.answered || a.oneWay) && t.peakRate() < 3*a.others {
		list = append(list, finding.Modifier{Delta: -0.25, Reason: fmt.Sprintf("another destination gets %.3g flows a second", a.others)})
	}
	if c.Base == nil {
		return list
	}
	if 2*before >= t.peakRate() {
		return append(list, finding.Modifier{Delta: -0.6, Reason: fmt.Sprintf("it got up to %.3g flows a second in the baseline", before)})
	}
	return append(list, finding.Modifier{Delta: 0.05, Reason: "nothing like it in the baseline"})
}
