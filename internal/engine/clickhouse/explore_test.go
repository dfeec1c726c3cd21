package clickhouse_test

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"testing"
	"time"

	"sentinel/internal/engine/clickhouse"
	"sentinel/internal/engine/clickhouse/servertest"
	"sentinel/internal/explore"
	"sentinel/internal/explore/exploretest"
	"sentinel/internal/flow"
)

// storeOf loads flows into a database of their own.
func storeOf(t testing.TB, servers *servertest.Cluster, flows []flow.Flow, about clickhouse.ExploreOptions) *clickhouse.Store {
	t.Helper()
	options := fresh(servers)
	load(t, options, captureOf(&list{flows: flows}))
	store, err := clickhouse.OpenStore(t.Context(), options, about)
	if err != nil {
		t.Fatal(err)
	}
	return store
}

func TestExploreContract(t *testing.T) {
	for _, shards := range []int{1, 2} {
		t.Run(fmt.Sprintf("%d shards", shards), func(t *testing.T) {
			servers := servertest.Start(t, shards, servertest.Options{})
			exploretest.Run(t, func(t testing.TB, flows []flow.Flow) explore.Explorer {
				return storeOf(t, servers, flows, clickhouse.ExploreOptions{Country: exploretest.Country, Internal: exploretest.Internal})
			})
		})
	}
}

// Texts of a filter are values, whatever they hold, and of a deadline that passed the error says so.
func TestExploreHostileFilters(t *testing.T) {
	s := askedStore(t, servertest.Start(t, 1, servertest.Options{}), clickhouse.ExploreOptions{Country: exploretest.Country})
	for _, text := range []string{
		"' OR 1 = 1 OR '' = '", `\' OR 1 = 1 --`, `\`, "'", "@from", "@name", "?", "$1", "{where}", "{columns}", "a\x00b", "\xff\xfe", "--", "/*", "';DROP TABLE loads;--", "‘", "{name:String}",
	} {
		for field, filter := range map[string]explore.Filter{
			"name": {DstPort: -1, Name: text}, "proto": {DstPort: -1, Proto: text}, "country": {DstPort: -1, Country: text},
			"source": {DstPort: -1, SrcIP: netip.MustParseAddr("fe80::1").WithZone(text)}, "host": {DstPort: -1, Host: netip.MustParseAddr("fe80::1").WithZone(text)},
		} {
			if totals, err := s.Totals(t.Context(), filter); err != nil || totals.Flows != 0 {
				t.Errorf("%s %q: %+v, error %v", field, text, totals, err)
			}
			if _, values, err := s.Top(t.Context(), filter, explore.Channels, 3); err != nil || values != 0 {
				t.Errorf("%s %q: %d channels, error %v", field, text, values, err)
			}
		}
	}
	if totals, err := s.Totals(t.Context(), explore.Everything); err != nil || totals.Flows != 2 {
		t.Errorf("afterwards: %+v, error %v", totals, err)
	}
	ctx, cancel := context.WithDeadline(t.Context(), time.Unix(0, 0))
	defer cancel()
	if _, err := s.Totals(ctx, explore.Everything); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("after the deadline: error %v", err)
	}
	ctx, cancel = context.WithTimeout(t.Context(), time.Hour)
	defer cancel()
	if totals, err := s.Totals(ctx, explore.Everything); err != nil || totals.Flows != 2 {
		t.Errorf("with a deadline: %+v, error %v", totals, err)
	}
}

// What was not loaded whole when a store was opened, or lies outside of its window, does not count.
func TestExploreWindow(t *testing.T) {
	servers := servertest.Start(t, 1, servertest.Options{})
	options := fresh(servers)
	at := func(offset int64) flow.Flow { f := askedFlows[0]; f.Start += offset; return f }
	load(t, options, captureOf(&list{flows: []flow.Flow{at(-1), at(0), at(1), at(2)}}))
	servers.Servers[0].Exec(t, fmt.Sprintf("INSERT INTO %s.stored_flows (start, src_ip, dst_ip, proto, batch) SELECT toInt64(%d), '192.0.2.7', '192.0.2.8', 'tcp', toUInt64(77)", databaseOf(options), at(0).Start))
	options.Window = clickhouse.Window{From: at(0).Start, To: at(2).Start}
	s, err := clickhouse.OpenStore(t.Context(), options, clickhouse.ExploreOptions{})
	if err != nil {
		t.Fatal(err)
	}
	closeLater(t, s)
	options.Window = clickhouse.Window{}
	load(t, options, captureOf(&list{flows: []flow.Flow{at(1), at(1)}}))
	if first, last := s.Extent(); first != at(0).Start || last != at(1).Start {
		t.Errorf("extent %d to %d", first, last)
	}
	if totals, err := s.Totals(t.Context(), explore.Everything); err != nil || totals.Flows != 2 || totals.Hosts != 1 {
		t.Errorf("%+v, error %v", totals, err)
	}
	if rows, err := asked(s, "SELECT count() AS n, min(start), max(start) FROM flows"); err != nil || rows[1] != fmt.Sprint(2, " ", at(0).Start, " ", at(1).Start) {
		t.Errorf("%q, error %v", rows, err)
	}
}
