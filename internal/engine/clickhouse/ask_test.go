package clickhouse_test

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"sentinel/internal/engine/clickhouse"
	"sentinel/internal/engine/clickhouse/servertest"
	"sentinel/internal/explore"
	"sentinel/internal/flow"
)

var (
	askedHost   = netip.MustParseAddr("192.0.2.1")
	askedServer = netip.MustParseAddr("198.51.100.1")
	askedFlows  = []flow.Flow{
		{Start: 1709251260_000_000, SrcIP: askedHost, DstIP: askedServer, Proto: flow.TCP, DstPort: 443, UpBytes: 7, Name: "a.example.com"},
		{Start: 1709251261_000_000, SrcIP: askedServer, DstIP: askedHost, Proto: flow.UDP, DstPort: 53, UpBytes: 5},
	}
	askedLookups = []flow.Lookup{{Time: 1709251260_500_000, Client: askedHost, Server: askedServer, Name: "a.example.com", Type: "A"}}
)

// askedStore has two flows and a lookup in its window, and a flow behind it.
func askedStore(t testing.TB, servers *servertest.Cluster, about clickhouse.ExploreOptions) *clickhouse.Store {
	t.Helper()
	options := fresh(servers)
	later := askedFlows[0]
	later.Start += 3600_000_000
	load(t, options, captureOf(&list{flows: append([]flow.Flow{later}, askedFlows...), lookups: askedLookups}))
	options.Window = clickhouse.Window{To: later.Start}
	s, err := clickhouse.OpenStore(t.Context(), options, about)
	if err != nil {
		t.Fatal(err)
	}
	closeLater(t, s)
	return s
}

// asked collects an answer as text.
func asked(s *clickhouse.Store, question string) (rows []string, err error) {
	err = s.Ask(context.Background(), question, func(names []string) error {
		rows = append(rows, strings.Join(names, ","))
		return nil
	}, func(values []any) error {
		rows = append(rows, strings.TrimSuffix(fmt.Sprintln(values...), "\n"))
		return nil
	})
	return rows, err
}

func TestAsk(t *testing.T) {
	for _, shards := range []int{1, 2} {
		t.Run(fmt.Sprintf("%d shards", shards), func(t *testing.T) {
			s := askedStore(t, servertest.Start(t, shards, servertest.Options{}), clickhouse.ExploreOptions{})
			for question, want := range map[string]string{
				"SELECT src_ip, up_bytes FROM flows ORDER BY start":                                                                    "src_ip,up_bytes|192.0.2.1 7|198.51.100.1 5",
				"select count(*) AS n from `flows`;":                                                                                   "n|2",
				"SELECT count() AS n FROM dns WHERE type = 'A'":                                                                        "n|1",
				"SELECT flows.name FROM flows WHERE flows.up_bytes > 6":                                                                "name|a.example.com",
				"SELECT port, sum(up) AS s FROM (SELECT dst_port AS port, up_bytes AS up FROM flows) GROUP BY port ORDER BY port":      "port,s|53 5|443 7",
				"SELECT dst_port FROM flows ANY INNER JOIN (SELECT client AS src_ip, type FROM dns) USING (src_ip)":                    "dst_port|443",
				"SELECT name FROM flows WHERE src_ip IN (SELECT dst_ip FROM flows) AND dst_port NOT IN (53, 54)":                       "name|a.example.com",
				"SELECT name FROM flows WHERE src_ip IN (SELECT client FROM dns)":                                                      "name|a.example.com",
				"SELECT dst_port FROM flows WHERE up_bytes IN (toInt64(5))":                                                            "dst_port|53",
				"SELECT 'it''s' AS a, 'c\\'d\\\\' AS b, 'FROM system.tables; --' AS c -- a comment\n FROM /* another */ flows LIMIT 1": "a,b,c|it's c'd\\ FROM system.tables; --",
				"SELECT 'a\\' FROM system.one --' AS b":                                                                                "b|a' FROM system.one --",
				"SELECT 1 AS a UNION ALL SELECT 1":                                                                                     "a|1|1",
				"SELECT if(1 > 0 ? 1 : 0, [1, 2], [3]) AS a, (1, 'x').2 AS b, 1e-3 AS c, NULL AS d":                                    "a,b,c,d|[1 2] x 0.001 <nil>",
				"SELECT quantileExact(0.5)(up_bytes) AS q, uniqExactIf(src_ip, dst_port = 53) AS u FROM flows":                         "q,u|7 1",
				"SELECT dst_port, count() AS n FROM flows GROUP BY dst_port ORDER BY n DESC, dst_port DESC LIMIT 0, 1":                 "dst_port,n|443 1",
				"SELECT toDateTime(intDiv(start, 1000000)) AS at FROM flows WHERE dst_port = 53":                                       "at|2024-03-01 00:01:01 +0000 UTC",
				"SELECT dst_port AS \"from\" FROM flows AS f ORDER BY \"from\" LIMIT 1":                                                "from|53",
				"SELECT arrayMap(x -> x + 1, groupArray(dst_port)) AS p FROM (SELECT dst_port FROM flows ORDER BY dst_port)":           "p|[54 444]",
			} {
				rows, err := asked(s, question)
				if got := strings.Join(rows, "|"); err != nil || got != want {
					t.Errorf("%s: %q, error %v; expected %q", question, got, err, want)
				}
			}
			if totals, err := s.Totals(t.Context(), explore.Everything); err != nil || totals.Flows != 2 {
				t.Errorf("%+v, error %v", totals, err)
			}
		})
	}
}

// Questions that take too long are ended, and so are those that ask for more than there is.
func TestAskIsBounded(t *testing.T) {
	servers := servertest.Start(t, 1, servertest.Options{})
	s := askedStore(t, servers, clickhouse.ExploreOptions{AskRows: 10})
	const many = "(SELECT arrayJoin(range(100000)) AS a)"
	hurried := askedStore(t, servers, clickhouse.ExploreOptions{AskTime: 20 * time.Millisecond})
	if _, err := asked(hurried, "SELECT uniqExact(sipHash64(a)) FROM (SELECT arrayJoin(range(10000000)) AS a)"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("too long: error %v", err)
	}
	if rows, err := asked(s, "SELECT a FROM "+many); !errors.Is(err, explore.ErrTooManyRows) || len(rows) != 1+10 {
		t.Errorf("many rows: got %d, error %v", len(rows), err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Ask(ctx, "SELECT 1", func([]string) error { return nil }, func([]any) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: error %v", err)
	}
	stop := errors.New("enough")
	if err := s.Ask(t.Context(), "SELECT a FROM "+many, func([]string) error { return nil }, func([]any) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("stopped: error %v", err)
	}
	if err := s.Ask(t.Context(), "SELECT nothing FROM flows", func([]string) error { return nil }, func([]any) error { return nil }); err == nil {
		t.Error("no error for a column that does not exist")
	}
	if rows, err := asked(s, "SELECT 1 AS a"); err != nil || strings.Join(rows, "|") != "a|1" {
		t.Errorf("afterwards: %v, error %v", rows, err)
	}
}
