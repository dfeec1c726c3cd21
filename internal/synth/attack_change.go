package synth

import (
	"fmt"
	"strings"
)

func plantCountries(p *plot) {
	var servers []endpoint
	order := p.Perm(len(reserved))
	for _, i := range order[:min(len(order), int(p.param("countries")))] {
		servers = append(servers, https(p.in(reserved[i])))
	}
	flows := p.scaled("flows")
	for _, host := range p.devices {
		p.from(host.addr, func(w *pen) {
			for _, server := range servers {
				at := w.between(7*hour, 16*hour)
				for range flows {
					w.transfer(at, server, typical)
					at += w.lognormal(120, 1)
				}
			}
		})
	}
	p.planted.Sentence = fmt.Sprintf("%s contact servers in %s, where the network never had any business, %d times each.",
		p.names(), strings.Join(p.planted.Countries, ", "), flows)
}

func plantShift(p *plot) {
	for _, host := range p.devices {
		p.from(host.addr, func(w *pen) {
			for day := range p.options.Days {
				there := host.persona.day(newStream(p.options.Seed, "presence", p.options.Day+day, host.id), host.leftOn, day)
				b := newBrowser(p.network, host, day, w)
				b.silent = true
				extra := int(p.param("added") * p.strength * float64(p.network.quotas[day][host.id]))
				for before := len(w.page.flows); len(w.page.flows)-before < extra; {
					b.session(there.moment(w.stream))
				}
			}
		})
	}
	p.planted.Sentence = fmt.Sprintf("HTTPS volume rises to %s times the usual, with the usual servers, at %s.",
		number(1+p.param("added")*p.strength), p.names())
}
