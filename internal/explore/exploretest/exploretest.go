// Package exploretest is the contract of an explorer: what each must answer, checked against the same done plainly in Go.
package exploretest

import (
	"context"
	"errors"
	"flag"
	"iter"
	"math/rand/v2"
	"net/netip"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"sentinel/internal/explore"
	"sentinel/internal/flow"
)

// Open makes an explorer of flows that carry all columns, with the countries and the networks of Country and Internal. The
// contract closes it.
type Open func(t testing.TB, flows []flow.Flow) explore.Explorer

// Run holds an explorer to the contract.
func Run(t *testing.T, open Open) {
	t.Run("edges", func(t *testing.T) { testEdges(t, open) })
	t.Run("random", func(t *testing.T) { testRandom(t, open) })
	t.Run("pages", func(t *testing.T) { testPages(t, open) })
	t.Run("together", func(t *testing.T) { testTogether(t, open) })
	t.Run("break", func(t *testing.T) { testBreak(t, open) })
	t.Run("cancel", func(t *testing.T) { testCancel(t, open) })
}

// ranking is an answer of Top.
type ranking struct {
	Rows   []explore.Row
	Values int64
}

// answers are all answers about one filter.
type answers struct {
	Totals explore.Totals
	Step   int64
	Line   []explore.Moment
	Week   [7][24]int64
	Tops   map[explore.Dimension]ranking
	Flows  []flow.Flow
	Page   []flow.Flow
}

// What the contract asks for.
const (
	steps = 12
	top   = 3
	skip  = 2
	page  = 5
)

func plainly(p plain, filter explore.Filter) answers {
	a := answers{Totals: p.totals(filter), Week: p.week(filter), Tops: map[explore.Dimension]ranking{}, Flows: p.page(filter, 0, 0), Page: p.page(filter, skip, page)}
	a.Step, a.Line = p.timeline(filter, steps)
	for by := range keys {
		rows, values := p.top(filter, by, top)
		a.Tops[by] = ranking{rows, values}
	}
	return a
}

func ask(ctx context.Context, e explore.Explorer, filter explore.Filter) (a answers, err error) {
	note := func(failure error) { err = errors.Join(err, failure) }
	a.Tops = map[explore.Dimension]ranking{}
	var failure error
	a.Totals, failure = e.Totals(ctx, filter)
	note(failure)
	a.Step, a.Line, failure = e.Timeline(ctx, filter, steps)
	note(failure)
	a.Week, failure = e.Week(ctx, filter)
	note(failure)
	for by := range keys {
		rows, values, failure := e.Top(ctx, filter, by, top)
		note(failure)
		a.Tops[by] = ranking{rows, values}
	}
	a.Flows, failure = all(e.Flows(ctx, filter, 0, 0))
	note(failure)
	a.Page, failure = all(e.Flows(ctx, filter, skip, page))
	note(failure)
	return a, err
}

func all(rows iter.Seq2[flow.Flow, error]) (collected []flow.Flow, err error) {
	for row, err := range rows {
		if err != nil {
			return collected, err
		}
		collected = append(collected, row)
	}
	return collected, nil
}

var same = cmp.Options{cmp.Comparer(func(a, b netip.Addr) bool { return a == b }), cmpopts.EquateEmpty()}

// base is 2024-03-01 00:00 UTC, a Friday.
const base = 1709251200_000_000

// Few values of each kind, so that flows meet in groups of all sizes.
var (
	addresses = rapid.Map(rapid.SampledFrom([]string{
		"192.0.2.1", "192.0.2.2", "192.0.2.10", "198.51.100.1", "198.51.100.20", "198.51.100.130", "203.0.113.9", "2001:db8::1", "2001:db8::a", "2001:db8:1::1",
	}), netip.MustParseAddr)
	networks = rapid.Map(rapid.SampledFrom([]string{
		"192.0.2.0/24", "192.0.2.0/30", "192.0.2.10/32", "198.51.100.0/24", "198.51.100.128/25", "0.0.0.0/0", "2001:db8::/32", "2001:db8::/127", "::/0", "203.0.113.128/25",
	}), netip.MustParsePrefix)
	starts = rapid.Map(rapid.SampledFrom([]int64{
		0, 1, 59_999_999, 60_000_000, 61_000_000, 3_599_999_999, 3_600_000_000, 3_660_000_000, 90_000_000_000, 5 * 86400_000_000,
	}), func(offset int64) int64 { return base + offset })
	protos  = rapid.SampledFrom([]flow.Proto{flow.TCP, flow.UDP, flow.ICMP, 253})
	ports   = rapid.SampledFrom([]uint16{0, 53, 443, 65535})
	names   = rapid.SampledFrom([]string{"", "a.example", "b.example", "'; DROP TABLE kept.cell; --"})
	volumes = rapid.SampledFrom([]int64{0, 1, 60, 1500, 1 << 50})
)

