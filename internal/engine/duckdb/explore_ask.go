package duckdb

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"
)

// What a question of a user's own may take unless StoreOptions say otherwise.
const (
	DefaultAskTime = 30 * time.Second
	DefaultAskRows = 1_000_000
)

// ErrTooManyRows is the error of an answer that is longer than StoreOptions allow.
var ErrTooManyRows = errors.New("the answer has more rows than are given")

// Ask answers a user's own SQL: one statement that only reads, from flows and dns. It hands over the columns, then row by
// row the values, as database/sql gives them, and stops with the first error that it gets back. One question is answered
// at a time, by an engine that has given up all files but those of the flows for good.
func (s *Store) Ask(ctx context.Context, question string, columns func([]string) error, row func([]any) error) error {
	most := cmp.Or(s.options.AskTime, DefaultAskTime)
	ctx, cancel := context.WithTimeoutCause(ctx, most, fmt.Errorf("the answer took longer than %v: %w", most, context.DeadlineExceeded))
	defer cancel()
	err := s.ask(ctx, question, columns, s.counted(row))
	if err != nil && errors.Is(context.Cause(ctx), context.DeadlineExceeded) {
		return context.Cause(ctx)
	}
	return err
}

// counted ends an answer that is too long.
func (s *Store) counted(row func([]any) error) func([]any) error {
	left := cmp.Or(s.options.AskRows, DefaultAskRows)
	return func(values []any) error {
		if left--; left < 0 {
			return ErrTooManyRows
		}
		return row(values)
	}
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
