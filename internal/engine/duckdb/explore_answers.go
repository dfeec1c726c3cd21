package duckdb

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"sentinel/internal/explore"
)

// sums adds up rows of either table; least keeps a sum within what Go counts with.
const sums = `least(coalesce(sum(flows), 0), 9223372036854775807)::BIGINT AS flows, least(coalesce(sum(up), 0), 9223372036854775807)::BIGINT AS up,
    least(coalesce(sum(down), 0), 9223372036854775807)::BIGINT AS down, coalesce(min(first), 0) AS first, coalesce(max(last), 0) AS last`

// Totals implements explore.Explorer.
func (s *Store) Totals(ctx context.Context, filter explore.Filter) (totals explore.Totals, err error) {
	chosen, err := s.choose(ctx, filter)
	if err != nil {
		return totals, err
	}
	query := fmt.Sprintf("SELECT %s, count(DISTINCT src), count(DISTINCT dst) FROM %s %s", sums, chosen.sums(), chosen.where())
	err = s.one(ctx, query, nil, &totals.Flows, &totals.UpBytes, &totals.DownBytes, &totals.First, &totals.Last, &totals.Hosts, &totals.Servers)
	return totals, err
}

// Timeline implements explore.Explorer.
func (s *Store) Timeline(ctx context.Context, filter explore.Filter, steps int) (step int64, moments []explore.Moment, err error) {
	step = explore.Step(filter, s.first, s.last, steps)
	chosen, err := s.choose(ctx, filter)
	if err != nil {
		return step, nil, err
	}
	query := fmt.Sprintf(`SELECT minute // %d AS moment, sum(flows)::BIGINT, least(sum(up), 9223372036854775807)::BIGINT, least(sum(down), 9223372036854775807)::BIGINT
FROM %s %s GROUP BY moment ORDER BY moment`, step/minute, chosen.minutes(), chosen.where())
	err = s.each(ctx, query, nil, func(rows *sql.Rows) error {
		var m explore.Moment
		err := rows.Scan(&m.Start, &m.Flows, &m.UpBytes, &m.DownBytes)
		m.Start *= step
		moments = append(moments, m)
		return err
	})
	return step, moments, err
}

// Week implements explore.Explorer.
func (s *Store) Week(ctx context.Context, filter explore.Filter) (week [7][24]int64, err error) {
	chosen, err := s.choose(ctx, filter)
	if err != nil {
		return week, err
	}
	query := fmt.Sprintf("SELECT hour, sum(flows)::BIGINT FROM %s %s GROUP BY hour", chosen.hours(), chosen.where())
	err = s.each(ctx, query, nil, func(rows *sql.Rows) error {
		var hour, flows int64
		err := rows.Scan(&hour, &flows)
		at := time.Unix(hour*3600, 0).UTC()
		week[(at.Weekday()+6)%7][at.Hour()] += flows
		return err
	})
	return week, err
}
