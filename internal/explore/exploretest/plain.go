package exploretest

import (
	"cmp"
	"math"
	"net/netip"
	"slices"
	"time"

	"sentinel/internal/explore"
	"sentinel/internal/flow"
)

// Country places the addresses of the contract: those of 198.51.100.0/24 and one IPv6 network.
func Country(address netip.Addr) string {
	switch {
	case netip.MustParsePrefix("198.51.100.0/25").Contains(address):
		return "NL"
	case netip.MustParsePrefix("198.51.100.128/25").Contains(address):
		return "SE"
	case netip.MustParsePrefix("2001:db8:1::/48").Contains(address):
		return "NL"
	}
	return ""
}

// Internal are the networks of one's own of the contract.
var Internal = []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("2001:db8::/64")}

// plain answers by going through all flows.
type plain struct{ flows []flow.Flow }

func placed(address netip.Addr) string { return cmp.Or(Country(address), explore.Unplaced) }

func inside(address netip.Addr) bool {
	return slices.ContainsFunc(Internal, func(network netip.Prefix) bool { return network.Contains(address) })
}

// chooses is what explore.Filter promises.
func chooses(filter explore.Filter, f flow.Flow) bool {
	from, to := filter.Minutes()
	return (!filter.Host.IsValid() || filter.Host == f.SrcIP || filter.Host == f.DstIP) &&
		(!filter.Network.IsValid() || filter.Network.Contains(f.SrcIP) || filter.Network.Contains(f.DstIP)) &&
		(!filter.SrcIP.IsValid() || filter.SrcIP == f.SrcIP) && (!filter.DstIP.IsValid() || filter.DstIP == f.DstIP) &&
		(filter.Country == "" || filter.Country == placed(f.DstIP)) &&
		(filter.Proto == "" || filter.Proto == f.Proto.String()) && (filter.DstPort < 0 || filter.DstPort == int64(f.DstPort)) &&
		(filter.Name == "" || filter.Name == f.Name) &&
		(filter.From == 0 || f.Start >= from) && (filter.To == 0 || f.Start < to)
}

func (p plain) chosen(filter explore.Filter) (chosen []flow.Flow) {
	for _, f := range p.flows {
		if chooses(filter, f) {
			chosen = append(chosen, f)
		}
	}
	slices.SortFunc(chosen, byColumns)
	return chosen
}

// byColumns is the order of flows: by start, then every other column.
func byColumns(a, b flow.Flow) int {
	return cmp.Or(
		cmp.Compare(a.Start, b.Start), cmp.Compare(a.Duration, b.Duration), byText(a.SrcIP, b.SrcIP), byText(a.DstIP, b.DstIP),
		cmp.Compare(a.Proto.String(), b.Proto.String()), cmp.Compare(a.SrcPort, b.SrcPort), cmp.Compare(a.DstPort, b.DstPort),
		cmp.Compare(a.UpBytes, b.UpBytes), cmp.Compare(a.DownBytes, b.DownBytes), cmp.Compare(a.UpPackets, b.UpPackets),
		cmp.Compare(a.DownPackets, b.DownPackets), cmp.Compare(a.UpPayload, b.UpPayload), cmp.Compare(a.DownPayload, b.DownPayload),
		cmp.Compare(a.State, b.State), cmp.Compare(a.Service, b.Service), cmp.Compare(a.Name, b.Name), cmp.Compare(a.JA4, b.JA4),
		cmp.Compare(a.Opener, b.Opener),
	)
}

func byText(a, b netip.Addr) int { return cmp.Compare(text(a), text(b)) }

func text(address netip.Addr) string {
	if !address.IsValid() {
		return ""
	}
	return address.String()
}

// plus adds up to what an integer can hold.
func plus(a, b int64) int64 {
	if a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}

func (p plain) extent() (first, last int64) {
	for i, f := range p.flows {
		if i == 0 {
			first, last = f.Start, f.Start
		}
		first, last = min(first, f.Start), max(last, f.Start)
	}
	return first, last
}

func (p plain) totals(filter explore.Filter) (t explore.Totals) {
	hosts, servers := map[netip.Addr]bool{}, map[netip.Addr]bool{}
	for i, f := range p.chosen(filter) {
		if i == 0 {
			t.First = f.Start
		}
		hosts[f.SrcIP], servers[f.DstIP] = true, true
		t.Flows, t.UpBytes, t.DownBytes, t.Last = t.Flows+1, plus(t.UpBytes, f.UpBytes), plus(t.DownBytes, f.DownBytes), f.Start
	}
	t.Hosts, t.Servers = int64(len(hosts)), int64(len(servers))
	return t
}

