package web_test

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"net/netip"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"sentinel/internal/explore"
	"sentinel/internal/flow"
)

// memory is an explorer over flows in memory, which does plainly what the engine does fast.
type memory struct {
	flows []flow.Flow // sorted by start
	asked atomic.Int64
	fault error
	gate  chan struct{} // nil: answers at once
}

func newMemory(flows []flow.Flow) *memory {
	flows = slices.Clone(flows)
	slices.SortStableFunc(flows, func(a, b flow.Flow) int { return cmp.Compare(a.Start, b.Start) })
	return &memory{flows: flows}
}

// countryOf places addresses as the tests need it.
func countryOf(a netip.Addr) string {
	switch {
	case netip.MustParsePrefix("198.51.100.0/24").Contains(a):
		return "DE"
	case netip.MustParsePrefix("203.0.113.0/24").Contains(a):
		return "US"
	}
	return explore.Unplaced
}

func chosen(f flow.Flow, filter explore.Filter) bool {
	switch {
	case filter.Host.IsValid() && f.SrcIP != filter.Host && f.DstIP != filter.Host,
		filter.Network.IsValid() && !filter.Network.Contains(f.SrcIP) && !filter.Network.Contains(f.DstIP),
		filter.SrcIP.IsValid() && f.SrcIP != filter.SrcIP,
		filter.DstIP.IsValid() && f.DstIP != filter.DstIP,
		filter.Country != "" && countryOf(f.DstIP) != filter.Country,
		filter.Proto != "" && f.Proto.String() != filter.Proto,
		filter.DstPort >= 0 && int64(f.DstPort) != filter.DstPort,
		filter.Name != "" && f.Name != filter.Name,
		f.Start < filter.From,
		filter.To != 0 && f.Start >= filter.To:
		return false
	}
	return true
}

