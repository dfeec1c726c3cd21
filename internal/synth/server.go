package synth

import (
	"net/netip"
	"slices"

	"sentinel/internal/flow"
)

// duty is what a server of the network does of its own accord, on clean days as on others.
type duty struct {
	name  string
	only  Profile // the profile that has it; empty: all
	doc   string  // why it is harmless, one sentence
	addr  func(*network) netip.Addr
	write func(n *network, p *pen, from float64) // from: start of the day, seconds into the capture
}

var duties = []duty{
	{
		name: "monitoring", write: watch, addr: func(n *network) netip.Addr { return n.monitor },
		doc: "Checks every server of the network once a minute, by order of its owner.",
	},
	{
		name: "backup", write: backUp, addr: func(n *network) netip.Addr { return n.backup },
		doc: "Uploads the backup every night to the same provider.",
	},
	{
		name: "ping", only: Office, write: ping, addr: func(n *network) netip.Addr { return n.monitor },
		doc: "Pings every server with the usual 56 bytes, every five minutes.",
	},
	{
		name: "mail-relay", only: Office, write: relayMail, addr: func(n *network) netip.Addr { return n.sites[1].pool[0] },
		doc: "Delivers mail to servers all over the world, many of them new: that is its work.",
	},
}

// duties are those that the profile has.
func (n *network) duties() []duty {
	return slices.DeleteFunc(slices.Clone(duties), func(d duty) bool { return d.only != "" && d.only != n.options.Profile })
}

// serverFlows is how many flows the duties add in a day.
func (n *network) serverFlows() int {
	g := newPage(n.options)
	g.seconds = 24 * hour
	for i, duty := range n.duties() {
		duty.write(n, &pen{newStream(n.options.Seed, "duty", 0, i), g, duty.addr(n)}, 0)
	}
	return len(g.flows)
}

func watch(n *network, p *pen, from float64) {
	period := 60 * n.pollScale()
	for i, server := range n.servers() {
		to := https(server)
		if server == n.resolvers[0] || server == n.resolvers[1] {
			to = dns(server)
		}
		for at := from + float64(i); at < from+24*hour; at += period {
			if to.port == 53 {
				p.ask(at+p.between(0, 0.3), server, n.sites[0].name)
			} else {
				p.alike(at+p.between(0, 0.3), to, size{1_850, 4_300}, 0.05)
			}
		}
	}
}

func backUp(n *network, p *pen, from float64) {
	provider := &n.web.sites[backupSite]
	to := provider.at(provider.pool[0])
	at := from + 1.5*hour + p.between(0, 300)
	n.ask(p, at-1, provider.name)
	for range int(1_500 * min(n.intensity, 5)) {
		p.write(at, to, p.between(0.6, 1)*maxUp, p.lognormal(2_600, 0.2))
		at += p.lognormal(2.6, 0.5)
	}
}

func ping(n *network, p *pen, from float64) {
	for i, server := range n.servers() {
		for at := from + float64(i); at < from+24*hour; at += 300 * n.pollScale() {
			f := p.write(at, endpoint{addr: server, proto: flow.ICMP, service: "icmp"}, 84, 84)
			f.UpPackets, f.DownPackets = 1, 1
		}
	}
}

func relayMail(n *network, p *pen, from float64) {
	to := endpoint{proto: flow.TCP, port: 25, service: "smtp"}
	for range int(400 * n.intensity) {
		at := from + p.between(6, 22)*hour
		var domain site
		if p.chance(0.2) {
			domain = n.web.rare(p.stream)
		} else {
			domain = n.web.sites[n.web.popular.draw(p.stream)]
		}
		to.addr = domain.pool[0]
		n.ask(p, at-0.1, "mx."+registered(domain.name))
		p.transfer(at, to, size{24_000, 1_400})
	}
}
