package chart

import "math"

// steps divide values above 0 into the shades of a scale.
type steps struct {
	bounds [scaleSteps + 1]float64 // of the shades; the last is the largest value
	whole  bool
}

// growth tells how the bounds of a scale grow from 0, the least value, to 1, the largest.
type growth func(least, largest, part float64) float64

// byRatio is for values over decades; where they span less than two, it is even.
func byRatio(least, largest, part float64) float64 {
	if !spansDecades(least, largest) {
		return least + (largest-least)*part
	}
	return math.Exp(math.Log(least) + (math.Log(largest)-math.Log(least))*part)
}

// bySquare shows differences among large values and still some among small ones.
func bySquare(least, largest, part float64) float64 { return least + (largest-least)*part*part }

// newSteps makes steps between the least value above 0 and the largest. Whole values get whole bounds.
func newSteps(values func(func(float64) bool), grow growth) steps {
	least, largest := extent(values)
	s := steps{whole: wholeSeq(values)}
	for i := range s.bounds {
		if s.bounds[i] = short(grow(least, largest, float64(i)/float64(scaleSteps))); s.whole {
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

// scaleLegend writes the name and the ranges of a scale from x on, in lines of which the first has its base at y, and
// returns where the last has it.
func (s *sketch) scaleLegend(name string, keys []key, x, y float64) float64 {
	const width, height, apart, leading = 26.0, 13.0, 20.0, 26.0
	name = s.fit(name, legendRoom, axisStyle)
	s.write(name, x, y, start, axisStyle)
	if name != "" {
		x += s.face(axisStyle).width(name) + apart
	}
	begin := x
	for _, k := range keys {
		next := x + width + 7 + s.face(tickStyle).width(k.label)
		if next > pictureWidth-marginX && x > begin {
			next += begin - x
			x, y = begin, y+leading
		}
		s.shapes = append(s.shapes, shape{form: rect(x, y-height, x+width, y), fill: k.fill, edge: coast})
		s.write(k.label, x+width+7, y, start, tickStyle)
		x = next + apart
	}
	return y
}
