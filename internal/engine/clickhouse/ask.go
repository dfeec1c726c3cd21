package clickhouse

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"time"

	clickhouse "github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"sentinel/internal/explore"
	"sentinel/internal/flow"
)

// askMemory is how many bytes of each server a question of a user's own may take unless the address says otherwise; from
// half of it on, groups and sorts spill.
const askMemory = 4 << 30

// Ask answers a user's own SQL, in the dialect of ClickHouse: one statement that only reads, from flows and dns, with
// functions that the package lists. It hands over the columns, then row by row the values, and stops with the first
// error that it gets back. What the server gets is written anew from the words of the question, and the server is told
// besides to refuse all but reading.
func (s *Store) Ask(ctx context.Context, question string, columns func([]string) error, row func([]any) error) error {
	limits := explore.Limits{Time: s.options.AskTime, Rows: s.options.AskRows}
	return limits.Hold(ctx, row, func(ctx context.Context, row func([]any) error) error { return s.ask(ctx, question, columns, row) })
}

func (s *Store) ask(ctx context.Context, question string, columns func([]string) error, row func([]any) error) error {
	text, err := rewrite(question, s.relations())
	if err != nil {
		return err
	}
	settings, err := s.askSettings(ctx)
	if err != nil {
		return err
	}
	return s.rows(ctx, text, choice{}, settings, func(rows driver.Rows) error { return hand(rows, columns, row) })
}

// relations are what a question may read, each with the statement that stands for it.
func (s *Store) relations() map[string]string {
	list := map[string]string{}
	for _, view := range views {
		list[view.name] = fmt.Sprintf("(SELECT %s FROM %s WHERE %[3]s >= %[4]d AND %[3]s < %[5]d AND batch GLOBAL IN (SELECT batch FROM seen))",
			strings.Join(names(view.of.columns), ", "), view.of.name, timeOf(view.of.columns), s.window.From, s.window.end())
	}
	return list
}

// timeOf is the column that tells when a record was, the first of each.
func timeOf(columns []flow.Column) string { return columns[0].Name }

// askSettings are what the server holds a question to.
func (s *Store) askSettings(ctx context.Context) (clickhouse.Settings, error) {
	level, err := s.readLevel(ctx)
	settings := clickhouse.Settings{
		"readonly":                           level,
		"max_memory_usage":                   askMemory,
		"max_bytes_before_external_group_by": askMemory / 2,
		"max_bytes_before_external_sort":     askMemory / 2,
	}
	for name, value := range s.address.settings {
		if name != "readonly" {
			settings[name] = value
		}
	}
	return settings, err
}

// readLevel is the strictest level of the setting readonly that the server lets the user set: who may only read and
// change settings (2) may not take that from himself.
func (s *Store) readLevel(ctx context.Context) (level int, err error) {
	select {
	case level = <-s.readonly:
	case <-ctx.Done():
		return 0, ctx.Err()
	}
	defer func() { s.readonly <- level }()
	if level != 0 {
		return level, nil
	}
	err = s.each(ctx, "SELECT value FROM system.settings WHERE name = 'readonly'", choice{}, func(rows driver.Rows) error {
		var value string
		if err := rows.Scan(&value); err != nil {
			return err
		}
		if level = 1; value == "2" {
			level = 2
		}
		return nil
	})
	if err == nil && level == 0 {
		err = s.address.fault("the server does not tell whether it can refuse writing", "ask from another version of ClickHouse")
	}
	return level, err
}

// hand hands an answer over.
func hand(rows driver.Rows, columns func([]string) error, row func([]any) error) error {
	if err := columns(rows.Columns()); err != nil {
		return err
	}
	var into []any
	for _, kind := range rows.ColumnTypes() {
		into = append(into, reflect.New(kind.ScanType()).Interface())
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		values := make([]any, len(into))
		for i := range into {
			values[i] = plain(reflect.ValueOf(into[i]).Elem())
		}
		if err := row(values); err != nil {
			return err
		}
	}
	return nil
}

// plain is the value of a column: nil for NULL, times in UTC.
func plain(value reflect.Value) any {
	if value.Kind() == reflect.Pointer {
		if value.IsNil() {
			return nil
		}
		value = value.Elem()
	}
	if at, ok := value.Interface().(time.Time); ok {
		return at.UTC()
	}
	return value.Interface()
}