func drawFlow(t *rapid.T) flow.Flow {
	return flow.Flow{
		Start: starts.Draw(t, "start"), Duration: rapid.SampledFrom([]int64{0, 5, 1e9}).Draw(t, "duration"),
		SrcIP: addresses.Draw(t, "src"), DstIP: addresses.Draw(t, "dst"), Proto: protos.Draw(t, "proto"),
		SrcPort: rapid.SampledFrom([]uint16{0, 50000}).Draw(t, "src port"), DstPort: ports.Draw(t, "port"),
		UpBytes: volumes.Draw(t, "up"), DownBytes: volumes.Draw(t, "down"), UpPackets: rapid.Int64Range(0, 2).Draw(t, "packets"),
		State: rapid.SampledFrom([]flow.State{"", flow.Established, flow.Refused}).Draw(t, "state"), Name: names.Draw(t, "name"),
	}
}

// drawFilter sets about as many fields as not.
func drawFilter(t *rapid.T) explore.Filter {
	filter := explore.Everything
	for _, field := range rapid.SliceOfNDistinct(rapid.SampledFrom(fields), 0, 3, func(f field) string { return f.name }).Draw(t, "fields") {
		field.set(t, &filter)
	}
	return filter
}

// field is one of a filter's.
type field struct {
	name string
	set  func(*rapid.T, *explore.Filter)
}

// String is for the log of a failure.
func (f field) String() string { return f.name }

// GoString is for the log of a failure.
func (f field) GoString() string { return f.name }

var fields = []field{
	{"host", func(t *rapid.T, f *explore.Filter) { f.Host = addresses.Draw(t, "host") }},
	{"network", func(t *rapid.T, f *explore.Filter) { f.Network = networks.Draw(t, "network") }},
	{"source", func(t *rapid.T, f *explore.Filter) { f.SrcIP = addresses.Draw(t, "source") }},
	{"destination", func(t *rapid.T, f *explore.Filter) { f.DstIP = addresses.Draw(t, "destination") }},
	{"country", func(t *rapid.T, f *explore.Filter) {
		f.Country = rapid.SampledFrom([]string{"NL", "SE", "DE", explore.Unplaced}).Draw(t, "country")
	}},
	{"proto", func(t *rapid.T, f *explore.Filter) {
		f.Proto = rapid.SampledFrom([]string{"tcp", "udp", "253", "sctp"}).Draw(t, "proto")
	}},
	{"port", func(t *rapid.T, f *explore.Filter) { f.DstPort = int64(ports.Draw(t, "port")) }},
	{"name", func(t *rapid.T, f *explore.Filter) { f.Name = names.Draw(t, "name") }},
	{"from", func(t *rapid.T, f *explore.Filter) { f.From = starts.Draw(t, "from") }},
	{"to", func(t *rapid.T, f *explore.Filter) { f.To = starts.Draw(t, "to") }},
}

// someChecks is how often random flows are tried, unless -rapid.checks says otherwise: each opens an explorer, and asks it
// about filtersEach filters.
const (
	someChecks  = "8"
	fewChecks   = "2" // under the race detector, where each costs ten times as much
	filtersEach = 6
)

