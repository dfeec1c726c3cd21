package flood

import (
	"fmt"
	"math"
	"strings"
	"time"

	"sentinel/internal/detect"
	"sentinel/internal/finding"
)

const mostHosts = 4096 // named in a finding

// describe turns an attack into a finding, unless its flows spread over many ports: that is a scan.
func describe(c *detect.Case, a *attack, before float64) (finding.Finding, bool) {
	t := a.on
	if 2*a.flows < a.all || len(a.sources) == 0 || float64(a.flows) < c.Param("min_flows") {
		c.Explain(t.dst, detect.Line{What: "flows to its busiest port during the peak", Value: float64(a.flows), Threshold: max(float64(a.all)/2, c.Param("min_flows")),
			Why: "the flows go to many ports, or too few to one"})
		return finding.Finding{}, false
	}
	peak := t.peak()
	port := portName(a.proto, a.port)
	f := finding.Finding{
		ID: finding.Key("flood", t.dst, a.proto, a.port), PValue: math.NaN(),
		DstIP: t.dst, DstPort: a.port, Proto: a.proto, First: a.first, Last: a.last,
		Title: fmt.Sprintf("%s %s got %.3g flows a second, %s, from %s: %s", t.dst, port, t.peakRate(), compared(t), who(a), a.kind()),
		Explanation: fmt.Sprintf("From %s to %s UTC, with the peak at %s, it got %d flows, of which %.0f %% brought nothing back. Usual for it are %.3g flows a second; "+
			"the peak lies %.1f robust standard deviations above that (threshold %.3g). Most were sent by %s.",
			clock(a.first), clock(a.last), clock(peak.Start), a.flows, 100*float64(a.failed)/float64(a.flows), t.usual, t.z(), c.Param("min_z"), top(a)),
		Remedy: "it stops being a finding when the destination often gets that many flows; allow it if somebody tests its load",
		Evidence: []finding.Evidence{
			{Name: "peak_rate", Value: t.peakRate(), Text: fmt.Sprintf("%.3g flows a second at %s UTC", t.peakRate(), clock(peak.Start))},
			{Name: "usual_rate", Value: t.usual, Text: fmt.Sprintf("%.3g flows a second", t.usual)},
			{Name: "robust_z", Value: t.z(), Text: fmt.Sprintf("%.1f", t.z())},
			{Name: "flows", Value: float64(a.flows), Text: fmt.Sprint(a.flows)},
			{Name: "failed_share", Value: float64(a.failed) / float64(a.flows), Text: fmt.Sprintf("%.0f %%", 100*float64(a.failed)/float64(a.flows))},
			{Name: "sources", Value: float64(len(a.sources)), Text: fmt.Sprintf("%d, %d of them of the network", len(a.sources), a.own)},
			{Name: "up_bytes", Value: float64(a.up), Text: fmt.Sprintf("%.3g MB", float64(a.up)/1e6)},
			{Name: "waves", Value: float64(len(a.waves)), Text: fmt.Sprint(len(a.waves))},
		},
	}
	for _, s := range a.sources[:min(len(a.sources), mostHosts)] {
		f.Hosts = append(f.Hosts, s.addr)
		f.Pairs = append(f.Pairs, finding.Pair{SrcIP: s.addr, DstIP: t.dst})
	}
	if len(a.sources) == 1 {
		f.SrcIP = a.sources[0].addr
	}
	f.Weigh(a.base(c, t), modifiers(c, a, before)...)
	if f.Severity < finding.Low {
		c.Explain(t.dst, detect.Line{What: "score of its peak", Value: f.Score, Threshold: 0.2, Why: "a busy hour, as others have"})
		return f, false
	}
	return f, true
}

// base says how much the kind of flood stands for, and how far above the usual it went.
func (a *attack) base(c *detect.Case, t *target) float64 {
	switch {
	case a.answered, a.oneWay: // which stands out only where it is much for any server
		return 0.3 + excess(t.peakRate(), max(t.usual, c.Param("min_rate")))
	case a.neverOpened():
		return 0.65 + excess(t.peakRate(), t.usual)
	}
	return 0.55 + excess(t.peakRate(), t.usual)
}

// excess adds a tenth for each tenfold of a rate above six times the usual.
func excess(rate, usual float64) float64 { return min(0.1*math.Log10(max(rate/usual/6, 1)), 0.2) }

// neverOpened tells whether most flows are handshakes without an end.
func (a *attack) neverOpened() bool {
	return a.proto == "tcp" && 5*a.small >= 4*a.failed && !a.answered && !a.oneWay
}

func (a *attack) kind() string {
	switch {
	case a.answered:
		return "a flood of requests"
	case a.oneWay:
		return "a flood of what never gets an answer there"
	case a.neverOpened():
		return "a flood of connections that never open"
	}
	return "a flood without answer"
}

// z is how many robust standard deviations the peak lies above the usual.
func (t *target) z() float64 { return math.Log(t.peakRate()/t.usual) / t.sigma }

func compared(t *target) string {
	if t.short {
		return "in a capture too short to tell the usual"
	}
	return fmt.Sprintf("%.3g times its usual", t.peakRate()/t.usual)
}

func who(a *attack) string {
	if len(a.sources) == 1 {
		return a.sources[0].addr.String()
	}
	return fmt.Sprintf("%d hosts", len(a.sources))
}

// top names who sent most.
func top(a *attack) string {
	var names []string
	for _, s := range a.sources[:min(len(a.sources), 5)] {
		names = append(names, fmt.Sprintf("%s (%d)", s.addr, s.flows))
	}
	if more := len(a.sources) - len(names); more > 0 {
		names = append(names, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(names, ", ")
}

func portName(proto string, port int64) string {
	if proto == "tcp" || proto == "udp" {
		return fmt.Sprintf("%s %d", proto, port)
	}
	return proto
}

func clock(micros int64) string { return time.UnixMicro(micros).UTC().Format(time.TimeOnly) }
