package synth

import (
	"net/netip"

	"sentinel/internal/flow"
)

func isPhone(_ *network, d *device) bool { return d.persona.name == "phone" }

func setClock(n *network, d *device, there presence, p *pen) {
	to := endpoint{n.fixed(timeSite, d).addr, flow.UDP, 123, "ntp", ""}
	period := 1024 * n.pollScale()
	for at := there.from + period*p.Float64(); at < there.from+24*hour; at += p.around(period, 0.005) {
		if there.on(at) {
			p.write(at, to, 76, 76)
		}
	}
}

// leastTCP is the bytes of a packet of TCP with nothing in it, which a connection has at least, however soon it ends.
const leastTCP = 40

func awaitPush(n *network, d *device, there presence, p *pen) {
	to := n.fixed(pushSite, d)
	to.port, to.service = 5228, "tls"
	for _, span := range there.spans {
		for at := span.from + p.between(0, 60); at < span.to; {
			length := min(p.lognormal(5_400, 0.7), span.to-at)
			f := p.alike(at, to, size{max(length*0.9, leastTCP), max(length*1.1, leastTCP)}, 0.3)
			f.Duration = int64(length * 1e6)
			at += length + p.exponential(5)
		}
	}
}

func administrate(n *network, _ *device, there presence, p *pen) {
	for range 3 + p.IntN(6) {
		at, length := there.moment(p.stream), p.lognormal(600, 1.2)
		to := endpoint{pick(p.stream, n.servers()), flow.TCP, 22, "ssh", ""}
		f := p.transfer(at, to, size{4_000 + 60*length, 6_000 + 120*length})
		f.Duration = int64(length * 1e6)
	}
}

func workRemotely(n *network, _ *device, there presence, p *pen) {
	to := endpoint{n.sites[4].pool[0], flow.TCP, 3389, "rdp", ""}
	for range 1 + p.IntN(3) {
		at, length := there.moment(p.stream), p.lognormal(5_400, 0.5)
		f := p.transfer(at, to, size{10 * length, 300 * length})
		f.Duration = int64(length * 1e6)
	}
}

// local is the IPv6 address (RFC 4193) beside an IPv4 address of the network.
func local(addr netip.Addr) netip.Addr {
	four := addr.As4()
	six := [16]byte{0xfd, 0x5c, 0x10, 0x4a, 0x7e, 0x2b}
	copy(six[12:], four[:])
	return netip.AddrFrom16(six)
}
