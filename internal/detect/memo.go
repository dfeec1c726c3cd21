package detect

import (
	"context"
	"iter"

	"sentinel/internal/engine"
)

// mostChannels is how many channels a scene keeps in memory, at about 250 bytes each. Captures with more of them
// ask their engine anew for each filter.
const mostChannels = 1_000_000

// memo keeps the nodes of an engine, its channels, which most detectors ask for, each with a filter of its own, and the
// rhythms of those that are neither short nor everybody's.
type memo struct {
	engine.Engine
	nodes    []engine.Node
	channels []engine.Channel
	loaded   bool
	tooMany  bool
	wide     engine.ChannelFilter // what rhythms holds
	rhythms  []engine.Rhythm
	rhythmic bool
}

// The rhythms that are kept: of channels with at least so many flows, to destinations of at most such a share of the
// hosts, and so many flows in all, at 24 bytes each.
const (
	leastFlows     = 8
	mostPrevalence = 0.3
	mostFlows      = 10_000_000
)

// remember orients in the flows of an engine, and keeps what detectors will ask again.
func remember(ctx context.Context, flows engine.Engine, config Config) (*memo, *Network, error) {
	m := &memo{Engine: flows}
	network, err := Orient(ctx, m, config.Internal, config.Roles)
	if err != nil {
		return nil, nil, err
	}
	m.tooMany = network.pairs > mostChannels
	m.loaded = m.tooMany
	m.wide = engine.ChannelFilter{MinFlows: leastFlows, MaxSources: max(int64(mostPrevalence*float64(network.Hosts)), 3)}
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

// Rhythms implements engine.Engine.
func (m *memo) Rhythms(ctx context.Context, filter engine.ChannelFilter) iter.Seq2[engine.Rhythm, error] {
	if filter.MinFlows < m.wide.MinFlows || engine.Limit(filter.MaxSources) > m.wide.MaxSources {
		return m.Engine.Rhythms(ctx, filter)
	}
	return func(yield func(engine.Rhythm, error) bool) {
		if err := m.loadRhythms(ctx); err != nil {
			yield(engine.Rhythm{}, err)
			return
		}
		if m.rhythms == nil {
			m.Engine.Rhythms(ctx, filter)(yield)
			return
		}
		for _, rhythm := range m.rhythms {
			if filter.Chooses(rhythm.Channel) && !yield(rhythm, nil) {
				return
			}
		}
	}
}

// loadRhythms leaves none where there are too many.
func (m *memo) loadRhythms(ctx context.Context) error {
	if m.rhythmic {
		return nil
	}
	flows := 0
	for rhythm, err := range m.Engine.Rhythms(ctx, m.wide) {
		if err != nil {
			return err
		}
		if flows += len(rhythm.Starts); flows > mostFlows {
			m.rhythms = nil
			break
		}
		m.rhythms = append(m.rhythms, rhythm)
	}
	m.rhythmic = true
	return nil
}

// Channels implements engine.Engine.
func (m *memo) Channels(ctx context.Context, filter engine.ChannelFilter) iter.Seq2[engine.Channel, error] {
	return func(yield func(engine.Channel, error) bool) {
		if err := m.load(ctx); err != nil {
			yield(engine.Channel{}, err)
			return
		}
		if m.tooMany {
			m.Engine.Channels(ctx, filter)(yield)
			return
		}
		for _, channel := range m.channels {
			if filter.Chooses(channel) && !yield(channel, nil) {
				return
			}
		}
	}
}

func (m *memo) load(ctx context.Context) error {
	if m.loaded {
		return nil
	}
	for channel, err := range m.Engine.Channels(ctx, engine.ChannelFilter{}) {
		if err != nil {
			return err
		}
		if len(m.channels) == mostChannels {
			m.channels, m.tooMany = nil, true
			break
		}
		m.channels = append(m.channels, channel)
	}
	m.loaded = true
	return nil
}
