// Package inject writes attacks into captures of one's own, and tells which detectors see them, how soon, and at
// what strength they lose them.
package inject

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"sentinel/internal/detect"
	"sentinel/internal/engine"
	"sentinel/internal/flow"
	"sentinel/internal/synth"
)

// Plan is an attack fitted into a capture.
type Plan struct {
	attack synth.Attack
	hosts  []netip.Addr // that play its part, the most ordinary first
	others []netip.Addr // servers, and then the rest of the network
	start  int64        // midnight of the capture's first day, microseconds since the epoch
	first  int64        // of the capture; flows outside are left out
	last   int64
	flows  int64                 // of the capture, which volumes of the attack are relative to
	used   map[netip.Prefix]bool // networks of servers in the capture
}

// stage is the network that attacks are made for before they are fitted into another.
var stage = netip.MustParsePrefix("192.168.104.0/24")

// Bounds of the flows that an attack is made for.
const (
	fewestFlows = 10_000
	mostFlows   = 2_000_000
)

// Fit chooses who plays which part of an attack in a capture: its most ordinary clients attack, its servers are
// attacked.
func Fit(ctx context.Context, test detect.Flows, internal []netip.Prefix, attack synth.Attack) (*Plan, error) {
	network, err := detect.Orient(ctx, test.Engine, internal, nil)
	if err != nil {
		return nil, err
	}
	day := (24 * time.Hour).Microseconds()
	plan := &Plan{attack: attack, start: test.First / day * day, first: test.First, last: test.Last}
	nodes := network.Nodes()
	for _, node := range nodes {
		plan.flows += node.Opened
		switch {
		case network.Is(node.Address, detect.Server):
			plan.others = append(plan.others, node.Address)
		case node.Opened > 0:
			plan.hosts = append(plan.hosts, node.Address)
		}
	}
	if plan.used, err = serverNetworks(ctx, test.Engine); err != nil {
		return nil, err
	}
	if len(plan.hosts) == 0 {
		return nil, errors.New("no internal client is there to play the attacker")
	}
	ordinaryFirst(plan.hosts, nodes)
	plan.others = append(plan.others, plan.hosts...)
	return plan, nil
}

// serverNetworks are the /24 or /64 networks of all destinations.
func serverNetworks(ctx context.Context, flows engine.Engine) (map[netip.Prefix]bool, error) {
	used := map[netip.Prefix]bool{}
	for server, err := range flows.Servers(ctx) {
		if err != nil {
			return nil, err
		}
		used[flow.ServiceNetwork(server.DstIP)] = true
	}
	return used, nil
}

// ordinaryFirst orders hosts by how near the number of their flows is to the median.
func ordinaryFirst(hosts []netip.Addr, nodes []engine.Node) {
	opened := map[netip.Addr]int64{}
	for _, node := range nodes {
		opened[node.Address] = node.Opened
	}
	var counts []int64
	for _, host := range hosts {
		counts = append(counts, opened[host])
	}
	slices.Sort(counts)
	median := counts[len(counts)/2]
	distance := func(a netip.Addr) int64 { return max(opened[a]-median, median-opened[a]) }
	slices.SortFunc(hosts, func(a, b netip.Addr) int { return cmp.Or(cmp.Compare(distance(a), distance(b)), a.Compare(b)) })
}

// At makes the flows of the attack at a strength, up to a moment in microseconds since the epoch.
func (p *Plan) At(strength float64, until int64) (flow.Reader, synth.Planted, error) {
	attack := p.attack
	attack.Strength = cmp.Or(attack.Strength, 1) * strength
	capture, err := p.elsewhere(synth.Options{
		Kind: synth.Judge, Flows: int(min(max(p.flows, fewestFlows), mostFlows)), Network: stage, Bare: true,
		Attacks: []synth.Attack{attack}, Start: time.UnixMicro(p.start).UTC(),
	})
	if err != nil {
		return nil, synth.Planted{}, err
	}
	if len(capture.Truth().Attacks) == 0 {
		return nil, synth.Planted{}, fmt.Errorf("attack %s: there was no room for it", attack.Name)
	}
	planted := capture.Truth().Attacks[0]
	roles := p.cast(planted)
	planted.Sentence = reword(planted.Sentence, roles)
	planted.Hosts = recast(planted.Hosts, roles)
	planted.Destinations = recast(planted.Destinations, roles)
	return &fitted{capture, roles, p.first, min(p.last, until)}, planted, nil
}

// elsewhere makes the attack with servers in networks that the capture does not use, if a few tries find such.
func (p *Plan) elsewhere(options synth.Options) (capture *synth.Capture, err error) {
	for options.Seed = 1; options.Seed <= 50; options.Seed++ {
		if capture, err = synth.Day(options); err != nil {
			return nil, err
		}
		shares := func(address netip.Addr) bool { return !stage.Contains(address) && p.used[flow.ServiceNetwork(address)] }
		attacks := capture.Truth().Attacks
		if len(attacks) == 0 || !slices.ContainsFunc(attacks[0].Destinations, shares) {
			break
		}
	}
	return capture, nil
}

// cast gives each internal address of an attack to one of the capture.
func (p *Plan) cast(planted synth.Planted) map[netip.Addr]netip.Addr {
	roles := map[netip.Addr]netip.Addr{}
	for i, host := range planted.Hosts {
		if stage.Contains(host) {
			roles[host] = p.hosts[i%len(p.hosts)]
		}
	}
	next := 0
	for _, destination := range planted.Destinations {
		if _, taken := roles[destination]; taken || !stage.Contains(destination) {
			continue
		}
		roles[destination] = p.others[next%len(p.others)]
		next++
	}
	return roles
}

func recast(addresses []netip.Addr, roles map[netip.Addr]netip.Addr) []netip.Addr {
	list := slices.Clone(addresses)
	for i, address := range list {
		if role, ok := roles[address]; ok {
			list[i] = role
		}
	}
	return list
}

// reword puts the capture's addresses into the sentence about an attack.
func reword(sentence string, roles map[netip.Addr]netip.Addr) string {
	words := strings.Fields(sentence)
	for i, word := range words {
		bare := strings.TrimRight(word, ".,:;")
		address, err := netip.ParseAddr(bare)
		if role, ok := roles[address]; err == nil && ok {
			words[i] = role.String() + strings.TrimPrefix(word, bare)
		}
	}
	return strings.Join(words, " ")
}

// fitted reads an attack with the addresses and within the time of a capture.
type fitted struct {
	flow.Reader
	roles       map[netip.Addr]netip.Addr
	first, last int64
}

// Read implements flow.Reader.
func (f *fitted) Read(dst []flow.Flow) (int, error) {
	n, err := f.Reader.Read(dst)
	kept := dst[:0]
	for _, one := range dst[:n] {
		if one.Start < f.first || one.Start > f.last {
			continue
		}
		if role, ok := f.roles[one.SrcIP]; ok {
			one.SrcIP = role
		}
		if role, ok := f.roles[one.DstIP]; ok {
			one.DstIP = role
		}
		kept = append(kept, one)
	}
	return len(kept), err
}
