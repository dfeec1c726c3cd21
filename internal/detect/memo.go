package detect

import (
	"context"
	"iter"

	"sentinel/internal/engine"
)

// What a scene keeps in memory at most: channels, at about 250 bytes each, and flows of rhythms, at 24 bytes each.
const (
	mostChannels = 1_000_000
	mostFlows    = 10_000_000
)

// memo keeps the nodes of an engine, which several detectors ask for, and of captures that are not too large the flows
// of all channels: most of what detectors ask for is then chosen from those, or added up again, without the engine.
// Of a capture with more flows, it keeps the rhythms of the channels that are neither short nor everybody's.
type memo struct {
	engine.Engine
	nodes   []engine.Node
	whole   bool                 // everything is kept: rhythms are all there are
	wide    engine.ChannelFilter // what rhythms holds
	rhythms []engine.Rhythm
	loaded  bool
	pairs   int64 // of a source and a destination; there are as many channels or more
}

// The rhythms that are kept of large captures: of channels with at least so many flows, to destinations of at most such
// a share of the hosts.
const (
	leastFlows     = 8
	mostPrevalence = 0.3
)

// remember orients in the flows of an engine, and keeps what detectors will ask again.
func remember(ctx context.Context, flows engine.Engine, config Config) (*memo, *Network, error) {
	m := &memo{Engine: flows}
	network, err := Orient(ctx, m, config.Internal, config.Roles)
	if err != nil {
		return nil, nil, err
	}
	m.pairs = network.pairs
	m.whole = network.pairs <= mostChannels && network.flows <= mostFlows
	if !m.whole {
		m.wide = engine.ChannelFilter{MinFlows: leastFlows, MaxSources: max(int64(mostPrevalence*float64(network.Hosts)), 3)}
	}
	return m, network, nil
}

// Nodes implements engine.Engine.
func (m *memo) Nodes(ctx context.Context) iter.Seq2[engine.Node, error] {
	return func(yield func(engine.Node, error) bool) {
		if m.nodes == nil {
			for node, err := range m.Engine.Nodes(ctx) {
				if err != nil {
					m.nodes = nil
					yield(engine.Node{}, err)
					return
				}
				m.nodes = append(m.nodes, node)
			}
		}
		for _, node := range m.nodes {
			if !yield(node, nil) {
				return
			}
		}
	}
}

// load fills rhythms. Where there turn out to be too many, it leaves none, and the engine answers.
func (m *memo) load(ctx context.Context) error {
	if m.loaded {
		return nil
	}
	flows := 0
	var rhythms []engine.Rhythm
	if m.whole {
		rhythms = make([]engine.Rhythm, 0, m.pairs)
	}
	for rhythm, err := range m.Engine.Rhythms(ctx, m.wide) {
		if err != nil {
			return err
		}
		if flows += len(rhythm.Starts); flows > mostFlows || len(rhythms) == mostChannels {
			rhythms, m.whole = nil, false
			break
		}
		rhythms = append(rhythms, rhythm)
	}
	m.rhythms, m.loaded = rhythms, true
	return nil
}

// holds tells whether the memo holds all channels that a filter chooses, once it is loaded.
func (m *memo) holds(filter engine.ChannelFilter) bool {
	return m.whole || filter.MinFlows >= m.wide.MinFlows && engine.Limit(filter.MaxSources) <= engine.Limit(m.wide.MaxSources) && (!m.loaded || m.rhythms != nil)
}

// Rhythms implements engine.Engine.
func (m *memo) Rhythms(ctx context.Context, filter engine.ChannelFilter) iter.Seq2[engine.Rhythm, error] {
	return recall(ctx, m, m.holds(filter), m.Engine.Rhythms(ctx, filter), func(yield func(engine.Rhythm, error) bool) {
		for i := range m.rhythms {
			if r := &m.rhythms[i]; filter.Chooses(r.Channel) && !yield(*r, nil) {
				return
			}
		}
	})
}

// Channels implements engine.Engine.
func (m *memo) Channels(ctx context.Context, filter engine.ChannelFilter) iter.Seq2[engine.Channel, error] {
	return recall(ctx, m, m.whole, m.Engine.Channels(ctx, filter), func(yield func(engine.Channel, error) bool) {
		for i := range m.rhythms {
			if c := &m.rhythms[i].Channel; filter.Chooses(*c) && !yield(*c, nil) {
				return
			}
		}
	})
}

// HostHours implements engine.Engine.
func (m *memo) HostHours(ctx context.Context, dstPort int64) iter.Seq2[engine.HostHour, error] {
	return recall(ctx, m, m.whole, m.Engine.HostHours(ctx, dstPort), func(yield func(engine.HostHour, error) bool) {
		for source := range bySource(m.rhythms) {
			for _, hour := range hoursOf(source, dstPort) {
				if !yield(hour, nil) {
					return
				}
			}
		}
	})
}

// Bursts implements engine.Engine.
func (m *memo) Bursts(ctx context.Context, minFlows int64) iter.Seq2[engine.Burst, error] {
	return recall(ctx, m, m.whole, m.Engine.Bursts(ctx, minFlows), func(yield func(engine.Burst, error) bool) {
		for _, burst := range burstsOf(m.rhythms, minFlows) {
			if !yield(burst, nil) {
				return
			}
		}
	})
}

// recall yields what is kept if that is all there is, else what the engine says.
func recall[Row any](ctx context.Context, m *memo, holds bool, asked, kept iter.Seq2[Row, error]) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		if holds {
			if err := m.load(ctx); err != nil {
				var none Row
				yield(none, err)
				return
			}
		}
		if holds && m.rhythms != nil {
			kept(yield)
			return
		}
		asked(yield)
	}
}
