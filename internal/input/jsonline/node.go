package jsonline

// node is what is wanted of the members of one object, and which members such objects have had.
type node struct {
	byLength [64][]*member
	known    int
	before   member // whose next is the first member of most objects
}

// member is a name with what is wanted of it: its value, members of it, both or nothing.
type member struct {
	name    string
	literal string // the name as writers put it, with quotes and colon
	place   int    // -1 where its value is not wanted
	inner   *node
	round   uint64  // of Parse, in which inner was last met
	next    *member // which came behind it the last time: writers keep an order
}

// maxKnown bounds the members that a node remembers. Objects of logs have fewer than 100.
const maxKnown = 256

func newNode() *node { return &node{} }

// want adds a path, cut into names at its dots in every way.
func (n *node) want(path string, place int) {
	n.member(path).place = place
	for i := range path {
		if path[i] != '.' || i == 0 {
			continue
		}
		outer := n.member(path[:i])
		if outer.inner == nil {
			outer.inner = newNode()
		}
		outer.inner.want(path[i+1:], place)
	}
}

// member finds or adds a name.
func (n *node) member(name string) *member {
	if m := n.find([]byte(name)); m != nil {
		return m
	}
	m := &member{name: name, literal: `"` + name + `":`, place: -1}
	list := &n.byLength[len(name)%len(n.byLength)]
	*list = append(*list, m)
	n.known++
	return m
}

// find gives a member that is wanted or known, or nil.
func (n *node) find(name []byte) *member {
	for _, m := range n.byLength[len(name)%len(n.byLength)] {
		if m.name == string(name) {
			return m
		}
	}
	return nil
}

// meet is find for a name in an object, which will be known the next time.
func (n *node) meet(name []byte) *member {
	m := n.find(name)
	if m == nil && n.known < maxKnown {
		m = n.member(string(name))
	}
	return m
}

// forget takes back the values found below a member that comes again.
func (o *Object) forget(n *node) {
	for _, list := range n.byLength {
		for _, m := range list {
			if m.place >= 0 {
				o.slots[m.place].round = 0
			}
			if m.inner != nil {
				o.forget(m.inner)
			}
		}
	}
}
