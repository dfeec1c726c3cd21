package icmptunnel

import (
	"context"
	"fmt"

	"sentinel/internal/detect"
	"sentinel/internal/detect/words"
	"sentinel/internal/engine"
	"sentinel/internal/finding"
)

// pair is the ICMP from one host to another, of all types.
type pair struct{ engine.Channel }

// Sizes of an echo with the usual 56 bytes of payload, its headers included (RFC 792, RFC 4443, 4.1).
const (
	echo4 = 84
	echo6 = 104
)

func read(ctx context.Context, scene *detect.Scene) ([]pair, error) {
	var pairs []pair
	for _, proto := range []string{"icmp", "ipv6-icmp"} {
		for channel, err := range scene.Channels(ctx, engine.ChannelFilter{Proto: proto}) {
			if err != nil {
				return nil, err
			}
			if !scene.Judged(channel.SrcIP) || !detect.Scorable(channel.DstIP, channel.Proto, channel.DstPort) {
				continue
			}
			if last := len(pairs) - 1; last >= 0 && pairs[last].SrcIP == channel.SrcIP && pairs[last].DstIP == channel.DstIP {
				pairs[last].add(channel)
				continue
			}
			pairs = append(pairs, pair{channel})
		}
	}
	return pairs, nil
}

// longest is how many times as long as the baseline a capture counts at most: a baseline of a moment tells of no more.
const longest = 31

// knownPairs is what pairs of the baseline carried.
func knownPairs(ctx context.Context, c *detect.Case) (map[finding.Pair]float64, error) {
	known := map[finding.Pair]float64{}
	if c.Base == nil {
		return known, nil
	}
	pairs, err := read(ctx, c.Base)
	for _, p := range pairs {
		known[finding.Pair{SrcIP: p.SrcIP, DstIP: p.DstIP}] = max(p.carried()*min(c.Test.Seconds()/c.Base.Seconds(), longest), 1)
	}
	return known, err
}

// add joins the channel of another type of message.
func (p *pair) add(channel engine.Channel) {
	p.Flows += channel.Flows
	p.Failed += channel.Failed
	p.UpBytes += channel.UpBytes
	p.DownBytes += channel.DownBytes
	p.UpPackets += channel.UpPackets
	p.Open += channel.Open
	p.First, p.Last = min(p.First, channel.First), max(p.Last, channel.Last)
}

// ordinary is what echoes of the usual size would carry: as many as there are packets, else one a second, as ping
// sends them, for as long as the pair went on.
func (p pair) ordinary() float64 {
	echo := float64(echo4)
	if p.DstIP.Is6() {
		echo = echo6
	}
	switch {
	case p.UpPackets > 0:
		return echo * float64(p.UpPackets)
	case p.Open > 0:
		return echo * (float64(p.Open)/1e6 + float64(p.Flows))
	}
	return echo * (float64(p.Last-p.First)/1e6 + float64(p.Flows))
}

// carried is what went beyond.
func (p pair) carried() float64 { return max(float64(p.UpBytes)-p.ordinary(), 0) }

// by is what ordinary goes by.
func (p pair) by() string {
	if p.UpPackets > 0 {
		return "number"
	}
	return "time"
}

// size is how large the packets are, or where they are not counted, the flows.
func (p pair) size() string {
	if p.UpPackets > 0 {
		return fmt.Sprintf("%s a packet", words.Bytes(float64(p.UpBytes)/float64(p.UpPackets)))
	}
	return fmt.Sprintf("%s a flow", words.Bytes(float64(p.UpBytes)/float64(max(p.Flows, 1))))
}
