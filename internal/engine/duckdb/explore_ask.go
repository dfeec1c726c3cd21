package duckdb

import (
	"context"
	"errors"
	"maps"
	"slices"

	"sentinel/internal/explore"
)

// Ask answers a user's own SQL: one statement that only reads, from flows and dns. It hands over the columns, then row by
// row the values, as database/sql gives them, and stops with the first error that it gets back. One question is answered
// at a time, by an engine that has given up all files but those of the flows for good.
func (s *Store) Ask(ctx context.Context, question string, columns func([]string) error, row func([]any) error) error {
	limits := explore.Limits{Time: s.options.AskTime, Rows: s.options.AskRows}
	return limits.Hold(ctx, row, func(ctx context.Context, row func([]any) error) error { return s.ask(ctx, question, columns, row) })
}

func (s *Store) ask(ctx context.Context, question string, columns func([]string) error, row func([]any) error) error {
	select {
	case s.asking <- struct{}{}:
		defer func() { <-s.asking }()
	case <-ctx.Done():
		return ctx.Err()
	}
	db, err := s.restricted(ctx)
	if err != nil {
		return err
	}
	parsed, err := db.Ask(ctx, question)
	if err == nil {
		err = parsed.Within(slices.Sorted(maps.Keys(Relations()))...)
	}
	if err != nil {
		return err
	}
	return db.Answer(ctx, parsed, columns, row)
}

// restricted is the engine for questions; the caller holds asking.
func (s *Store) restricted(ctx context.Context) (*Database, error) {
	s.box.Lock()
	defer s.box.Unlock()
	if s.box.db != nil {
		return s.box.db, nil
	}
	db, files, err := s.openFlows(ctx, true)
	if err != nil {
		return nil, err
	}
	if err := db.Restrict(ctx, files); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	s.box.db = db
	return db, nil
}
