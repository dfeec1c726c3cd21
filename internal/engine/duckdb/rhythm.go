package duckdb

import (
	"cmp"
	"context"
	"iter"
	"slices"

	"sentinel/internal/engine"
)

// mostContacts is about how many flows of rhythms are in memory at once, at 60 bytes each; those of one source are never
// parted.
const mostContacts = 4_000_000

// numbered is a rhythm on its way, whose flows come later.
type numbered struct {
	engine.Rhythm
	number int64 // of the channel, among all
	source int64 // rank of its source
}

// Rhythms implements engine.Engine.
func (db *Database) Rhythms(ctx context.Context, filter engine.ChannelFilter) iter.Seq2[engine.Rhythm, error] {
	return func(yield func(engine.Rhythm, error) bool) {
		if err := db.prepare(ctx, channels, pairs, popularity, portHosts); err != nil {
			yield(engine.Rhythm{}, err)
			return
		}
		g := &gathering{db: db, filter: filter, yield: yield}
		chosen := streamText(ctx, db, db.choosing("rhythms", filter), func(r *numbered) []any {
			return append(db.channelFields(&r.Channel), &r.number, &r.source)
		})
		for r, err := range chosen {
			if err != nil {
				yield(engine.Rhythm{}, err)
				return
			}
			if g.full(r) && !g.flush(ctx) {
				return
			}
			g.rhythms, g.flows = append(g.rhythms, r), g.flows+r.Flows
		}
		g.flush(ctx)
	}
}

// gathering is some rhythms that get their flows together.
type gathering struct {
	db      *Database
	filter  engine.ChannelFilter
	yield   func(engine.Rhythm, error) bool
	rhythms []numbered
	flows   int64
}

// full tells whether a rhythm has to wait for the next batch.
func (g *gathering) full(next numbered) bool {
	last := len(g.rhythms) - 1
	return last >= 0 && g.flows+next.Flows > mostContacts && g.rhythms[last].source != next.source
}

// flush reads the flows of the batch, hands the rhythms over and empties it. It tells whether more are wanted.
func (g *gathering) flush(ctx context.Context) (more bool) {
	if len(g.rhythms) == 0 {
		return true
	}
	if err := g.read(ctx); err != nil {
		g.yield(engine.Rhythm{}, err)
		return false
	}
	for i := range g.rhythms {
		inOrder(&g.rhythms[i].Rhythm)
		if !g.yield(g.rhythms[i].Rhythm, nil) {
			return false
		}
	}
	g.rhythms, g.flows = g.rhythms[:0], 0
	return true
}

// read reads the flows of the channels of the batch.
func (g *gathering) read(ctx context.Context) error {
	all := make([]int64, 3*g.flows) // in one piece, since lists are many and short
	place := make(map[int64]*engine.Rhythm, len(g.rhythms))
	for i := range g.rhythms {
		r := &g.rhythms[i]
		place[r.number] = &r.Rhythm
		for _, list := range []*[]int64{&r.Starts, &r.Ups, &r.Downs} {
			*list, all = all[:0:r.Flows], all[r.Flows:]
		}
	}
	from, to := g.rhythms[0].source, g.rhythms[len(g.rhythms)-1].source
	last := int64(-1)
	var r *engine.Rhythm // flows of one channel tend to follow each other
	return g.db.blocks(ctx, g.db.choosing("contacts", g.filter), []any{from, to}, func(flows *block) (bool, error) {
		for row := range flows.rows {
			if number := flows.integer(0, row); number != last {
				r, last = place[number], number
			}
			r.Starts, r.Ups, r.Downs = append(r.Starts, flows.integer(1, row)), append(r.Ups, flows.integer(2, row)), append(r.Downs, flows.integer(3, row))
		}
		return true, nil
	})
}

// contact is one flow of a rhythm.
type contact struct{ start, up, down int64 }

func contactOf(r *engine.Rhythm, i int) contact { return contact{r.Starts[i], r.Ups[i], r.Downs[i]} }

func (a contact) compare(b contact) int {
	return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.up, b.up), cmp.Compare(a.down, b.down))
}

// inOrder orders the flows of a channel by start, and equal ones by their bytes, so that any order of rows gives one result.
func inOrder(r *engine.Rhythm) {
	sorted := true
	for i := 1; i < len(r.Starts) && sorted; i++ {
		sorted = r.Starts[i-1] < r.Starts[i] || contactOf(r, i-1).compare(contactOf(r, i)) <= 0
	}
	if sorted {
		return
	}
	flows := make([]contact, len(r.Starts))
	for i := range flows {
		flows[i] = contactOf(r, i)
	}
	slices.SortFunc(flows, contact.compare)
	for i, flow := range flows {
		r.Starts[i], r.Ups[i], r.Downs[i] = flow.start, flow.up, flow.down
	}
}
