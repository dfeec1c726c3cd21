package chart

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
)

// The measures of a graph, in pixels.
const (
	spotPitch   = 25.0 // from one node of a side to the next
	webHeight   = 260.0
	webBulge    = 110.0 // how far the middle of a side lies outside its ends
	spotLabel   = 270.0
	spotRadius  = 5.0
	spotGrowth  = 6.0 // what the heaviest has more
	linkWidth   = 1.5
	linkGrowth  = 7.0
	unweighed   = 0.6 // of the growth, where weights are not told
	linkBend    = 0.5 // of the way to the other node
	sweeps      = 12
	legendBelow = 44.0
)

// laidOut places the nodes: who mostly opens at the left, who is mostly contacted at the right, each side ordered so
// that links cross little. The sides bend outwards, so that links inside a side have room.
func (w web) laidOut(top, left, right float64) (_ web, bottom float64) {
	w.spots = slices.Clone(w.spots)
	sides := w.sides()
	w.untangle(&sides)
	height := max(webHeight, spotPitch*float64(max(len(sides[0]), len(sides[1]))))
	for side, list := range sides {
		pitch := min(height/float64(max(len(list), 1)), 3*spotPitch)
		for i, n := range list {
			off := pitch * (float64(i) - float64(len(list)-1)/2)
			part := 2 * off / height
			bend := webBulge * (1 - math.Sqrt(max(1-part*part, 0)))
			x := left + bend
			if side == 1 {
				x = right - bend
			}
			w.spots[n].at, w.spots[n].right = point{x, top + height/2 + off}, side == 1
		}
	}
	return w, top + height
}

// sides tells who goes where. A tie goes to the shorter side.
func (w web) sides() (sides [2][]int) {
	for i, n := range w.spots {
		side := 0
		switch {
		case n.in > n.out, n.in == n.out && len(sides[1]) < len(sides[0]):
			side = 1
		}
		sides[side] = append(sides[side], i)
	}
	return sides
}

// untangle moves every node towards the middle of its neighbours, time and again (Sugiyama, Tagawa and Toda, 1981).
func (w web) untangle(sides *[2][]int) {
	height := make([]float64, len(w.spots)) // 0 to 1, from the top
	settle := func(list []int) {
		for i, n := range list {
			height[n] = (float64(i) + 0.5) / float64(len(list))
		}
	}
	settle(sides[0])
	settle(sides[1])
	for sweep := range sweeps {
		list := sides[(sweep+1)%2]
		middle := w.middles(height)
		slices.SortStableFunc(list, func(a, b int) int { return cmp.Compare(middle[a], middle[b]) })
		settle(list)
	}
}

// middles are the mean heights of the neighbours of each node, weighed by the root of the links.
func (w web) middles(height []float64) []float64 {
	sum, weight := make([]float64, len(w.spots)), make([]float64, len(w.spots))
	for _, l := range w.links {
		root := math.Sqrt(l.weight)
		sum[l.from], weight[l.from] = sum[l.from]+root*height[l.to], weight[l.from]+root
		sum[l.to], weight[l.to] = sum[l.to]+root*height[l.from], weight[l.to]+root
	}
	for i := range sum {
		if weight[i] > 0 {
			sum[i] /= weight[i]
		}
	}
	return sum
}

func (c Graph) scene() scene {
	c, w, remarks := c.cleaned()
	s, y := newSketch(c.Title, c.Subtitle)
	s.desc = c.describe(w)
	if len(w.spots) == 0 {
		s.noData(marginX, y, pictureWidth-marginX, y+webHeight)
		return s.finish(y+webHeight, remarks.String())
	}
	w, bottom := s.place(w, y+spotPitch/2)
	for i := len(w.links) - 1; i >= 0; i-- { // the heaviest and the marked on top
		s.link(c, w, w.links[i])
	}
	for _, n := range w.spots {
		s.spot(c, w, n)
	}
	y = bottom + legendBelow
	s.groups(w, y)
	s.write("A link is wide at who opened it and ends in a point.", marginX, y, start, axisStyle)
	return s.finish(y, remarks.String())
}

// place lays a web out between its labels.
func (s *sketch) place(w web, top float64) (_ web, bottom float64) {
	sides := w.sides()
	var room [2]float64
	for side, list := range sides {
		room[side] = marginX + spotRadius + spotGrowth + gap + s.widest(len(list), strongStyle, func(i int) string {
			return s.fit(w.spots[list[i]].Label, spotLabel, strongStyle)
		})
	}
	return w.laidOut(top, room[0], pictureWidth-room[1])
}

// link draws one link, as a ribbon that narrows from who opened to who was contacted.
func (s *sketch) link(c Graph, w web, l link) {
	from, to := w.spots[l.from], w.spots[l.to]
	r := ribbon{from: from.at, to: to.at, width: linkWidth + linkGrowth*c.thickness(w, l)}
	if bend := linkBend * (to.at.x - from.at.x); from.right != to.right {
		r.first, r.second = point{from.at.x + bend, from.at.y}, point{to.at.x - bend, to.at.y}
	} else {
		bend = 40 + 0.35*math.Abs(to.at.y-from.at.y)
		if from.right {
			bend = -bend
		}
		r.first, r.second = point{from.at.x + bend, from.at.y}, point{to.at.x + bend, to.at.y}
	}
	fill := base
	if l.marked {
		fill = marked
	}
	s.shapes = append(s.shapes, shape{form: r, fill: fill, edge: paper, tip: c.linkTip(w, l)})
}

