package duckdb

import (
	"context"
	"net/netip"
	"path/filepath"
	"testing"

	"sentinel/internal/explore"
	"sentinel/internal/explore/exploretest"
	"sentinel/internal/flow"
)

// explorerOf makes a store of flows in a directory of the test.
func explorerOf(t testing.TB, flows []flow.Flow) *Store {
	t.Helper()
	db := engineOf(t, Options{Threads: 2}, &list{flows: flows})
	defer db.Close()
	path := filepath.Join(t.TempDir(), "store")
	if err := db.Keep(context.Background(), path, ExploreOptions{Country: exploretest.Country, Internal: exploretest.Internal}); err != nil {
		t.Fatal(err)
	}
	s, err := OpenStore(context.Background(), path, StoreOptions{Threads: 2})
	if err != nil {
		t.Fatal(err)
	}
	s.pieceLength = 10 // so that there are several
	return s
}

func TestExploreContract(t *testing.T) {
	exploretest.Run(t, func(t testing.TB, flows []flow.Flow) explore.Explorer { return explorerOf(t, flows) })
}

var (
	testHost   = netip.MustParseAddr("192.0.2.1")
	testServer = netip.MustParseAddr("198.51.100.1")
)
