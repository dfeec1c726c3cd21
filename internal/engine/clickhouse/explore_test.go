package clickhouse_test

import (
	"fmt"
	"testing"

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
