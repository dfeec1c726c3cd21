package synth

import (
	"fmt"
	"math"
	"net/netip"
)

func plantPeers(p *plot) {
	flows := p.param("flows") * p.strength
	begin := p.between(7*hour, 9*hour)
	for _, host := range p.devices {
		peers := map[netip.Addr]int{}
		for _, peer := range p.devices {
			if peer != host && p.chance(0.8) {
				peers[peer.addr] = max(1, int(p.lognormal(flows, 0.4)))
			}
		}
		p.from(host.addr, func(w *pen) {
			for _, peer := range p.devices { // in the order of the devices, not of the map
				for range peers[peer.addr] {
					at := begin + w.between(0, p.seconds()-begin-2*hour)
					w.transfer(at, https(peer.addr), size{7_000, 9_000})
				}
			}
		})
	}
	p.planted.Sentence = fmt.Sprintf("%s, none of them a server, begin to talk to each other on tcp 443, about %s flows a pair.",
		p.names(), number(flows))
}

func plantBotnet(p *plot) {
	period := p.param("period") / p.strength
	var servers []endpoint
	for range int(p.param("servers")) {
		servers = append(servers, p.server(countries, math.Sqrt))
	}
	var ticks []float64 // when the group is told to report, common to all
	for at := p.between(0, period); at < p.seconds(); at += p.around(period, 0.2) {
		ticks = append(ticks, at)
	}
	z := size{p.between(900, 2_000), p.between(600, 1_800)}
	for _, host := range p.devices {
		p.from(host.addr, func(w *pen) {
			for i, tick := range ticks {
				if w.chance(0.97) {
					w.alike(tick+w.between(0, min(20, period/5)), servers[i%len(servers)], z, 0.08)
				}
			}
		})
	}
	p.planted.Params["period"] = period
	p.planted.Sentence = fmt.Sprintf("%s contact %d rare servers in the same rhythm, every %s s.",
		p.names(), len(servers), number(period))
}
