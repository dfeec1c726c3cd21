package clickhouse

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"sentinel/internal/explore"
)

// dimension is how the server divides flows by one of explore's.
type dimension struct {
	keys []string // columns
	into func(*explore.Row) []any
	only func(*Store) string // a condition of the flows that have a value; nil: all have
}

// toDestination tells whether rows of the dimension name a destination.
func (d dimension) toDestination() bool { return slices.Contains(d.keys, "dst_ip") }

// dimensions are all of explore's but for Countries, of which the server knows nothing.
var dimensions = map[explore.Dimension]dimension{
	explore.Sources:      {[]string{"src_ip"}, func(r *explore.Row) []any { return []any{text{&r.SrcIP}} }, nil},
	explore.Destinations: {[]string{"dst_ip"}, func(r *explore.Row) []any { return []any{text{&r.DstIP}} }, nil},
	explore.Ports:        {[]string{"proto", "dst_port"}, func(r *explore.Row) []any { return []any{&r.Proto, &r.DstPort} }, nil},
	explore.Names: {[]string{"name"}, func(r *explore.Row) []any { return []any{&r.Name} },
		func(*Store) string { return "name != ''" }},
	explore.Channels: {[]string{"src_ip", "dst_ip", "proto", "dst_port"},
		func(r *explore.Row) []any { return []any{text{&r.SrcIP}, text{&r.DstIP}, &r.Proto, &r.DstPort} }, nil},
	explore.Edges: {[]string{"src_ip", "dst_ip"}, func(r *explore.Row) []any { return []any{text{&r.SrcIP}, text{&r.DstIP}} },
		func(s *Store) string { return s.inside("src_ip") + " AND " + s.inside("dst_ip") }},
}

// Top implements explore.Explorer.
func (s *Store) Top(ctx context.Context, filter explore.Filter, by explore.Dimension, rows int) (ranked []explore.Row, values int64, err error) {
	of, ok := dimensions[by]
	if !ok && by != explore.Countries {
		return nil, 0, fmt.Errorf("no dimension %q", by)
	}
	chosen, err := s.choose(ctx, filter)
	if err != nil {
		return nil, 0, err
	}
	if by == explore.Countries {
		return s.topCountries(ctx, chosen, max(rows, 0))
	}
	if of.only != nil {
		chosen = chosen.with(of.only(s), nil)
	}
	if ranked, err = s.rank(ctx, of, chosen, max(rows, 0)); err != nil {
		return nil, 0, err
	}
	if values = int64(len(ranked)); len(ranked) >= rows {
		if values, err = s.values(ctx, of, chosen); err != nil {
			return nil, 0, err
		}
	}
	if of.toDestination() {
		err = s.describe(ctx, ranked)
	}
	return ranked, values, err
}

// rank asks for the first rows.
func (s *Store) rank(ctx context.Context, of dimension, chosen choice, rows int) (ranked []explore.Row, err error) {
	if rows == 0 {
		return nil, nil
	}
	order := fmt.Sprintf("ORDER BY flows DESC, %s LIMIT %d", strings.Join(of.keys, ", "), rows)
	err = s.sums(ctx, of, chosen, order, func(row explore.Row) { ranked = append(ranked, row) })
	return ranked, err
}

// sums visits what went to each value of a dimension.
func (s *Store) sums(ctx context.Context, of dimension, chosen choice, order string, visit func(explore.Row)) error {
	query := exploring("sums", "{keys}", strings.Join(of.keys, ", "), "{where}", chosen.where(), "{order}", order)
	return s.each(ctx, query, chosen, func(rows driver.Rows) error {
		var r explore.Row
		err := rows.Scan(append(of.into(&r), &r.Flows, &r.UpBytes, &r.DownBytes, &r.First, &r.Last)...)
		visit(r)
		return err
	})
}

// values counts those that a dimension has.
func (s *Store) values(ctx context.Context, of dimension, chosen choice) (count int64, err error) {
	query := exploring("values", "{keys}", strings.Join(of.keys, ", "), "{where}", chosen.where())
	err = s.each(ctx, query, chosen, func(rows driver.Rows) error { return rows.Scan(&count) })
	return count, err
}

// describe tells what is known of the destinations of rows, whatever the filter.
func (s *Store) describe(ctx context.Context, ranked []explore.Row) error {
	if len(ranked) == 0 {
		return nil
	}
	var addresses []string
	for _, row := range ranked {
		addresses = append(addresses, addressText(row.DstIP))
	}
	slices.Sort(addresses)
	named := map[string]string{}
	chosen := s.whole().to(slices.Compact(addresses))
	err := s.each(ctx, exploring("names", "{where}", chosen.where()), chosen, func(rows driver.Rows) error {
		var address, name string
		err := rows.Scan(&address, &name)
		named[address] = name
		return err
	})
	for i := range ranked {
		ranked[i].Country, ranked[i].Name = s.country(ranked[i]), named[addressText(ranked[i].DstIP)]
	}
	return err
}

// topCountries folds what went to each destination into countries.
func (s *Store) topCountries(ctx context.Context, chosen choice, rows int) (ranked []explore.Row, values int64, err error) {
	places := map[string]*explore.Row{}
	err = s.sums(ctx, dimensions[explore.Destinations], chosen, "", func(row explore.Row) {
		country := s.country(row)
		sum := places[country]
		if sum == nil {
			sum = &explore.Row{Country: country, First: row.First, Last: row.Last}
			places[country] = sum
		}
		sum.Flows, sum.UpBytes, sum.DownBytes = sum.Flows+row.Flows, plus(sum.UpBytes, row.UpBytes), plus(sum.DownBytes, row.DownBytes)
		sum.First, sum.Last = min(sum.First, row.First), max(sum.Last, row.Last)
	})
	if err != nil {
		return nil, 0, err
	}
	for _, sum := range places {
		ranked = append(ranked, *sum)
	}
	slices.SortFunc(ranked, func(a, b explore.Row) int {
		return cmp.Or(cmp.Compare(b.Flows, a.Flows), cmp.Compare(a.Country, b.Country))
	})
	return ranked[:min(rows, len(ranked))], int64(len(ranked)), nil
}

// plus adds up to what an integer can hold, as the server does.
func plus(a, b int64) int64 {
	if a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}
