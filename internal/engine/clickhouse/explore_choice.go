package clickhouse

import (
	"context"
	"encoding/binary"
	"fmt"
	"maps"
	"net/netip"
	"strings"

	"sentinel/internal/explore"
)

// choice is a filter in terms of the server. The conditions hold names of columns, whole numbers and addresses without
// zones; texts of a filter are among the values that are bound.
type choice struct {
	conditions []string
	of         values
	addresses  []string // for the table addresses; nil: there is no such table
}

// never is a condition of what no flow has.
const never = "1 = 0"

// whole chooses all flows that count.
func (s *Store) whole() choice {
	return choice{
		conditions: []string{"start >= @from AND start < @to", "batch GLOBAL IN (SELECT batch FROM seen)"},
		of:         values{"from": s.window.From, "to": s.window.end()},
	}
}

// where writes the conditions.
func (c choice) where() string { return strings.Join(c.conditions, " AND ") }

// with is the choice with one more condition, and perhaps the value that it names.
func (c choice) with(condition string, of values) choice {
	c.conditions = append(c.conditions[:len(c.conditions):len(c.conditions)], condition)
	c.of = maps.Clone(c.of)
	maps.Copy(c.of, of)
	return c
}

// part is a field of a filter that is set or not.
type part struct {
	set       bool
	condition string
	of        values
}

// choose says which flows a filter chooses.
func (s *Store) choose(ctx context.Context, filter explore.Filter) (choice, error) {
	from, to := filter.Minutes()
	chosen := s.whole()
	for _, p := range []part{
		{filter.SrcIP.IsValid(), "src_ip = @src", values{"src": addressText(filter.SrcIP.Unmap())}},
		{filter.DstIP.IsValid(), "dst_ip = @dst", values{"dst": addressText(filter.DstIP.Unmap())}},
		{filter.Host.IsValid(), "(src_ip = @host OR dst_ip = @host)", values{"host": addressText(filter.Host.Unmap())}},
		{filter.Network.IsValid(), either(filter.Network), nil},
		{filter.Proto != "", "proto = @proto", values{"proto": filter.Proto}},
		{filter.DstPort >= 0, "dst_port = @port", values{"port": filter.DstPort}},
		{filter.Name != "", "name = @name", values{"name": filter.Name}},
		{filter.From != 0, "start >= @first", values{"first": from}},
		{filter.To != 0, "start < @end", values{"end": to}},
	} {
		if p.set {
			chosen = chosen.with(p.condition, p.of)
		}
	}
	if filter.Country == "" {
		return chosen, nil
	}
	addresses, err := s.countries.addresses(ctx, s, filter.Country)
	return chosen.to(addresses), err
}

// to chooses flows to one of the addresses only.
func (c choice) to(addresses []string) choice {
	if len(addresses) == 0 {
		return c.with(never, nil)
	}
	c = c.with("dst_ip GLOBAL IN (SELECT address FROM addresses)", nil)
	c.addresses = addresses
	return c
}

// either is the condition that one of the ends lies in a network.
func either(network netip.Prefix) string {
	if !network.IsValid() {
		return never
	}
	return "(" + within("src_ip", network) + " OR " + within("dst_ip", network) + ")"
}

// within is the condition that an address lies in a network. Servers of some versions fail at text of the other family.
func within(column string, network netip.Prefix) string {
	low, high := network.Masked().Addr(), lastOf(network)
	if low.Is4() {
		lowest, highest := low.As4(), high.As4()
		return fmt.Sprintf("(position(%[1]s, ':') = 0 AND IPv4StringToNum(if(position(%[1]s, ':') = 0, %[1]s, '0.0.0.0')) BETWEEN %[2]d AND %[3]d)",
			column, binary.BigEndian.Uint32(lowest[:]), binary.BigEndian.Uint32(highest[:]))
	}
	const parsed = "IPv6StringToNum(if(position(%[1]s, ':') = 0, '::', %[1]s))"
	return fmt.Sprintf("(position(%[1]s, ':') != 0 AND "+parsed+" >= IPv6StringToNum('%[2]s') AND "+parsed+" <= IPv6StringToNum('%[3]s'))", column, low, high)
}

// inside is the condition that an address lies in one of the networks of one's own.
func (s *Store) inside(column string) string {
	either := []string{never}
	for _, network := range s.options.Internal {
		either = append(either, within(column, network))
	}
	return "(" + strings.Join(either, " OR ") + ")"
}
