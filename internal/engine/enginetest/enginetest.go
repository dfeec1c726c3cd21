// Package enginetest is the contract of an engine: what every engine must answer, checked against the same
// aggregations done plainly in Go.
package enginetest

import (
	"context"
	"flag"
	"iter"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sentinel/internal/engine"
	"sentinel/internal/flow"
)

// Options are what the contract varies of an engine.
type Options struct{ Threads int }

// Open makes an engine of flows that carry all columns. The contract closes it.
type Open func(t testing.TB, flows []flow.Flow, options Options) engine.Engine

// Run holds an engine to the contract.
func Run(t *testing.T, open Open) {
	t.Run("edges", func(t *testing.T) { testEdges(t, open) })
	t.Run("random", func(t *testing.T) { testRandom(t, open) })
	t.Run("filters", func(t *testing.T) { testFilters(t, open) })
	t.Run("break", func(t *testing.T) { testBreak(t, open) })
	t.Run("cancel", func(t *testing.T) { testCancel(t, open) })
}

// networks are those that Peers is asked for.
var networks = []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("2001:db8::/64")}

// answers are all rollups of one set of flows.
type answers struct {
	Hosts      []engine.Host
	Servers    []engine.Server
	Minutes    []engine.Minute
	Ports      []engine.Port
	Peers      []engine.Peer
	NoPeers    []engine.Peer
	Nodes      []engine.Node
	Channels   []engine.Channel
	Rhythms    []engine.Rhythm
	Visits     []engine.Visits
	Sweeps     []engine.Sweep
	Probes     []engine.Probe
	HostHours  []engine.HostHour
	DNSHours   []engine.HostHour
	Bursts     []engine.Burst
	Duplicates int64
}

// The least counts of which the rollups with a threshold are asked.
const (
	minVisits  = 2
	minTargets = 2
	minPorts   = 2
	minBurst   = 2
)

