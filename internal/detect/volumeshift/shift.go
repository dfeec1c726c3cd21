package volumeshift

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"net/netip"
	"slices"

	"sentinel/internal/detect"
	"sentinel/internal/detect/words"
	"sentinel/internal/engine"
	"sentinel/internal/stat"
)

// shift is a host whose volume left the baseline.
type shift struct {
	host        netip.Addr
	way         string // up or down, as bytes go, or both: that which left furthest
	before, now float64
	ratio       float64 // now over before, both for the same time
	log         float64 // what is judged: its logarithm, or the mean of several
	z, p        float64
	others      stat.Robust // of the log ratios of hosts of similar volume
	ordinary    float64     // the median host's volume in the baseline
	servers     []served    // that it talks to, largest change first
}

// served is how one server's part of a host's volume changed.
type served struct {
	server      netip.Addr
	change      float64
	known       bool
	first, last int64
}

// smallest keeps the logarithm of next to nothing within reason: a kilobyte.
const smallest = 1_000

// shiftsOf judges the hosts against each other, up and down.
func shiftsOf(c *detect.Case, hosts []netip.Addr, before, now *volumes, verdict *detect.Verdict) []*shift {
	found := map[netip.Addr]*shift{}
	for _, way := range []string{"up", "down", "both"} {
		var all []*shift
		for _, host := range hosts {
			all = append(all, shiftOf(host, way, before.hosts[host].times(longer(c)), *now.hosts[host]))
		}
		verdict.Tests += len(all)
		judgeTogether(all)
		for _, s := range all {
			fired := s.fires(c)
			explain(c, s, fired)
			if best := found[s.host]; fired && (best == nil || math.Abs(s.z) > math.Abs(best.z)) {
				found[s.host] = s
			}
		}
	}
	var list []*shift
	for _, s := range found {
		list = append(list, s)
	}
	slices.SortFunc(list, func(a, b *shift) int { return a.host.Compare(b.host) })
	return list
}

// shiftOf compares two volumes. Both ways, it is the mean of the log ratios of bytes up, bytes down and flows: each
// swings by itself, so that a change of all three stands out more than one.
func shiftOf(host netip.Addr, way string, before, now volume) *shift {
	s := &shift{host: host, way: way, before: before.of(way), now: now.of(way)}
	s.ratio = (s.now + smallest) / (s.before + smallest)
	s.log = math.Log(s.ratio)
	if way == "both" {
		s.log = (math.Log((now.up+smallest)/(before.up+smallest)) + math.Log((now.down+smallest)/(before.down+smallest)) + math.Log((now.flows+1)/(before.flows+1))) / 3
	}
	return s
}

// judgeTogether sets how far each log ratio lies from those of the hosts of similar volume: what moves little swings
// much. Half of the volume before and now, by logarithm, is its size.
func judgeTogether(all []*shift) {
	bySize := slices.Clone(all)
	slices.SortFunc(bySize, func(a, b *shift) int {
		return cmp.Or(cmp.Compare((a.before+smallest)*(a.now+smallest), (b.before+smallest)*(b.now+smallest)), a.host.Compare(b.host))
	})
	logs, volumes := make([]float64, len(all)), make([]float64, len(all))
	for i, s := range bySize {
		logs[i], volumes[i] = s.log, s.before
	}
	ordinary := stat.Quantile(volumes, 0.5)
	near := min(len(all), max(mostAlike, len(all)/3))
	for i, s := range bySize {
		from := min(max(i-near/2, 0), len(all)-near)
		s.others, s.ordinary = spreadOf(logs[from:from+near]), ordinary
		s.z = s.others.Z(logs[i])
		s.p = min(1, 2*stat.UpperTail(math.Abs(s.z)))
	}
}

// mostAlike is how many hosts of similar volume make a spread, at least.
const mostAlike = 60

// spreadOf is the median and spread of log ratios. The spread is the wider of the middle half's and that of all but a
// tenth: days of part absence make the tails heavy.
func spreadOf(logs []float64) stat.Robust {
	const least = 0.1 // nobody's volume keeps to a tenth
	others := stat.RobustOf(logs, least)
	away := make([]float64, len(logs))
	for i, log := range logs {
		away[i] = math.Abs(log - others.Median)
	}
	const ninety = 1.6449 // half-width, in sigmas, of nine tenths of a normal sample
	others.Sigma = max(others.Sigma, stat.Quantile(away, 0.9)/ninety)
	return others
}

func (s *shift) fires(c *detect.Case) bool {
	return math.Abs(s.z) >= c.Param("min_z") && s.log*math.Log(s.ratio) > 0 && math.Abs(math.Log(s.ratio)) >= math.Log(c.Param("min_ratio")) &&
		math.Abs(s.now-s.before) >= c.Param("min_bytes")
}

func explain(c *detect.Case, s *shift, fired bool) {
	if c.Asked(s.host) {
		c.Explain(s.host, detect.Line{
			What: "change of volume " + s.way + ", in deviations of the other hosts' changes", Value: s.z, Threshold: c.Param("min_z"), Fired: fired,
			Why: fmt.Sprintf("%s after %s, %s times; the hosts' changes have a median of %s times and a spread of a factor of %s",
				words.Bytes(s.now), words.Bytes(s.before), words.Number(s.ratio), words.Number(math.Exp(s.others.Median)), words.Number(math.Exp(s.others.Sigma))),
		})
	}
}

// attribute finds the servers with which the volumes changed. A change that one server makes up is that server's.
func attribute(ctx context.Context, c *detect.Case, shifts []*shift) error {
	for _, s := range shifts {
		changes := map[netip.Addr]*served{}
		for i, scene := range []*detect.Scene{c.Base, c.Test} {
			for channel, err := range scene.Channels(ctx, engine.ChannelFilter{SrcIPs: []netip.Addr{s.host}}) {
				if err != nil {
					return err
				}
				at := changes[channel.DstIP]
				if at == nil {
					at = &served{server: channel.DstIP, known: i == 0, first: math.MaxInt64}
					changes[channel.DstIP] = at
				}
				at.add(channel, s.way, i == 1, longer(c))
			}
		}
		for _, at := range changes {
			s.servers = append(s.servers, *at)
		}
		up := s.now > s.before
		slices.SortFunc(s.servers, func(a, b served) int {
			switch {
			case a.change != b.change && (a.change > b.change) == up:
				return -1
			case a.change != b.change:
				return 1
			}
			return a.server.Compare(b.server)
		})
	}
	return nil
}

func (at *served) add(channel engine.Channel, way string, now bool, longer float64) {
	bytes := volume{up: float64(channel.UpBytes), down: float64(channel.DownBytes)}.of(way)
	if !now {
		at.change -= bytes * longer
		return
	}
	at.change += bytes
	at.first, at.last = min(at.first, channel.First), max(at.last, channel.Last)
}
