package synth

import (
	"math"
	"net/netip"

	"sentinel/internal/flow"
)

// Shape of a session: somebody opens a site, reads some pages of it, and each page draws in other sites.
const (
	pagesMean    = 5.0
	thinkMedian  = 14.0 // seconds
	thinkSpread  = 1.1
	thinkMax     = 1200.0
	helperChance = 0.4
	askChance    = 0.88  // that a name of the session is not in the device's cache
	strollChance = 0.10  // that a session is outside the favourites
	rareChance   = 0.012 // that it is with a site never seen before
	ownChance    = 0.015 // that it is with one of the device's own rare sites
)

// typical is the size of an ordinary flow before site, device and session have their say. It makes means of 10,081
// bytes up and 93,017 down over all flows, DNS included.
var typical = size{10_350, 68_500}

// browser writes the sessions of one device on one day.
type browser struct {
	*pen
	asks    *pen // of DNS, over IPv4 whatever the visit goes over
	network *network
	device  *device
	active  [][]netip.Addr
	today   picker // among the device's favourites
	silent  bool   // sessions outside only, without DNS
}

func newBrowser(n *network, d *device, day int, p *pen) *browser {
	weights := zipf(len(d.favourites), 0.8)
	for i := range weights {
		if p.chance(0.15) {
			weights[i] = 0
		}
	}
	weights[0] = max(weights[0], 0.1) // never nothing at all
	return &browser{pen: p, asks: p, network: n, device: d, active: n.web.active[day], today: newPicker(weights)}
}

// session writes a visit that begins at the given second.
func (b *browser) session(at float64) {
	switch u := b.Float64(); {
	case b.silent:
		i := b.choose()
		b.visit(at, &b.network.web.sites[i], b.active[i])
	case u < b.device.inside:
		site := &b.network.sites[b.network.visits.draw(b.stream)]
		b.inside(at, site)
	case u < b.device.inside+rareChance:
		site := b.network.web.rare(b.stream)
		b.visit(at, &site, site.pool)
	case u < b.device.inside+rareChance+ownChance:
		site := &b.device.private[b.IntN(privateCount)]
		b.visit(at, site, site.pool)
	default:
		i := b.choose()
		b.visit(at, &b.network.web.sites[i], b.active[i])
	}
}

// inside writes a visit of an internal server, in the Office profile often over IPv6.
func (b *browser) inside(at float64, s *site) {
	if !b.page.office || b.chance(0.7) {
		b.visit(at, s, s.pool)
		return
	}
	six := *b
	six.pen = &pen{b.stream, b.page, local(b.src)}
	six.visit(at, s, []netip.Addr{local(s.pool[0])})
}

func (b *browser) choose() int {
	if b.chance(strollChance) {
		return b.network.web.popular.draw(b.stream)
	}
	return b.device.favourites[b.today.draw(b.stream)]
}

// visit writes the pages of a session at a site, with pauses to read them.
func (b *browser) visit(at float64, s *site, servers []netip.Addr) {
	mood := typical.times(b.device.scale.up*exp(b.normal(-0.02, 0.2)), b.device.scale.down*exp(b.normal(-0.045, 0.3)))
	server := pick(b.stream, servers)
	asked := false
	var helped uint
	for range b.atLeastOne(pagesMean) {
		if !asked || b.chance(0.03) {
			b.lookUp(at, s)
			asked = true
		}
		b.load(at+b.between(0.02, 0.12), s, server, mood)
		for i, helper := range s.helpers {
			if !b.chance(helperChance) {
				continue
			}
			later := at + b.between(0.2, 1.5)
			if helped&(1<<i) == 0 {
				b.lookUp(later, &b.network.web.sites[helper])
				helped |= 1 << i
			}
			b.load(later+0.05, &b.network.web.sites[helper], pick(b.stream, b.active[helper]), mood)
		}
		at += min(b.lognormal(thinkMedian, thinkSpread), thinkMax)
	}
}

func (b *browser) lookUp(at float64, s *site) {
	if !b.silent && b.chance(askChance) {
		b.network.ask(b.asks, at, s.name)
	}
}

// load writes the connections of one page to one server: a few at once, as browsers open them.
func (b *browser) load(at float64, s *site, server netip.Addr, mood size) {
	to := s.at(server)
	if b.chance(s.failing) {
		b.fail(at, to)
		at += 3 * math.Sqrt(b.Float64()) // and tries again
	}
	for range 1 + b.IntN(3) {
		b.transfer(at, to, mood.times(s.scale.up, s.scale.down))
		at += b.exponential(0.25)
	}
}

func (s *site) at(server netip.Addr) endpoint {
	if s.port == 80 {
		return endpoint{server, flow.TCP, 80, "http", s.name}
	}
	return endpoint{server, flow.TCP, s.port, "tls", s.name}
}