func ask(t testing.TB, e engine.Engine) answers {
	t.Helper()
	ctx := context.Background()
	duplicates, err := e.Duplicates(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return answers{
		Hosts: all(t, e.Hosts(ctx)), Servers: all(t, e.Servers(ctx)), Minutes: all(t, e.Minutes(ctx)), Ports: all(t, e.Ports(ctx)),
		Peers: all(t, e.Peers(ctx, networks)), NoPeers: all(t, e.Peers(ctx, nil)),
		Nodes: all(t, e.Nodes(ctx)), Channels: all(t, e.Channels(ctx, engine.ChannelFilter{})), Rhythms: all(t, e.Rhythms(ctx, engine.ChannelFilter{})),
		Visits: all(t, e.Visits(ctx, minVisits)), Sweeps: all(t, e.Sweeps(ctx, minTargets)), Probes: all(t, e.Probes(ctx, minPorts)),
		HostHours: all(t, e.HostHours(ctx, 0)), DNSHours: all(t, e.HostHours(ctx, 53)), Bursts: all(t, e.Bursts(ctx, minBurst)),
		Duplicates: duplicates,
	}
}

func all[Row any](t testing.TB, rows iter.Seq2[Row, error]) (collected []Row) {
	t.Helper()
	for row, err := range rows {
		if err != nil {
			t.Fatal(err)
		}
		collected = append(collected, row)
	}
	return collected
}

var sameAddress = cmp.Comparer(func(a, b netip.Addr) bool { return a == b })

// check asks one engine with one thread, and another with two of the flows in another order.
func check(t testing.TB, open Open, flows []flow.Flow) {
	t.Helper()
	want := plainly(flows)
	shuffled := slices.Clone(flows)
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	for threads, flows := range map[int][]flow.Flow{1: flows, 2: shuffled} {
		e := open(t, flows, Options{Threads: threads})
		if diff := cmp.Diff(want, ask(t, e), sameAddress); diff != "" {
			t.Errorf("%d threads (-want +got):\n%s", threads, diff)
		}
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	}
}

// base is 2024-03-01 00:00 UTC, the start of a minute, an hour and a day.
const base = 1709251200_000_000

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
	inside := netip.MustParseAddr("192.0.2.9")
	six := netip.MustParseAddr("2001:db8::1")
	edges := map[string][]flow.Flow{
		"one flow":      {one},
		"equal flows":   {one, one, one},
		"equal instant": {one, with(func(f *flow.Flow) { f.UpBytes = 1 }), with(func(f *flow.Flow) { f.UpBytes = 2; f.DownBytes = 0 })},
		"differs in the last column only": {
			with(func(f *flow.Flow) { f.Name = "a.example" }), with(func(f *flow.Flow) { f.Name = "b.example" }), one},
		"no name comes before none": {with(func(f *flow.Flow) { f.Name = "" }), with(func(f *flow.Flow) { f.Name = "z.example" })},
		"order of text, not of value": {
			with(func(f *flow.Flow) { f.SrcIP = netip.MustParseAddr("192.0.2.10") }), with(func(f *flow.Flow) { f.SrcIP = netip.MustParseAddr("192.0.2.2") }),
			with(func(f *flow.Flow) { f.SrcIP = six }), with(func(f *flow.Flow) { f.DstIP = six })},
		"inside, both families": {
			with(func(f *flow.Flow) { f.DstIP = inside }), with(func(f *flow.Flow) { f.SrcIP, f.DstIP = six, inside }),
			with(func(f *flow.Flow) { f.SrcIP, f.DstIP = inside, inside })},
		"ends of minute, hour and ten seconds": {
			one, with(func(f *flow.Flow) { f.Start += 9_999_999 }), with(func(f *flow.Flow) { f.Start += 10_000_000 }),
			with(func(f *flow.Flow) { f.Start += 59_999_999 }), with(func(f *flow.Flow) { f.Start += 60_000_000 }),
			with(func(f *flow.Flow) { f.Start += 3_599_999_999 }), with(func(f *flow.Flow) { f.Start += 3_600_000_000 })},
		"at midnight of no day":                {with(func(f *flow.Flow) { f.Start = 0 }), with(func(f *flow.Flow) { f.Start = 1 })},
		"protocol without name":                {with(func(f *flow.Flow) { f.Proto = 253 }), with(func(f *flow.Flow) { f.Proto = 0 })},
		"port 0 and 65535":                     {with(func(f *flow.Flow) { f.DstPort = 0 }), with(func(f *flow.Flow) { f.DstPort = 65535 })},
		"states":                               {with(func(f *flow.Flow) { f.State = flow.Refused }), with(func(f *flow.Flow) { f.State, f.DownBytes = flow.Established, 0 })},
		"hardly a byte back":                   {with(func(f *flow.Flow) { f.UpBytes, f.DownBytes = 180, 60 }), with(func(f *flow.Flow) { f.UpBytes, f.DownBytes = 181, 60 }), with(func(f *flow.Flow) { f.UpBytes, f.DownBytes = 180, 61 })},
		"as many bytes as a flow may carry":    {with(func(f *flow.Flow) { f.UpBytes, f.DownBytes = engine.MaxBytes, engine.MaxBytes })},
		"sums beyond what an integer can hold": slices.Repeat([]flow.Flow{with(func(f *flow.Flow) { f.UpBytes, f.DownBytes = engine.MaxBytes, engine.MaxBytes-1 })}, 8200),
	}
	for name, flows := range edges {
		t.Run(name, func(t *testing.T) { check(t, open, flows) })
	}
}

// Few values of each kind, so that flows meet in groups of all sizes.
var (
	addresses = rapid.Map(rapid.SampledFrom([]string{"192.0.2.1", "192.0.2.2", "192.0.2.10", "198.51.100.1", "198.51.100.2", "2001:db8::1", "2001:db8::a", "2001:db8:1::1"}), netip.MustParseAddr)
	starts    = rapid.Map(rapid.SampledFrom([]int64{0, 1, 9_999_999, 10_000_000, 60_000_000, 3_599_999_999, 3_600_000_000, 90_000_000_000}), func(offset int64) int64 { return base + offset })
	volumes   = rapid.SampledFrom([]int64{0, 1, 60, 61, 180, 181, 1500, engine.MaxBytes})
)