// choose counts a question and answers it when it may.
func (m *memory) choose(ctx context.Context, filter explore.Filter) (list []flow.Flow, err error) {
	m.asked.Add(1)
	if m.gate != nil {
		select {
		case <-m.gate:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if m.fault != nil {
		return nil, m.fault
	}
	for _, f := range m.flows {
		if chosen(f, filter) {
			list = append(list, f)
		}
	}
	return list, ctx.Err()
}

func (m *memory) Extent() (first, last int64) {
	return m.flows[0].Start, m.flows[len(m.flows)-1].Start
}

func (m *memory) Close() error { return nil }

func (m *memory) Totals(ctx context.Context, filter explore.Filter) (t explore.Totals, err error) {
	list, err := m.choose(ctx, filter)
	sources, servers := map[netip.Addr]bool{}, map[netip.Addr]bool{}
	for i, f := range list {
		sources[f.SrcIP], servers[f.DstIP] = true, true
		t.Flows, t.UpBytes, t.DownBytes, t.Last = t.Flows+1, t.UpBytes+f.UpBytes, t.DownBytes+f.DownBytes, f.Start
		if i == 0 {
			t.First = f.Start
		}
	}
	t.Hosts, t.Servers = int64(len(sources)), int64(len(servers))
	return t, err
}

func (m *memory) Timeline(ctx context.Context, filter explore.Filter, steps int) (step int64, rows []explore.Moment, err error) {
	list, err := m.choose(ctx, filter)
	if len(list) == 0 {
		return time.Minute.Microseconds(), nil, err
	}
	minute := time.Minute.Microseconds()
	span := list[len(list)-1].Start - list[0].Start
	step = max((span/int64(steps-1)+minute-1)/minute, 1) * minute
	for _, f := range list {
		at := f.Start / step * step
		if len(rows) == 0 || rows[len(rows)-1].Start != at {
			rows = append(rows, explore.Moment{Start: at})
		}
		row := &rows[len(rows)-1]
		row.Flows, row.UpBytes, row.DownBytes = row.Flows+1, row.UpBytes+f.UpBytes, row.DownBytes+f.DownBytes
	}
	return step, rows, err
}

func (m *memory) Week(ctx context.Context, filter explore.Filter) (week [7][24]int64, err error) {
	list, err := m.choose(ctx, filter)
	for _, f := range list {
		at := time.UnixMicro(f.Start).UTC()
		week[(int(at.Weekday())+6)%7][at.Hour()]++
	}
	return week, err
}

// keys say what a flow counts for, and whether at all.
var keys = map[explore.Dimension]func(flow.Flow) (explore.Row, bool){
	explore.Sources:      func(f flow.Flow) (explore.Row, bool) { return explore.Row{SrcIP: f.SrcIP}, true },
	explore.Destinations: func(f flow.Flow) (explore.Row, bool) { return explore.Row{DstIP: f.DstIP}, true },
	explore.Countries:    func(f flow.Flow) (explore.Row, bool) { return explore.Row{Country: countryOf(f.DstIP)}, true },
	explore.Ports: func(f flow.Flow) (explore.Row, bool) {
		return explore.Row{Proto: f.Proto.String(), DstPort: int64(f.DstPort)}, true
	},
	explore.Names: func(f flow.Flow) (explore.Row, bool) { return explore.Row{Name: f.Name}, f.Name != "" },
	explore.Channels: func(f flow.Flow) (explore.Row, bool) {
		return explore.Row{SrcIP: f.SrcIP, DstIP: f.DstIP, Proto: f.Proto.String(), DstPort: int64(f.DstPort)}, true
	},
	explore.Edges: func(f flow.Flow) (explore.Row, bool) {
		return explore.Row{SrcIP: f.SrcIP, DstIP: f.DstIP}, internal.Contains(f.SrcIP) && internal.Contains(f.DstIP)
	},
}

func (m *memory) Top(ctx context.Context, filter explore.Filter, by explore.Dimension, rows int) (ranked []explore.Row, values int64, err error) {
	list, err := m.choose(ctx, filter)
	if keys[by] == nil {
		return nil, 0, fmt.Errorf("no dimension %s", by)
	}
	place := map[explore.Row]int{}
	for _, f := range list {
		key, ok := keys[by](f)
		if !ok {
			continue
		}
		at, known := place[key]
		if !known {
			at = len(ranked)
			place[key] = at
			first := key
			first.First = f.Start
			ranked = append(ranked, first)
		}
		row := &ranked[at]
		row.Flows, row.UpBytes, row.DownBytes, row.Last = row.Flows+1, row.UpBytes+f.UpBytes, row.DownBytes+f.DownBytes, f.Start
	}
	slices.SortFunc(ranked, func(a, b explore.Row) int {
		return cmp.Or(cmp.Compare(b.Flows, a.Flows), strings.Compare(fmt.Sprint(a), fmt.Sprint(b)))
	})
	return ranked[:min(rows, len(ranked))], int64(len(ranked)), err
}

func (m *memory) Channel(ctx context.Context, channel explore.Channel, limit int) (contacts []explore.Contact, ok bool, err error) {
	list, err := m.choose(ctx, explore.Filter{SrcIP: channel.SrcIP, DstIP: channel.DstIP, Proto: channel.Proto, DstPort: channel.DstPort})
	for _, f := range list[:min(limit, len(list))] {
		contacts = append(contacts, explore.Contact{Start: f.Start, UpBytes: f.UpBytes, DownBytes: f.DownBytes})
	}
	return contacts, len(list) > 0, err
}

func (m *memory) Flows(ctx context.Context, filter explore.Filter, offset, limit int64) iter.Seq2[flow.Flow, error] {
	return func(yield func(flow.Flow, error) bool) {
		list, err := m.choose(ctx, filter)
		if err != nil {
			yield(flow.Flow{}, err)
			return
		}
		list = list[min(offset, int64(len(list))):]
		if limit > 0 {
			list = list[:min(limit, int64(len(list)))]
		}
		for _, f := range list {
			if !yield(f, nil) {
				return
			}
		}
	}
}
