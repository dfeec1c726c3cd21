package synth

import (
	"fmt"

	"sentinel/internal/flow"
)

func plantBruteForce(p *plot) {
	host, server := p.devices[0], pick(p.stream, p.network.sites).pool[0]
	to := endpoint{addr: server, proto: flow.TCP, port: uint16(p.param("port")), service: "ssh"}
	attempts, begin := max(2, p.scaled("attempts")), p.between(1*hour, 18*hour)
	z := size{p.between(1_500, 2_200), p.between(1_900, 2_800)}
	p.from(host.addr, func(w *pen) {
		at := begin
		for range attempts {
			w.alike(at, to, z, 0.06)
			at += 2 + w.exponential(3)
		}
		last := w.alike(at+60, to, size{88_000, 640_000}, 0.2)
		if w.page.office {
			last.Duration = int64(w.between(900, 2_400) * 1e6)
		}
	})
	p.planted.Sentence = fmt.Sprintf("%s tries %d logins at %s tcp %d, all alike, and then stays: it found the password.",
		host.addr, attempts, server, to.port)
}
