package duckdb

import (
	"context"
	"fmt"
	"iter"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"sentinel/internal/engine"
)

// The tables from which the rollups of channels are asked, in the order in which one needs the other.
const (
	channels   = "channels"
	pairs      = "pairs"
	popularity = "popularity"
	portHosts  = "port_hosts"
)

// prepare makes tables of channels that are not there yet.
func (db *Database) prepare(ctx context.Context, names ...string) error {
	if err := db.number(ctx); err != nil {
		return err
	}
	for _, name := range names {
		if db.prepared[name] {
			continue
		}
		if err := db.exec(ctx, db.statement(name+"_prepare")); err != nil {
			return err
		}
		db.prepared[name] = true
	}
	return nil
}

// number gives every address of the flows a number, and reads their ranks. The numbers are hashes of 64 bits, which
// a query works out faster than it looks anything up; that no two addresses share one is checked.
func (db *Database) number(ctx context.Context) error {
	if db.ranked != nil {
		return nil
	}
	if err := db.needEnds(ctx); err != nil {
		return err
	}
	for twice := int64(1); twice > 0; {
		db.salt++
		if err := db.exec(ctx, db.statement("addresses_prepare")); err != nil {
			return err
		}
		if err := db.queryRow(ctx, db.statement("addresses_twice"), &twice); err != nil {
			return err
		}
	}
	ranked := []netip.Addr{}
	for address, err := range stream(ctx, db, "ranks", func(r *netip.Addr) []any { return []any{r} }) {
		if err != nil {
			return err
		}
		ranked = append(ranked, address)
	}
	db.ranked = ranked
	return nil
}

// rank reads an address by its rank.
type rank struct {
	of   *Database
	into *netip.Addr
}

// statement is one of the rollups' statements.
func (db *Database) statement(name string) string {
	return strings.ReplaceAll(statement(name, ""), "{salt}", strconv.Itoa(db.salt))
}

// choosing is a statement about the channels that filter chooses.
func (db *Database) choosing(name string, filter engine.ChannelFilter) string {
	number := func(n int64) string { return strconv.FormatInt(n, 10) }
	return strings.NewReplacer("{min_flows}", number(filter.MinFlows), "{min_up_bytes}", number(filter.MinUpBytes),
		"{min_longest}", number(filter.MinLongest), "{min_sources}", number(filter.MinSources),
		"{max_sources}", number(engine.Limit(filter.MaxSources)), "{max_port_hosts}", number(engine.Limit(filter.MaxPortHosts)),
		"{proto}", quoteText(filter.Proto), "{dst_port}", number(filter.DstPort),
		"{from_any}", strconv.FormatBool(len(filter.SrcIPs) == 0), "{src_ips}", listOf(filter.SrcIPs, "%s"),
		"{to_any}", strconv.FormatBool(len(filter.DstIPs) == 0), "{dst_ips}", listOf(filter.DstIPs, "%s"),
		"{srcs}", listOf(filter.SrcIPs, "hash(%s, "+strconv.Itoa(db.salt)+")"), "{dsts}", listOf(filter.DstIPs, "hash(%s, "+strconv.Itoa(db.salt)+")"),
		"{within}", strconv.FormatBool(filter.DstNet.IsValid()), "{ranks}", db.ranksIn(filter.DstNet),
	).Replace(strings.ReplaceAll(db.statement(name), "{chosen}", db.statement("chosen")))
}

// ranksIn writes the ranks of the addresses in a network as a list.
func (db *Database) ranksIn(network netip.Prefix) string {
	var ranks []string
	for i, address := range db.ranked {
		if network.IsValid() && network.Contains(address) {
			ranks = append(ranks, strconv.Itoa(i))
		}
	}
	return "[" + strings.Join(ranks, ", ") + "]::BIGINT[]"
}

// listOf writes addresses for an IN, each in a form, which may not be empty.
func listOf(addresses []netip.Addr, form string) string {
	if len(addresses) == 0 {
		return "NULL"
	}
	texts := make([]string, len(addresses))
	for i, address := range addresses {
		texts[i] = fmt.Sprintf(form, quoteText(address.String()))
	}
	return strings.Join(texts, ", ")
}

