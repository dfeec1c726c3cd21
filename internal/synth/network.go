package synth

import (
	"math"
	"net/netip"
	"slices"
)

// serverBlock is the number of addresses kept for servers: .222 to .234 of a /24.
const serverBlock = 13

// network is the internal network: its servers, and the devices of its people.
type network struct {
	options   Options
	web       *web
	resolvers [2]netip.Addr
	sites     []site // internal web servers
	visits    picker // among sites
	monitor   netip.Addr
	backup    netip.Addr
	devices   []device
	intensity float64 // flows of a device over those of a typical day, 5,000
	quotas    [][]int // flows by day of the capture, by device
}

func newNetwork(o Options) *network {
	n := &network{options: o, web: newWeb(o)}
	n.intensity = float64(o.Flows) / float64(o.Devices) / 5_000
	n.placeServers()
	n.placeDevices()
	assignRoles(n)
	n.shareOut()
	return n
}

func addresses(prefix netip.Prefix) int { return 1 << (32 - prefix.Bits()) }

// maxDevices leaves out the network, broadcast and gateway addresses, and the servers. It is 0 for a network that
// does not fit at all.
func maxDevices(prefix netip.Prefix) int {
	if !suits(prefix) {
		return 0
	}
	return addresses(prefix) - 3 - serverBlock
}

// suits tells whether a network of this family and size can be invented.
func suits(prefix netip.Prefix) bool {
	return prefix.Addr().Is4() && prefix.Bits() >= 8 && prefix.Bits() <= 27
}

// serverOffset is where the servers begin.
func serverOffset(prefix netip.Prefix) int { return min(222, addresses(prefix)-2-serverBlock) }

func (n *network) placeServers() {
	base := offset(n.options.Network.Addr(), serverOffset(n.options.Network))
	n.resolvers = [2]netip.Addr{offset(base, 2), offset(base, 8)}
	n.monitor, n.backup = offset(base, 9), offset(base, 7)
	for i, at := range []int{0, 4, 6, 10, 12} {
		s := newStream(n.options.Seed, "server", i)
		n.sites = append(n.sites, site{
			name: []string{"intranet", "mail", "files", "wiki", "apps"}[i] + ".corp.example", port: 443, failing: 0.0005,
			pool: []netip.Addr{offset(base, at)}, scale: size{exp(s.normal(0, 0.1)), exp(s.normal(0, 0.2))},
		})
	}
	n.visits = newPicker([]float64{5, 4, 3, 2, 1})
}

// servers lists the addresses that serve the network, in order.
func (n *network) servers() []netip.Addr {
	all := []netip.Addr{n.resolvers[0], n.resolvers[1]}
	for _, site := range n.sites {
		all = append(all, site.pool[0])
	}
	slices.SortFunc(all, netip.Addr.Compare)
	return all
}

// placeDevices gives the devices addresses outside the block of the servers, lowest first.
func (n *network) placeDevices() {
	s := newStream(n.options.Seed, "addresses")
	first, size := serverOffset(n.options.Network), addresses(n.options.Network)
	taken := map[int]bool{}
	for len(taken) < n.options.Devices {
		at := 2 + s.IntN(size-3)
		if at < first || at >= first+serverBlock {
			taken[at] = true
		}
	}
	offsets := make([]int, 0, len(taken))
	for at := range taken {
		offsets = append(offsets, at)
	}
	slices.Sort(offsets)
	for id, at := range offsets {
		n.devices = append(n.devices, n.newDevice(id, offset(n.options.Network.Addr(), at)))
	}
}

// shareOut divides the flows of each day among the devices that are there, by how active each is by habit and that day.
func (n *network) shareOut() {
	for day := range n.options.Days {
		weights, sum := make([]float64, len(n.devices)), 0.0
		for id := range n.devices {
			d, s := &n.devices[id], newStream(n.options.Seed, "activity", n.options.Day+day, id)
			if weights[id] = d.activity * s.lognormal(1, 0.15); d.away(s) {
				weights[id] = 0
			}
			sum += weights[id]
		}
		people := float64(n.options.Flows - n.serverFlows())
		quotas := make([]int, len(weights))
		for id, weight := range weights {
			quotas[id] = int(math.Round(people * weight / sum))
		}
		n.quotas = append(n.quotas, quotas)
	}
}

// present tells whether the device is switched on every day of the capture.
func (n *network) present(id int) bool {
	return !slices.ContainsFunc(n.quotas, func(quotas []int) bool { return quotas[id] == 0 })
}

// ask writes a question about a site to the first resolver, or now and then the second.
func (n *network) ask(p *pen, at float64, name string) {
	resolver := n.resolvers[0]
	if p.chance(0.15) {
		resolver = n.resolvers[1]
	}
	p.ask(at, resolver, name)
}
