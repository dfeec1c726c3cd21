package chart

import (
	"cmp"
	"slices"
)

// The measures of marked times, in pixels.
const (
	laneHeight  = 27.0
	laneStrip   = 6.0
	mostLanes   = 5
	spanMin     = 4.0  // width of a moment
	bandMost    = 0.25 // of the plane's width: what a wider span would tint is most of the picture
	laneApart   = 18.0
	spanTextMax = 640.0
)

// spans draws the marked times as strips below their labels, in lanes over the plane, and tints the plane below the
// short ones. It returns the plane, which has moved down by the lanes, and how many found no lane.
func (s *sketch) spans(c Timeline, p plane) (_ plane, left int) {
	if len(c.Spans) == 0 {
		return p, 0
	}
	var free [mostLanes]float64
	used := 0
	var strips []shape
	for _, m := range c.Spans {
		x0, x1 := p.spanOf(m)
		label := s.fit(m.Label, spanTextMax, smallStyle)
		width := s.face(smallStyle).width(label)
		at := max(min(x0, p.right-width), p.left)
		lane := slices.IndexFunc(free[:], func(from float64) bool { return from <= min(x0, at) })
		if lane < 0 {
			left++
			continue
		}
		used, free[lane] = max(used, lane+1), max(x1, at+width)+laneApart
		y := p.top + laneHeight*float64(lane)
		s.write(label, at, y+2, start, smallStyle)
		strips = append(strips, shape{form: rect(x0, y+7, x1, y+7+laneStrip), fill: marked, tip: cmp.Or(m.Label, "marked")})
	}
	down := laneHeight*float64(used) + 2
	p.top, p.bottom = p.top+down, p.bottom+down
	for _, x := range strips {
		if strip := x.form.(box); float64(strip.Dx()) <= bandMost*(p.right-p.left) {
			s.fill(float64(strip.Min.X), p.top, float64(strip.Max.X), p.bottom, span)
		}
	}
	s.shapes = append(s.shapes, strips...)
	return p, left
}

// spanOf is where a marked time begins and ends.
func (p plane) spanOf(m Span) (x0, x1 float64) {
	x0, x1 = p.x(float64(m.From)), p.x(float64(m.To))
	if x1-x0 < spanMin {
		x0 = min(max((x0+x1-spanMin)/2, p.left), p.right-spanMin)
		x1 = x0 + spanMin
	}
	return x0, x1
}
