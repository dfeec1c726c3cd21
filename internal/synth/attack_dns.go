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
			names := newStream(p.options.Seed, "names of "+p.planted.Name, host.id, p.ordinal)
			domain := registered(siteName(names))
			for day := range p.options.Days {
				for range questions {
					at := float64(day)*24*hour + begin + w.between(0, length)
					f := w.write(at, dns(p.network.resolvers[0]), w.lognormal(230, 0.12), w.lognormal(350, 0.3))
					w.question(f, fmt.Sprintf("a-rather-long-name-of-a-service-%02d.status-of-all-things.%s", names.IntN(20), domain), "A", "NOERROR")
				}
			}
		})
	}
	p.planted.Sentence = fmt.Sprintf("DNS volume grows: %d questions more than usual, with long names, within %s h a day, by each of: %s.",
		questions, number(p.param("hours")), p.names())
}

func tunnelParams(questions, hours, bytes, answer float64) []Param {
	return []Param{
		{"questions", questions, 1, 1e6, "questions a day"},
		{"hours", hours, 0.1, 24, "hours that it lasts, each day"},
		{"bytes", bytes, 1, 110, "bytes that a name carries, in base32"},
		{"answer", answer, 0, 4_000, "bytes that an answer carries, in a TXT record; 0: asks for addresses"},
	}
}

// plantTunnel writes names that are never asked twice, below one domain.
func plantTunnel(p *plot) {
	host, length, questions := p.devices[0], p.param("hours")*hour, p.scaled("questions")
	begin := p.between(0, 24*hour-length)
	domain := "t." + registered(siteName(p.stream))
	record := "A"
	if p.param("answer") > 0 {
		record = "TXT"
	}
	p.from(host.addr, func(w *pen) {
		gap := length / float64(questions)
		for day := range p.options.Days {
			for i := range questions {
				name := payload(w.stream, int(p.param("bytes"))) + "." + domain
				up := float64(questionBytes + headerBytes + len(name))
				at := float64(day)*24*hour + begin + gap*(float64(i)+w.Float64())
				f := w.write(at, dns(p.network.resolvers[0]), up, up+addressBytes+p.param("answer"))
				w.question(f, name, record, "NOERROR")
			}
		}
	})
	in := ""
	if answer := p.param("answer"); answer > 0 {
		in = fmt.Sprintf(", and %s bytes in with each answer", number(answer))
	}
	p.planted.Sentence = fmt.Sprintf("%s carries %s bytes out in each of %d names below %s%s, within %s h a day.",
		host.addr, number(p.param("bytes")), questions, domain, in, number(p.param("hours")))
}

// plantGenerated writes bursts of questions for names that an algorithm made and nobody registered.
func plantGenerated(p *plot) {
	host, names, bursts := p.devices[0], p.scaled("names"), int(p.param("bursts"))
	p.from(host.addr, func(w *pen) {
		for day := range p.options.Days {
			for burst := range bursts {
				at := float64(day)*24*hour + w.between(0, 23*hour)
				for i := burst; i < names; i += bursts {
					name := letters(w.stream, 9+w.IntN(9)) + ".example"
					up := float64(questionBytes + headerBytes + len(name))
					w.question(w.write(at, dns(p.network.resolvers[0]), up, up+75), name, "A", "NXDOMAIN") // with the zone's SOA record
					at += w.lognormal(1, 0.6)
				}
			}
		}
	})
	p.planted.Sentence = fmt.Sprintf("%s asks for %d made-up domains a day in %d bursts; none of them exists.", host.addr, names, bursts)
}
