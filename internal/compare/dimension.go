package compare

import (
	"context"
	"fmt"
	"iter"
	"math"
	"time"

	"sentinel/internal/engine"
	"sentinel/internal/flow"
	"sentinel/internal/measure"
	"sentinel/internal/report"
)

// dimension is one way to divide the traffic of a capture.
type dimension struct {
	id      string
	title   string
	bytes   bool  // changes are of bytes, not of flows
	settled int64 // flows from which on a key tells the spread of ordinary change
	needs   func(measure.Config) bool
	count   func(context.Context, engine.Engine, measure.Config) (volumes, error)
}

func (d dimension) unit() string {
	if d.bytes {
		return "bytes"
	}
	return "flows"
}

// shift is ln(after over before), smoothed so that a key missing on one side has one.
func (d dimension) shift(change report.Change) float64 {
	if d.bytes && change.BytesBefore+change.BytesAfter > 0 {
		return math.Log((float64(change.BytesAfter) + 5000) / (float64(change.BytesBefore) + 5000))
	}
	return math.Log((float64(change.FlowsAfter) + session/2) / (float64(change.FlowsBefore) + session/2))
}

// dimensions lists the ways, in the order of a report.
var dimensions = []dimension{
	{id: "countries", title: "Countries", settled: 20, count: countCountries},
	{id: "owners", title: "Networks' owners", settled: 20, count: countOwners, needs: func(c measure.Config) bool { return c.Places.Owners != nil }},
	{id: "networks", title: "Networks of servers", settled: 20, count: countNetworks},
	{id: "ports", title: "Ports", settled: 20, count: countPorts},
	{id: "edges", title: "Internal contacts", settled: 5, count: countEdges},
	{id: "hosts", title: "Hosts by volume", bytes: true, settled: 20, count: countHosts},
	{id: "dns", title: "Hosts by DNS volume", bytes: true, settled: 20, count: countDNS},
	{id: "hours", title: "Hours of the day", settled: 20, count: countHours},
}

// tally adds up the rows of a rollup by key.
func tally[Row any](rows iter.Seq2[Row, error], add func(volumes, Row)) (volumes, error) {
	result := volumes{}
	for row, err := range rows {
		if err != nil {
			return nil, err
		}
		add(result, row)
	}
	return result, nil
}

func countCountries(ctx context.Context, flows engine.Engine, config measure.Config) (volumes, error) {
	return tally(flows.Servers(ctx), func(v volumes, s engine.Server) {
		if code := config.Places.Country(s.DstIP); code != "" {
			v.add(code, s.Flows, s.UpBytes+s.DownBytes)
		}
	})
}

func countOwners(ctx context.Context, flows engine.Engine, config measure.Config) (volumes, error) {
	return tally(flows.Servers(ctx), func(v volumes, s engine.Server) {
		if owner := config.Places.Of(s.DstIP).Owner; owner != "" {
			v.add(owner, s.Flows, s.UpBytes+s.DownBytes)
		}
	})
}

// countNetworks counts servers by /24 or /64: single addresses of one service come and go.
func countNetworks(ctx context.Context, flows engine.Engine, _ measure.Config) (volumes, error) {
	return tally(flows.Servers(ctx), func(v volumes, s engine.Server) {
		v.add(flow.ServiceNetwork(s.DstIP).String(), s.Flows, s.UpBytes+s.DownBytes)
	})
}

func countPorts(ctx context.Context, flows engine.Engine, _ measure.Config) (volumes, error) {
	return tally(flows.Ports(ctx), func(v volumes, p engine.Port) {
		v.add(fmt.Sprintf("%s %d", p.Proto, p.DstPort), p.Flows, p.UpBytes+p.DownBytes)
	})
}

func countEdges(ctx context.Context, flows engine.Engine, config measure.Config) (volumes, error) {
	return tally(flows.Peers(ctx, config.Internal), func(v volumes, p engine.Peer) {
		v.add(p.SrcIP.String()+" > "+p.DstIP.String(), p.Flows, 0)
	})
}

func countHosts(ctx context.Context, flows engine.Engine, _ measure.Config) (volumes, error) {
	return tally(flows.Hosts(ctx), func(v volumes, h engine.Host) {
		v.add(h.SrcIP.String(), h.Flows, h.UpBytes+h.DownBytes)
	})
}

func countDNS(ctx context.Context, flows engine.Engine, _ measure.Config) (volumes, error) {
	return tally(flows.HostHours(ctx, 53), func(v volumes, h engine.HostHour) {
		v.add(h.SrcIP.String(), h.Flows, h.UpBytes+h.DownBytes)
	})
}

func countHours(ctx context.Context, flows engine.Engine, _ measure.Config) (volumes, error) {
	return tally(flows.Minutes(ctx), func(v volumes, m engine.Minute) {
		v.add(fmt.Sprintf("%02d h", m.Start/time.Hour.Microseconds()%24), m.Flows, 0)
	})
}
