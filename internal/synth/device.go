package synth

import "net/netip"

// device is one client of the network and the habits of whoever uses it.
type device struct {
	id         int
	addr       netip.Addr
	persona    persona
	activity   float64 // flows over those of an average device
	scale      size    // its transfers over the ordinary ones
	inside     float64 // chance that a session is with an internal server
	leftOn     bool    // runs through the night, and does a little
	favourites []int   // sites by how often it visits them
	private    []site  // rare sites that it alone visits, day by day
	role       string  // of a look-alike; such a device is never given an attack
}

// Habits. insideChance makes 30 % of all flows stay inside, with the DNS.
const (
	favouriteCount = 40
	privateCount   = 4
	insideChance   = 0.358
)

func (n *network) newDevice(id int, addr netip.Addr) device {
	s := newStream(n.options.Seed, "device", id)
	d := device{
		id: id, addr: addr, persona: newPersona(s), activity: s.lognormal(1, 0.55), leftOn: s.chance(0.3),
		scale:  size{exp(s.normal(-0.005, 0.1)), exp(s.normal(-0.02, 0.2))},
		inside: insideChance * s.between(0.5, 1.5),
	}
	for range favouriteCount {
		d.favourites = append(d.favourites, n.web.popular.draw(s))
	}
	for range privateCount {
		d.private = append(d.private, n.web.rare(s))
	}
	return d
}

// lookalike tells whether its traffic has something that detectors might take for an attack.
func (d *device) lookalike() bool { return d.role != "" || d.persona.name == "phone" }

// away tells whether the device stays off that day: holidays, illness, travel.
func (d *device) away(s stream) bool { return s.chance(0.03) && d.role == "" && !d.persona.always }

// writeDay writes what the device does on a day of the capture.
func (n *network) writeDay(d *device, day int, g *page) {
	quota := n.quotas[day][d.id]
	if quota == 0 {
		return
	}
	written, date := len(g.flows), n.options.Day+day
	pen := func(purpose string) *pen {
		return &pen{newStream(n.options.Seed, purpose, date, d.id), g, d.addr}
	}
	there := d.persona.day(newStream(n.options.Seed, "presence", date, d.id), d.leftOn, day)
	for _, habit := range n.habits() {
		if habit.has(n, d) {
			habit.write(n, d, there, pen(habit.name))
		}
	}
	browser, full := newBrowser(n, d, day, pen("browse")), max(written+quota, len(g.flows))
	for len(g.flows) < full {
		browser.session(there.moment(browser.stream))
	}
	g.cut(full)
}
