package synth

import (
	"fmt"
	"math"
	"net/netip"
	"slices"

	"sentinel/internal/flow"
)

// laterPorts are tried after the first, once every address was.
var laterPorts = []uint16{3389, 22, 23, 5900, 80, 8080, 5985, 135}

func plantHorizontal(p *plot) {
	host, prefix := p.devices[0], p.options.Network
	fit := min(addresses(prefix)-2, 1<<16)
	ports := append([]uint16{uint16(p.param("port"))}, laterPorts...)
	probes := max(3, int(math.Round(220*p.strength)))
	gap := p.param("gap")
	begin := p.between(0.1, 0.6) * max(0, p.seconds()-float64(probes)*gap)
	p.from(host.addr, func(w *pen) {
		order, at := w.Perm(fit), begin
		for i := range probes {
			target := offset(prefix.Addr(), 1+order[i%fit])
			at += w.exponential(gap)
			if target != host.addr {
				p.probe(w, at, endpoint{addr: target, proto: flow.TCP, port: ports[i/fit%len(ports)]})
			}
		}
	})
	p.planted.Sentence = fmt.Sprintf("%s tries tcp %d on %d addresses of %s, one every %s s.",
		host.addr, ports[0], min(probes, fit), prefix, number(gap))
}

func plantVertical(p *plot) {
	host, target := p.devices[0], pick(p.stream, p.network.sites).pool[0]
	ports := min(65_535, max(3, int(math.Round(1_024*p.strength))))
	begin, gap := p.between(6*hour, 20*hour), p.param("gap")
	p.from(host.addr, func(w *pen) {
		at := begin
		for _, i := range w.Perm(ports) {
			p.probe(w, at, endpoint{addr: target, proto: flow.TCP, port: uint16(i + 1)})
			at += w.exponential(gap)
		}
	})
	p.planted.Sentence = fmt.Sprintf("%s tries %d ports of %s.", host.addr, ports, target)
}

// probe writes an attempt: nobody there, a host that refuses (one segment of 54 bytes), or now and then an open port.
func (p *plot) probe(w *pen, at float64, to endpoint) {
	serves := slices.Contains(p.network.servers(), to.addr)
	switch {
	case serves && (to.port == 443 || w.chance(0.01)), p.isDevice(to.addr) && w.chance(0.04):
		w.alike(at, to, size{620, 840}, 0.2)
	case serves || p.isDevice(to.addr) && w.chance(0.5):
		w.write(at, to, 60, 54)
	default:
		w.fail(at, to)
	}
}

func (p *plot) isDevice(addr netip.Addr) bool {
	_, found := slices.BinarySearchFunc(p.network.devices, addr, func(d device, a netip.Addr) int { return d.addr.Compare(a) })
	return found
}