// channelFields are where the columns of a channel go, in the order of channels.sql.
func (db *Database) channelFields(c *engine.Channel) []any {
	return []any{
		rank{db, &c.SrcIP}, rank{db, &c.DstIP}, &c.Proto, &c.DstPort, &c.Name, &c.Flows, &c.Failed,
		&c.UpBytes, &c.DownBytes, &c.First, &c.Last, &c.Longest, &c.Open, &c.UpPackets, &c.Sources, &c.NetSources, &c.PortHosts,
	}
}

// Channels implements engine.Engine.
func (db *Database) Channels(ctx context.Context, filter engine.ChannelFilter) iter.Seq2[engine.Channel, error] {
	return func(yield func(engine.Channel, error) bool) {
		if err := db.prepare(ctx, channels, pairs, popularity, portHosts); err != nil {
			yield(engine.Channel{}, err)
			return
		}
		streamText(ctx, db, db.choosing("channels", filter), db.channelFields)(yield)
	}
}

// Visits implements engine.Engine.
func (db *Database) Visits(ctx context.Context, minFlows int64) iter.Seq2[engine.Visits, error] {
	visits := stream(ctx, db, "visits", func(r *engine.Visits) []any { return []any{&r.SrcIP, &r.Starts} }, minFlows)
	return func(yield func(engine.Visits, error) bool) {
		for r, err := range visits {
			slices.Sort(r.Starts)
			if !yield(r, err) {
				return
			}
		}
	}
}

// Nodes implements engine.Engine.
func (db *Database) Nodes(ctx context.Context) iter.Seq2[engine.Node, error] {
	return after(func() error { return db.prepare(ctx, channels, pairs) }, stream(ctx, db, "nodes", func(r *engine.Node) []any {
		return []any{
			rank{db, &r.Address}, &r.Opened, &r.OpenedTo, &r.Failed, &r.FailedTo, &r.UpBytes, &r.DownBytes,
			&r.Accepted, &r.AcceptedFrom, &r.AskedBy, &r.Ports, &r.DNSFrom,
		}
	}))
}

// Sweeps implements engine.Engine.
func (db *Database) Sweeps(ctx context.Context, minTargets int64) iter.Seq2[engine.Sweep, error] {
	return after(func() error { return db.prepare(ctx, channels) }, stream(ctx, db, "sweeps", func(r *engine.Sweep) []any {
		return []any{rank{db, &r.SrcIP}, &r.Proto, &r.DstPort, &r.Flows, &r.Targets, &r.DeadTargets, &r.First, &r.Last}
	}, minTargets))
}

// Probes implements engine.Engine.
func (db *Database) Probes(ctx context.Context, minPorts int64) iter.Seq2[engine.Probe, error] {
	return after(func() error { return db.prepare(ctx, channels, pairs) }, stream(ctx, db, "probes", func(r *engine.Probe) []any {
		return []any{rank{db, &r.SrcIP}, rank{db, &r.DstIP}, &r.Flows, &r.Ports, &r.DeadPorts, &r.First, &r.Last}
	}, minPorts))
}

// HostHours implements engine.Engine.
func (db *Database) HostHours(ctx context.Context, dstPort int64) iter.Seq2[engine.HostHour, error] {
	return stream(ctx, db, "host_hours", func(r *engine.HostHour) []any {
		return []any{&r.SrcIP, &r.Hour, &r.Flows, &r.UpBytes, &r.DownBytes}
	}, dstPort)
}

// Bursts implements engine.Engine.
func (db *Database) Bursts(ctx context.Context, minFlows int64) iter.Seq2[engine.Burst, error] {
	return after(func() error { return db.number(ctx) }, stream(ctx, db, "bursts", func(r *engine.Burst) []any {
		return []any{&r.DstIP, &r.Start, &r.Flows, &r.Failed, &r.Sources, &r.Port, &r.Proto, &r.UpBytes}
	}, minFlows))
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

// integersOf reads the text of a list of whole numbers: [1, 2, 3].
func integersOf(text string) []int64 {
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
	return list
}
