package enginetest

import (
	"cmp"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"sentinel/internal/engine"
	"sentinel/internal/flow"
)

// OpenLookups makes an engine of questions to the DNS, without flows. The contract closes it.
type OpenLookups func(t testing.TB, lookups []flow.Lookup, options Options) engine.Engine

// RunLookups holds an engine to the contract for questions to the DNS.
func RunLookups(t *testing.T, open OpenLookups) {
	for name, lookups := range map[string][]flow.Lookup{"none": nil, "one": {asked("www.example.com")}, "many": manyLookups()} {
		t.Run(name, func(t *testing.T) {
			for _, threads := range []int{1, 2} {
				e := open(t, lookups, Options{Threads: threads})
				if diff := gocmp.Diff(queriesOf(lookups), all(t, e.Queries(t.Context())), sameAddress); diff != "" {
					t.Errorf("%d threads (-want +got):\n%s", threads, diff)
				}
				if err := e.Close(); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

func asked(name string) flow.Lookup {
	return flow.Lookup{
		Time: base, Client: netip.MustParseAddr("192.0.2.7"), Server: netip.MustParseAddr("192.0.2.53"), Name: name, Type: "A",
		Code: "NOERROR", Answers: 1, UpBytes: 40, DownBytes: 90,
	}
}

// manyLookups draw few clients and names, so that they meet; the order of names is by labels and not by text.
func manyLookups() (lookups []flow.Lookup) {
	random := rand.New(rand.NewPCG(5, 6))
	names := []string{"example.com", "a.example.com", "b.a.example.com", "example-a.com", "com", ".", "a\\.b.example.org", "x.example.org"}
	for i := range 400 {
		lookup := asked(names[random.IntN(len(names))])
		lookup.Time += int64(i)
		lookup.Client = netip.AddrFrom4([4]byte{192, 0, 2, byte(random.IntN(12))})
		lookup.Type = []string{"A", "TXT", "NULL", "AAAA"}[random.IntN(4)]
		lookup.Code = []string{"", "NOERROR", "NXDOMAIN"}[random.IntN(3)]
		lookup.UpBytes, lookup.DownBytes = random.Int64N(100), random.Int64N(500)
		lookups = append(lookups, lookup)
	}
	return lookups
}

// queriesOf adds up questions one by one.
func queriesOf(lookups []flow.Lookup) (queries []engine.Query) {
	type key struct {
		client netip.Addr
		name   string
	}
	places := map[key]int{}
	for _, l := range lookups {
		place, ok := places[key{l.Client, l.Name}]
		if !ok {
			place = len(queries)
			places[key{l.Client, l.Name}] = place
			queries = append(queries, engine.Query{Client: l.Client, Name: l.Name, First: l.Time, Last: l.Time})
		}
		count(&queries[place], l)
	}
	slices.SortFunc(queries, func(a, b engine.Query) int {
		return cmp.Or(cmp.Compare(fromLast(a.Name), fromLast(b.Name)), byText(a.Client, b.Client))
	})
	return queries
}

func count(q *engine.Query, l flow.Lookup) {
	q.Lookups++
	q.First, q.Last = min(q.First, l.Time), max(q.Last, l.Time)
	q.UpBytes, q.DownBytes = plus(q.UpBytes, l.UpBytes), plus(q.DownBytes, l.DownBytes)
	switch l.Code {
	case "NXDOMAIN":
		q.Missing++
	case "":
		q.Unanswered++
	}
	if slices.Contains(engine.BulkyTypes, l.Type) {
		q.Bulky++
	}
}

// fromLast writes a name by its labels from the last, as the order has them.
func fromLast(name string) string {
	labels := strings.Split(name, ".")
	slices.Reverse(labels)
	return strings.Join(labels, "\x01")
}
