package synth

import (
	"fmt"
	"math"

	"sentinel/internal/flow"
)

func plantPort(p *plot) {
	host := p.devices[0]
	to := endpoint{addr: p.outside(countries, math.Sqrt), proto: flow.TCP, port: uint16(p.param("port"))}
	flows := p.scaled("flows")
	p.from(host.addr, func(w *pen) {
		for range flows {
			w.transfer(w.between(0, p.seconds()), to, size{2_600, 7_800})
		}
	})
	p.planted.Sentence = fmt.Sprintf("%s uses tcp %d at %s, %d times; nobody else uses that port outside.",
		host.addr, to.port, to.addr, flows)
}

func plantLong(p *plot) {
	host, to := p.devices[0], p.server(countries, math.Sqrt)
	hours := p.param("hours") * p.strength
	begin := p.between(0, max(1, p.seconds()-hours*hour))
	hours = min(hours, (p.seconds()-begin)/hour)
	p.from(host.addr, func(w *pen) {
		f := w.write(begin, to, 40*60*hours, 60*60*hours) // kept alive every minute
		f.Duration = int64(hours * hour * 1e6)
		f.UpPackets, f.DownPackets = int64(60*hours), int64(60*hours)
	})
	p.planted.Sentence = fmt.Sprintf("%s keeps one connection to %s open for %s h.", host.addr, to.addr, number(hours))
}

func plantICMP(p *plot) {
	host := p.devices[0]
	to := endpoint{addr: p.outside(countries, math.Sqrt), proto: flow.ICMP, service: "icmp"}
	flows, payload := p.scaled("flows"), p.param("payload")
	begin := p.between(0, 18*hour)
	p.from(host.addr, func(w *pen) {
		for at := begin; flows > 0 && at < begin+float64(flows)*60; at += w.exponential(60) {
			echoes := float64(5 + w.IntN(60))
			f := w.write(at, to, echoes*w.around(payload, 0.2), echoes*w.around(payload, 0.2))
			f.UpPackets, f.DownPackets = int64(echoes), int64(echoes)
		}
	})
	p.planted.Sentence = fmt.Sprintf("%s sends ICMP echoes of about %s bytes to %s for %s h.",
		host.addr, number(payload), to.addr, number(float64(flows)/60))
}
