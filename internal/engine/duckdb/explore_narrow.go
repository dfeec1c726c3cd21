package duckdb

import (
	"context"
	"fmt"
	"strings"

	"sentinel/internal/explore"
)

// keepBounds writes, for each source that is read in place, between which times as the file has them the flows of a minute
// lie: a file that is sorted by time is then read only where they are. What convert makes of a time tells nothing of that.
func (db *Database) keepBounds(ctx context.Context) error {
	var parts []string
	for n := range db.rows {
		parts = append(parts, fmt.Sprintf(`SELECT %d AS source, (start // %d)::INTEGER AS minute, min(start_raw)::BIGINT AS low, max(start_raw)::BIGINT AS high
FROM source_%[1]d WHERE start IS NOT NULL GROUP BY ALL`, n, minute))
	}
	return db.exec(ctx, "CREATE TABLE made.bounds AS "+strings.Join(parts, " UNION ALL "))
}

// narrowed is the relation of flows, without most of those that lie in other minutes than a filter chooses.
func (s *Store) narrowed(ctx context.Context, db *Database, filter explore.Filter) (string, error) {
	if s.copied || filter.To == 0 {
		return "flows", nil
	}
	from, to := filter.Minutes()
	rows, err := db.conn.QueryContext(ctx, fmt.Sprintf(`SELECT source, min(low), max(high), source IN (SELECT substr(view_name, 8)::INTEGER FROM duckdb_views() WHERE starts_with(view_name, 'mended_'))
FROM kept.bounds WHERE minute >= %d AND minute < %d GROUP BY source ORDER BY source`, from/minute, to/minute))
	if err != nil {
		return "", explain(err)
	}
	defer rows.Close()
	var parts []string
	for rows.Next() {
		var source, low, high int64
		var mended bool
		if err := rows.Scan(&source, &low, &high, &mended); err != nil {
			return "", explain(err)
		}
		relation, sound := "source", ""
		if mended {
			relation, sound = "mended", " AND reason IS NULL"
		}
		parts = append(parts, fmt.Sprintf("SELECT %s FROM %s_%d WHERE start_raw BETWEEN %d AND %d%s", columnList(), relation, source, low, high, sound))
	}
	if len(parts) == 0 {
		return "flows", explain(rows.Err())
	}
	return "(" + strings.Join(parts, " UNION ALL ") + ")", explain(rows.Err())
}
