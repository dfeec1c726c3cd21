package measure

import (
	"cmp"
	"slices"

	"sentinel/internal/engine"
	"sentinel/internal/report"
)

// top keeps the n greatest of what is added, in a slice of at most 2n.
type top[T any] struct {
	n       int
	compare func(a, b T) int // negative where a ranks before b
	kept    []T
}

func (t *top[T]) add(item T) {
	t.kept = append(t.kept, item)
	if len(t.kept) >= 2*max(t.n, 32) {
		t.cut()
	}
}

func (t *top[T]) cut() []T {
	slices.SortFunc(t.kept, t.compare)
	t.kept = t.kept[:min(len(t.kept), t.n)]
	return t.kept
}

var talkers = Measure{
	ID:    "talkers",
	Title: "Top talkers",
	Doc:   "The sources and the destinations with the most bytes both ways.",
	Attach: func(config Config, folds *Folds) func(*report.Report) {
		hosts := &top[report.Talker]{n: config.Top, compare: byBytes}
		servers := &top[report.Talker]{n: config.Top, compare: byBytes}
		folds.hosts = append(folds.hosts, func(host engine.Host) {
			hosts.add(report.Talker{Address: host.SrcIP, Flows: host.Flows, UpBytes: host.UpBytes, DownBytes: host.DownBytes})
		})
		folds.servers = append(folds.servers, func(server engine.Server) {
			servers.add(report.Talker{
				Address: server.DstIP, Flows: server.Flows, UpBytes: server.UpBytes, DownBytes: server.DownBytes,
				Place: report.Place{Name: server.Name},
			})
		})
		return func(r *report.Report) {
			r.Talkers = &report.Talkers{Hosts: place(config.Places, hosts.cut()), Servers: place(config.Places, servers.cut())}
		}
	},
}

func byBytes(a, b report.Talker) int {
	return cmp.Or(cmp.Compare(plus(b.UpBytes, b.DownBytes), plus(a.UpBytes, a.DownBytes)), a.Address.Compare(b.Address))
}

func place(places Places, talkers []report.Talker) []report.Talker {
	for i, talker := range talkers {
		talkers[i].Place = places.Of(talker.Address)
		talkers[i].Place.Name = talker.Place.Name
	}
	return talkers
}

var ports = Measure{
	ID:    "ports",
	Title: "Protocols and ports",
	Doc:   "The protocols and destination ports with the most flows, and the rest as one row.",
	Attach: func(config Config, folds *Folds) func(*report.Report) {
		largest := &top[report.Port]{n: config.Top, compare: byFlows}
		var all report.Port
		folds.ports = append(folds.ports, func(port engine.Port) {
			largest.add(report.Port{Proto: port.Proto, DstPort: port.DstPort, Flows: port.Flows, UpBytes: port.UpBytes, DownBytes: port.DownBytes})
			all.Others++
			all.Flows += port.Flows
			all.UpBytes = plus(all.UpBytes, port.UpBytes)
			all.DownBytes = plus(all.DownBytes, port.DownBytes)
		})
		return func(r *report.Report) { r.Ports = withOthers(largest.cut(), all) }
	},
}

func byFlows(a, b report.Port) int {
	return cmp.Or(cmp.Compare(b.Flows, a.Flows), cmp.Compare(a.Proto, b.Proto), cmp.Compare(a.DstPort, b.DstPort))
}

// withOthers adds a row for what the largest leave of all.
func withOthers(largest []report.Port, all report.Port) []report.Port {
	for _, port := range largest {
		all.Others--
		all.Flows -= port.Flows
		all.UpBytes = max(all.UpBytes-port.UpBytes, 0) // a sum that reached its limit leaves less than there was
		all.DownBytes = max(all.DownBytes-port.DownBytes, 0)
	}
	if all.Others > 0 {
		return append(largest, all)
	}
	return largest
}
