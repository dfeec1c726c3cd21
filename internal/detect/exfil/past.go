package exfil

import (
	"context"
	"net/netip"

	"sentinel/internal/detect"
	"sentinel/internal/engine"
	"sentinel/internal/flow"
)

// past is what the baseline knows of the large uploads; nil without a baseline.
type past struct {
	scale    float64 // how much longer the capture is than the baseline
	least    float64
	uploads  map[route]float64
	networks map[netip.Prefix]bool // which of the destinations it has
	book     *book
}

// longest is how many times as long as the baseline a capture counts at most: a baseline of a moment tells of no more.
const longest = 31

// route is a host and a network.
type route struct {
	src     netip.Addr
	network netip.Prefix
}

// recall looks up in the baseline what the book has.
func recall(ctx context.Context, c *detect.Case, book *book) (*past, error) {
	if c.Base == nil {
		return nil, nil
	}
	p := &past{
		scale: min(c.Test.Seconds()/c.Base.Seconds(), longest), least: book.least,
		uploads: map[route]float64{}, networks: map[netip.Prefix]bool{},
	}
	wanted := map[netip.Prefix]bool{}
	for _, u := range book.large {
		wanted[u.network] = true
	}
	for row, err := range c.Base.Servers(ctx) {
		if err != nil {
			return nil, err
		}
		if network := flow.ServiceNetwork(row.DstIP); wanted[network] {
			p.networks[network] = true
		}
	}
	var err error
	if p.book, err = keepBook(ctx, c.Base, c.Param("min_bytes")); err != nil {
		return nil, err
	}
	for channel, err := range c.Base.Channels(ctx, engine.ChannelFilter{MinUpBytes: int64(book.least)}) {
		if err != nil {
			return nil, err
		}
		if network := flow.ServiceNetwork(channel.DstIP); wanted[network] {
			p.uploads[route{channel.SrcIP, network}] += float64(channel.UpBytes)
		}
	}
	return p, nil
}

// growth is how many times as much an upload is as the same host's to the same network in as long a part of the
// baseline; false where there was none.
func (p *past) growth(u upload) (times float64, known bool) {
	if p == nil {
		return 0, false
	}
	before := p.uploads[route{u.SrcIP, u.network}]
	if before == 0 {
		return 0, false
	}
	return (u.up + p.least) / (before*p.scale + p.least), true
}

// shift is how far the host as a whole moved from taking to giving since the baseline.
func (p *past) shift(now engine.Host) (float64, bool) {
	if p == nil {
		return 0, false
	}
	before := p.book.hosts[now.SrcIP]
	if before == nil {
		return 0, false
	}
	return ratio(float64(now.UpBytes), float64(now.DownBytes)) - ratio(float64(before.UpBytes), float64(before.DownBytes)), true
}
