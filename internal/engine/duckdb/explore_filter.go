package duckdb

import (
	"context"
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"sentinel/internal/explore"
)

// minute is that of the tables of a store, in microseconds.
const minute = 60_000_000

// choice is a filter in terms of the numbers of a store. Nothing of the filter's texts is left in it, so that it can be
// written into a query as it is.
type choice struct {
	conditions []string
	timed      bool  // says something of time
	from, to   int64 // minutes since the epoch, those of the capture where the filter does not say
}

// never is a condition of what no flow has.
const never = "false"

// where writes the conditions but for those of time, and more of the caller's.
func (c choice) where(more ...string) string {
	if all := append(append([]string{}, c.conditions...), more...); len(all) > 0 {
		return "WHERE " + strings.Join(all, " AND ")
	}
	return ""
}

// minutes is the relation of what began in the chosen time, by minute.
func (c choice) minutes() string {
	if !c.timed {
		return "kept.cell"
	}
	return fmt.Sprintf("(FROM kept.cell WHERE minute >= %d AND minute < %d)", c.from, c.to)
}

// hours is the relation of what began in the chosen time, by hour. The whole hours are added up already; what is left of
// others comes from the minutes.
func (c choice) hours() string {
	if !c.timed {
		return "kept.hour"
	}
	const columns = "src, dst, service, name, country, edge, flows, up, down, first, last"
	first, last := (c.from+59)/60, c.to/60
	minutes := func(from, to int64) string {
		return fmt.Sprintf("SELECT minute // 60 AS hour, %s FROM kept.cell WHERE minute >= %d AND minute < %d", columns, from, to)
	}
	if first >= last {
		return "(" + minutes(c.from, c.to) + ")"
	}
	parts := []string{fmt.Sprintf("SELECT hour, %s FROM kept.hour WHERE hour >= %d AND hour < %d", columns, first, last)}
	if c.from < first*60 {
		parts = append(parts, minutes(c.from, first*60))
	}
	if last*60 < c.to {
		parts = append(parts, minutes(last*60, c.to))
	}
	return "(" + strings.Join(parts, " UNION ALL ") + ")"
}

// sums is the relation with the fewest rows that add up to what began in the chosen time.
func (c choice) sums() string {
	if !c.timed {
		return "kept.channel"
	}
	return c.hours()
}

// within sets the time of a choice. What lies before or after the capture makes no difference, so the bounds are moved to
// whole hours there.
func (c *choice) within(filter explore.Filter, first, last int64) {
	from, to := filter.Minutes()
	c.from, c.to = first/minute/60*60, (last/minute/60+1)*60
	if c.timed = filter.From != 0 || filter.To != 0; filter.From != 0 {
		c.from = max(c.from, from/minute)
	}
	if filter.To != 0 {
		c.to = min(c.to, to/minute)
	}
}

// choose looks up the numbers of what a filter names.
func (s *Store) choose(ctx context.Context, filter explore.Filter) (chosen choice, err error) {
	add := func(condition string, failure error) {
		if failure != nil && err == nil {
			err = failure
		}
		chosen.conditions = append(chosen.conditions, condition)
	}
	if filter.Host.IsValid() {
		add(s.addresses(ctx, netip.PrefixFrom(filter.Host.Unmap(), filter.Host.Unmap().BitLen()), "src", "dst"))
	}
	if filter.Network.IsValid() {
		add(s.addresses(ctx, filter.Network.Masked(), "src", "dst"))
	}
	if filter.SrcIP.IsValid() {
		add(s.addresses(ctx, netip.PrefixFrom(filter.SrcIP.Unmap(), filter.SrcIP.Unmap().BitLen()), "src"))
	}
	if filter.DstIP.IsValid() {
		add(s.addresses(ctx, netip.PrefixFrom(filter.DstIP.Unmap(), filter.DstIP.Unmap().BitLen()), "dst"))
	}
	if filter.Country != "" {
		add(s.country(filter.Country), nil)
	}
	if filter.Proto != "" || filter.DstPort >= 0 {
		add(s.services(ctx, filter.Proto, filter.DstPort))
	}
	if filter.Name != "" {
		add(s.numbers(ctx, "name", "SELECT id FROM kept.name WHERE name = ?", filter.Name))
	}
	chosen.within(filter, s.first, s.last)
	return chosen, err
}

// addresses is the condition that one of the columns is an address of a network, which is a range of numbers.
func (s *Store) addresses(ctx context.Context, network netip.Prefix, columns ...string) (string, error) {
	var low, high *int64
	err := s.one(ctx, "SELECT min(id), max(id) FROM kept.node WHERE bytes BETWEEN ? AND ?", []any{sortable(network.Masked().Addr()), sortable(lastOf(network))}, &low, &high)
	if err != nil || low == nil {
		return never, err
	}
	var either []string
	for _, column := range columns {
		either = append(either, fmt.Sprintf("%s BETWEEN %d AND %d", column, *low, *high))
	}
	return "(" + strings.Join(either, " OR ") + ")", nil
}

// lastOf is the last address of a network.
func lastOf(network netip.Prefix) netip.Addr {
	bytes := network.Masked().Addr().AsSlice()
	for bit := network.Bits(); bit < 8*len(bytes); bit++ {
		bytes[bit/8] |= 0x80 >> (bit % 8)
	}
	last, _ := netip.AddrFromSlice(bytes) // as long as an address is
	return last
}

func (s *Store) country(code string) string {
	if code == explore.Unplaced {
		code = ""
	}
	for id, known := range s.countries {
		if known == code {
			return "country = " + strconv.Itoa(id)
		}
	}
	return never
}

// services is the condition of a protocol, whose services are a range of numbers, or of a port, which each protocol may have.
func (s *Store) services(ctx context.Context, proto string, port int64) (string, error) {
	if port >= 0 {
		return s.numbers(ctx, "service", "SELECT id FROM kept.service WHERE dst_port = ? AND (? = '' OR proto = ?) ORDER BY id", port, proto, proto)
	}
	var low, high *int64
	if err := s.one(ctx, "SELECT min(id), max(id) FROM kept.service WHERE proto = ?", []any{proto}, &low, &high); err != nil || low == nil {
		return never, err
	}
	return fmt.Sprintf("service BETWEEN %d AND %d", *low, *high), nil
}

// numbers is the condition that a column is one of the numbers that a query finds, which are few.
func (s *Store) numbers(ctx context.Context, column, query string, args ...any) (string, error) {
	var found []string
	rows, err := s.db.pool.QueryContext(ctx, query, args...)
	if err != nil {
		return never, explain(err)
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return never, explain(err)
		}
		found = append(found, strconv.FormatInt(id, 10))
	}
	if len(found) == 0 {
		return never, explain(rows.Err())
	}
	return column + " IN (" + strings.Join(found, ", ") + ")", explain(rows.Err())
}
