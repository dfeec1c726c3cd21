package clickhouse

import (
	"context"
	"iter"
	"net/netip"
	"strconv"
	"strings"

	"sentinel/internal/engine"
)

// Hosts implements engine.Engine.
func (db *Database) Hosts(ctx context.Context) iter.Seq2[engine.Host, error] {
	return stream(ctx, db, "hosts", func(r *engine.Host) []any {
		return []any{text{&r.SrcIP}, &r.Flows, &r.UpBytes, &r.DownBytes}
	}, nil)
}

// Servers implements engine.Engine.
func (db *Database) Servers(ctx context.Context) iter.Seq2[engine.Server, error] {
	return stream(ctx, db, "servers", func(r *engine.Server) []any {
		return []any{text{&r.DstIP}, &r.Name, &r.Flows, &r.UpBytes, &r.DownBytes}
	}, nil)
}

// Minutes implements engine.Engine.
func (db *Database) Minutes(ctx context.Context) iter.Seq2[engine.Minute, error] {
	return stream(ctx, db, "minutes", func(r *engine.Minute) []any { return []any{&r.Start, &r.Flows} }, nil)
}

// Ports implements engine.Engine.
func (db *Database) Ports(ctx context.Context) iter.Seq2[engine.Port, error] {
	return stream(ctx, db, "ports", func(r *engine.Port) []any {
		return []any{&r.Proto, &r.DstPort, &r.Flows, &r.UpBytes, &r.DownBytes}
	}, nil)
}

// Peers implements engine.Engine.
func (db *Database) Peers(ctx context.Context, networks []netip.Prefix) iter.Seq2[engine.Peer, error] {
	return after(ctx, db, func() error { return db.make(ctx, "inside", ranges(networks)) },
		ask(ctx, db, "peers", func(r *engine.Peer) []any {
			return []any{text{&r.DstIP}, text{&r.SrcIP}, &r.Flows, &r.First, &r.Last}
		}, nil))
}

// ranges are the networks from their lowest to their highest address, by family. Each list begins with a range that
// holds nothing, since an empty list has no type.
func ranges(networks []netip.Prefix) values {
	low4, high4, low6, high6 := []string{"0.0.0.1"}, []string{"0.0.0.0"}, []string{"::1"}, []string{"::"}
	for _, network := range networks {
		low, high := network.Masked().Addr().String(), lastOf(network).String()
		if network.Addr().Is4() {
			low4, high4 = append(low4, low), append(high4, high)
		} else {
			low6, high6 = append(low6, low), append(high6, high)
		}
	}
	return values{"low4": low4, "high4": high4, "low6": low6, "high6": high6}
}

// lastOf is the highest address of a network.
func lastOf(network netip.Prefix) netip.Addr {
	bytes := network.Addr().AsSlice()
	for bit := network.Bits(); bit < len(bytes)*8; bit++ {
		bytes[bit/8] |= 0x80 >> (bit % 8)
	}
	last, _ := netip.AddrFromSlice(bytes) // as long as it was
	return last
}

// visitor is a source that Visits lists.
type visitor struct {
	src   netip.Addr
	flows int64
}

// Visits implements engine.Engine.
func (db *Database) Visits(ctx context.Context, minFlows int64) iter.Seq2[engine.Visits, error] {
	visitors := stream(ctx, db, "visitors", func(v *visitor) []any { return []any{text{&v.src}, &v.flows} }, values{"least": minFlows})
	return sorted(inPages(visitors, func(v visitor) int64 { return v.flows },
		func(p page[visitor]) iter.Seq2[engine.Visits, error] {
			return stream(ctx, db, "visits", func(r *engine.Visits) []any { return []any{text{&r.SrcIP}, integers{&r.Starts}} },
				values{"least": minFlows, "first_src": p.first.src.String(), "last_src": p.last.src.String()})
		}), sortVisits)
}

// HostHours implements engine.Engine.
func (db *Database) HostHours(ctx context.Context, dstPort int64) iter.Seq2[engine.HostHour, error] {
	return stream(ctx, db, "host_hours", func(r *engine.HostHour) []any {
		return []any{text{&r.SrcIP}, &r.Hour, &r.Flows, &r.UpBytes, &r.DownBytes}
	}, values{"port": dstPort})
}

// Bursts implements engine.Engine.
func (db *Database) Bursts(ctx context.Context, minFlows int64) iter.Seq2[engine.Burst, error] {
	buckets := db.bounds.Last/engine.BurstLength - db.bounds.First/engine.BurstLength + 1
	return stream(ctx, db, "bursts", func(r *engine.Burst) []any {
		return []any{text{&r.DstIP}, &r.Start, &r.Flows, &r.Failed, &r.Sources, &r.Port, &r.Proto, &r.UpBytes}
	}, values{"least": minFlows, "buckets": buckets})
}

// Queries implements engine.Engine.
func (db *Database) Queries(ctx context.Context) iter.Seq2[engine.Query, error] {
	return stream(ctx, db, "queries", func(r *engine.Query) []any {
		return []any{text{&r.Client}, &r.Name, &r.Lookups, &r.Missing, &r.Unanswered, &r.Bulky, &r.First, &r.Last, &r.UpBytes, &r.DownBytes}
	}, nil)
}

// Duplicates implements engine.Engine.
func (db *Database) Duplicates(ctx context.Context) (count int64, err error) {
	for row, err := range stream(ctx, db, "duplicates", func(r *int64) []any { return []any{r} }, nil) {
		if err != nil {
			return 0, err
		}
		count = row
	}
	return count, nil
}

// text scans the canonical text of an address.
type text struct{ into *netip.Addr }

// Scan implements sql.Scanner.
func (t text) Scan(value any) (err error) {
	written, _ := value.(string)
	*t.into, err = netip.ParseAddr(written)
	return err
}

// integers scans the text of a list of whole numbers: [1,2,3].
type integers struct{ into *[]int64 }

// Scan implements sql.Scanner.
func (i integers) Scan(value any) error {
	written, _ := value.(string)
	list := make([]int64, 0, strings.Count(written, ",")+1)
	for number := range strings.SplitSeq(strings.Trim(written, "[]"), ",") {
		parsed, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return err
		}
		list = append(list, parsed)
	}
	*i.into = list
	return nil
}
