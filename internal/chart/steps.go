package chart

import "math"

// steps divide values above 0 into the shades of a scale.
type steps struct {
	bounds [scaleSteps + 1]float64 // of the shades; the last is the largest value
	whole  bool
}

// newSteps makes steps of equal ratio, or of equal length where the values do not span two decades. Whole values get
// whole bounds.
func newSteps(values func(func(float64) bool)) steps {
	least, largest := extent(values)
	s := steps{whole: wholeSeq(values)}
	for i := range s.bounds {
		part := float64(i) / float64(scaleSteps)
		b := least + (largest-least)*part
		if spansDecades(least, largest) {
			b = math.Exp(math.Log(least) + (math.Log(largest)-math.Log(least))*part)
		}
		if s.bounds[i] = short(b); s.whole {
			s.bounds[i] = math.Round(s.bounds[i])
		}
	}
	s.bounds[0], s.bounds[scaleSteps] = least, largest
	return s
}

// short is a value to two significant digits.
func short(v float64) float64 {
	if v <= 0 {
		return 0
	}
	unit := math.Pow(10, math.Floor(math.Log10(v))-1)
	if r := math.Round(v/unit) * unit; finite(r) {
		return r
	}
	return v
}

// shade is the colour of a value; 0 is land.
func (s steps) shade(v float64) shade {
	if v <= 0 {
		return land
	}
	for i := scaleSteps - 1; i > 0; i-- {
		if v >= s.bounds[i] {
			return scale1 + shade(i)
		}
	}
	return scale1
}

// labels are the ranges of the shades, each with its shade; those that no value can have are left out.
func (s steps) labels() (keys []key) {
	for i := range scaleSteps {
		from, to := s.bounds[i], s.bounds[i+1]
		last := i == scaleSteps-1
		switch {
		case from == 0 || from >= to && !last || i < scaleSteps-1 && s.shade(from) != scale1+shade(i):
			continue
		case s.whole && !last:
			to--
		}
		label := Number(from)
		if to > from {
			label += " – " + Number(to)
		}
		keys = append(keys, key{label, scale1 + shade(i)})
	}
	return keys
}

// scaleLegend writes the ranges of a scale from x on, in the line whose base is y.
func (s *sketch) scaleLegend(keys []key, x, y float64) {
	const width, height = 26.0, 13.0
	for _, k := range keys {
		s.shapes = append(s.shapes, shape{form: rect(x, y-height, x+width, y), fill: k.fill, edge: coast})
		x += width + 7
		s.write(k.label, x, y, start, tickStyle)
		x += s.face(tickStyle).width(k.label) + 20
	}
}
