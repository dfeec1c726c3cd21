package scan

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"net/netip"
	"slices"

	"sentinel/internal/detect"
	"sentinel/internal/engine"
	"sentinel/internal/finding"
	"sentinel/internal/stat"
)

// service is what a host tried on an address.
type service struct {
	proto string
	port  int64
}

func (s service) String() string {
	if isICMP(s.proto) {
		return s.proto
	}
	return fmt.Sprintf("%s %d", s.proto, s.port)
}

// isICMP tells protocols whose ports are message types, or nothing at all.
func isICMP(proto string) bool { return proto == "icmp" || proto == "ipv6-icmp" }

// suspect is a host whose first contacts failed more often than chance lets them.
type suspect struct {
	src       netip.Addr
	sweeps    []engine.Sweep // ports that it tried on many addresses
	probes    []engine.Probe // addresses of which it tried many ports
	p         float64        // the least of its tests
	views     int            // how many those were
	answering bool           // others contact it, and it answers

	// What its channels show.
	dead        int64 // ports of addresses that never answered
	tried       int64 // ports of addresses
	deadTargets int64 // addresses that never answered on a port of the sweeps
	usual       int64 // those of them that many others contact
	first, last int64
	pairs       []finding.Pair
	mostPairs   int
}

// charged tells whether anything is left of the charge once the channels are read.
func (s *suspect) charged(c *detect.Case) bool {
	return len(s.sweeps)+len(s.probes) > 0 && s.dead >= int64(min(c.Param("min_targets"), c.Param("min_ports")))
}

// ports are those of the sweeps.
func (s *suspect) ports() []service {
	var ports []service
	for _, sweep := range s.sweeps {
		ports = append(ports, service{sweep.Proto, sweep.DstPort})
	}
	return ports
}

// Errors that the sequential test of Jung et al. (2004) puts up with: 1 % false, 99 % found.
var decision = math.Log(0.99 / 0.01)

// ratio is ln of how much likelier so many successes and failures are of a scanner than of others.
func ratio(c *detect.Case, usual float64, succeeded, failed int64) float64 {
	scan := c.Param("scan_success")
	return float64(succeeded)*math.Log(scan/usual) + float64(failed)*math.Log((1-scan)/(1-usual))
}

// nominate lists the hosts whose contacts speak for a scan, in the order of their addresses.
func nominate(ctx context.Context, c *detect.Case, known *network, verdict *detect.Verdict) ([]*suspect, error) {
	suspects := map[netip.Addr]*suspect{}
	accuse := func(src netip.Addr, what string, tried, dead, least int64) *suspect {
		verdict.Tests++
		value := ratio(c, known.usual, tried-dead, dead)
		fired := dead >= least && value >= decision
		if c.Asked(src) {
			c.Explain(src, detect.Line{What: what + ": log likelihood ratio of a scan", Value: value, Threshold: decision, Fired: fired,
				Why: fmt.Sprintf("%d of %d never answered; %d are the least to be judged", dead, tried, least)})
		}
		if !fired {
			return nil
		}
		if suspects[src] == nil {
			suspects[src] = &suspect{src: src, p: 1, answering: known.answers[src]}
		}
		s := suspects[src]
		s.p, s.views = min(s.p, stat.BinomialUpper(dead, tried, 1-known.usual)), s.views+1
		return s
	}
	for sweep, err := range c.Test.Sweeps(ctx, int64(c.Param("min_targets"))) {
		if err != nil {
			return nil, err
		}
		// An address that answers the host on another port is no dead address: QUIC that a firewall blocks is no scan.
		dead := min(sweep.DeadTargets, known.failedTo[sweep.SrcIP])
		if s := accuse(sweep.SrcIP, service{sweep.Proto, sweep.DstPort}.String(), sweep.Targets, dead, int64(c.Param("min_targets"))); s != nil {
			s.sweeps = append(s.sweeps, sweep)
		}
	}
	for probe, err := range c.Test.Probes(ctx, int64(c.Param("min_ports"))) {
		if err != nil {
			return nil, err
		}
		if !detect.Scorable(probe.DstIP, "", 0) {
			continue
		}
		if s := accuse(probe.SrcIP, "ports of "+probe.DstIP.String(), probe.Ports, probe.DeadPorts, int64(c.Param("min_ports"))); s != nil {
			s.probes = append(s.probes, probe)
		}
	}
	return sorted(suspects), nil
}

func sorted(suspects map[netip.Addr]*suspect) []*suspect {
	list := make([]*suspect, 0, len(suspects))
	for _, s := range suspects {
		list = append(list, s)
	}
	slices.SortFunc(list, func(a, b *suspect) int { return a.src.Compare(b.src) })
	return list
}

// largest is the sweep of most dead addresses, and whether there is one.
func (s *suspect) largest() (engine.Sweep, bool) {
	if len(s.sweeps) == 0 {
		return engine.Sweep{}, false
	}
	return slices.MaxFunc(s.sweeps, func(a, b engine.Sweep) int { return cmp.Compare(a.DeadTargets, b.DeadTargets) }), true
}

// widest is the address of most dead ports, and whether there is one.
func (s *suspect) widest() (engine.Probe, bool) {
	if len(s.probes) == 0 {
		return engine.Probe{}, false
	}
	return slices.MaxFunc(s.probes, func(a, b engine.Probe) int { return cmp.Compare(a.DeadPorts, b.DeadPorts) }), true
}
