package clickhouse

import (
	"cmp"
	"context"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"sentinel/internal/explore"
)

// countries knows which destinations each country has. It holds every destination once, from the first question on.
type countries struct {
	known chan map[string][]string // holds the map, nil before the first question; whoever uses it has it alone
}

func newCountries() countries {
	c := countries{make(chan map[string][]string, 1)}
	c.known <- nil
	return c
}

// addresses are those of a country, as the flows of the window have them.
func (c countries) addresses(ctx context.Context, s *Store, country string) ([]string, error) {
	select {
	case known := <-c.known:
		if known == nil {
			var err error
			if known, err = s.place(ctx); err != nil {
				c.known <- nil
				return nil, err
			}
		}
		c.known <- known
		return known[country], nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// place looks up the country of every destination.
func (s *Store) place(ctx context.Context) (map[string][]string, error) {
	known := map[string][]string{}
	chosen := s.whole()
	err := s.each(ctx, exploring("destinations", "{where}", chosen.where()), chosen, func(rows driver.Rows) error {
		var row explore.Row
		err := rows.Scan(text{&row.DstIP})
		country := s.country(row)
		known[country] = append(known[country], addressText(row.DstIP))
		return err
	})
	return known, err
}

// country is that of a row's destination.
func (s *Store) country(row explore.Row) string {
	return cmp.Or(s.options.Country(row.DstIP), explore.Unplaced)
}
