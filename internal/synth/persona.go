package synth

// persona is when somebody is at a device.
type persona struct {
	name   string
	share  float64 // of the devices
	come   float64 // hour of the day
	leave  float64 // above 24: after midnight
	lunch  bool
	always bool // a machine that nobody switches off
	gap    [2]float64
	shift  float64 // this one's own habit, hours
}

var personas = []persona{
	{name: "office", share: 0.56, come: 8.9, leave: 17.8, lunch: true},
	{name: "early", share: 0.12, come: 7.4, leave: 16.2, lunch: true},
	{name: "late", share: 0.10, come: 10.6, leave: 20.2, lunch: true},
	{name: "owl", share: 0.04, come: 15.5, leave: 26.2},
	{name: "machine", share: 0.10, leave: 24, always: true},
	{name: "phone", share: 0.08, come: 7.8, leave: 22.5, gap: [2]float64{12.5, 18}},
}

func newPersona(s stream) persona {
	shares := make([]float64, len(personas))
	for i, p := range personas {
		shares[i] = p.share
	}
	p := personas[newPicker(shares).draw(s)]
	p.shift = s.normal(0, 0.5)
	return p
}

// span is a time of the capture, in seconds, and how busy it is.
type span struct{ from, to, weight float64 }

// presence is the times of a day at which somebody is there.
type presence struct {
	spans []span
	sums  []float64 // cumulated weight * length
	left  bool      // the device itself runs all day
	from  float64   // start of the day, seconds into the capture
}

const hour = 3600

// day draws the comings and goings of one day.
func (p persona) day(s stream, leftOn bool, day int) presence {
	out := presence{left: leftOn || p.always, from: float64(day) * 24 * hour}
	if p.always {
		out.add(0, 8, 0.6)
		out.add(8, 20, 1)
		out.add(20, 24, 0.8)
		return out
	}
	come, leave := p.come+p.shift+s.normal(0, 0.3), p.leave+p.shift+s.normal(0, 0.5)
	switch {
	case p.lunch:
		out.addWork(s, come, leave)
	case p.gap[1] > 0:
		out.add(come, p.gap[0]+p.shift+s.normal(0, 0.2), 1)
		out.add(p.gap[1]+p.shift+s.normal(0, 0.3), min(leave, 23.8), 1)
	default:
		out.add(0, leave-24, 0.8) // what is left of the evening before
		out.add(come, 24, 1)
	}
	if leftOn {
		out.add(0, 24, 0.02)
	}
	return out
}

// addWork adds a working day: a morning that ends with lunch, an afternoon that calms down.
func (p *presence) addWork(s stream, come, leave float64) {
	lunch := s.normal(12.7, 0.3)
	back := lunch + s.between(0.5, 1.3)
	p.add(come, lunch, 1)
	p.add(lunch, back, 0.12)
	p.add(back, leave-1, 1)
	p.add(leave-1, leave, 0.7)
	if s.chance(0.15) {
		p.add(leave+s.between(1, 2.5), leave+s.between(2.6, 4), 0.3) // from home, or late
	}
}

// add takes hours of the day.
func (p *presence) add(from, to, weight float64) {
	from, to = max(from, 0), min(to, 24)
	if to <= from {
		return
	}
	sum := weight * (to - from)
	if len(p.sums) > 0 {
		sum += p.sums[len(p.sums)-1]
	}
	p.spans = append(p.spans, span{p.from + from*hour, p.from + to*hour, weight})
	p.sums = append(p.sums, sum)
}

// moment draws a time at which somebody is there.
func (p presence) moment(s stream) float64 {
	u := s.Float64() * p.sums[len(p.sums)-1]
	i := 0
	for p.sums[i] < u {
		i++
	}
	return s.between(p.spans[i].from, p.spans[i].to)
}

// on tells whether the device runs at a time of the capture.
func (p presence) on(at float64) bool {
	return p.left || at >= p.spans[0].from && at < p.spans[len(p.spans)-1].to
}
