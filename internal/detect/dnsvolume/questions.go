package dnsvolume

import (
	"context"
	"net/netip"
	"slices"

	"sentinel/internal/detect"
	"sentinel/internal/engine"
	"sentinel/internal/finding"
)

// dnsPort is where DNS is asked (RFC 1035, 4.2).
const dnsPort = 53

// asker is what one host asked by DNS.
type asker struct {
	src      netip.Addr
	main     engine.Channel // the one that sent most
	flows    int64
	answered int64
	up, down float64
	servers  int64 // that answered
	resolver bool
	first    int64
	last     int64
	pairs    []finding.Pair // with those that it sent most, at first; see mostPairs
	hours    map[int64]float64
	busiest  int64 // hour, microseconds since the epoch
}

// mostPairs bounds the servers that a finding names.
const mostPairs = 16

// questions are the DNS questions of all hosts of one scene.
type questions struct {
	order    []netip.Addr // sources, as the rollup has them
	askers   map[netip.Addr]*asker
	oneSided bool // nothing was answered: the capture has one direction only
}

// read collects the questions of the hosts that a scene judges. Memory follows hosts and their hours.
func read(ctx context.Context, scene *detect.Scene, maxServers int64) (*questions, error) {
	q := &questions{askers: map[netip.Addr]*asker{}, oneSided: true}
	answering := map[netip.Addr]bool{}
	for channel, err := range scene.Channels(ctx, engine.ChannelFilter{DstPort: dnsPort}) {
		if err != nil {
			return nil, err
		}
		if channel.Proto != "udp" && channel.Proto != "tcp" || !detect.Scorable(channel.DstIP, channel.Proto, channel.DstPort) {
			continue
		}
		if channel.Failed < channel.Flows {
			q.oneSided = false
			answering[channel.DstIP] = true
		}
		if scene.Judged(channel.SrcIP) {
			q.of(channel.SrcIP).add(channel)
		}
	}
	for src, a := range q.askers {
		a.resolver = answering[src] || scene.Network.Is(src, detect.Resolver) || a.servers > maxServers
	}
	return q, q.readHours(ctx, scene)
}

func (q *questions) of(src netip.Addr) *asker {
	a := q.askers[src]
	if a == nil {
		a = &asker{src: src, hours: map[int64]float64{}}
		q.askers[src] = a
		q.order = append(q.order, src)
	}
	return a
}

func (a *asker) add(channel engine.Channel) {
	if a.flows == 0 {
		a.main, a.first, a.last = channel, channel.First, channel.Last
	}
	if channel.UpBytes > a.main.UpBytes {
		a.main = channel
	}
	a.flows += channel.Flows
	a.answered += channel.Flows - channel.Failed
	a.up += float64(channel.UpBytes)
	a.down += float64(channel.DownBytes)
	a.first, a.last = min(a.first, channel.First), max(a.last, channel.Last)
	if channel.Failed < channel.Flows {
		a.servers++
	}
	pair := finding.Pair{SrcIP: channel.SrcIP, DstIP: channel.DstIP}
	if len(a.pairs) < mostPairs && !slices.Contains(a.pairs, pair) {
		a.pairs = append(a.pairs, pair)
	}
}

func (q *questions) readHours(ctx context.Context, scene *detect.Scene) error {
	for row, err := range scene.HostHours(ctx, dnsPort) {
		if err != nil {
			return err
		}
		a := q.askers[row.SrcIP]
		if a == nil || a.resolver {
			continue
		}
		a.hours[row.Hour] = float64(row.UpBytes)
		if a.busiest == 0 || a.hours[row.Hour] > a.hours[a.busiest] {
			a.busiest = row.Hour
		}
	}
	return nil
}

// peak is the bytes of its busiest hour.
func (a *asker) peak() float64 { return a.hours[a.busiest] }

// length is the bytes of a question.
func (a *asker) length() float64 { return a.up / float64(max(a.flows, 1)) }
