package scan

import (
	"fmt"
	"math"
	"strings"
	"time"

	"net/netip"

	"sentinel/internal/detect"
	"sentinel/internal/finding"
)

// describe turns a suspect into a finding, unless its channels took the charge back.
func describe(c *detect.Case, s *suspect, known *network, before map[netip.Addr]int64) (finding.Finding, bool) {
	if !s.charged(c) {
		c.Explain(s.src, detect.Line{What: "tries without answer, after taking out data and late answers", Value: float64(s.dead),
			Threshold: min(c.Param("min_targets"), c.Param("min_ports")), Why: "the tries are answers of a server that came late, or datagrams that carry data"})
		return finding.Finding{}, false
	}
	value := ratio(c, known.usual, s.tried-s.dead, s.dead)
	f := finding.Finding{
		ID: finding.Key("scan", s.src), PValue: min(1, s.p*float64(s.views)),
		SrcIP: s.src, DstPort: -1, Hosts: []netip.Addr{s.src}, First: s.first, Last: s.last, Pairs: s.pairs,
		Title: s.title(),
		Explanation: fmt.Sprintf("Of %d first contacts %d failed, %s. Contacts of others here succeed in about %.0f of 100 cases; so many failures are "+
			"exp(%.1f) times likelier of a scan (a decision takes exp(%.1f)). A flow failed if its state says so or, without state, if it brought nothing or a mere refusal back.",
			s.tried, s.dead, pace(s.dead, s.last-s.first), 100*known.usual, value, decision),
		Remedy: "it stops being a finding when most of what the host contacts answers; allow the host if it is your scanner or inventory",
		Evidence: []finding.Evidence{
			{Name: "failed_contacts", Value: float64(s.dead), Text: fmt.Sprintf("%d of %d", s.dead, s.tried)},
			{Name: "likelihood_ratio_ln", Value: value, Text: fmt.Sprintf("%.1f, a scan from %.1f", value, decision)},
			{Name: "usual_success", Value: known.usual, Text: fmt.Sprintf("%.0f %% of first contacts", 100*known.usual)},
			{Name: "seconds", Value: float64(s.last-s.first) / 1e6, Text: time.Duration((s.last - s.first) * 1000).Round(time.Second).String()},
		},
	}
	if sweep, ok := s.largest(); ok {
		f.Proto, f.DstPort = sweep.Proto, sweep.DstPort
		f.Evidence = append(f.Evidence, finding.Evidence{Name: "addresses_swept", Value: float64(sweep.Targets),
			Text: fmt.Sprintf("%d on %s, %d of them silent", sweep.Targets, service{sweep.Proto, sweep.DstPort}, sweep.DeadTargets)})
	}
	if probe, ok := s.widest(); ok {
		if len(s.probes) == 1 && len(s.sweeps) == 0 {
			f.DstIP = probe.DstIP
		}
		f.Evidence = append(f.Evidence, finding.Evidence{Name: "ports_probed", Value: float64(probe.Ports),
			Text: fmt.Sprintf("%d of %s, %d of them silent", probe.Ports, probe.DstIP, probe.DeadPorts)})
	}
	f.Weigh(magnitude(c, s.dead), modifiers(c, s, known, before)...)
	return f, true
}

// magnitude is medium at the least number of tries, high from about five times as many on.
func magnitude(c *detect.Case, dead int64) float64 {
	return 0.5 + 0.15*math.Log10(max(float64(dead)/min(c.Param("min_targets"), c.Param("min_ports")), 1))
}

func (s *suspect) title() string {
	var parts []string
	if sweep, ok := s.largest(); ok {
		part := fmt.Sprintf("tried %s on %d addresses, of which %d never answered", service{sweep.Proto, sweep.DstPort}, sweep.Targets, sweep.DeadTargets)
		if more := len(s.sweeps) - 1; more > 0 {
			part += fmt.Sprintf(", and %d more %s likewise", more, plural(more, "port", "ports"))
		}
		parts = append(parts, part)
	}
	if probe, ok := s.widest(); ok {
		part := fmt.Sprintf("tried %d ports of %s, of which %d never answered", probe.Ports, probe.DstIP, probe.DeadPorts)
		if more := len(s.probes) - 1; more > 0 {
			part += fmt.Sprintf(", and of %d more %s", more, plural(more, "address", "addresses"))
		}
		parts = append(parts, part)
	}
	return s.src.String() + " " + strings.Join(parts, "; it ")
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// pace tells how fast tries followed each other over so many microseconds.
func pace(tries, span int64) string {
	seconds := float64(span) / 1e6
	switch rate := float64(tries) / max(seconds, 1); {
	case rate >= 1:
		return fmt.Sprintf("about %.0f a second", rate)
	case rate >= 1.0/60:
		return fmt.Sprintf("about %.0f a minute", rate*60)
	default:
		return fmt.Sprintf("one every %.0f minutes, slow enough to escape those who count within minutes", 1/rate/60)
	}
}