func testRandom(t *testing.T, open Open) {
	if checks := flag.Lookup("rapid.checks"); checks.Value.String() == checks.DefValue {
		some := someChecks
		if testing.Short() {
			some = fewChecks
		}
		if err := checks.Value.Set(some); err != nil {
			t.Fatal(err)
		}
	}
	rapid.Check(t, func(r *rapid.T) {
		flows := rapid.SliceOfN(rapid.Custom(drawFlow), 1, 40).Draw(r, "flows")
		e := open(t, flows)
		defer shut(r, e)
		for range filtersEach {
			compare(r, e, plain{flows}, drawFilter(r))
		}
	})
}

// failing is what rapid's and testing's have in common.
type failing interface {
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// compare holds all answers about one filter to the plain ones.
func compare(t failing, e explore.Explorer, p plain, filter explore.Filter) {
	got, err := ask(context.Background(), e, filter)
	if err != nil {
		t.Fatalf("%+v: %v", filter, err)
	}
	if diff := cmp.Diff(plainly(p, filter), got, same); diff != "" {
		t.Errorf("%+v (-want +got):\n%s", filter, diff)
	}
	for _, f := range p.flows[:min(len(p.flows), 2)] {
		channel := explore.Channel{SrcIP: f.SrcIP, DstIP: f.DstIP, Proto: f.Proto.String(), DstPort: int64(f.DstPort)}
		for _, limit := range []int{0, 1, 3} {
			contacts, ok, err := e.Channel(context.Background(), channel, limit)
			if diff := cmp.Diff(p.channel(channel, limit), contacts, same); err != nil || !ok || diff != "" {
				t.Errorf("channel %+v, limit %d: found %t, error %v (-want +got):\n%s", channel, limit, ok, err, diff)
			}
		}
	}
}

func shut(t failing, e explore.Explorer) {
	if err := e.Close(); err != nil {
		t.Errorf("closing: %v", err)
	}
}

// one is a flow that the edges change.
var one = flow.Flow{
	Start: base, SrcIP: netip.MustParseAddr("192.0.2.1"), DstIP: netip.MustParseAddr("198.51.100.1"),
	Proto: flow.TCP, SrcPort: 50000, DstPort: 443, UpBytes: 500, DownBytes: 1000,
}

func with(change func(*flow.Flow)) flow.Flow {
	changed := one
	change(&changed)
	return changed
}

func testEdges(t *testing.T, open Open) {
	edges := map[string][]flow.Flow{
		"one flow":       {one},
		"equal flows":    {one, one, one},
		"before a clock": {with(func(f *flow.Flow) { f.Start = 0 }), with(func(f *flow.Flow) { f.Start = 1 })},
		"order of text, not of value": {
			with(func(f *flow.Flow) { f.SrcIP = netip.MustParseAddr("192.0.2.10") }), with(func(f *flow.Flow) { f.SrcIP = netip.MustParseAddr("192.0.2.2") }),
			with(func(f *flow.Flow) { f.SrcIP = netip.MustParseAddr("2001:db8::1") })},
		"sums beyond what an integer can hold": slices.Repeat([]flow.Flow{with(func(f *flow.Flow) { f.UpBytes, f.DownBytes = 1<<50, 1<<50-1 })}, 8200),
		"more equal values than are shown": func() (flows []flow.Flow) {
			for i := range 300 {
				flows = append(flows, with(func(f *flow.Flow) {
					f.SrcIP, f.DstPort = netip.AddrFrom4([4]byte{192, 0, 2, byte(i % 100)}), uint16(i)
				}))
			}
			return flows
		}(),
	}
	for name, flows := range edges {
		t.Run(name, func(t *testing.T) {
			e := open(t, flows)
			defer shut(t, e)
			if first, last := e.Extent(); first != flows[0].Start || last != flows[len(flows)-1].Start {
				t.Errorf("extent %d to %d", first, last)
			}
			compare(t, e, plain{flows}, explore.Everything)
			compare(t, e, plain{flows}, explore.Filter{DstPort: -1, Host: netip.MustParseAddr("203.0.113.77")})
			if rows, values, err := e.Top(t.Context(), explore.Everything, explore.Ports, 0); len(rows) != 0 || values == 0 || err != nil {
				t.Errorf("no rows asked for: got %d of %d values, error %v", len(rows), values, err)
			}
		})
	}
	e := open(t, []flow.Flow{one})
	defer shut(t, e)
	if _, ok, err := e.Channel(t.Context(), explore.Channel{SrcIP: one.DstIP, DstIP: one.SrcIP, Proto: "tcp", DstPort: 443}, 0); ok || err != nil {
		t.Errorf("a channel without flows: found %t, error %v", ok, err)
	}
	if _, _, err := e.Top(t.Context(), explore.Everything, "colours", 1); err == nil {
		t.Error("no error for a dimension that does not exist")
	}
}

// some is a set of flows of several hours.
func some(count int) (flows []flow.Flow) {
	random := rand.New(rand.NewPCG(3, 4))
	for i := range count {
		flows = append(flows, with(func(f *flow.Flow) {
			f.Start += int64(i/3) * 11_000_000
			f.SrcIP = netip.AddrFrom4([4]byte{192, 0, 2, byte(random.IntN(5))})
			f.DstIP = netip.AddrFrom4([4]byte{198, 51, 100, byte(random.IntN(250))})
			f.DstPort = uint16(50 + random.IntN(5))
			f.UpBytes, f.DownBytes = random.Int64N(300), random.Int64N(90)
		}))
	}
	random.Shuffle(len(flows), func(i, j int) { flows[i], flows[j] = flows[j], flows[i] })
	return flows
}

// Pages of all sizes put together are the flows, wherever they are cut.
func testPages(t *testing.T, open Open) {
	p := plain{some(1000)}
	e := open(t, p.flows)
	defer shut(t, e)
	for _, filter := range []explore.Filter{explore.Everything, {DstPort: 52}, {DstPort: -1, Country: "SE", From: base + 1000_000_000, To: base + 3000_000_000}} {
		want := p.chosen(filter)
		for _, size := range []int64{1 + int64(len(want))/3, 77, int64(len(want)), 20_000} {
			var got []flow.Flow
			for offset := int64(0); offset <= int64(len(want)); offset += size {
				rows, err := all(e.Flows(t.Context(), filter, offset, size))
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, rows...)
			}
			if diff := cmp.Diff(want, got, same); diff != "" {
				t.Errorf("%+v in pages of %d (-want +got):\n%s", filter, size, diff)
			}
		}
	}
}

