package clickhouse_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"testing"

	"sentinel/internal/engine"
	"sentinel/internal/engine/clickhouse"
	"sentinel/internal/engine/clickhouse/servertest"
	"sentinel/internal/engine/enginetest"
	"sentinel/internal/flow"
)

// databases counts those that the tests made, each of which has a name of its own.
var databases atomic.Int64

// list reads flows with all columns, and questions to the DNS.
type list struct {
	flows   []flow.Flow
	lookups []flow.Lookup
}

func (l *list) Columns() flow.Set {
	set := flow.Set{}
	for _, column := range flow.Columns {
		set[column.Name] = true
	}
	return set
}

func (l *list) Read(dst []flow.Flow) (int, error) {
	n := copy(dst, l.flows)
	l.flows = l.flows[n:]
	if len(l.flows) == 0 {
		return n, io.EOF
	}
	return n, nil
}

func (l *list) Lookups() []flow.Lookup {
	lookups := l.lookups
	l.lookups = nil
	return lookups
}

// contentOf stands for the digest of the bytes of a capture.
func contentOf(l *list) string {
	digest := sha256.Sum256(fmt.Append(nil, l.flows, l.lookups))
	return hex.EncodeToString(digest[:])
}

func captureOf(l *list) clickhouse.Capture {
	return clickhouse.Capture{Content: contentOf(l), Name: "list", Open: func() (flow.Reader, error) { return l, nil }}
}

// fresh are options for a database that does not exist yet.
func fresh(servers *servertest.Cluster) clickhouse.Options {
	options := clickhouse.Options{Address: servers.Address(fmt.Sprintf("test_%d", databases.Add(1))), Getenv: servertest.Getenv}
	if len(servers.Servers) > 1 {
		options.Cluster = servertest.Name
	}
	return options
}

// openLoader makes a loader that is closed when the test ends.
func openLoader(t testing.TB, options clickhouse.Options) *clickhouse.Loader {
	t.Helper()
	loader, err := clickhouse.OpenLoader(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	closeLater(t, loader)
	return loader
}

func closeLater(t testing.TB, what io.Closer) {
	t.Cleanup(func() {
		if err := what.Close(); err != nil {
			t.Error(err)
		}
	})
}

func load(t testing.TB, options clickhouse.Options, capture clickhouse.Capture) *clickhouse.Outcome {
	t.Helper()
	outcome, err := openLoader(t, options).Load(t.Context(), capture)
	if err != nil {
		t.Fatal(err)
	}
	return outcome
}

func open(t testing.TB, options clickhouse.Options) *clickhouse.Database {
	t.Helper()
	db, err := clickhouse.Open(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// engineOf loads flows into a database of their own, and asks it. A connection that a busy machine cuts is made again, as
// the error tells its user to.
func engineOf(t testing.TB, servers *servertest.Cluster, l *list, threads int) engine.Engine {
	t.Helper()
	options := fresh(servers)
	var db *clickhouse.Database
	var err error
	for range 3 {
		if db, err = loaded(t, options, *l, threads); err == nil {
			return db
		}
		if !strings.Contains(err.Error(), "the connection was cut") {
			break
		}
		t.Logf("again: %v", err)
	}
	t.Fatal(err)
	return nil
}

func loaded(t testing.TB, options clickhouse.Options, l list, threads int) (*clickhouse.Database, error) {
	loader, err := clickhouse.OpenLoader(t.Context(), options)
	if err != nil {
		return nil, err
	}
	_, err = loader.Load(t.Context(), captureOf(&l))
	if err := errors.Join(err, loader.Close()); err != nil {
		return nil, err
	}
	options.Threads = threads
	return clickhouse.Open(t.Context(), options)
}

func TestContract(t *testing.T) {
	for _, shards := range []int{1, 2} {
		if shards > 1 && testing.Short() {
			continue
		}
		t.Run(fmt.Sprintf("%d shards", shards), func(t *testing.T) {
			servers := servertest.Start(t, shards, servertest.Options{})
			enginetest.Run(t, func(t testing.TB, flows []flow.Flow, options enginetest.Options) engine.Engine {
				return engineOf(t, servers, &list{flows: flows}, options.Threads)
			})
			enginetest.RunLookups(t, func(t testing.TB, lookups []flow.Lookup, options enginetest.Options) engine.Engine {
				return engineOf(t, servers, &list{lookups: lookups}, options.Threads)
			})
		})
	}
}
