package synth

import (
	"fmt"
	"math"
)

func exfilParams(multiple, hours, fill float64) []Param {
	return []Param{
		{"multiple", multiple, 0.001, 1_000, "bytes sent over a day's uploads of an average host"},
		{"hours", hours, 0.1, 24, "hours that it lasts"},
		{"fill", fill, 0.01, 1, "mean bytes of a flow over 130,665, the most of an ordinary one"},
	}
}

// usualUp is what an average device of the Original profile uploads in a day, in bytes.
func (n *network) usualUp() float64 { return 5_000 * n.intensity * 10_081 }

func plantExfil(p *plot) {
	host, to := p.devices[0], p.server(countries, func(x float64) float64 { return x })
	length := p.param("hours") * hour
	begin := p.between(0, 0.999) * min(10*hour, p.seconds()-length)
	if length < 10*hour {
		begin += 8 * hour // among the people
	}
	bytes, fill := p.param("multiple")*p.strength*p.network.usualUp(), p.param("fill")
	flows := max(3, int(bytes/(fill*maxUp)))
	p.from(host.addr, func(w *pen) {
		for range flows {
			at := begin + length*math.Sqrt(w.Float64()) // more and more
			w.write(at, to, w.around(fill, 0.3)*maxUp, w.lognormal(2_400, 0.25))
		}
	})
	p.planted.Sentence = fmt.Sprintf("%s uploads about %s MB over HTTPS to %s, never contacted before, in %s h.",
		host.addr, number(bytes/1e6), to.addr, number(p.param("hours")))
}
