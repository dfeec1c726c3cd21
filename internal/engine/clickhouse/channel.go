package clickhouse

import (
	"cmp"
	"context"
	"iter"
	"net/netip"
	"slices"
	"sort"
	"strings"

	"sentinel/internal/engine"
)

// prepared are the tables from which the rollups of channels are asked, in the order in which they are made.
var prepared = []string{"channels", "popularity", "port_hosts"}

// prepare makes the tables of channels, once a session.
func (db *Database) prepare(ctx context.Context) error {
	if db.channel {
		return nil
	}
	for _, table := range prepared {
		if err := db.make(ctx, table, nil); err != nil {
			return err
		}
	}
	db.channel = true
	return nil
}

// choose fills the table chosen with the channels that filter chooses.
func (db *Database) choose(ctx context.Context, filter engine.ChannelFilter) error {
	if err := db.prepare(ctx); err != nil {
		return err
	}
	return db.make(ctx, "chosen", values{
		"min_flows": filter.MinFlows, "min_up_bytes": filter.MinUpBytes, "min_longest": filter.MinLongest,
		"min_sources": filter.MinSources, "max_sources": engine.Limit(filter.MaxSources), "max_port_hosts": engine.Limit(filter.MaxPortHosts),
		"proto": filter.Proto, "port": filter.DstPort, "src": addressTexts(filter.SrcIPs), "dst": addressTexts(filter.DstIPs),
	})
}

// addressText is the canonical text of an address, empty of an invalid one.
func addressText(address netip.Addr) string {
	if !address.IsValid() {
		return ""
	}
	return address.String()
}

// addressTexts are the canonical texts of addresses, with spaces between them.
func addressTexts(addresses []netip.Addr) string {
	texts := make([]string, len(addresses))
	for i, address := range addresses {
		texts[i] = address.String()
	}
	return strings.Join(texts, " ")
}

// ofChannels asks a statement that reads the tables of channels.
func ofChannels[Row any](ctx context.Context, db *Database, name string, fields func(*Row) []any, of values) iter.Seq2[Row, error] {
	return after(ctx, db, func() error { return db.prepare(ctx) }, ask(ctx, db, name, fields, of))
}

// channelFields are where the columns of a channel go, in the order of channels.sql.
func channelFields(c *engine.Channel) []any {
	return []any{
		text{&c.SrcIP}, text{&c.DstIP}, &c.Proto, &c.DstPort, &c.Name, &c.Flows, &c.Failed,
		&c.UpBytes, &c.DownBytes, &c.First, &c.Last, &c.Longest, &c.Open, &c.UpPackets, &c.Sources, &c.NetSources, &c.PortHosts,
	}
}

// Channels implements engine.Engine.
func (db *Database) Channels(ctx context.Context, filter engine.ChannelFilter) iter.Seq2[engine.Channel, error] {
	return after(ctx, db, func() error { return db.choose(ctx, filter) }, ask(ctx, db, "channels", channelFields, nil))
}

// Rhythms implements engine.Engine.
func (db *Database) Rhythms(ctx context.Context, filter engine.ChannelFilter) iter.Seq2[engine.Rhythm, error] {
	return sorted(inPages(db.Channels(ctx, filter), func(c engine.Channel) int64 { return c.Flows },
		func(p page[engine.Channel]) iter.Seq2[engine.Rhythm, error] {
			return stream(ctx, db, "rhythms", func(r *engine.Rhythm) []any {
				return append(channelFields(&r.Channel), integers{&r.Starts}, integers{&r.Ups}, integers{&r.Downs})
			}, ends(p))
		}), func(r *engine.Rhythm) { sort.Sort((*byStart)(r)) })
}

// ends are the first and the last channel of a page.
func ends(p page[engine.Channel]) values {
	return values{
		"first_src": addressText(p.first.SrcIP), "first_dst": addressText(p.first.DstIP), "first_proto": p.first.Proto, "first_port": p.first.DstPort,
		"last_src": addressText(p.last.SrcIP), "last_dst": addressText(p.last.DstIP), "last_proto": p.last.Proto, "last_port": p.last.DstPort,
	}
}

// sorted brings the lists of each row into order.
func sorted[Row any](rows iter.Seq2[Row, error], order func(*Row)) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for row, err := range rows {
			order(&row)
			if !yield(row, err) {
				return
			}
		}
	}
}

func sortVisits(v *engine.Visits) { slices.Sort(v.Starts) }

// byStart orders the flows of a channel by start, and equal ones by their bytes, so that any order of rows gives one result.
type byStart engine.Rhythm

func (r *byStart) Len() int { return len(r.Starts) }

func (r *byStart) Less(i, j int) bool {
	return cmp.Or(cmp.Compare(r.Starts[i], r.Starts[j]), cmp.Compare(r.Ups[i], r.Ups[j]), cmp.Compare(r.Downs[i], r.Downs[j])) < 0
}

func (r *byStart) Swap(i, j int) {
	r.Starts[i], r.Starts[j] = r.Starts[j], r.Starts[i]
	r.Ups[i], r.Ups[j] = r.Ups[j], r.Ups[i]
	r.Downs[i], r.Downs[j] = r.Downs[j], r.Downs[i]
}

// Nodes implements engine.Engine.
func (db *Database) Nodes(ctx context.Context) iter.Seq2[engine.Node, error] {
	return ofChannels(ctx, db, "nodes", func(r *engine.Node) []any {
		return []any{
			text{&r.Address}, &r.Opened, &r.OpenedTo, &r.Failed, &r.FailedTo, &r.UpBytes, &r.DownBytes,
			&r.Accepted, &r.AcceptedFrom, &r.AskedBy, &r.Ports, &r.DNSFrom,
		}
	}, nil)
}

// Sweeps implements engine.Engine.
func (db *Database) Sweeps(ctx context.Context, minTargets int64) iter.Seq2[engine.Sweep, error] {
	return ofChannels(ctx, db, "sweeps", func(r *engine.Sweep) []any {
		return []any{text{&r.SrcIP}, &r.Proto, &r.DstPort, &r.Flows, &r.Targets, &r.DeadTargets, &r.First, &r.Last}
	}, values{"least": minTargets})
}

// Probes implements engine.Engine.
func (db *Database) Probes(ctx context.Context, minPorts int64) iter.Seq2[engine.Probe, error] {
	return ofChannels(ctx, db, "probes", func(r *engine.Probe) []any {
		return []any{text{&r.SrcIP}, text{&r.DstIP}, &r.Flows, &r.Ports, &r.DeadPorts, &r.First, &r.Last}
	}, values{"least": minPorts})
}
