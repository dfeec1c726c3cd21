// Package icmptunnel finds payload carried in ICMP.
package icmptunnel

import (
	"context"
	_ "embed"
	"fmt"
	"math"

	"sentinel/internal/detect"
	"sentinel/internal/detect/words"
	"sentinel/internal/finding"
	"sentinel/internal/stat"
)

//go:embed icmptunnel.md
var page string

// Detector is the value that the catalog lists.
var Detector = detect.Detector{
	ID:     "icmp-tunnel",
	Title:  "ICMP tunnels",
	Finds:  "payload carried in ICMP",
	Null:   "rule: bytes beyond what ordinary echoes of that number, or of that time, would carry",
	Page:   page,
	Attack: []string{"T1095"},
	Params: []detect.Param{
		{Name: "min_bytes", Default: 100_000, Min: 1, Max: 1e15, Doc: "bytes beyond ordinary echoes below which a pair is not reported"},
		{Name: "min_z", Default: 3.5, Min: 0, Max: 100, Doc: "robust z of the bytes among the pairs below which they count as usual"},
		{Name: "min_peers", Default: 5, Min: 2, Max: 1e6, Doc: "pairs needed to tell what is usual"},
	},
	Judge: judge,
}

func judge(ctx context.Context, c *detect.Case) (detect.Verdict, error) {
	pairs, err := read(ctx, c.Test)
	if err != nil {
		return detect.Verdict{}, err
	}
	known, err := knownPairs(ctx, c)
	if err != nil {
		return detect.Verdict{}, err
	}
	var sample []float64
	for _, p := range pairs {
		sample = append(sample, math.Log1p(p.carried()))
	}
	usual := stat.RobustOf(sample, 1) // factors of e are nothing among echoes
	var findings []finding.Finding
	for _, p := range pairs {
		fired := p.carried() >= c.Param("min_bytes")
		if c.Asked(p.SrcIP) {
			c.Explain(p.SrcIP, detect.Line{What: fmt.Sprintf("ICMP to %s: bytes beyond ordinary echoes", p.DstIP), Value: p.carried(),
				Threshold: c.Param("min_bytes"), Fired: fired, Why: p.size()})
		}
		if !fired {
			continue
		}
		if f := describe(c, p, usual, known); f.Severity >= finding.Low {
			findings = append(findings, f)
		}
	}
	return detect.Verdict{Findings: findings, Looked: fmt.Sprintf("%d pairs of hosts that exchanged ICMP", len(pairs))}, nil
}

// scale scores bytes by their decimal logarithm: 100 kB is a message, 10 MB a working tunnel.
var scale = stat.Scale{{4, 0.2}, {5, 0.4}, {6, 0.6}, {7, 0.8}}

func describe(c *detect.Case, p pair, usual stat.Robust, known map[finding.Pair]float64) finding.Finding {
	z := usual.Z(math.Log1p(p.carried()))
	f := finding.Finding{
		ID:     finding.Key("icmp-tunnel", p.SrcIP, p.DstIP),
		PValue: math.NaN(), SrcIP: p.SrcIP, DstIP: p.DstIP, DstPort: -1, Proto: p.Proto, First: p.First, Last: p.Last,
		Pairs: []finding.Pair{{SrcIP: p.SrcIP, DstIP: p.DstIP}},
		Title: fmt.Sprintf("%s sent %s in ICMP to %s, %s", p.SrcIP, words.Bytes(float64(p.UpBytes)), p.DstIP, p.size()),
		Explanation: fmt.Sprintf("Ordinary echoes of that %s would carry %s: %s are beyond (threshold %s). Echoes carry 56 bytes of no meaning; tunnels fill them.",
			p.by(), words.Bytes(p.ordinary()), words.Bytes(p.carried()), words.Bytes(c.Param("min_bytes"))),
		Remedy: "it stops being a finding when the echoes have their usual size; allow the pair if you test the path with large echoes",
		Evidence: []finding.Evidence{
			{Name: "carried_bytes", Value: p.carried(), Text: words.Bytes(p.carried())},
			{Name: "up_bytes", Value: float64(p.UpBytes), Text: words.Bytes(float64(p.UpBytes))},
			{Name: "down_bytes", Value: float64(p.DownBytes), Text: words.Bytes(float64(p.DownBytes))},
			{Name: "packets", Value: float64(p.UpPackets), Text: p.size()},
			{Name: "flows", Value: float64(p.Flows), Text: words.Number(float64(p.Flows))},
			{Name: "sources", Value: float64(p.Sources), Text: fmt.Sprintf("%d of %d hosts contact it", p.Sources, c.Test.Network.Hosts)},
			{Name: "z", Value: z, Text: fmt.Sprintf("%.1f among %d pairs", z, usual.N)},
		},
	}
	f.Weigh(scale.At(math.Log10(p.carried())), weights(c, p, usual, z, known)...)
	return f
}

// weights are what raises or lowers a pair.
func weights(c *detect.Case, p pair, usual stat.Robust, z float64, known map[finding.Pair]float64) []finding.Modifier {
	var list []finding.Modifier
	add := func(when bool, delta float64, reason string) {
		if when {
			list = append(list, finding.Modifier{Delta: delta, Reason: reason})
		}
	}
	add(float64(usual.N) >= c.Param("min_peers") && z < c.Param("min_z"), -0.3, "others send as much in ICMP")
	add(p.Failed == p.Flows, -0.2, "nothing came back: floods and error messages look so too")
	add(p.Sources == 1, 0.05, "no other host contacts it")
	add(c.Test.Network.Popular(p.Sources), -0.3, fmt.Sprintf("%d hosts contact it", p.Sources))
	add(c.Test.Network.Inside(p.DstIP), -0.2, "it is inside")
	if c.Base != nil {
		before := known[finding.Pair{SrcIP: p.SrcIP, DstIP: p.DstIP}]
		add(before >= p.carried()/3, -0.6, "as much in the baseline")
		add(before == 0, 0.1, "not in the baseline")
	}
	return list
}
