package synth

import "fmt"

func clientKind(name, doc string, plant func(*plot)) AttackKind {
	return AttackKind{
		Name: name, Detector: "odd-client", Doc: doc, Scale: "flows", On: Servers, plant: plant,
		Params: []Param{
			{"clients", 3, 1, 1_000, "such clients"},
			{"flows", 2, 0.01, 1_000, "flows of each in a day over those of an average client"},
		},
	}
}

// odd adds the clients of a kind; what they transfer is ordinary. The func gets the flows to write and a day's start.
func (p *plot) odd(doc string, write func(w *pen, to endpoint, flows int, from float64)) {
	usual := float64(p.options.Flows) / float64(p.options.Devices)
	flows := max(5, int(p.param("flows")*p.strength*usual))
	for range int(p.param("clients")) {
		to := https(pick(p.stream, p.public.sites).pool[0])
		p.from(p.public.newcomer(p.stream), func(w *pen) {
			for day := range p.options.Days {
				write(w, to, flows, float64(day)*24*hour)
			}
		})
	}
	p.planted.Sentence = fmt.Sprintf("%d clients %s, with %d flows a day.", len(p.parts), doc, flows)
}

func plantClockwork(p *plot) {
	p.odd("return at a steady period, day and night", func(w *pen, to endpoint, flows int, from float64) {
		period := 24 * hour / float64(flows)
		for i := range flows {
			w.transfer(from+period*(float64(i)+w.between(0.48, 0.52)), to, typical)
		}
	})
}

func plantSleepless(p *plot) {
	p.odd("come at random moments, as many by night as by day", func(w *pen, to endpoint, flows int, from float64) {
		for range flows {
			w.transfer(from+w.between(0, 24*hour), to, typical)
		}
	})
}

func plantRestless(p *plot) {
	p.odd("read page after page without a pause for thought", func(w *pen, to endpoint, flows int, from float64) {
		at := from + w.between(7*hour, 18*hour)
		for range flows {
			w.transfer(at, to, typical)
			at += w.lognormal(4, 0.15)
		}
	})
}