func (p plain) timeline(filter explore.Filter, steps int) (step int64, moments []explore.Moment) {
	first, last := p.extent()
	step = explore.Step(filter, first, last, steps)
	for _, f := range p.chosen(filter) {
		start := f.Start / step * step
		if len(moments) == 0 || moments[len(moments)-1].Start != start {
			moments = append(moments, explore.Moment{Start: start})
		}
		m := &moments[len(moments)-1]
		m.Flows, m.UpBytes, m.DownBytes = m.Flows+1, plus(m.UpBytes, f.UpBytes), plus(m.DownBytes, f.DownBytes)
	}
	return step, moments
}

func (p plain) week(filter explore.Filter) (week [7][24]int64) {
	for _, f := range p.chosen(filter) {
		at := time.UnixMicro(f.Start).UTC()
		week[(at.Weekday()+6)%7][at.Hour()]++
	}
	return week
}

// keys make the key of a dimension out of a flow; ok tells whether the flow has one.
var keys = map[explore.Dimension]func(flow.Flow) (key explore.Row, ok bool){
	explore.Sources:      func(f flow.Flow) (explore.Row, bool) { return explore.Row{SrcIP: f.SrcIP}, true },
	explore.Destinations: func(f flow.Flow) (explore.Row, bool) { return explore.Row{DstIP: f.DstIP}, true },
	explore.Countries:    func(f flow.Flow) (explore.Row, bool) { return explore.Row{Country: placed(f.DstIP)}, true },
	explore.Ports: func(f flow.Flow) (explore.Row, bool) {
		return explore.Row{Proto: f.Proto.String(), DstPort: int64(f.DstPort)}, true
	},
	explore.Names: func(f flow.Flow) (explore.Row, bool) { return explore.Row{Name: f.Name}, f.Name != "" },
	explore.Channels: func(f flow.Flow) (explore.Row, bool) {
		return explore.Row{SrcIP: f.SrcIP, DstIP: f.DstIP, Proto: f.Proto.String(), DstPort: int64(f.DstPort)}, true
	},
	explore.Edges: func(f flow.Flow) (explore.Row, bool) {
		return explore.Row{SrcIP: f.SrcIP, DstIP: f.DstIP}, inside(f.SrcIP) && inside(f.DstIP)
	},
}

func byKey(a, b explore.Row) int {
	return cmp.Or(byText(a.SrcIP, b.SrcIP), byText(a.DstIP, b.DstIP), cmp.Compare(a.Country, b.Country), cmp.Compare(a.Proto, b.Proto),
		cmp.Compare(a.DstPort, b.DstPort), cmp.Compare(a.Name, b.Name))
}

func (p plain) top(filter explore.Filter, by explore.Dimension, rows int) (ranked []explore.Row, values int64) {
	byValue := map[explore.Row]*explore.Row{}
	for _, f := range p.chosen(filter) {
		key, ok := keys[by](f)
		if !ok {
			continue
		}
		row := byValue[key]
		if row == nil {
			row = &explore.Row{First: f.Start}
			byValue[key] = row
		}
		row.Flows, row.UpBytes, row.DownBytes, row.Last = row.Flows+1, plus(row.UpBytes, f.UpBytes), plus(row.DownBytes, f.DownBytes), f.Start
	}
	for key, sums := range byValue {
		row := key
		row.Flows, row.UpBytes, row.DownBytes, row.First, row.Last = sums.Flows, sums.UpBytes, sums.DownBytes, sums.First, sums.Last
		ranked = append(ranked, row)
	}
	slices.SortFunc(ranked, func(a, b explore.Row) int { return cmp.Or(cmp.Compare(b.Flows, a.Flows), byKey(a, b)) })
	for i := range ranked {
		p.describe(&ranked[i])
	}
	return ranked[:min(rows, len(ranked))], int64(len(ranked))
}

// describe tells what is known of the destination of a row.
func (p plain) describe(row *explore.Row) {
	if !row.DstIP.IsValid() {
		return
	}
	row.Country = placed(row.DstIP)
	for _, f := range p.flows {
		if f.DstIP == row.DstIP && f.Name != "" && (row.Name == "" || f.Name < row.Name) {
			row.Name = f.Name
		}
	}
}

func (p plain) channel(channel explore.Channel, limit int) (contacts []explore.Contact) {
	for _, f := range p.chosen(explore.Filter{SrcIP: channel.SrcIP, DstIP: channel.DstIP, Proto: channel.Proto, DstPort: channel.DstPort}) {
		contacts = append(contacts, explore.Contact{Start: f.Start, UpBytes: f.UpBytes, DownBytes: f.DownBytes})
	}
	slices.SortFunc(contacts, func(a, b explore.Contact) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.UpBytes, b.UpBytes), cmp.Compare(a.DownBytes, b.DownBytes))
	})
	if limit > 0 {
		contacts = contacts[:min(limit, len(contacts))]
	}
	return contacts
}

func (p plain) page(filter explore.Filter, offset, limit int64) []flow.Flow {
	chosen := p.chosen(filter)
	chosen = chosen[min(offset, int64(len(chosen))):]
	if limit > 0 {
		chosen = chosen[:min(limit, int64(len(chosen)))]
	}
	return chosen
}
