package synth

import "net/netip"

// scene is the ordinary traffic of a kind of capture: where attacks are planted.
type scene interface {
	sources() []source
	lookalikes() []Lookalike
	plant(*Truth) ([]source, error)
}

func newScene(o Options) scene {
	if o.Kind == Servers {
		return newPublic(o)
	}
	return newNetwork(o)
}

// sources are the devices and the servers with duties.
func (n *network) sources() []source {
	var all []source
	for i := range n.devices {
		d := &n.devices[i]
		all = append(all, source{d.addr, []func(*page){func(g *page) { n.writeDays(d, g) }}})
	}
	for i, duty := range n.duties() {
		addr := duty.addr(n)
		all = append(all, source{addr, []func(*page){func(g *page) {
			for day := range n.options.Days {
				duty.write(n, &pen{newStream(n.options.Seed, "duty", n.options.Day+day, i), g, addr}, float64(day)*24*hour)
			}
		}}})
	}
	return all
}

func (n *network) writeDays(d *device, g *page) {
	for day := range n.options.Days {
		n.writeDay(d, day, g)
	}
}

func (n *network) lookalikes() []Lookalike {
	var all []Lookalike
	for _, habit := range n.habits() {
		hosts := n.withRole(habit.name)
		if habit.share == 0 || len(hosts) > 0 {
			all = append(all, Lookalike{habit.name, habit.doc, hosts})
		}
	}
	for _, duty := range n.duties() {
		all = append(all, Lookalike{duty.name, duty.doc, []netip.Addr{duty.addr(n)}})
	}
	var phones []netip.Addr
	for _, d := range n.devices {
		if d.persona.name == "phone" && d.role == "" {
			phones = append(phones, d.addr)
		}
	}
	return append(all, Lookalike{"phone", "Leaves the network every afternoon and comes back: a gap, and no loss of contact.", phones})
}

func (n *network) plant(truth *Truth) ([]source, error) {
	if n.options.Kind == Clean {
		return nil, nil
	}
	return planter{options: n.options, network: n, taken: map[int]bool{}, ordered: map[string]int{}}.plant(truth)
}