// thickness of a link: the root of its share of the heaviest.
func (c Graph) thickness(w web, l link) float64 {
	if !c.weighed() {
		return unweighed
	}
	heaviest := 0.0
	for _, o := range w.links {
		heaviest = max(heaviest, o.weight)
	}
	return math.Sqrt(l.weight / heaviest)
}

func (c Graph) linkTip(w web, l link) string {
	tip := w.spots[l.from].Label + " to " + w.spots[l.to].Label
	if c.weighed() {
		tip += ": " + c.amount(l.weight)
	}
	return tip
}

func (c Graph) spotTip(n spot) string {
	if !c.weighed() {
		return n.Label
	}
	return n.Label + ": opened " + c.amount(n.out) + ", got " + c.amount(n.in)
}

// amount is a weight with its unit.
func (c Graph) amount(v float64) string { return Number(v) + " " + c.Unit }

// spot draws a node and its label outside. Servers are squares.
func (s *sketch) spot(c Graph, w web, n spot) {
	radius := c.radius(w, n)
	x := shape{form: disc{n.at, radius}, fill: n.shade(), edge: paper, tip: c.spotTip(n)}
	if n.Group == Server {
		x.form = rect(n.at.x-radius, n.at.y-radius, n.at.x+radius, n.at.y+radius)
	}
	s.shapes = append(s.shapes, x)
	st, away, anchor := labelStyleOf(n.shade()), -(radius + gap), end
	if n.right {
		away, anchor = -away, start
	}
	s.writeBeside(s.fit(n.Label, spotLabel, st), n.at.x+away, n.at.y, anchor, st)
}

// radius of a node: its area follows its weight.
func (c Graph) radius(w web, n spot) float64 {
	if !c.weighed() {
		return spotRadius + spotGrowth*unweighed
	}
	heaviest := 0.0
	for _, o := range w.spots {
		heaviest = max(heaviest, o.weight())
	}
	return spotRadius + spotGrowth*math.Sqrt(n.weight()/heaviest)
}

// groupShades are the colours of the groups, with their names.
var groupShades = [...]key{
	Internal: {"internal", accent}, External: {"external", external}, Server: {"server", server}, Suspect: {"with findings", marked}, Several: {"several hosts", muted},
}

func (n spot) shade() shade {
	if n.Group < 0 || int(n.Group) >= len(groupShades) {
		return muted
	}
	return groupShades[n.Group].fill
}

// groups writes a legend of the groups that there are.
func (s *sketch) groups(w web, y float64) {
	var keys []key
	for _, k := range groupShades {
		if slices.ContainsFunc(w.spots, func(n spot) bool { return n.shade() == k.fill }) {
			keys = append(keys, k)
		}
	}
	s.legend(y, keys...)
}

// describe names the first links.
func (c Graph) describe(w web) string {
	if len(w.links) == 0 {
		return "no data"
	}
	var most []string
	for _, l := range w.links[:min(len(w.links), 5)] {
		most = append(most, c.linkTip(w, l))
	}
	return Number(float64(len(w.spots))) + " nodes, " + Number(float64(len(w.links))) + " links. First: " + strings.Join(most, "; ") + "."
}

// ECharts implements Chart, with the nodes where the drawing has them.
func (c Graph) ECharts(t Theme) Option {
	c, w, _ := c.cleaned()
	o := t.option(c.Title + ". " + c.describe(w))
	delete(o, "grid")
	w, _ = w.laidOut(0, 0, 700)
	nodes, links := []any{}, []any{}
	for i, n := range w.spots {
		item := tipped(n.weight(), c.spotTip(n))
		item["id"], item["name"] = strconv.Itoa(i), plain(n.Label)
		item["x"], item["y"] = rounded(n.at.x), rounded(n.at.y)
		item["symbolSize"] = rounded(2 * c.radius(w, n))
		side := "left"
		if n.right {
			side = "right"
		}
		item["label"] = object{"show": true, "position": side, "color": ink.hex(t)}
		if n.Group == Server {
			item["symbol"] = "rect"
		}
		nodes = append(nodes, t.in(n.shade(), item))
	}
	for _, l := range w.links {
		fill := base
		if l.marked {
			fill = marked
		}
		links = append(links, object{
			"id": plain(w.spots[l.from].Label) + " > " + plain(w.spots[l.to].Label), "source": strconv.Itoa(l.from), "target": strconv.Itoa(l.to),
			"tooltip":   object{"formatter": plain(c.linkTip(w, l))},
			"lineStyle": object{"width": rounded(linkWidth + linkGrowth/2*c.thickness(w, l)), "color": fill.hex(t), "curveness": curveness(w, l)},
		})
	}
	o["series"] = []any{object{
		"type": "graph", "layout": "none", "roam": true, "data": nodes, "links": links, "edgeSymbol": []string{"none", "arrow"}, "edgeSymbolSize": 7,
		"left": 180, "right": 180, "top": 24, "bottom": 24, "preserveAspect": true, "emphasis": object{"focus": "adjacency"},
	}}
	return o
}

// curveness bends the links inside a side away from it.
func curveness(w web, l link) float64 {
	from, to := w.spots[l.from], w.spots[l.to]
	switch {
	case from.right != to.right:
		return 0
	case from.right == (to.at.y > from.at.y):
		return 0.3
	}
	return -0.3
}
