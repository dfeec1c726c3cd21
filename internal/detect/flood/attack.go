package flood

import (
	"cmp"
	"context"
	"maps"
	"math"
	"net/netip"
	"slices"

	"sentinel/internal/detect"
	"sentinel/internal/engine"
)

// attack is who sent what during the waves.
type attack struct {
	on       *target
	others   float64 // the greatest rate that any other destination got, flows a second
	waves    []wave
	proto    string
	port     int64
	flows    int64 // on that port
	all      int64 // on any
	failed   int64
	small    int64 // failed flows with no more than a handshake in them
	up       int64 // bytes
	sources  []source
	own      int                           // of the sources, hosts of the network
	answered bool                          // most flows are
	oneWay   bool                          // flows to the port get no answer at other times either
	calm     struct{ flows, failed int64 } // on that port, outside of the waves
	first    int64
	last     int64
}

// source is one host that took part.
type source struct {
	addr          netip.Addr
	flows, failed int64
}

const handshake = 180 // bytes that the SYN segments of one connection, repeated, stay below

// attackOn is an attack on the port of a target that got most, whose flows are not read yet.
func attackOn(t *target, waves []wave) *attack {
	peak := t.peak()
	a := &attack{on: t, waves: waves, proto: peak.Proto, port: peak.Port, first: math.MaxInt64}
	for _, w := range waves {
		a.all += w.flows
	}
	return a
}

// service is a port of a protocol.
type service struct {
	proto string
	port  int64
}

// whoFloods reads the flows to the ports attacked: at once for all targets of a service, since an engine may have to
// read all flows to find those of one.
func whoFloods(ctx context.Context, c *detect.Case, attacks []*attack) error {
	byService := map[service]map[netip.Addr]*attack{}
	for _, a := range attacks {
		of := service{a.proto, a.port}
		if byService[of] == nil {
			byService[of] = map[netip.Addr]*attack{}
		}
		byService[of][a.on.dst] = a
	}
	for of, targets := range byService {
		filter := engine.ChannelFilter{DstIPs: slices.Collect(maps.Keys(targets)), Proto: of.proto, DstPort: of.port}
		for r, err := range c.Test.Rhythms(ctx, filter) {
			if err != nil {
				return err
			}
			if r.DstPort == of.port {
				targets[r.DstIP].add(r)
			}
		}
	}
	for _, a := range attacks {
		a.oneWay = a.alwaysSilent(c.Param("min_failed"))
		a.answered = !a.oneWay && float64(a.failed) < c.Param("min_failed")*float64(a.flows)
		a.keepAttackers(c)
	}
	return nil
}

// alwaysSilent tells whether flows to the port fail at all times, so that failure says nothing: a log server never answers.
func (a *attack) alwaysSilent(share float64) bool {
	const enough = 50
	return a.calm.flows >= enough && float64(a.calm.failed) >= share/2*float64(a.calm.flows)
}

func (a *attack) add(r engine.Rhythm) {
	s := source{addr: r.SrcIP}
	for i, start := range r.Starts {
		failed := silent(r.Proto, r.Ups[i], r.Downs[i]) || r.Failed == r.Flows
		if !a.during(start) {
			a.calm.flows++
			if failed {
				a.calm.failed++
			}
			continue
		}
		s.flows++
		a.up += r.Ups[i]
		a.first, a.last = min(a.first, start), max(a.last, start)
		if failed {
			s.failed++
			if r.Ups[i] <= handshake {
				a.small++
			}
		}
	}
	if s.flows > 0 {
		a.flows, a.failed = a.flows+s.flows, a.failed+s.failed
		a.sources = append(a.sources, s)
	}
}

// silent tells whether a flow brought nothing back, or over TCP a mere refusal (DETECTION.md, rule 10).
func silent(proto string, up, down int64) bool {
	return down == 0 || proto == "tcp" && down <= 60 && up <= handshake
}

// lonely tells whether one or two hosts sent all to a port that answers nobody.
func (a *attack) lonely() bool {
	return len(a.sources) <= 2 && a.failed == a.flows && a.calm.failed == a.calm.flows
}

func (a *attack) during(start int64) bool {
	return slices.ContainsFunc(a.waves, func(w wave) bool { return start >= w.from && start < w.to })
}

// keepAttackers leaves out who merely used the service meanwhile, and puts those who sent most first.
func (a *attack) keepAttackers(c *detect.Case) {
	var most int64
	for _, s := range a.sources {
		most = max(most, s.flows)
	}
	a.sources = slices.DeleteFunc(a.sources, func(s source) bool {
		if a.answered || a.oneWay {
			return 10*s.flows < most
		}
		return 2*s.failed < s.flows
	})
	slices.SortFunc(a.sources, func(x, y source) int { return cmp.Or(cmp.Compare(y.flows, x.flows), x.addr.Compare(y.addr)) })
	for _, s := range a.sources {
		if c.Test.Network.Inside(s.addr) {
			a.own++
		}
	}
}
