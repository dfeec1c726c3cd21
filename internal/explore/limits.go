package explore

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"
)

// What a question of a user's own may take unless Limits say otherwise.
const (
	DefaultTime = 30 * time.Second
	DefaultRows = 1_000_000
)

// ErrTooManyRows is the error of an answer that is longer than Limits allow.
var ErrTooManyRows = errors.New("the answer has more rows than are given")

// Limits bound what a question of a user's own may take.
type Limits struct {
	Time time.Duration // 0: DefaultTime
	Rows int64         // 0: DefaultRows
}

// Hold asks within the limits: the context ends with the time, and row gives ErrTooManyRows beyond the rows.
func (l Limits) Hold(ctx context.Context, row func([]any) error, ask func(ctx context.Context, row func([]any) error) error) error {
	most := cmp.Or(l.Time, DefaultTime)
	ctx, cancel := context.WithTimeoutCause(ctx, most, fmt.Errorf("the answer took longer than %v: %w", most, context.DeadlineExceeded))
	defer cancel()
	err := ask(ctx, l.counted(row))
	if err != nil && errors.Is(context.Cause(ctx), context.DeadlineExceeded) {
		return context.Cause(ctx)
	}
	return err
}

// counted ends an answer that is too long.
func (l Limits) counted(row func([]any) error) func([]any) error {
	left := cmp.Or(l.Rows, DefaultRows)
	return func(values []any) error {
		if left--; left < 0 {
			return ErrTooManyRows
		}
		return row(values)
	}
}
