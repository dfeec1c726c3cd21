package oddclient

import (
	"context"
	"math"
	"net/netip"

	"sentinel/internal/detect"
	"sentinel/internal/stat"
)

// crowd is the clients of the public servers of a capture.
type crowd struct {
	clients []*client // in the order of the text of their addresses
	servers int
	nights  bool // the capture is long enough, and its clients sleep
	odds    int  // clients found odd

	// ln of the longest rest in hours: median, and standard deviation by the lower half.
	rest stat.Robust
}

const (
	serverLeast = 20   // clients from which on a destination is a public server
	serverShare = 0.02 // or this share of all
	dayAtLeast  = 20.0 // hours that a capture must last to show who sleeps
	sigmaFloor  = 0.15 // of ln(rest)
)

// crowdOf reads who visits public servers: sources from outside that contact servers only and serve nobody.
func crowdOf(ctx context.Context, c *detect.Case, scene *detect.Scene) (*crowd, error) {
	people := &crowd{}
	visitors, err := visitorsOf(ctx, c, scene, people)
	if err != nil {
		return nil, err
	}
	if len(visitors) < int(c.Param("min_clients")) {
		return people, nil
	}
	for visits, err := range scene.Visits(ctx, int64(c.Param("min_visits"))) {
		if err != nil {
			return nil, err
		}
		if visitors[visits.SrcIP] {
			people.clients = append(people.clients, clientOf(visits, scene))
		}
	}
	people.learn(c, scene)
	return people, nil
}

// visitorsOf lists the clients with enough visits, and counts the servers.
func visitorsOf(ctx context.Context, c *detect.Case, scene *detect.Scene, people *crowd) (map[netip.Addr]bool, error) {
	contacted := map[netip.Addr]int64{} // destinations of those that may be clients
	var accepted []int64
	sources := int64(0)
	for node, err := range scene.Nodes(ctx) {
		if err != nil {
			return nil, err
		}
		if node.AcceptedFrom >= serverLeast {
			accepted = append(accepted, node.AcceptedFrom)
		}
		if node.Opened == 0 || scene.Network.Inside(node.Address) {
			continue
		}
		sources++
		if node.AcceptedFrom == 0 && node.Opened >= int64(c.Param("min_visits")) {
			contacted[node.Address] = node.OpenedTo
		}
	}
	for _, from := range accepted {
		if float64(from) >= serverShare*float64(sources) {
			people.servers++
		}
	}
	visitors := map[netip.Addr]bool{}
	for addr, servers := range contacted {
		if servers <= int64(people.servers) {
			visitors[addr] = true
		}
	}
	return visitors, nil
}

// learn works out how long clients rest, from the lower half: a client with few visits rests for no reason of sleep.
func (people *crowd) learn(c *detect.Case, scene *detect.Scene) {
	var rests []float64
	for _, client := range people.clients {
		rests = append(rests, math.Log(max(client.rest, 1.0/60)))
	}
	median := stat.Quantile(rests, 0.5)
	const quartile = 0.6745 // of a standard normal
	people.rest = stat.Robust{Median: median, Sigma: max((median-stat.Quantile(rests, 0.25))/quartile, sigmaFloor), N: len(rests)}
	people.nights = scene.Seconds() >= dayAtLeast*3600 && math.Exp(median) >= 2*c.Param("max_rest")
}

// odd lists the clients whose timing is not human. The chance of each counts for both tests that it underwent.
func (people *crowd) odd(c *detect.Case) []*client {
	var odd []*client
	tests := float64(2 * len(people.clients))
	for _, each := range people.clients {
		each.p = 1
		if each.regularBy(c) && each.rhythm.P*tests <= falseAlarms {
			each.clockwork, each.p = true, each.rhythm.P
		}
		chance := stat.UpperTail(-people.rest.Z(math.Log(max(each.rest, 1.0/60))))
		if people.nights && each.rest <= c.Param("max_rest") && each.night >= c.Param("min_night") && chance*tests <= falseAlarms {
			each.sleepless, each.p = true, min(each.p, chance)
		}
		if each.clockwork || each.sleepless {
			odd = append(odd, each)
		}
	}
	people.odds = len(odd)
	return odd
}

// falseAlarms among all clients that chance may raise, before the run's own control of false discoveries: a group
// must not rest on a member that chance explains.
const falseAlarms = 0.05
