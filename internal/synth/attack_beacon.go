package synth

import (
	"fmt"
	"math"
)

func beaconKind(name, doc string, period, jitter, loss, hours, second float64) AttackKind {
	return AttackKind{
		Name: name, Detector: "beacon", Doc: doc, Scale: "contacts, by dividing the period", On: Judge, hosts: 1, plant: plantBeacon,
		Params: []Param{
			{"period", period, 1, 86_400, "seconds between contacts"},
			{"jitter", jitter, 0, 0.9, "share of the period that a gap may be longer or shorter"},
			{"loss", loss, 0, 0.9, "share of contacts that never happen"},
			{"hours", hours, 0, 1, "1: from 9 to 18 h only"},
			{"second", second, 0, 86_400, "seconds of a second, longer sleep after some contacts; 0: none"},
		},
	}
}

func plantBeacon(p *plot) {
	host, to := p.devices[0], p.server(countries, math.Sqrt)
	period, length := p.param("period")/p.strength, p.seconds()
	z := size{p.between(500, 1_200), p.between(400, 2_500)}
	p.planted.Params["period"] = period
	p.from(host.addr, func(w *pen) {
		for at := w.between(0, period); at < length; at += p.sleep(w, period) {
			office := math.Mod(at, 24*hour) >= 9*hour && math.Mod(at, 24*hour) < 18*hour
			if w.chance(p.param("loss")) || p.param("hours") == 1 && !office {
				continue
			}
			w.alike(at, to, z, 0.04)
			if w.chance(0.01) {
				w.transfer(at+1, to, size{6_000, 30_000}) // a command, and its result
			}
		}
	})
	p.planted.Sentence = fmt.Sprintf("%s contacts %s every %s s with jitter %v%s.",
		host.addr, to.addr, number(period), p.param("jitter"), p.beaconExtras())
}

// sleep draws the pause after a contact: one in twelve is the second, longer one where there is such.
func (p *plot) sleep(w *pen, period float64) float64 {
	if second := p.param("second"); second > 0 && w.chance(1.0/12) {
		period = second / p.strength
	}
	return w.around(period, p.param("jitter"))
}

func (p *plot) beaconExtras() string {
	text := ""
	if loss := p.param("loss"); loss > 0 {
		text += fmt.Sprintf(", loses %s %% of the contacts", number(100*loss))
	}
	if p.param("hours") == 1 {
		text += ", from 9 to 18 h"
	}
	if second := p.param("second"); second > 0 {
		text += fmt.Sprintf(", and sleeps %s s after about twelve contacts", number(second/p.strength))
	}
	return text
}

// number prints a figure for a sentence, to three digits or to the whole.
func number(x float64) string {
	if math.Abs(x) >= 1_000 {
		return fmt.Sprintf("%.0f", x)
	}
	return fmt.Sprintf("%.3g", x)
}