func drawFlow(t *rapid.T) flow.Flow {
	return flow.Flow{
		Start: starts.Draw(t, "start"), Duration: rapid.SampledFrom([]int64{0, 5, 1e9}).Draw(t, "duration"),
		SrcIP: addresses.Draw(t, "src"), DstIP: addresses.Draw(t, "dst"),
		Proto:   rapid.SampledFrom([]flow.Proto{flow.TCP, flow.UDP, flow.ICMP}).Draw(t, "proto"),
		DstPort: rapid.SampledFrom([]uint16{0, 53, 443}).Draw(t, "port"),
		UpBytes: volumes.Draw(t, "up"), DownBytes: volumes.Draw(t, "down"),
		UpPackets: rapid.SampledFrom([]int64{0, 1, 40}).Draw(t, "packets"),
		State:     rapid.SampledFrom([]flow.State{"", flow.Established, flow.Refused, flow.Unanswered, flow.Reset}).Draw(t, "state"),
		Name:      rapid.SampledFrom([]string{"", "a.example", "b.example"}).Draw(t, "name"),
	}
}

// someChecks is how often random flows are tried, unless -rapid.checks says otherwise: each opens two engines.
const someChecks = "20"

func testRandom(t *testing.T, open Open) {
	if checks := flag.Lookup("rapid.checks"); checks.Value.String() == checks.DefValue {
		if err := checks.Value.Set(someChecks); err != nil {
			t.Fatal(err)
		}
	}
	rapid.Check(t, func(r *rapid.T) {
		flows := rapid.SliceOfN(rapid.Custom(drawFlow), 1, 40).Draw(r, "flows")
		want := plainly(flows)
		for _, threads := range []int{1, 2} {
			e := open(t, rapid.Permutation(flows).Draw(r, "order"), Options{Threads: threads})
			got := ask(t, e)
			if err := e.Close(); err != nil {
				r.Error(err)
			}
			if diff := cmp.Diff(want, got, sameAddress); diff != "" {
				r.Fatalf("%d threads (-want +got):\n%s", threads, diff)
			}
		}
	})
}

// some is a set of flows in which every rollup has several rows.
func some() (flows []flow.Flow) {
	random := rand.New(rand.NewPCG(3, 4))
	for i := range 500 {
		flows = append(flows, with(func(f *flow.Flow) {
			f.Start += int64(i) * 7_000_000
			f.SrcIP = netip.AddrFrom4([4]byte{192, 0, 2, byte(random.IntN(5))})
			f.DstIP = netip.AddrFrom4([4]byte{192, 0, 2, byte(random.IntN(9))})
			f.DstPort = uint16(50 + random.IntN(5))
			f.UpBytes, f.DownBytes = random.Int64N(300), random.Int64N(90)
			f.Duration = random.Int64N(1e6)
		}))
	}
	return flows
}

func testFilters(t *testing.T, open Open) {
	flows := some()
	e := open(t, flows, Options{Threads: 2})
	defer func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	}()
	everything := plainly(flows)
	for _, filter := range []engine.ChannelFilter{
		{MinFlows: 4}, {MinUpBytes: 800}, {MinLongest: 900_000}, {MinSources: 5}, {MaxSources: 4}, {MaxPortHosts: 4},
		{Proto: "tcp"}, {Proto: "udp"}, {DstPort: 53}, {MinFlows: 2, MinUpBytes: 200, Proto: "tcp", DstPort: 51}, {MinFlows: 1 << 40},
		{SrcIPs: parsed("192.0.2.1")}, {DstIPs: parsed("2001:db8::1", "198.51.100.1", "203.0.113.9")}, {SrcIPs: parsed("203.0.113.9")},
		{SrcIPs: parsed("192.0.2.1", "192.0.2.2"), DstIPs: parsed("198.51.100.1"), DstPort: 443},
	} {
		var channels []engine.Channel
		var rhythms []engine.Rhythm
		for i, channel := range everything.Channels {
			if chosen(channel, filter) {
				channels = append(channels, channel)
				rhythms = append(rhythms, everything.Rhythms[i])
			}
		}
		if diff := cmp.Diff(channels, all(t, e.Channels(t.Context(), filter)), sameAddress); diff != "" {
			t.Errorf("channels of %+v (-want +got):\n%s", filter, diff)
		}
		if diff := cmp.Diff(rhythms, all(t, e.Rhythms(t.Context(), filter)), sameAddress); diff != "" {
			t.Errorf("rhythms of %+v (-want +got):\n%s", filter, diff)
		}
	}
}

