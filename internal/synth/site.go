package synth

import (
	"math"
	"net/netip"
)

func exp(x float64) float64 { return math.Exp(x) }

// The servers that people visit: a few sites have most of the visits, each behind many addresses that change.
const (
	siteCount    = 1_200
	siteZipf     = 0.92 // exponent of the popularity of sites by rank
	wideSites    = 60   // the most popular, delivered from many addresses
	widePool     = 48   // addresses that a wide site owns
	wideActive   = 16   // of which so many answer on one day
	dailyChurn   = 0.35 // of which so many are others on the next day
	siteUpSpread = 0.15 // of the logarithm of a site's typical size
	siteDnSpread = 0.50
)

// site is one service on the Internet or inside the network.
type site struct {
	name    string
	port    uint16
	scale   size    // its transfers over the ordinary ones
	helpers []int   // sites that its pages draw in: scripts, pictures, advertisements
	failing float64 // share of connections that nobody answers
	pool    []netip.Addr
}

// web is the Internet as the network sees it.
type web struct {
	seed    uint64
	sites   []site
	popular picker
	tail    picker           // countries of rarely visited servers
	active  [][][]netip.Addr // by day of the capture, by site: the addresses that answer
}

func newWeb(o Options) *web {
	w := &web{seed: o.Seed, sites: make([]site, siteCount)}
	visits := zipf(siteCount, siteZipf)
	w.popular = newPicker(visits)
	w.tail = newPicker(weights(countries, math.Sqrt))
	head := newPicker(weights(countries, func(x float64) float64 { return math.Pow(x, 1.3) }))
	body := newPicker(weights(countries, func(x float64) float64 { return x }))
	for i := range w.sites {
		s := newStream(o.Seed, "site", i)
		where := body
		if i < wideSites {
			where = head
		}
		w.sites[i] = w.newSite(i, countries[where.draw(s)], o.Profile, s)
	}
	w.level(visits)
	for day := range o.Days {
		w.active = append(w.active, w.answering(o.Day+day))
	}
	return w
}

func (w *web) newSite(rank int, home country, profile Profile, s stream) site {
	t := site{name: siteName(s), port: 443, failing: 0.002, scale: size{exp(s.normal(0, siteUpSpread)), exp(s.normal(0, siteDnSpread))}}
	if profile == Office && s.chance(0.08) {
		t.port = 80
	}
	for range 2 + s.IntN(4) {
		t.helpers = append(t.helpers, w.popular.draw(s))
	}
	first := home.address(s)
	if rank < wideSites {
		second := home.address(s)
		for i := range widePool / 2 {
			t.pool = append(t.pool, sibling(first, i), sibling(second, i))
		}
		return t
	}
	for i := range 1 + s.IntN(3) {
		t.pool = append(t.pool, sibling(first, i))
	}
	return t
}

// sibling is another address of the same /24; 83 is coprime to the 254 host addresses.
func sibling(addr netip.Addr, i int) netip.Addr {
	four := addr.As4()
	four[3] = byte(1 + (int(four[3])+83*i)%254)
	return netip.AddrFrom4(four)
}

// level scales the sites so that their mean size, by visits, is the same whichever site came out most popular.
func (w *web) level(visits []float64) {
	var sum, up, down float64
	for i, site := range w.sites {
		sum += visits[i]
		up += visits[i] * site.scale.up
		down += visits[i] * site.scale.down
	}
	for i := range w.sites {
		w.sites[i].scale.up *= sum / up
		w.sites[i].scale.down *= sum / down
	}
}

// answering lists the addresses of each site on a day. Wide sites move some of theirs every day within their pool.
func (w *web) answering(day int) [][]netip.Addr {
	lists := make([][]netip.Addr, len(w.sites))
	for i, site := range w.sites {
		lists[i] = site.pool
		if len(site.pool) <= wideActive {
			continue
		}
		lists[i] = make([]netip.Addr, wideActive)
		for slot := range wideActive {
			lists[i][slot] = site.pool[w.poolIndex(i, slot, day)]
		}
	}
	return lists
}

// poolIndex follows one slot of a wide site from day 0. Each slot has its own part of the pool.
func (w *web) poolIndex(site, slot, day int) int {
	const part = widePool / wideActive
	moves := 0
	for d := range day {
		if float64(hash(w.seed, "churn", site, slot, d)%1000) < 1000*dailyChurn {
			moves++
		}
	}
	return slot*part + moves%part
}

// rare makes a site that hardly anybody visits: one address somewhere.
func (w *web) rare(s stream) site {
	home := countries[w.tail.draw(s)]
	return site{
		name: siteName(s), port: 443, failing: 0.03, pool: []netip.Addr{home.address(s)},
		scale: size{exp(s.normal(-0.1, 0.3)), exp(s.normal(-0.5, 0.8))},
	}
}

var syllables = []string{"ba", "ko", "li", "mer", "ta", "vo", "ri", "sen", "da", "nu", "pel", "go", "fa", "lo", "mi", "ste"}

// siteName invents a name under the reserved top level (RFC 2606, 2).
func siteName(s stream) string {
	name := pick(s, []string{"www.", "www.", "api.", "cdn.", "login.", ""})
	for range 2 + s.IntN(3) {
		name += pick(s, syllables)
	}
	return name + ".example"
}
