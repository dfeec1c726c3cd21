// Package measure computes the figures of a report: who, where to, how much and when. It judges nothing.
package measure

import (
	"context"
	"iter"
	"math"
	"net/netip"
	"slices"

	"sentinel/internal/engine"
	"sentinel/internal/geo"
	"sentinel/internal/report"
)

// Measure is one figure or table of a report.
type Measure struct {
	ID     string
	Title  string
	Doc    string
	Attach func(Config, *Folds) (finish func(*report.Report))
}

// All lists the measures in the order in which a report shows them.
var All = []Measure{exfiltration, botnet, countries, hours, week, timeline, summary, internal, edges, talkers, ports, quality}

// Beside lists the measures of a baseline that stand beside those of a capture.
var Beside = []Measure{countries, hours, timeline, summary}

// Config is what a user may set. It is read, never written.
type Config struct {
	Percentile int            // of exfiltration, 0 to 100
	Botnet     []netip.Prefix // networks whose inner flows are ranked; nil: the internal ones
	Internal   []netip.Prefix
	Places     Places
	Top        int // rows of the tables that show only the largest
	Progress   Progress
}

// Everywhere is the network that stands for all networks, IPv6 ones too, as the original's flag has it.
var Everywhere = netip.MustParsePrefix("0.0.0.0/0")

// Folds collects what measures want of the rollups, so that each rollup is asked once.
type Folds struct {
	hosts      []func(engine.Host)
	servers    []func(engine.Server)
	minutes    []func(engine.Minute)
	ports      []func(engine.Port)
	peers      []peersFold
	duplicates []func(int64)
}

type peersFold struct {
	networks []netip.Prefix
	adds     []func(engine.Peer)
}

// peersOf adds a fold over what goes on inside networks.
func (f *Folds) peersOf(networks []netip.Prefix, add func(engine.Peer)) {
	for i, known := range f.peers {
		if slices.Equal(known.networks, networks) {
			f.peers[i].adds = append(known.adds, add)
			return
		}
	}
	f.peers = append(f.peers, peersFold{networks, []func(engine.Peer){add}})
}

// Run computes the chosen measures over the flows of an engine and enters them into a report.
func Run(ctx context.Context, flows engine.Engine, config Config, chosen []Measure, into *report.Report) error {
	folds := &Folds{}
	var finish []func(*report.Report)
	for _, measure := range chosen {
		finish = append(finish, measure.Attach(config, folds))
	}
	if err := folds.run(ctx, flows, config.Progress); err != nil {
		return err
	}
	for _, enter := range finish {
		enter(into)
	}
	return nil
}

// step asks one rollup.
type step struct {
	asks string
	ask  func() error
}

func (f *Folds) run(ctx context.Context, flows engine.Engine, progress Progress) error {
	steps := f.steps(ctx, flows)
	for i, step := range steps {
		progress.Begin(step.asks, i, len(steps))
		if err := step.ask(); err != nil {
			return err
		}
	}
	return nil
}

// steps asks the rollups that somebody wants.
func (f *Folds) steps(ctx context.Context, flows engine.Engine) (steps []step) {
	add := func(wanted bool, asks string, ask func() error) {
		if wanted {
			steps = append(steps, step{asks, ask})
		}
	}
	add(len(f.hosts) > 0, "hosts", func() error { return fold(flows.Hosts(ctx), f.hosts) })
	add(len(f.servers) > 0, "servers", func() error { return fold(flows.Servers(ctx), f.servers) })
	add(len(f.minutes) > 0, "minutes", func() error { return fold(flows.Minutes(ctx), f.minutes) })
	add(len(f.ports) > 0, "ports", func() error { return fold(flows.Ports(ctx), f.ports) })
	add(len(f.duplicates) > 0, "duplicates", func() error { return f.countDuplicates(ctx, flows) })
	for _, peers := range f.peers {
		add(true, "pairs of hosts", func() error { return fold(flows.Peers(ctx, peers.networks), peers.adds) })
	}
	return steps
}

// fold hands each row of a rollup to all who want it.
func fold[Row any](rows iter.Seq2[Row, error], wanted []func(Row)) error {
	for row, err := range rows {
		if err != nil {
			return err
		}
		for _, add := range wanted {
			add(row)
		}
	}
	return nil
}

// plus adds volumes, up to what an integer can hold: engines stop there too.
func plus(a, b int64) int64 {
	if a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}

func (f *Folds) countDuplicates(ctx context.Context, flows engine.Engine) error {
	count, err := flows.Duplicates(ctx)
	for _, set := range f.duplicates {
		set(count)
	}
	return err
}

// Places tells where addresses are. Owners may be nil.
type Places struct {
	Countries *geo.Database
	Owners    *geo.Database
}

// Country is the code of an address's country, empty for private and unknown ones.
func (p Places) Country(address netip.Addr) string {
	if geo.Private(address) {
		return ""
	}
	return p.Countries.Country(address)
}

// Of tells all that is known of an address's place.
func (p Places) Of(address netip.Addr) report.Place {
	place := report.Place{Country: p.Country(address), Private: geo.Private(address)}
	if p.Owners != nil && !place.Private {
		place.Owner = p.Owners.Owner(address).String()
	}
	return place
}
