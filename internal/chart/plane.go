package chart

// The measures of a plane, in pixels.
const (
	planeHeight  = 380.0
	planeTicks   = 6  // of the axis at the left
	planeTicksX  = 12 // of the axis below
	tickApart    = 14.0
	lineOfTicks  = 19.0
	axisTitleGap = 26.0
	legendRoom   = 280.0 // of one key
)

// plane is the ground of a chart with two axes.
type plane struct {
	left, right, top, bottom float64
	across, up               ruler
}

func (p plane) x(v float64) float64 { return p.left + (p.right-p.left)*p.across.at(v) }
func (p plane) y(v float64) float64 { return p.bottom - (p.bottom-p.top)*p.up.at(v) }

func (p plane) at(x, y float64) point { return point{p.x(x), p.y(y)} }

// planeBelow lays out a plane below y, with the name of the axis that goes up on top of it.
// Where there is a legend, it stands in the line of that name.
func (s *sketch) planeBelow(y float64, across, up ruler, upName string, legend ...key) plane {
	s.legend(y+10, legend...)
	if upName != "" {
		y += 10
		s.write(s.fit(upName, pictureWidth-2*marginX-legendRoom*float64(len(legend)), axisStyle), marginX, y, start, axisStyle)
	}
	ticks := s.widest(len(up.ticks), tickStyle, func(i int) string { return up.ticks[i].label })
	top := y + 24
	return plane{marginX + ticks + gap, pictureWidth - marginX, top, top + planeHeight, across, up}
}

// grid draws light lines at the ticks of the axis that goes up, with their labels.
func (s *sketch) grid(p plane) {
	for _, t := range p.up.ticks {
		y := p.y(t.at)
		s.fill(p.left, y, p.right, y+1, grid)
		s.writeBeside(t.label, p.left-gap, y, end, tickStyle)
	}
}

// ground draws the line below and its ticks, each with a label if it touches none before, and returns where the
// drawing ends.
func (s *sketch) ground(p plane, name string) float64 {
	s.fill(p.left, p.bottom, p.right, p.bottom+2, base)
	lines, free := 1.0, [2]float64{4, 4}
	for _, t := range p.across.ticks {
		x := p.x(t.at)
		s.fill(x, p.bottom, x+1, p.bottom+7, base)
		for i, label := range []string{t.label, t.more} {
			half := s.face(tickStyle).width(label) / 2
			at := min(x, pictureWidth-marginX-half)
			if label == "" || at-half < free[i] {
				continue
			}
			s.write(label, at, p.bottom+24+lineOfTicks*float64(i), middle, tickStyle)
			free[i], lines = at+half+tickApart, max(lines, float64(i+1))
		}
	}
	y := p.bottom + 24 + lineOfTicks*(lines-1)
	if name != "" {
		y += axisTitleGap
		s.write(s.fit(name, p.right-p.left, axisStyle), (p.left+p.right)/2, y, middle, axisStyle)
	}
	return y
}

// key is an entry of a legend.
type key struct {
	label string
	fill  shade
}

// legend writes the keys in a line that ends at the right margin, its base at y.
func (s *sketch) legend(y float64, keys ...key) {
	const side, apart = 12.0, 22.0
	x := float64(pictureWidth - marginX)
	for i := len(keys) - 1; i >= 0; i-- {
		label := s.fit(keys[i].label, legendRoom-side-6-apart, axisStyle)
		x -= s.face(axisStyle).width(label)
		s.write(label, x, y, start, axisStyle)
		x -= side + 6
		s.fill(x, y-side, x+side, y, keys[i].fill)
		x -= apart
	}
}

// seen is how many pixels a bar has at least: a value above 0 is always seen.
func seen(v float64) float64 {
	if v > 0 {
		return 2
	}
	return 0
}
