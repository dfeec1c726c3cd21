package meter

// note is what few flows have.
type note struct {
	name, ja4 string  // as the flow itself tells
	resolved  string  // as the DNS told before
	gather    *gather // while a ClientHello is incomplete
}

// notes holds the notes of flows by number; 0 is none.
type notes struct {
	list []note
	free []uint32
}

// of gives the note of a flow, which it makes where there is none. It stays where it is until the next call.
func (n *notes) of(d *details) *note {
	if d.note == 0 {
		d.note = n.fresh()
	}
	return &n.list[d.note]
}

func (n *notes) fresh() uint32 {
	if last := len(n.free) - 1; last >= 0 {
		number := n.free[last]
		n.free = n.free[:last]
		return number
	}
	if len(n.list) == 0 {
		n.list = append(n.list, note{})
	}
	n.list = append(n.list, note{})
	return uint32(len(n.list) - 1)
}

// copy gives a flow the names of another.
func (n *notes) copy(d, from *details) {
	if from.note != 0 {
		kept := n.list[from.note]
		kept.gather = nil
		*n.of(d) = kept
	}
}

// take hands over the note of a flow that has ended.
func (n *notes) take(d *details) note {
	if d.note == 0 {
		return note{}
	}
	taken := n.list[d.note]
	n.list[d.note] = note{}
	n.free = append(n.free, d.note)
	d.note = 0
	return taken
}