func chosen(c engine.Channel, f engine.ChannelFilter) bool {
	return c.Flows >= f.MinFlows && c.UpBytes >= f.MinUpBytes && c.Longest >= f.MinLongest && c.Sources >= f.MinSources &&
		c.Sources <= engine.Limit(f.MaxSources) && c.PortHosts <= engine.Limit(f.MaxPortHosts) &&
		(f.Proto == "" || c.Proto == f.Proto) && (f.DstPort == 0 || c.DstPort == f.DstPort) &&
		(f.SrcIPs == nil || slices.Contains(f.SrcIPs, c.SrcIP)) && (f.DstIPs == nil || slices.Contains(f.DstIPs, c.DstIP))
}

func parsed(texts ...string) (list []netip.Addr) {
	for _, text := range texts {
		list = append(list, netip.MustParseAddr(text))
	}
	return list
}

// first takes one row of a rollup and leaves; without error it reports whether there was one.
func first[Row any](rows iter.Seq2[Row, error]) (bool, error) {
	for _, err := range rows {
		return true, err
	}
	return false, nil
}

// streams are all rollups, each cut down to whether it gives a row and its first error.
func streams(ctx context.Context, e engine.Engine) map[string]func() (bool, error) {
	return map[string]func() (bool, error){
		"hosts":    func() (bool, error) { return first(e.Hosts(ctx)) },
		"servers":  func() (bool, error) { return first(e.Servers(ctx)) },
		"minutes":  func() (bool, error) { return first(e.Minutes(ctx)) },
		"ports":    func() (bool, error) { return first(e.Ports(ctx)) },
		"peers":    func() (bool, error) { return first(e.Peers(ctx, networks)) },
		"nodes":    func() (bool, error) { return first(e.Nodes(ctx)) },
		"channels": func() (bool, error) { return first(e.Channels(ctx, engine.ChannelFilter{})) },
		"rhythms":  func() (bool, error) { return first(e.Rhythms(ctx, engine.ChannelFilter{})) },
		"visits":   func() (bool, error) { return first(e.Visits(ctx, 1)) },
		"sweeps":   func() (bool, error) { return first(e.Sweeps(ctx, 1)) },
		"probes":   func() (bool, error) { return first(e.Probes(ctx, 1)) },
		"hours":    func() (bool, error) { return first(e.HostHours(ctx, 0)) },
		"bursts":   func() (bool, error) { return first(e.Bursts(ctx, 1)) },
	}
}

// Whoever leaves a stream early may ask the next.
func testBreak(t *testing.T, open Open) {
	flows := some()
	e := open(t, flows, Options{Threads: 2})
	defer func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	}()
	for name, stream := range streams(t.Context(), e) {
		if any, err := stream(); err != nil || !any {
			t.Errorf("%s: error %v, any rows: %t", name, err, any)
		}
	}
	if diff := cmp.Diff(plainly(flows), ask(t, e), sameAddress); diff != "" {
		t.Errorf("after breaks (-want +got):\n%s", diff)
	}
}

// After a cancelled question come an error, then answers to other questions.
func testCancel(t *testing.T, open Open) {
	flows := some()
	e := open(t, flows, Options{Threads: 2})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, stream := range streams(ctx, e) {
		if _, err := stream(); err == nil {
			t.Errorf("%s: no error though the context was cancelled", name)
		}
	}
	if _, err := e.Duplicates(ctx); err == nil {
		t.Error("duplicates: no error though the context was cancelled")
	}
	if diff := cmp.Diff(plainly(flows), ask(t, e), sameAddress); diff != "" {
		t.Errorf("after cancelled questions (-want +got):\n%s", diff)
	}
	if err := e.Close(); err != nil {
		t.Error(err)
	}
}
