package duckdb

import (
	"context"
	"database/sql"
	"fmt"
	"net/netip"
	"strings"

	"sentinel/internal/explore"
)

// dimension is how a store ranks one of explore's.
type dimension struct {
	by    string // columns to group by
	only  []string
	joins string // bring in the texts of numbers
	order string // of equal values
	key   []keyPart
}

// keyPart is what tells a row of a ranking from the others: where it comes from and where it goes.
type keyPart struct {
	from string
	into func(*explore.Row) any
}

var (
	sourcePart  = keyPart{"source.address", func(r *explore.Row) any { return end{&r.SrcIP} }}
	targetPart  = keyPart{"target.address", func(r *explore.Row) any { return end{&r.DstIP} }}
	placePart   = keyPart{"target.country", func(r *explore.Row) any { return place{&r.Country} }}
	titlePart   = keyPart{"target.name", func(r *explore.Row) any { return &r.Name }}
	countryPart = keyPart{"country.code", func(r *explore.Row) any { return place{&r.Country} }}
	protoPart   = keyPart{"service.proto", func(r *explore.Row) any { return &r.Proto }}
	portPart    = keyPart{"service.dst_port", func(r *explore.Row) any { return &r.DstPort }}
	namePart    = keyPart{"name.name", func(r *explore.Row) any { return &r.Name }}
)

const (
	joinSource  = " JOIN kept.node AS source ON source.id = part.src"
	joinTarget  = " JOIN kept.node AS target ON target.id = part.dst"
	joinCountry = " JOIN kept.country ON country.id = part.country"
	joinService = " JOIN kept.service ON service.id = part.service"
	joinName    = " JOIN kept.name ON name.id = part.name"
)

// dimensions are all of explore's.
var dimensions = map[explore.Dimension]dimension{
	explore.Sources:      {"src", nil, joinSource, "source.rank", []keyPart{sourcePart}},
	explore.Destinations: {"dst", nil, joinTarget, "target.rank", []keyPart{targetPart, placePart, titlePart}},
	explore.Countries:    {"country", nil, joinCountry, "country.code", []keyPart{countryPart}},
	explore.Ports:        {"service", nil, joinService, "service.id", []keyPart{protoPart, portPart}},
	explore.Names:        {"name", []string{"name > 0"}, joinName, "name.id", []keyPart{namePart}},
	explore.Channels: {"src, dst, service", nil, joinSource + joinTarget + joinService, "source.rank, target.rank, service.id",
		[]keyPart{sourcePart, targetPart, protoPart, portPart, placePart, titlePart}},
	explore.Edges: {"src, dst", []string{"edge"}, joinSource + joinTarget, "source.rank, target.rank", []keyPart{sourcePart, targetPart, placePart, titlePart}},
}

// end scans the text of an address.
type end struct{ into *netip.Addr }

// Scan implements sql.Scanner.
func (e end) Scan(value any) (err error) {
	text, _ := value.(string)
	*e.into, err = netip.ParseAddr(text)
	return err
}

// place scans a country.
type place struct{ into *string }

// Scan implements sql.Scanner.
func (p place) Scan(value any) error {
	*p.into, _ = value.(string)
	if *p.into == "" {
		*p.into = explore.Unplaced
	}
	return nil
}

// Top implements explore.Explorer. Texts are looked up only of what may be among the first: where many values are
// equal, of all that are as large as the last one shown.
func (s *Store) Top(ctx context.Context, filter explore.Filter, by explore.Dimension, rows int) (ranked []explore.Row, values int64, err error) {
	of, ok := dimensions[by]
	if !ok {
		return nil, 0, fmt.Errorf("no dimension %q", by)
	}
	chosen, err := s.choose(ctx, filter)
	if err != nil {
		return nil, 0, err
	}
	limit := max(rows, 1) // one row at least, for the count that it carries
	err = s.each(ctx, of.query(chosen, limit), nil, func(found *sql.Rows) error {
		var r explore.Row
		into := []any{&values, &r.Flows, &r.UpBytes, &r.DownBytes, &r.First, &r.Last}
		for _, part := range of.key {
			into = append(into, part.into(&r))
		}
		err := found.Scan(into...)
		ranked = append(ranked, r)
		return err
	})
	if len(ranked) > max(rows, 0) {
		ranked = ranked[:max(rows, 0)]
	}
	return ranked, values, err
}

func (d dimension) query(chosen choice, limit int) string {
	var texts []string
	for _, part := range d.key {
		texts = append(texts, part.from)
	}
	return fmt.Sprintf(`WITH part AS MATERIALIZED (SELECT %s, %s FROM %s %s GROUP BY %s),
bar AS (SELECT min(flows) AS flows FROM (SELECT flows FROM part ORDER BY flows DESC LIMIT %d))
SELECT (SELECT count(*) FROM part), part.flows, part.up, part.down, part.first, part.last, %s
FROM part%s
WHERE part.flows >= (SELECT flows FROM bar)
ORDER BY part.flows DESC, %s
LIMIT %[6]d`, d.by, sums, chosen.sums(), chosen.where(d.only...), d.by, limit, strings.Join(texts, ", "), d.joins, d.order)
}
