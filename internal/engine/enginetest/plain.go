package enginetest

import (
	"cmp"
	"maps"
	"math"
	"net/netip"
	"slices"

	"sentinel/internal/engine"
	"sentinel/internal/flow"
)

// plainly computes all rollups flow by flow.
func plainly(flows []flow.Flow) answers {
	channels, rhythms := channelsOf(flows)
	return answers{
		Hosts: hostsOf(flows), Servers: serversOf(flows), Minutes: minutesOf(flows), Ports: portsOf(flows), Peers: peersOf(flows),
		Nodes: nodesOf(channels), Channels: channels, Rhythms: rhythms, Visits: visitsOf(flows), Sweeps: sweepsOf(channels), Probes: probesOf(channels),
		HostHours: hoursOf(flows, 0), DNSHours: hoursOf(flows, 53), Bursts: burstsOf(flows), Duplicates: duplicatesOf(flows),
	}
}

// plus adds volumes, up to what an integer can hold.
func plus(a, b int64) int64 {
	if a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}

// group folds flows into rows by key, and gives them in the order of compare.
func group[Key comparable, Row any](flows []flow.Flow, key func(flow.Flow) Key, add func(*Row, flow.Flow), compare func(a, b Key) int) (rows []Row) {
	byKey := map[Key]*Row{}
	for _, f := range flows {
		if byKey[key(f)] == nil {
			byKey[key(f)] = new(Row)
		}
		add(byKey[key(f)], f)
	}
	for _, k := range slices.SortedFunc(maps.Keys(byKey), compare) {
		rows = append(rows, *byKey[k])
	}
	return rows
}

func byText(a, b netip.Addr) int { return cmp.Compare(a.String(), b.String()) }

func hostsOf(flows []flow.Flow) []engine.Host {
	return group(flows, func(f flow.Flow) netip.Addr { return f.SrcIP }, func(r *engine.Host, f flow.Flow) {
		*r = engine.Host{SrcIP: f.SrcIP, Flows: r.Flows + 1, UpBytes: plus(r.UpBytes, f.UpBytes), DownBytes: plus(r.DownBytes, f.DownBytes)}
	}, byText)
}

func serversOf(flows []flow.Flow) []engine.Server {
	return group(flows, func(f flow.Flow) netip.Addr { return f.DstIP }, func(r *engine.Server, f flow.Flow) {
		*r = engine.Server{DstIP: f.DstIP, Name: firstName(r.Name, f.Name), Flows: r.Flows + 1, UpBytes: plus(r.UpBytes, f.UpBytes), DownBytes: plus(r.DownBytes, f.DownBytes)}
	}, byText)
}

func firstName(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return min(a, b)
}

func minutesOf(flows []flow.Flow) []engine.Minute {
	return group(flows, func(f flow.Flow) int64 { return f.Start / 60e6 }, func(r *engine.Minute, f flow.Flow) {
		*r = engine.Minute{Start: f.Start / 60e6 * 60e6, Flows: r.Flows + 1}
	}, cmp.Compare[int64])
}

type portKey struct {
	proto string
	port  int64
}

func portOf(f flow.Flow) portKey { return portKey{f.Proto.String(), int64(f.DstPort)} }

func byPort(a, b portKey) int {
	return cmp.Or(cmp.Compare(a.proto, b.proto), cmp.Compare(a.port, b.port))
}

func portsOf(flows []flow.Flow) []engine.Port {
	return group(flows, portOf, func(r *engine.Port, f flow.Flow) {
		*r = engine.Port{Proto: f.Proto.String(), DstPort: int64(f.DstPort), Flows: r.Flows + 1, UpBytes: plus(r.UpBytes, f.UpBytes), DownBytes: plus(r.DownBytes, f.DownBytes)}
	}, byPort)
}

func inNetworks(address netip.Addr) bool {
	return slices.ContainsFunc(networks, func(n netip.Prefix) bool { return n.Contains(address) })
}

func peersOf(flows []flow.Flow) []engine.Peer {
	var inner []flow.Flow
	for _, f := range flows {
		if inNetworks(f.SrcIP) && inNetworks(f.DstIP) {
			inner = append(inner, f)
		}
	}
	return group(inner, func(f flow.Flow) [2]netip.Addr { return [2]netip.Addr{f.DstIP, f.SrcIP} }, func(r *engine.Peer, f flow.Flow) {
		if r.Flows == 0 {
			r.First, r.Last = f.Start, f.Start
		}
		*r = engine.Peer{DstIP: f.DstIP, SrcIP: f.SrcIP, Flows: r.Flows + 1,
			First: min(r.First, f.Start), Last: max(r.Last, f.Start)}
	}, byPair)
}

