package chart

// ribbon is a curve that narrows to a point: a cubic of Bézier's with its two control points.
type ribbon struct {
	from, first, second, to point
	width                   float64 // where it begins
}

// sides are the two curves around a ribbon. It leaves and arrives level, so what is across is up and down.
func (r ribbon) sides() (upper, lower [4]point) {
	half := r.width / 2
	for i, p := range [4]point{r.from, r.first, r.second, r.to} {
		off := max(half*float64(3-i)/3, 0.9)
		upper[i], lower[i] = point{p.x, p.y - off}, point{p.x, p.y + off}
	}
	return upper, lower
}

func (r ribbon) nothing() bool                 { return r.from == r.to }
func (r ribbon) paint(fill, edge shade) string { return filled(fill, edge) + ` paint-order="stroke"` }

func (r ribbon) element(b *markup) string {
	upper, lower := r.sides()
	at := func(p point) string { return tenths(p.x) + " " + tenths(p.y) }
	b.printf(`<path d="M%sC%s %s %sC%s %s %sz"`, at(upper[0]), at(upper[1]), at(upper[2]), at(upper[3]), at(lower[2]), at(lower[1]), at(lower[0]))
	return "path"
}

func (r ribbon) trace(c *canvas, fill, edge shade) {
	r.width++
	r.shape(c, edge)
	r.width--
	r.shape(c, fill)
}

func (r ribbon) shape(c *canvas, s shade) {
	upper, lower := r.sides()
	c.around(1, append(upper[:], lower[:]...)...)
	c.z.MoveTo(c.place(upper[0]))
	c.cube(upper[1], upper[2], upper[3])
	c.cube(lower[2], lower[1], lower[0])
	c.z.ClosePath()
	c.paint(s)
}

func (c *canvas) cube(first, second, to point) {
	bx, by := c.place(first)
	cx, cy := c.place(second)
	dx, dy := c.place(to)
	c.z.CubeTo(bx, by, cx, cy, dx, dy)
}
