package synth

import "fmt"

func dnsParams(factor, hours float64) []Param {
	return []Param{
		{"factor", factor, 0.01, 1_000, "added questions over a day's of an average host"},
		{"hours", hours, 0.1, 24, "hours that it lasts, each day"},
	}
}

// usualDNS is how many questions an average device asks in a day: 12 % of its flows.
func (n *network) usualDNS() float64 { return 600 * n.intensity }

func plantDNS(p *plot) {
	length := p.param("hours") * hour
	questions := max(1, int(p.param("factor")*p.strength*p.network.usualDNS()))
	for _, host := range p.devices {
		begin := p.between(0, 24*hour-length)
		p.from(host.addr, func(w *pen) {
			for day := range p.options.Days {
				for range questions {
					at := float64(day)*24*hour + begin + w.between(0, length)
					w.write(at, dns(p.network.resolvers[0]), w.lognormal(230, 0.12), w.lognormal(350, 0.3))
				}
			}
		})
	}
	p.planted.Sentence = fmt.Sprintf("DNS volume grows: %d questions more than usual, with long names, within %s h a day, by each of: %s.",
		questions, number(p.param("hours")), p.names())
}
