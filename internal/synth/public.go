package synth

import (
	"math"
	"net/netip"
)

// public is the public servers of a network and the people all over the world who visit them.
type public struct {
	options Options
	sites   []site
	visits  picker // among sites
	homes   picker // among countries
	clients []client
}

// client is one visitor from outside, or a company behind one address.
type client struct {
	addr   netip.Addr
	zone   float64 // hours ahead of UTC
	rise   float64 // local hour
	rest   float64
	flows  int // a day
	many   bool
	scale  size
	number int
}

const companyShare = 0.01 // of the clients

func newPublic(o Options) *public {
	w := &public{options: o, homes: newPicker(weights(countries, func(x float64) float64 { return math.Pow(x, 0.8) }))}
	w.visits = newPicker(zipf(8, 0.9))
	for i := range 8 {
		s := newStream(o.Seed, "public server", i)
		w.sites = append(w.sites, site{
			name: siteName(s), port: 443, pool: []netip.Addr{offset(o.Public.Addr(), min(10+3*i, 3+3*i+addresses(o.Public)/8))},
			scale: size{exp(s.normal(0, 0.1)), exp(s.normal(0, 0.3))},
		})
	}
	var shares []float64
	sum := 0.0
	for id := range o.Devices {
		w.clients = append(w.clients, w.newClient(id))
		s := newStream(o.Seed, "client activity", id, o.Day)
		share := newStream(o.Seed, "client habit", id).lognormal(1, 0.9) * s.lognormal(1, 0.3)
		if w.clients[id].many {
			share *= 8
		}
		shares, sum = append(shares, share), sum+share
	}
	for id := range w.clients {
		w.clients[id].flows = int(math.Ceil(float64(o.Flows) * shares[id] / sum))
	}
	return w
}

func (w *public) newClient(id int) client {
	s := newStream(w.options.Seed, "client", id)
	home := countries[w.homes.draw(s)]
	return client{
		addr: home.address(s), zone: float64(home.zone), rise: s.normal(7.6, 1), rest: s.normal(23, 1), number: id,
		many: s.chance(companyShare), scale: size{exp(s.normal(0, 0.1)), exp(s.normal(0, 0.2))},
	}
}

// newcomer invents an address that is no ordinary client's.
func (w *public) newcomer(s stream) netip.Addr {
	for {
		addr := countries[w.homes.draw(s)].address(s)
		if !w.knows(addr) {
			return addr
		}
	}
}

func (w *public) knows(addr netip.Addr) bool {
	for i := range w.clients {
		if w.clients[i].addr == addr {
			return true
		}
	}
	return false
}

func (w *public) sources() []source {
	var all []source
	for i := range w.clients {
		c := &w.clients[i]
		all = append(all, source{c.addr, []func(*page){func(g *page) { w.writeDays(c, g) }}})
	}
	return all
}

func (w *public) writeDays(c *client, g *page) {
	for day := range w.options.Days {
		p := &pen{newStream(w.options.Seed, "visits", w.options.Day+day, c.number), g, c.addr}
		full := len(g.flows) + c.flows
		for len(g.flows) < full {
			w.visit(p, c, float64(day)*24*hour+c.moment(p.stream))
		}
		g.flows = g.flows[:full]
	}
}

// moment draws a second of the day (UTC) at which the client is awake; companies work from 8 to 18 h.
func (c *client) moment(s stream) float64 {
	local := s.between(c.rise, c.rest)
	if c.many {
		local = s.between(8, 18)
	} else if s.chance(0.3) {
		local = s.between(max(c.rise, 18), c.rest) // evenings are busier
	}
	return math.Mod(local-c.zone+48, 24) * hour
}

// visit writes pages of one server, with pauses to read them.
func (w *public) visit(p *pen, c *client, at float64) {
	s := &w.sites[w.visits.draw(p.stream)]
	to, z := s.at(s.pool[0]), typical.times(c.scale.up*s.scale.up, c.scale.down*s.scale.down)
	for range p.atLeastOne(pagesMean) {
		part := at
		for range 1 + p.IntN(3) {
			p.transfer(part, to, z)
			part += p.exponential(0.25)
		}
		at += min(p.lognormal(thinkMedian, thinkSpread), thinkMax)
	}
}

func (w *public) lookalikes() []Lookalike {
	company := Lookalike{
		Name: "company", Sentence: "Many people behind one address: hardly a pause by day, and still at rest by night.",
	}
	for _, c := range w.clients {
		if c.many {
			company.Hosts = append(company.Hosts, c.addr)
		}
	}
	return []Lookalike{company}
}

func (w *public) plant(truth *Truth) ([]source, error) {
	return planter{options: w.options, public: w, taken: map[int]bool{}, ordered: map[string]int{}}.plant(truth)
}
