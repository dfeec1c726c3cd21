package botnet

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"net/netip"
	"slices"

	"sentinel/internal/detect"
	"sentinel/internal/detect/rhythm"
	"sentinel/internal/engine"
	"sentinel/internal/flow"
	"sentinel/internal/stat"
)

// destination is one port of one server.
type destination struct {
	addr  netip.Addr
	proto string
	port  int64
}

func (d destination) String() string { return fmt.Sprintf("%s %s %d", d.addr, d.proto, d.port) }

// service is a destination and the hosts that contact it often enough to be judged.
type service struct {
	destination
	name    string
	sources int64 // hosts that contact it at all
	members []member
	p       float64
	known   int64 // flows to it in the baseline
}

// member is one host's contact with a service.
type member struct {
	host        netip.Addr
	rhythm      rhythm.Rhythm
	starts      []int64 // of its contacts, microseconds since the epoch
	first, last int64
}

func (s *service) add(r engine.Rhythm, contacts rhythm.Contacts) {
	measured := rhythm.Measure(contacts.Gaps(), rhythm.Resolution(r.Starts))
	s.members = append(s.members, member{r.SrcIP, measured, contacts.Starts, r.First, r.Last})
}

// inRhythm keeps the services whose hosts have one rhythm, with those hosts as members.
func inRhythm(c *detect.Case, services []*service) []*service {
	var kept []*service
	for _, s := range services {
		judged := len(s.members)
		regular := slices.DeleteFunc(slices.Clone(s.members), func(m member) bool {
			return m.rhythm.Periodicity < c.Param("min_periodicity") || m.rhythm.Period < 1
		})
		regular = samePeriod(regular, c.Param("period_window"))
		devotion := float64(len(regular)) / float64(s.sources)
		fired := len(regular) >= int(c.Param("min_hosts")) && devotion >= c.Param("min_devotion")
		explain(c, s, len(regular), devotion, fired)
		if fired {
			s.members, s.p = regular, byChance(regular, judged)
			kept = append(kept, s)
		}
	}
	return kept
}

func explain(c *detect.Case, s *service, regular int, devotion float64, fired bool) {
	for _, m := range s.members {
		if c.Asked(m.host) {
			c.Explain(m.host, detect.Line{
				What: fmt.Sprintf("%s: share of its hosts in one rhythm", s.destination), Value: devotion, Threshold: c.Param("min_devotion"), Fired: fired,
				Why: fmt.Sprintf("%d of %d hosts keep one period; this one's periodicity is %.2f at %.0f s", regular, s.sources, m.rhythm.Periodicity, m.rhythm.Period),
			})
		}
	}
}

// samePeriod keeps the largest set of members whose periods lie within a window of ln(period).
func samePeriod(members []member, window float64) []member {
	slices.SortFunc(members, func(a, b member) int {
		return cmp.Or(cmp.Compare(a.rhythm.Period, b.rhythm.Period), a.host.Compare(b.host))
	})
	var best []member
	from := 0
	for to := range members {
		for math.Log(members[to].rhythm.Period/members[from].rhythm.Period) > window {
			from++
		}
		if to+1-from > len(best) {
			best = members[from : to+1]
		}
	}
	best = slices.Clone(best)
	slices.SortFunc(best, func(a, b member) int { return a.host.Compare(b.host) })
	return best
}

// byChance is the chance that so many of a destination's hosts are so regular if none has a clock: that as many
// p-values, each uniform then, are below the largest of them. Any number of members could have been chosen.
func byChance(members []member, judged int) float64 {
	largest := 0.0
	for _, m := range members {
		largest = max(largest, m.rhythm.P)
	}
	return min(1, float64(judged)*stat.BinomialUpper(int64(len(members)), int64(judged), largest))
}

// onlyRare drops services whose whole network of servers more hosts contact than a rare one's: a service behind
// many addresses is as popular as all of them together.
func onlyRare(ctx context.Context, c *detect.Case, services []*service) ([]*service, error) {
	if len(services) == 0 {
		return nil, nil
	}
	visitors := map[netip.Prefix]map[netip.Addr]bool{}
	for _, s := range services {
		network := flow.ServiceNetwork(s.addr)
		if visitors[network] != nil {
			continue
		}
		visitors[network] = map[netip.Addr]bool{}
		for channel, err := range c.Test.Channels(ctx, engine.ChannelFilter{MinSources: 2, DstNet: network}) {
			if err != nil {
				return nil, err
			}
			if network.Contains(channel.DstIP) {
				visitors[network][channel.SrcIP] = true
			}
		}
	}
	return slices.DeleteFunc(services, func(s *service) bool {
		hosts := int64(len(visitors[flow.ServiceNetwork(s.addr)]))
		return hosts > most(c) && hosts > s.sources
	}), nil
}
