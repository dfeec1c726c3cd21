package enginetest

import (
	"cmp"
	"maps"
	"net/netip"
	"slices"

	"sentinel/internal/engine"
	"sentinel/internal/flow"
)

// failed is engine.Failure.
func failed(f flow.Flow) bool {
	if f.State != "" {
		return f.State == flow.Refused || f.State == flow.Unanswered
	}
	return f.DownBytes == 0 || f.Proto == flow.TCP && f.DownBytes <= 60 && f.UpBytes <= 180
}

type channelKey struct {
	src, dst netip.Addr
	port     portKey
}

func byChannel(a, b channelKey) int {
	return cmp.Or(byText(a.src, b.src), byText(a.dst, b.dst), byPort(a.port, b.port))
}

func channelsOf(flows []flow.Flow) (channels []engine.Channel, rhythms []engine.Rhythm) {
	sources, netSources, portHosts := map[netip.Addr]set{}, map[netip.Prefix]set{}, map[portKey]set{}
	for _, f := range flows {
		add(netSources, netOf(f.DstIP), f.SrcIP)
		add(sources, f.DstIP, f.SrcIP)
		add(portHosts, portOf(f), f.SrcIP)
	}
	parts := group(flows, func(f flow.Flow) channelKey { return channelKey{f.SrcIP, f.DstIP, portOf(f)} },
		func(part *[]flow.Flow, f flow.Flow) { *part = append(*part, f) }, byChannel)
	for _, part := range parts {
		slices.SortFunc(part, func(a, b flow.Flow) int {
			return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.UpBytes, b.UpBytes), cmp.Compare(a.DownBytes, b.DownBytes))
		})
		rhythm := rhythmOf(part)
		rhythm.Sources = int64(len(sources[rhythm.DstIP]))
		rhythm.NetSources = int64(len(netSources[netOf(rhythm.DstIP)]))
		rhythm.PortHosts = int64(len(portHosts[portOf(part[0])]))
		channels = append(channels, rhythm.Channel)
		rhythms = append(rhythms, rhythm)
	}
	return channels, rhythms
}

// netOf is the network of a server: the /24 of an IPv4 address, an IPv6 address itself.
func netOf(address netip.Addr) netip.Prefix {
	if address.Is4() {
		return netip.PrefixFrom(address, 24).Masked()
	}
	return netip.PrefixFrom(address, 128)
}

// rhythmOf is the channel of flows in order of their start.
func rhythmOf(flows []flow.Flow) (r engine.Rhythm) {
	f := flows[0]
	r.Channel = engine.Channel{
		SrcIP: f.SrcIP, DstIP: f.DstIP, Proto: f.Proto.String(), DstPort: int64(f.DstPort),
		Flows: int64(len(flows)), First: f.Start, Last: flows[len(flows)-1].Start,
	}
	for _, f := range flows {
		r.Name = firstName(r.Name, f.Name)
		if failed(f) {
			r.Failed++
		}
		r.UpBytes, r.DownBytes, r.Longest = plus(r.UpBytes, f.UpBytes), plus(r.DownBytes, f.DownBytes), max(r.Longest, f.Duration)
		r.Open, r.UpPackets = plus(r.Open, f.Duration), plus(r.UpPackets, f.UpPackets)
		r.Starts, r.Ups, r.Downs = append(r.Starts, f.Start), append(r.Ups, f.UpBytes), append(r.Downs, f.DownBytes)
	}
	return r
}

// set is a set of addresses.
type set map[netip.Addr]bool

func add[Key comparable](sets map[Key]set, key Key, member netip.Addr) {
	if sets[key] == nil {
		sets[key] = set{}
	}
	sets[key][member] = true
}

func nodesOf(channels []engine.Channel) (nodes []engine.Node) {
	byAddress := map[netip.Addr]*engine.Node{}
	node := func(address netip.Addr) *engine.Node {
		if byAddress[address] == nil {
			byAddress[address] = &engine.Node{Address: address}
		}
		return byAddress[address]
	}
	to, answeredBy, askedBy, answeredTo, dns := map[netip.Addr]set{}, map[netip.Addr]set{}, map[netip.Addr]set{}, map[netip.Addr]set{}, map[netip.Addr]set{}
	ports := map[netip.Addr]map[int64]bool{}
	for _, c := range channels {
		source, target := node(c.SrcIP), node(c.DstIP)
		source.Opened += c.Flows
		source.Failed += c.Failed
		source.UpBytes, source.DownBytes = plus(source.UpBytes, c.UpBytes), plus(source.DownBytes, c.DownBytes)
		target.Accepted += c.Flows - c.Failed
		add(to, c.SrcIP, c.DstIP)
		add(askedBy, c.DstIP, c.SrcIP)
		if c.Failed == c.Flows {
			continue
		}
		add(answeredBy, c.SrcIP, c.DstIP)
		add(answeredTo, c.DstIP, c.SrcIP)
		if ports[c.DstIP] == nil {
			ports[c.DstIP] = map[int64]bool{}
		}
		ports[c.DstIP][c.DstPort] = true
		if c.DstPort == 53 {
			add(dns, c.DstIP, c.SrcIP)
		}
	}
	for _, address := range slices.SortedFunc(maps.Keys(byAddress), byText) {
		n := byAddress[address]
		n.OpenedTo, n.FailedTo = int64(len(to[address])), int64(len(to[address])-len(answeredBy[address]))
		n.AcceptedFrom, n.AskedBy = int64(len(answeredTo[address])), int64(len(askedBy[address]))
		n.Ports, n.DNSFrom = int64(len(ports[address])), int64(len(dns[address]))
		nodes = append(nodes, *n)
	}
	return nodes
}

func sweepsOf(channels []engine.Channel) (sweeps []engine.Sweep) {
	type key struct {
		src  netip.Addr
		port portKey
	}
	byKey := map[key]*engine.Sweep{}
	for _, c := range channels {
		k := key{c.SrcIP, portKey{c.Proto, c.DstPort}}
		if byKey[k] == nil {
			byKey[k] = &engine.Sweep{SrcIP: c.SrcIP, Proto: c.Proto, DstPort: c.DstPort, First: c.First, Last: c.Last}
		}
		s := byKey[k]
		s.Flows += c.Flows
		s.Targets++
		if c.Failed == c.Flows {
			s.DeadTargets++
		}
		s.First, s.Last = min(s.First, c.First), max(s.Last, c.Last)
	}
	order := func(a, b key) int { return cmp.Or(byText(a.src, b.src), byPort(a.port, b.port)) }
	for _, k := range slices.SortedFunc(maps.Keys(byKey), order) {
		sweeps = append(sweeps, *byKey[k])
	}
	return atLeast(sweeps, func(s engine.Sweep) bool { return s.Targets >= minTargets })
}

func probesOf(channels []engine.Channel) (probes []engine.Probe) {
	byKey := map[[2]netip.Addr]*engine.Probe{}
	for _, c := range channels {
		k := [2]netip.Addr{c.SrcIP, c.DstIP}
		if byKey[k] == nil {
			byKey[k] = &engine.Probe{SrcIP: c.SrcIP, DstIP: c.DstIP, First: c.First, Last: c.Last}
		}
		p := byKey[k]
		p.Flows += c.Flows
		p.Ports++
		if c.Failed == c.Flows {
			p.DeadPorts++
		}
		p.First, p.Last = min(p.First, c.First), max(p.Last, c.Last)
	}
	for _, k := range slices.SortedFunc(maps.Keys(byKey), byPair) {
		probes = append(probes, *byKey[k])
	}
	return atLeast(probes, func(p engine.Probe) bool { return p.Ports >= minPorts })
}
