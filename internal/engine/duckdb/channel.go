package duckdb

import (
	"cmp"
	"context"
	"database/sql"
	"iter"
	"net/netip"
	"slices"
	"sort"
	"strings"

	"sentinel/internal/engine"
)

// prepared are the tables from which the rollups of channels are asked, each made when first wanted.
var prepared = []string{"channels", "popularity", "port_hosts"}

// prepare makes the tables of channels.
func (db *Database) prepare(ctx context.Context) error {
	if db.prepared {
		return nil
	}
	for _, name := range prepared {
		if err := db.exec(ctx, statement(name+"_prepare", "")); err != nil {
			return err
		}
	}
	db.prepared = true
	return nil
}

// choose fills the table chosen with the channels that filter chooses.
func (db *Database) choose(ctx context.Context, filter engine.ChannelFilter) error {
	if err := db.prepare(ctx); err != nil {
		return err
	}
	return db.exec(ctx, statement("chosen_prepare", ""), filter.MinFlows, filter.MinUpBytes, filter.MinLongest,
		filter.MinSources, engine.Limit(filter.MaxSources), engine.Limit(filter.MaxPortHosts), filter.Proto, filter.DstPort,
		addressText(filter.SrcIP), addressText(filter.DstIP))
}

// addressText is the canonical text of an address, empty of an invalid one.
func addressText(address netip.Addr) string {
	if !address.IsValid() {
		return ""
	}
	return address.String()
}

// channelFields are where the columns of a channel go, in the order of channels.sql.
func channelFields(c *engine.Channel) []any {
	return []any{
		address{&c.SrcIP}, address{&c.DstIP}, &c.Proto, &c.DstPort, &c.Name, &c.Flows, &c.Failed,
		&c.UpBytes, &c.DownBytes, &c.First, &c.Last, &c.Longest, &c.Open, &c.UpPackets, &c.Sources, &c.NetSources, &c.PortHosts,
	}
}

// Channels implements engine.Engine.
func (db *Database) Channels(ctx context.Context, filter engine.ChannelFilter) iter.Seq2[engine.Channel, error] {
	return after(func() error { return db.choose(ctx, filter) },
		stream(ctx, db, "channels", func(rows *sql.Rows, r *engine.Channel) error { return rows.Scan(channelFields(r)...) }))
}

// Rhythms implements engine.Engine.
func (db *Database) Rhythms(ctx context.Context, filter engine.ChannelFilter) iter.Seq2[engine.Rhythm, error] {
	return after(func() error { return db.choose(ctx, filter) },
		stream(ctx, db, "rhythms", func(rows *sql.Rows, r *engine.Rhythm) error {
			fields := append(channelFields(&r.Channel), integers{&r.Starts}, integers{&r.Ups}, integers{&r.Downs})
			defer func() { sort.Sort((*byStart)(r)) }()
			return rows.Scan(fields...)
		}))
}

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

// Visits implements engine.Engine.
func (db *Database) Visits(ctx context.Context, minFlows int64) iter.Seq2[engine.Visits, error] {
	return stream(ctx, db, "visits", func(rows *sql.Rows, r *engine.Visits) error {
		defer func() { slices.Sort(r.Starts) }()
		return rows.Scan(address{&r.SrcIP}, integers{&r.Starts})
	}, minFlows)
}

// Nodes implements engine.Engine.
func (db *Database) Nodes(ctx context.Context) iter.Seq2[engine.Node, error] {
	return after(func() error { return db.prepare(ctx) },
		stream(ctx, db, "nodes", func(rows *sql.Rows, r *engine.Node) error {
			return rows.Scan(address{&r.Address}, &r.Opened, &r.OpenedTo, &r.Failed, &r.FailedTo, &r.UpBytes, &r.DownBytes,
				&r.Accepted, &r.AcceptedFrom, &r.AskedBy, &r.Ports, &r.DNSFrom)
		}))
}

// Sweeps implements engine.Engine.
func (db *Database) Sweeps(ctx context.Context, minTargets int64) iter.Seq2[engine.Sweep, error] {
	return after(func() error { return db.prepare(ctx) },
		stream(ctx, db, "sweeps", func(rows *sql.Rows, r *engine.Sweep) error {
			return rows.Scan(address{&r.SrcIP}, &r.Proto, &r.DstPort, &r.Flows, &r.Targets, &r.DeadTargets, &r.First, &r.Last)
		}, minTargets))
}

// Probes implements engine.Engine.
func (db *Database) Probes(ctx context.Context, minPorts int64) iter.Seq2[engine.Probe, error] {
	return after(func() error { return db.prepare(ctx) },
		stream(ctx, db, "probes", func(rows *sql.Rows, r *engine.Probe) error {
			return rows.Scan(address{&r.SrcIP}, address{&r.DstIP}, &r.Flows, &r.Ports, &r.DeadPorts, &r.First, &r.Last)
		}, minPorts))
}

// HostHours implements engine.Engine.
func (db *Database) HostHours(ctx context.Context, dstPort int64) iter.Seq2[engine.HostHour, error] {
	return stream(ctx, db, "host_hours", func(rows *sql.Rows, r *engine.HostHour) error {
		return rows.Scan(address{&r.SrcIP}, &r.Hour, &r.Flows, &r.UpBytes, &r.DownBytes)
	}, dstPort)
}

// Bursts implements engine.Engine.
func (db *Database) Bursts(ctx context.Context, minFlows int64) iter.Seq2[engine.Burst, error] {
	return stream(ctx, db, "bursts", func(rows *sql.Rows, r *engine.Burst) error {
		return rows.Scan(address{&r.DstIP}, &r.Start, &r.Flows, &r.Failed, &r.Sources, &r.Port, &r.Proto, &r.UpBytes)
	}, minFlows)
}

// after yields rows once first has succeeded, else its error.
func after[Row any](first func() error, rows iter.Seq2[Row, error]) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		if err := first(); err != nil {
			var none Row
			yield(none, err)
			return
		}
		rows(yield)
	}
}

// integers scans the text of a list of whole numbers: [1, 2, 3].
type integers struct{ into *[]int64 }

// Scan implements sql.Scanner.
func (i integers) Scan(value any) error {
	text, _ := value.(string)
	list := make([]int64, 0, strings.Count(text, ",")+1)
	number, digits, negative := int64(0), false, false
	for at := range len(text) {
		switch c := text[at]; {
		case c == '-':
			negative = true
		case c >= '0' && c <= '9':
			number, digits = number*10+int64(c-'0'), true
		case digits:
			if negative {
				number = -number
			}
			list = append(list, number)
			number, digits, negative = 0, false, false
		}
	}
	*i.into = list
	return nil
}
