package synth

import "fmt"

var floodParams = []Param{
	{"rate", 100, 0.1, 1e6, "flows a second at the peak, in a capture of a million flows a day or more; less in a smaller one"},
	{"seconds", 180, 1, 86_400, "seconds that it lasts"},
}

func plantFlood(p *plot) {
	target := https(pick(p.stream, p.network.sites).pool[0])
	begin := p.between(9*hour, 17*hour)
	flows := p.floodFlows()
	for _, host := range p.devices {
		p.from(host.addr, func(w *pen) { p.pound(w, target, begin, flows/len(p.devices)+1) })
	}
	p.planted.Sentence = fmt.Sprintf("%s flood %s tcp 443 with %d connections that never open, in %s s.",
		p.names(), target.addr, flows, number(p.param("seconds")))
}

// floodFlows is the size of a flood; it keeps the rate that small captures make of the default in the truth.
func (p *plot) floodFlows() int {
	rate := p.param("rate") * p.strength * min(1, float64(p.options.Flows)/1e6)
	p.planted.Params["rate"] = rate
	return max(10, int(rate*p.param("seconds")))
}

// pound writes SYN packets without an answer.
func (p *plot) pound(w *pen, target endpoint, begin float64, flows int) {
	for range flows {
		w.write(begin+w.between(0, p.param("seconds")), target, float64(40+20*w.IntN(2)), 0)
	}
}

func plantPublicFlood(p *plot) {
	const each = 30 // flows of a source
	target := https(p.public.sites[0].pool[0])
	begin := p.between(2*hour, 22*hour)
	flows := p.floodFlows()
	for range max(5, flows/each) {
		p.from(p.public.newcomer(p.stream), func(w *pen) { p.pound(w, target, begin, each) })
	}
	p.planted.Sentence = fmt.Sprintf("%d sources flood %s tcp 443 with %d connections that never open, in %s s.",
		len(p.parts), target.addr, len(p.parts)*each, number(p.param("seconds")))
}
