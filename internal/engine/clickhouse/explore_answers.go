package clickhouse

import (
	"context"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"sentinel/internal/explore"
)

// Totals implements explore.Explorer.
func (s *Store) Totals(ctx context.Context, filter explore.Filter) (totals explore.Totals, err error) {
	chosen, err := s.choose(ctx, filter)
	if err != nil {
		return totals, err
	}
	err = s.each(ctx, exploring("totals", "{where}", chosen.where()), chosen, func(rows driver.Rows) error {
		return rows.Scan(&totals.Flows, &totals.Hosts, &totals.Servers, &totals.UpBytes, &totals.DownBytes, &totals.First, &totals.Last)
	})
	return totals, err
}

// Timeline implements explore.Explorer.
func (s *Store) Timeline(ctx context.Context, filter explore.Filter, steps int) (step int64, moments []explore.Moment, err error) {
	step = explore.Step(filter, s.bounds.First, s.bounds.Last, steps)
	chosen, err := s.choose(ctx, filter)
	if err != nil {
		return step, nil, err
	}
	chosen.of["step"] = step
	err = s.each(ctx, exploring("timeline", "{where}", chosen.where()), chosen, func(rows driver.Rows) error {
		var m explore.Moment
		err := rows.Scan(&m.Start, &m.Flows, &m.UpBytes, &m.DownBytes)
		moments = append(moments, m)
		return err
	})
	return step, moments, err
}

// counts visits how many of the chosen flows begin in each step of time.
func (s *Store) counts(ctx context.Context, filter explore.Filter, step time.Duration, visit func(start, flows int64)) error {
	chosen, err := s.choose(ctx, filter)
	if err != nil {
		return err
	}
	chosen.of["step"] = step.Microseconds()
	return s.each(ctx, exploring("counts", "{where}", chosen.where()), chosen, func(rows driver.Rows) error {
		var start, flows int64
		err := rows.Scan(&start, &flows)
		visit(start, flows)
		return err
	})
}

// Week implements explore.Explorer.
func (s *Store) Week(ctx context.Context, filter explore.Filter) (week [7][24]int64, err error) {
	err = s.counts(ctx, filter, time.Hour, func(start, flows int64) {
		at := time.UnixMicro(start).UTC()
		week[(at.Weekday()+6)%7][at.Hour()] += flows
	})
	return week, err
}
