package clickhouse_test

import (
	"context"
	"net/netip"
	"testing"

	"sentinel/internal/analysis"
	"sentinel/internal/engine/clickhouse"
	"sentinel/internal/engine/clickhouse/servertest"
	"sentinel/internal/explore"
	"sentinel/internal/flow"
	"sentinel/internal/geo"
)

// exploreQuestions are what a page asks of a store.
var exploreQuestions = []struct {
	name string
	ask  func(context.Context, *clickhouse.Store, explore.Filter) error
}{
	{"totals", func(ctx context.Context, s *clickhouse.Store, f explore.Filter) error {
		_, err := s.Totals(ctx, f)
		return err
	}},
	{"timeline", func(ctx context.Context, s *clickhouse.Store, f explore.Filter) error {
		_, _, err := s.Timeline(ctx, f, 100)
		return err
	}},
	{"week", func(ctx context.Context, s *clickhouse.Store, f explore.Filter) error {
		_, err := s.Week(ctx, f)
		return err
	}},
	{"sources", ranking(explore.Sources)},
	{"destinations", ranking(explore.Destinations)},
	{"countries", ranking(explore.Countries)},
	{"ports", ranking(explore.Ports)},
	{"names", ranking(explore.Names)},
	{"channels", ranking(explore.Channels)},
	{"edges", ranking(explore.Edges)},
	{"first page", reading(0)},
	{"deep page", reading(500_000)},
	{"ask", func(ctx context.Context, s *clickhouse.Store, _ explore.Filter) error {
		return s.Ask(ctx, "SELECT dst_port, count() AS n, uniq(src_ip) FROM flows GROUP BY dst_port ORDER BY n DESC LIMIT 20",
			func([]string) error { return nil }, func([]any) error { return nil })
	}},
}

func ranking(by explore.Dimension) func(context.Context, *clickhouse.Store, explore.Filter) error {
	return func(ctx context.Context, s *clickhouse.Store, f explore.Filter) error {
		_, _, err := s.Top(ctx, f, by, 20)
		return err
	}
}

func reading(offset int64) func(context.Context, *clickhouse.Store, explore.Filter) error {
	return func(ctx context.Context, s *clickhouse.Store, f explore.Filter) error {
		for _, err := range s.Flows(ctx, f, offset, 100) {
			if err != nil {
				return err
			}
		}
		return nil
	}
}

// BenchmarkExplore asks a day, and a part of it, what a page asks.
func BenchmarkExplore(b *testing.B) {
	servers := servertest.Start(b, 1, servertest.Options{})
	options := fresh(servers)
	reader := &days{day: benchDay(b), left: benchFlows(b)}
	load(b, options, clickhouse.Capture{Content: "x", Open: func() (flow.Reader, error) { return reader, nil }})
	places := geo.Builtin()
	s, err := clickhouse.OpenStore(b.Context(), options, clickhouse.ExploreOptions{Country: places.Country, Internal: analysis.InternalNetworks})
	if err != nil {
		b.Fatal(err)
	}
	closeLater(b, s)
	for _, part := range []struct {
		name   string
		filter explore.Filter
	}{
		{"day", explore.Everything},
		{"port", explore.Filter{DstPort: 443}},
		{"network", explore.Filter{DstPort: -1, Network: netip.MustParsePrefix("10.0.0.0/16")}},
		{"country", explore.Filter{DstPort: -1, Country: "US"}},
	} {
		for _, question := range exploreQuestions {
			b.Run(part.name+"/"+question.name, func(b *testing.B) {
				for b.Loop() {
					if err := question.ask(b.Context(), s, part.filter); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