func byPair(a, b [2]netip.Addr) int { return cmp.Or(byText(a[0], b[0]), byText(a[1], b[1])) }

func duplicatesOf(flows []flow.Flow) (count int64) {
	seen := map[flow.Flow]bool{}
	for _, f := range flows {
		if seen[f] {
			count++
		}
		seen[f] = true
	}
	return count
}

func hoursOf(flows []flow.Flow, port int64) []engine.HostHour {
	type key struct {
		src  netip.Addr
		hour int64
	}
	var asked []flow.Flow
	for _, f := range flows {
		if port == 0 || int64(f.DstPort) == port {
			asked = append(asked, f)
		}
	}
	return group(asked, func(f flow.Flow) key { return key{f.SrcIP, f.Start / 3600e6} }, func(r *engine.HostHour, f flow.Flow) {
		*r = engine.HostHour{SrcIP: f.SrcIP, Hour: f.Start / 3600e6 * 3600e6, Flows: r.Flows + 1, UpBytes: plus(r.UpBytes, f.UpBytes), DownBytes: plus(r.DownBytes, f.DownBytes)}
	}, func(a, b key) int { return cmp.Or(byText(a.src, b.src), cmp.Compare(a.hour, b.hour)) })
}

func visitsOf(flows []flow.Flow) []engine.Visits {
	rows := group(flows, func(f flow.Flow) netip.Addr { return f.SrcIP }, func(r *engine.Visits, f flow.Flow) {
		r.SrcIP = f.SrcIP
		r.Starts = append(r.Starts, f.Start)
	}, byText)
	for _, row := range rows {
		slices.Sort(row.Starts)
	}
	return atLeast(rows, func(r engine.Visits) bool { return len(r.Starts) >= minVisits })
}

func atLeast[Row any](rows []Row, enough func(Row) bool) (kept []Row) {
	for _, row := range rows {
		if enough(row) {
			kept = append(kept, row)
		}
	}
	return kept
}

func burstsOf(flows []flow.Flow) []engine.Burst {
	type key struct {
		dst    netip.Addr
		bucket int64
	}
	type burst struct {
		engine.Burst
		sources  map[netip.Addr]bool
		services map[portKey]int64
	}
	rows := group(flows, func(f flow.Flow) key { return key{f.DstIP, f.Start / engine.BurstLength} }, func(r *burst, f flow.Flow) {
		if r.Flows == 0 {
			*r = burst{engine.Burst{DstIP: f.DstIP, Start: f.Start / engine.BurstLength * engine.BurstLength}, map[netip.Addr]bool{}, map[portKey]int64{}}
		}
		r.Flows++
		if f.DownBytes == 0 {
			r.Failed++
		}
		r.UpBytes = plus(r.UpBytes, f.UpBytes)
		r.sources[f.SrcIP] = true
		r.services[portOf(f)]++
	}, func(a, b key) int { return cmp.Or(byText(a.dst, b.dst), cmp.Compare(a.bucket, b.bucket)) })
	totals, first, last := map[netip.Addr]int64{}, int64(math.MaxInt64), int64(math.MinInt64)
	for _, f := range flows {
		totals[f.DstIP]++
		first, last = min(first, f.Start/engine.BurstLength), max(last, f.Start/engine.BurstLength)
	}
	span := last - first + 1
	var bursts []engine.Burst
	for _, r := range rows {
		service := mostUsed(r.services)
		r.Sources, r.Port, r.Proto = int64(len(r.sources)), service.port, service.proto
		bursts = append(bursts, r.Burst)
	}
	return atLeast(bursts, func(r engine.Burst) bool {
		return r.Flows >= minBurst && (span < engine.ShortSpan || r.Flows*span >= engine.BurstFactor*totals[r.DstIP])
	})
}

// mostUsed is the service of most flows; of equals the one with the least port, then the last protocol.
func mostUsed(flows map[portKey]int64) (found portKey) {
	for service, count := range flows {
		order := cmp.Or(cmp.Compare(count, flows[found]), cmp.Compare(found.port, service.port), cmp.Compare(service.proto, found.proto))
		if order > 0 {
			found = service
		}
	}
	return found
}
