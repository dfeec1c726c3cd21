package chart

// Graph is who talks to whom. Of more than 60 nodes the lightest become one, "n others"; of several edges between two
// nodes the weights add up.
type Graph struct {
	Title, Subtitle string
	Unit            string // what a weight counts, such as "flows"
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
