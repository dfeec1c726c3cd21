// Package scan finds hosts that try addresses or ports which do not answer.
package scan

import (
	"context"
	_ "embed"
	"fmt"
	"net/netip"
	"slices"

	"sentinel/internal/detect"
	"sentinel/internal/finding"
)

//go:embed scan.md
var page string

// Detector is the value that the catalog lists.
var Detector = detect.Detector{
	ID:     "scan",
	Title:  "Scans",
	Finds:  "hosts that try addresses or ports which do not answer: horizontal, vertical and slow scans, and targets that many hosts try in vain",
	Null:   "first contacts of a host succeed as often as those of others do; likelihood ratio of Jung et al. (2004), exact binomial p-value",
	Page:   page,
	Attack: []string{"T1046", "T1595"},
	Params: []detect.Param{
		{Name: "min_targets", Default: 15, Min: 4, Max: 1e6, Doc: "addresses that never answered on a port, from which on a host may be scanning"},
		{Name: "min_ports", Default: 15, Min: 4, Max: 65535, Doc: "ports of one address that never answered, from which on a host may be scanning"},
		{Name: "usual_success", Default: 0.8, Min: 0.3, Max: 0.99, Doc: "share of first contacts that succeed where nobody scans; less where the capture shows less"},
		{Name: "scan_success", Default: 0.2, Min: 0.01, Max: 0.29, Doc: "share of first contacts that succeed where somebody scans"},
		{Name: "min_sources", Default: 25, Min: 3, Max: 1e6, Doc: "hosts that try a port of an address in vain, from which on it is the target of many"},
	},
	Judge: judge,
}

func judge(ctx context.Context, c *detect.Case) (detect.Verdict, error) {
	known, err := census(ctx, c)
	if err != nil {
		return detect.Verdict{}, err
	}
	if known.oneSided {
		return detect.Verdict{Void: "flows bring nothing back although they send more than a handshake: the capture shows one side only, so no flow can be told to have failed"}, nil
	}
	verdict := detect.Verdict{}
	suspects, err := nominate(ctx, c, known, &verdict)
	if err != nil {
		return verdict, err
	}
	if err := examine(ctx, c, suspects); err != nil {
		return verdict, err
	}
	own := slices.DeleteFunc(slices.Clone(suspects), func(s *suspect) bool { return !c.Test.Judged(s.src) })
	before, err := scannedBefore(ctx, c, own)
	if err != nil {
		return verdict, err
	}
	for _, s := range own {
		if f, ok := describe(c, s, known, before); ok {
			verdict.Findings = append(verdict.Findings, f)
		}
	}
	verdict.Findings = append(verdict.Findings, outside(c, suspects)...)
	shared, err := distributed(ctx, c, known, suspects)
	verdict.Findings = append(verdict.Findings, shared...)
	verdict.Looked = fmt.Sprintf("%d ports and addresses that a host tried in %.0f places or more", verdict.Tests,
		min(c.Param("min_targets"), c.Param("min_ports")))
	return verdict, err
}

// adminPorts give control of a machine to who gets in.
var adminPorts = []int64{22, 23, 135, 139, 445, 3389, 5900, 5985, 5986}

// modifiers weigh what a suspect tried, and whether it always does.
func modifiers(c *detect.Case, s *suspect, known *network, before map[netip.Addr]int64) []finding.Modifier {
	var list []finding.Modifier
	if slices.ContainsFunc(s.ports(), func(p service) bool { return slices.Contains(adminPorts, p.port) }) {
		list = append(list, finding.Modifier{Delta: 0.1, Reason: "it tried a port of administration"})
	}
	if len(s.probes) == 0 && !slices.ContainsFunc(s.ports(), func(p service) bool { return !isICMP(p.proto) }) {
		list = append(list, finding.Modifier{Delta: -0.15, Reason: "ICMP carries reports of errors too, which nobody answers"})
	}
	if s.usual*2 > s.deadTargets {
		list = append(list, finding.Modifier{Delta: -0.4, Reason: "most of the addresses are usual destinations of the network: a service may be down"})
	}
	if failed := known.failedTo[s.src]; len(s.probes) == 0 && float64(s.deadTargets) < 0.3*float64(failed) {
		list = append(list, finding.Modifier{Delta: -0.25, Reason: fmt.Sprintf("%d addresses failed it on other ports, as peer-to-peer programs see", failed-s.deadTargets)})
	}
	if !c.Test.Network.Inside(s.src) {
		list = append(list, finding.Modifier{Delta: -0.1, Reason: "the capture does not tell whether it is a host of yours"})
	}
	if c.Base == nil {
		return list
	}
	if old := before[s.src]; 2*old >= s.dead {
		return append(list, finding.Modifier{Delta: -0.5, Reason: fmt.Sprintf("it tried %d in vain in the baseline too", old)})
	}
	return append(list, finding.Modifier{Delta: 0.05, Reason: "it did not in the baseline"})
}