// Questions from many goroutines at once have the answers that each has alone.
func testTogether(t *testing.T, open Open) {
	p := plain{some(300)}
	e := open(t, p.flows)
	defer shut(t, e)
	var group sync.WaitGroup
	for i := range 6 {
		group.Go(func() { compare(t, e, p, explore.Filter{DstPort: int64(49 + i), From: base + int64(i)*100_000_000}) })
	}
	group.Wait()
}

// Whoever leaves the flows early may ask the next.
func testBreak(t *testing.T, open Open) {
	p := plain{some(300)}
	e := open(t, p.flows)
	defer shut(t, e)
	for _, limit := range []int64{0, 100} {
		for _, err := range e.Flows(t.Context(), explore.Everything, 0, limit) {
			if err != nil {
				t.Fatal(err)
			}
			break
		}
	}
	compare(t, e, p, explore.Everything)
}

// After cancelled questions come errors, then answers to others.
func testCancel(t *testing.T, open Open) {
	p := plain{some(300)}
	e := open(t, p.flows)
	defer shut(t, e)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	filter := explore.Filter{DstPort: 51}
	var failures []error
	note := func(err error) { failures = append(failures, err) }
	_, err := e.Totals(ctx, filter)
	note(err)
	_, _, err = e.Timeline(ctx, filter, steps)
	note(err)
	_, err = e.Week(ctx, filter)
	note(err)
	_, _, err = e.Top(ctx, filter, explore.Sources, top)
	note(err)
	_, _, err = e.Channel(ctx, explore.Channel{SrcIP: one.SrcIP, DstIP: one.DstIP, Proto: "tcp", DstPort: 51}, 0)
	note(err)
	_, err = all(e.Flows(ctx, filter, 0, 0))
	note(err)
	_, err = all(e.Flows(ctx, filter, 0, 10))
	note(err)
	for i, err := range failures {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("question %d: error %v though the context was cancelled", i, err)
		}
	}
	compare(t, e, p, filter)
}
