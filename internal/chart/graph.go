package chart

import (
	"cmp"
	"io"
	"slices"
)

// Graph is who talks to whom. Of more than 60 nodes the lightest become one, "n others"; of several edges between two
// nodes the weights add up. Without a unit a drawing tells that there is an edge, and not its weight.
type Graph struct {
	Title, Subtitle string
	Unit            string // what a weight counts, such as "flows"; may be empty
	Nodes           []Node
	Edges           []Edge
}

// Group is what a node is, and so its colour.
type Group int

// The groups.
const (
	Internal Group = iota // a host of one's own networks
	External              // anything else
	Server                // a host of one's own that serves others
	Suspect               // a host that a finding is about
	Several               // many hosts in one node
)

// Node is a host or a group of them.
type Node struct {
	Label string
	Group Group
}

// Edge leads from who opened to who was contacted, by their places in Nodes. An edge to nowhere is left out.
type Edge struct {
	From, To int
	Weight   float64
	Marked   bool // drawn in the colour of suspects
}

// The bounds of a graph.
const (
	maxNodes = 60
	maxEdges = 90
)

// link is a cleaned edge, between places in a web's nodes.
type link struct {
	from, to int
	weight   float64
	marked   bool
}

// spot is a cleaned node.
type spot struct {
	Node
	in, out float64 // weights of its links
	marked  bool    // a link of it is
	right   bool
	at      point
}

func (n spot) weight() float64 { return drawn(n.in + n.out) }

// web is a graph as it is drawn: only nodes with links, each link once.
type web struct {
	spots []spot
	links []link
}

func (c Graph) cleaned() (_ Graph, w web, remarks remarks) {
	c.Title, c.Subtitle, c.Unit = clean(c.Title), clean(c.Subtitle), clean(c.Unit)
	w = c.joined().folded()
	w.links = w.foremost()
	remarks = remarks.more(len(w.links)-maxEdges, "link")
	w.links = w.links[:min(len(w.links), maxEdges)]
	return c, w.linked(), remarks
}

// joined adds up the edges between two nodes; one from a node to itself is none.
func (c Graph) joined() web {
	var w web
	for _, n := range c.Nodes {
		w.spots = append(w.spots, spot{Node: n})
	}
	for _, e := range c.Edges {
		if weight := drawn(e.Weight); weight > 0 && min(e.From, e.To) >= 0 && max(e.From, e.To) < len(c.Nodes) && e.From != e.To {
			w.links = append(w.links, link{e.From, e.To, weight, e.Marked})
		}
	}
	return w.renumbered(func(i int) int { return i })
}

// renumbered makes the links lead between the nodes that place tells, adds up those that then are one, and weighs the
// nodes anew.
func (w web) renumbered(place func(int) int) web {
	at := map[[2]int]int{}
	var links []link
	for i := range w.spots {
		w.spots[i].in, w.spots[i].out, w.spots[i].marked = 0, 0, false
	}
	for _, l := range w.links {
		l.from, l.to = place(l.from), place(l.to)
		if l.from == l.to {
			continue
		}
		w.spots[l.from].out, w.spots[l.to].in = drawn(w.spots[l.from].out+l.weight), drawn(w.spots[l.to].in+l.weight)
		w.spots[l.from].marked, w.spots[l.to].marked = w.spots[l.from].marked || l.marked, w.spots[l.to].marked || l.marked
		if i, ok := at[[2]int{l.from, l.to}]; ok {
			links[i].weight, links[i].marked = drawn(links[i].weight+l.weight), links[i].marked || l.marked
			continue
		}
		at[[2]int{l.from, l.to}] = len(links)
		links = append(links, l)
	}
	w.links = links
	return w
}

// folded drops the nodes without links and makes the lightest beyond what is drawn one.
func (w web) folded() web {
	var order []int
	for i, n := range w.spots {
		if n.weight() > 0 {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return w.spots[a].before(w.spots[b]) })
	place := make([]int, len(w.spots))
	spots := make([]spot, 0, maxNodes)
	kept := len(order)
	if kept > maxNodes {
		kept = maxNodes - 1
	}
	for rank, i := range order {
		place[i] = min(rank, kept)
		if rank < kept {
			n := w.spots[i]
			n.Label = clean(n.Label)
			spots = append(spots, n)
		}
	}
	if rest := len(order) - kept; rest > 0 {
		spots = append(spots, spot{Node: Node{Label: Number(float64(rest)) + " others", Group: Several}})
	}
	w.spots = spots
	return w.renumbered(func(i int) int { return place[i] })
}

// before orders nodes by how much they deserve to be seen.
func (n spot) before(o spot) int {
	rank := func(n spot) int {
		switch {
		case n.Group == Suspect:
			return 0
		case n.marked:
			return 1
		case n.Group == Several:
			return 3
		}
		return 2
	}
	return cmp.Or(cmp.Compare(rank(n), rank(o)), cmp.Compare(o.weight(), n.weight()))
}

// foremost orders the links: the marked ones, then the heaviest of each node, so that every node has one, then the
// others, each by weight.
func (w web) foremost() []link {
	most := make([]float64, len(w.spots))
	for _, l := range w.links {
		most[l.from], most[l.to] = max(most[l.from], l.weight), max(most[l.to], l.weight)
	}
	rank := func(l link) int {
		switch {
		case l.marked:
			return 0
		case l.weight == most[l.from], l.weight == most[l.to]:
			return 1
		}
		return 2
	}
	links := slices.Clone(w.links)
	slices.SortStableFunc(links, func(a, b link) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(b.weight, a.weight))
	})
	return links
}

// linked drops the nodes whose links are not drawn.
func (w web) linked() web {
	place := make([]int, len(w.spots))
	for _, l := range w.links {
		place[l.from], place[l.to] = 1, 1
	}
	var spots []spot
	for i, n := range w.spots {
		if place[i] > 0 {
			place[i] = len(spots)
			spots = append(spots, n)
		}
	}
	links := slices.Clone(w.links)
	for i, l := range links {
		links[i].from, links[i].to = place[l.from], place[l.to]
	}
	return web{spots, links}
}

// SVG implements Chart.
func (c Graph) SVG(w io.Writer) error { return c.scene().svg(w) }

// PNG implements Chart.
func (c Graph) PNG(w io.Writer) error { return c.scene().png(w) }

// Text implements Chart: the heaviest edges as rows.
func (c Graph) Text(width int) string {
	c, w, remarks := c.cleaned()
	b := Bars{Title: c.Title, Subtitle: c.Subtitle, CategoryAxis: "from and to", ValueAxis: c.Unit, Horizontal: true}
	remarks = remarks.more(len(w.links)-textEdges, "link")
	for _, l := range w.links[:min(len(w.links), textEdges)] {
		row := Bar{Label: w.spots[l.from].Label + " → " + w.spots[l.to].Label}
		if l.marked {
			row.Label = "▸ " + row.Label
		}
		if c.weighed() {
			row.Value, row.Note = l.weight, Number(l.weight)
		}
		b.Bars = append(b.Bars, row)
	}
	t := &text{width: max(width, 0)}
	t.add(remarks.String())
	return b.Text(width) + t.String()
}

// weighed tells whether weights are told.
func (c Graph) weighed() bool { return c.Unit != "" }

// textEdges is how many edges a terminal shows.
const textEdges = 20
