package main

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"time"

	"sentinel/internal/explore"
)

// named is a filter and what the page calls it.
type named struct {
	name string
	explore.Filter
}

const hour = int64(time.Hour / time.Microsecond)

// chooseFilters makes filters of all kinds. Where it can, it takes those that choose most, which are the slowest.
func chooseFilters(ctx context.Context, e explore.Explorer) ([]named, error) {
	first := func(by explore.Dimension, place int) (explore.Row, error) {
		rows, _, err := e.Top(ctx, explore.Everything, by, place+1)
		if err != nil || len(rows) == 0 {
			return explore.Row{}, fmt.Errorf("ranking %s: %d rows, %w", by, len(rows), err)
		}
		return rows[min(place, len(rows)-1)], nil
	}
	source, err := first(explore.Sources, 0)
	if err != nil {
		return nil, err
	}
	usual, err := first(explore.Sources, 500)
	if err != nil {
		return nil, err
	}
	server, err := first(explore.Destinations, 0)
	if err != nil {
		return nil, err
	}
	country, err := first(explore.Countries, 1)
	if err != nil {
		return nil, err
	}
	port, err := first(explore.Ports, 0)
	if err != nil {
		return nil, err
	}
	begin, _ := e.Extent()
	begin -= begin % hour
	filter := func(change func(*explore.Filter)) explore.Filter {
		f := explore.Everything
		change(&f)
		return f
	}
	network := netip.PrefixFrom(usual.SrcIP, 24).Masked()
	list := []named{
		{"none", explore.Everything},
		{"the busiest source", filter(func(f *explore.Filter) { f.Host = source.SrcIP })},
		{"the busiest destination", filter(func(f *explore.Filter) { f.Host = server.DstIP })},
		{"a usual host", filter(func(f *explore.Filter) { f.Host = usual.SrcIP })},
		{"the whole network, /16", filter(func(f *explore.Filter) { f.Network = netip.PrefixFrom(usual.SrcIP, 16).Masked() })},
		{"a network, /24", filter(func(f *explore.Filter) { f.Network = network })},
		{"a country", filter(func(f *explore.Filter) { f.Country = country.Country })},
		{"the busiest port", filter(func(f *explore.Filter) { f.Proto, f.DstPort = port.Proto, port.DstPort })},
		{"a protocol, udp", filter(func(f *explore.Filter) { f.Proto = "udp" })},
		{"an hour", filter(func(f *explore.Filter) { f.From, f.To = begin+10*hour, begin+11*hour })},
		{"half the day", filter(func(f *explore.Filter) { f.From, f.To = begin+7*hour, begin+19*hour })},
		{"all but a minute", filter(func(f *explore.Filter) { f.From = begin + hour/60 })},
	}
	timed := []named{}
	for _, one := range list[1:9] {
		one.name += ", half the day"
		one.From, one.To = begin+7*hour, begin+19*hour
		timed = append(timed, one)
	}
	return slices.Concat(list, timed), nil
}

func median(took []time.Duration) time.Duration {
	slices.Sort(took)
	return took[len(took)/2]
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.2f", d.Seconds()) }
