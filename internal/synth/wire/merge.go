package wire

import "iter"

// packets makes the packets of all flows in order of time, each in the same frame. Where two have the same time, the
// one whose conversation has gone on for longer in the order of things comes first.
func (c *Capture) packets() iter.Seq[*frame] {
	return func(yield func(*frame) bool) {
		var m merge
		var f frame
		next := 0
		for {
			if next < len(c.order) && (len(m.heap) == 0 || c.order[next].start <= m.heap[0].time) {
				m.open(c, next)
				next++
				continue
			}
			if len(m.heap) == 0 {
				return
			}
			m.write(&f)
			if !yield(&f) {
				return
			}
		}
	}
}

// merge holds the conversations that are open, the one whose packet is next on top of a binary heap.
type merge struct {
	heap  []due
	talks []conversation
	free  []int32 // of talks
}

// due says when the next packet of a conversation is sent; the flow, by its order, decides between equal times.
type due struct {
	time        int64
	order, talk int32
}

func (d due) before(e due) bool { return d.time < e.time || d.time == e.time && d.order < e.order }

func (m *merge) open(c *Capture, order int) {
	talk := int32(len(m.talks))
	if last := len(m.free) - 1; last >= 0 {
		talk, m.free = m.free[last], m.free[:last]
	} else {
		m.talks = append(m.talks, conversation{})
	}
	v := &m.talks[talk]
	index := c.order[order].index
	v.open(&c.flows[index], c.asked[index])
	m.heap = append(m.heap, due{v.time(), int32(order), talk})
	m.rise(len(m.heap) - 1)
}

// write makes the packet that is next.
func (m *merge) write(f *frame) {
	top := &m.heap[0]
	v := &m.talks[top.talk]
	v.write(f)
	if v.turn < v.turns {
		top.time = v.time()
	} else {
		m.free = append(m.free, top.talk)
		last := len(m.heap) - 1
		m.heap[0] = m.heap[last]
		m.heap = m.heap[:last]
	}
	m.sink()
}

func (m *merge) rise(i int) {
	for h := m.heap; i > 0 && h[i].before(h[(i-1)/2]); i = (i - 1) / 2 {
		h[i], h[(i-1)/2] = h[(i-1)/2], h[i]
	}
}

func (m *merge) sink() {
	h := m.heap
	for i := 0; ; {
		child := 2*i + 1
		if child+1 < len(h) && h[child+1].before(h[child]) {
			child++
		}
		if child >= len(h) || !h[child].before(h[i]) {
			return
		}
		h[i], h[child] = h[child], h[i]
		i = child
	}
}
