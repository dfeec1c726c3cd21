package web

import (
	"fmt"
	"net/netip"
	"net/url"
	"strconv"

	"sentinel/internal/explore"
	"sentinel/internal/output"
)

// dimension says how a page shows the values of a dimension of the flows.
type dimension struct {
	by     explore.Dimension
	title  string
	column string // what a value is
	empty  string // where there is none
	label  func(*visit, explore.Row) string
	narrow func(*explore.Filter, explore.Row)
	page   func(explore.Row) string // of the value itself; nil: none
}

// dimensions are all, in the order in which a page shows them.
var dimensions = []dimension{
	{explore.Countries, "Countries", "Country", "No destinations.",
		func(v *visit, row explore.Row) string { return v.country(row.Country) },
		func(f *explore.Filter, row explore.Row) { f.Country = countryOf(row) }, nil},
	{explore.Ports, "Ports", "Port", "No ports.",
		func(_ *visit, row explore.Row) string { return portOf(row.Proto, row.DstPort) },
		func(f *explore.Filter, row explore.Row) { f.Proto, f.DstPort = row.Proto, row.DstPort }, nil},
	{explore.Sources, "Sources", "Host", "No sources.",
		func(_ *visit, row explore.Row) string { return row.SrcIP.String() },
		func(f *explore.Filter, row explore.Row) { f.SrcIP = row.SrcIP },
		func(row explore.Row) string { return hostPage(row.SrcIP) }},
	{explore.Destinations, "Destinations", "Host", "No destinations.",
		func(_ *visit, row explore.Row) string { return row.DstIP.String() },
		func(f *explore.Filter, row explore.Row) { f.DstIP = row.DstIP },
		func(row explore.Row) string { return hostPage(row.DstIP) }},
	{explore.Names, "Names", "Name", "The capture tells no names here.",
		func(_ *visit, row explore.Row) string { return row.Name },
		func(f *explore.Filter, row explore.Row) { f.Name = row.Name }, nil},
	{explore.Channels, "Channels", "From, to, port", "No channels.",
		func(_ *visit, row explore.Row) string {
			return fmt.Sprintf("%s → %s %s", row.SrcIP, row.DstIP, portOf(row.Proto, row.DstPort))
		},
		func(f *explore.Filter, row explore.Row) {
			f.SrcIP, f.DstIP, f.Proto, f.DstPort = row.SrcIP, row.DstIP, row.Proto, row.DstPort
		},
		func(row explore.Row) string {
			return channelPage(explore.Channel{SrcIP: row.SrcIP, DstIP: row.DstIP, Proto: row.Proto, DstPort: row.DstPort})
		}},
	{explore.Edges, "Who talks to whom inside", "From, to", "Nothing between hosts of the internal networks.",
		func(_ *visit, row explore.Row) string { return fmt.Sprintf("%s → %s", row.SrcIP, row.DstIP) },
		func(f *explore.Filter, row explore.Row) { f.SrcIP, f.DstIP = row.SrcIP, row.DstIP }, nil},
}

func dimensionBy(by explore.Dimension) (dimension, bool) {
	for _, d := range dimensions {
		if d.by == by {
			return d, true
		}
	}
	return dimension{}, false
}

func hostPage(a netip.Addr) string { return (&url.URL{Path: "/host/" + a.String()}).String() }

func channelPage(c explore.Channel) string {
	return link("/channel", explore.Filter{SrcIP: c.SrcIP, DstIP: c.DstIP, Proto: c.Proto, DstPort: c.DstPort})
}

// portOf prints a port as people write it; protocols without ports have 0.
func portOf(proto string, port int64) string {
	return strconv.FormatInt(port, 10) + "/" + output.Printable(proto)
}

func countryOf(row explore.Row) string {
	if row.Country == "" {
		return explore.Unplaced
	}
	return row.Country
}

// unplaced is what destinations without a country are called.
const unplaced = "Unknown or private"

// country is the name of a country, as the report has it.
func (v *visit) country(code string) string {
	if code == "" || code == explore.Unplaced {
		return unplaced
	}
	if name := v.countryName(code); name != "" {
		return name + " (" + code + ")"
	}
	return code
}

func (v *visit) countryName(code string) string {
	for _, known := range v.capture.Report.Countries {
		if known.Code == code {
			return known.Name
		}
	}
	return ""
}

// table is a ranking as a page shows it.
type table struct {
	ID, Title, Column, Empty string
	Rows                     []tableRow
	Values                   int64
	More, CSV                string // the whole ranking, as a page and as CSV
	Pages                    bool   // values have pages of their own
}

type tableRow struct {
	Label     string
	Narrow    string // this page, about this value alone
	Page      string
	Flows     string
	FlowsLink string // the flows behind the figure
	Up, Down  string
	Share     int64 // of the largest row, in percent
}

// tabulate asks for the first rows of a ranking.
func (v *visit) tabulate(d dimension, l lens, rows int) (table, error) {
	ranked, err := v.memo.top(v.ctx, l.filter, d.by, rows)
	if err != nil {
		return table{}, err
	}
	t := table{ID: string(d.by), Title: d.title, Column: d.column, Empty: d.empty, Values: ranked.values, Pages: d.page != nil}
	t.More, t.CSV = link("/top/"+string(d.by), l.filter), topCSV(d, l.filter)
	for _, row := range ranked.rows {
		narrowed := l.filter
		d.narrow(&narrowed, row)
		entry := tableRow{
			Label: output.Printable(d.label(v, row)), Narrow: l.to(func(f *explore.Filter) { d.narrow(f, row) }),
			Flows: output.Count(row.Flows), FlowsLink: link("/flows", narrowed), Up: output.Bytes(row.UpBytes), Down: output.Bytes(row.DownBytes),
			Share: 100 * row.Flows / max(ranked.rows[0].Flows, 1),
		}
		if d.page != nil {
			entry.Page = d.page(row)
		}
		t.Rows = append(t.Rows, entry)
	}
	return t, nil
}

func topCSV(d dimension, filter explore.Filter) string {
	query := writeFilter(filter)
	query.Set("by", string(d.by))
	return "/top.csv?" + query.Encode()
}
