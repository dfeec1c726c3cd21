package duckdb

import (
	"cmp"
	"context"
	"iter"
	"slices"

	"sentinel/internal/engine"
)

// mostContacts is about how many flows of rhythms are in memory at once, at 60 bytes each.
const mostContacts = 4_000_000

// numbered is a rhythm on its way, whose flows come later.
type numbered struct {
	engine.Rhythm
	number int64 // among all that are asked for
	batch  int64
}

// Rhythms implements engine.Engine.
func (db *Database) Rhythms(ctx context.Context, filter engine.ChannelFilter) iter.Seq2[engine.Rhythm, error] {
	return after(func() error {
		if err := db.prepare(ctx, channels, pairs, popularity, portHosts); err != nil {
			return err
		}
		return db.exec(ctx, db.choosing("numbered_prepare", filter))
	}, db.inBatches(ctx, filter))
}

// inBatches yields the numbered channels with their flows, a batch after the other.
func (db *Database) inBatches(ctx context.Context, filter engine.ChannelFilter) iter.Seq2[engine.Rhythm, error] {
	return func(yield func(engine.Rhythm, error) bool) {
		var batch []numbered
		flush := func() (more bool) {
			if len(batch) > 0 {
				if err := db.addContacts(ctx, filter, batch); err != nil {
					yield(engine.Rhythm{}, err)
					return false
				}
			}
			for i := range batch {
				if !yield(batch[i].Rhythm, nil) {
					return false
				}
			}
			batch = batch[:0]
			return true
		}
		channels := stream(ctx, db, "rhythms", func(r *numbered) []any {
			return append(db.channelFields(&r.Channel), &r.number, &r.batch)
		})
		for r, err := range channels {
			if err != nil {
				yield(engine.Rhythm{}, err)
				return
			}
			if len(batch) > 0 && batch[0].batch != r.batch && !flush() {
				return
			}
			batch = append(batch, r)
		}
		flush()
	}
}

// addContacts reads the flows of the channels of a batch.
func (db *Database) addContacts(ctx context.Context, filter engine.ChannelFilter, batch []numbered) error {
	total := int64(0)
	for _, r := range batch {
		total += r.Flows
	}
	all := make([]int64, 0, 3*total) // in one piece, since lists are many and short
	for i := range batch {
		r := &batch[i]
		for _, list := range []*[]int64{&r.Starts, &r.Ups, &r.Downs} {
			end := len(all) + int(r.Flows)
			*list, all = all[len(all):len(all):end], all[:end]
		}
	}
	first := batch[0].number
	err := db.blocks(ctx, db.choosing("contacts", filter), []any{batch[0].batch}, func(b *block) (bool, error) {
		for row := range b.rows {
			r := &batch[b.integer(0, row)-first]
			r.Starts, r.Ups, r.Downs = append(r.Starts, b.integer(1, row)), append(r.Ups, b.integer(2, row)), append(r.Downs, b.integer(3, row))
		}
		return true, nil
	})
	for i := range batch {
		inOrder(&batch[i].Rhythm)
	}
	return err
}

// contact is one flow of a rhythm.
type contact struct{ start, up, down int64 }

// inOrder orders the flows of a channel by start, and equal ones by their bytes, so that any order of rows gives one result.
func inOrder(r *engine.Rhythm) {
	compare := func(a, b contact) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.up, b.up), cmp.Compare(a.down, b.down))
	}
	flows := make([]contact, len(r.Starts))
	for i := range flows {
		flows[i] = contact{r.Starts[i], r.Ups[i], r.Downs[i]}
	}
	if slices.IsSortedFunc(flows, compare) {
		return
	}
	slices.SortFunc(flows, compare)
	for i, flow := range flows {
		r.Starts[i], r.Ups[i], r.Downs[i] = flow.start, flow.up, flow.down
	}
}
