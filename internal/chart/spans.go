package chart

import "cmp"

// The measures of marked times, in pixels.
const (
	laneHeight  = 19.0
	laneStrip   = 7.0
	mostLanes   = 6
	spanMin     = 4.0  // width of a moment
	bandMost    = 0.25 // of the plane's width: what a wider span would tint is most of the picture
	laneApart   = 16.0
	spanTextMax = 420.0
)

var spanStyle = style{size: 14, ink: ink}

// spans draws the marked times as strips with their labels, in lanes over the plane, and tints the plane below the
// short ones. It returns the plane, which has moved down by the lanes. Where the lanes are full, a strip goes into the
// last one without its label, which its tip still tells.
func (s *sketch) spans(c Timeline, p plane) plane {
	if len(c.Spans) == 0 {
		return p
	}
	var free [mostLanes]float64
	used := 0
	var strips []shape
	for _, m := range c.Spans {
		x0, x1 := p.x(float64(m.From)), p.x(float64(m.To))
		if x1-x0 < spanMin {
			x0 = min(max((x0+x1-spanMin)/2, p.left), p.right-spanMin)
			x1 = x0 + spanMin
		}
		label := s.fit(m.Label, spanTextMax, spanStyle)
		lane, at, named := laneFor(free[:], x0, x1, s.face(spanStyle).width(label), p)
		used = max(used, lane+1)
		y := p.top + laneHeight*float64(lane)
		strips = append(strips, shape{form: rect(x0, y-laneStrip/2, x1, y+laneStrip/2), fill: marked, tip: cmp.Or(m.Label, "marked")})
		if named {
			s.writeBeside(label, at, y, start, spanStyle)
			free[lane] = max(x1, at+s.face(spanStyle).width(label)) + laneApart
		} else {
			free[lane] = max(free[lane], x1+laneApart)
		}
	}
	down := laneHeight*float64(used) + 4
	p.top, p.bottom = p.top+down, p.bottom+down
	for i, m := range c.Spans {
		r := strips[i].form.(box)
		if x0, x1 := p.x(float64(m.From)), p.x(float64(m.To)); x1-x0 <= bandMost*(p.right-p.left) {
			s.fill(float64(r.Min.X), p.top, float64(r.Max.X), p.bottom, span)
		}
	}
	s.shapes = append(s.shapes, strips...)
	return p
}

// laneFor finds the first lane with room for a strip from x0 to x1 and its label, which goes behind the strip or, where
// the picture ends, before it.
func laneFor(free []float64, x0, x1, width float64, p plane) (lane int, at float64, named bool) {
	at, from := x1+6, x0
	if at+width > pictureWidth-marginX {
		at, from = x0-6-width, x0-6-width
	}
	for lane := range free {
		if free[lane] <= from && from >= p.left {
			return lane, at, true
		}
	}
	return len(free) - 1, 0, false
}
