package synth

import (
	"io"
	"net/netip"
	"slices"

	"sentinel/internal/flow"
)

// Capture is the flows of an order, made source by source, each source's in order of time. It is a flow.Reader for
// one goroutine, and holds the flows of one source at a time.
type Capture struct {
	truth   Truth
	sources []source
	page    *page
	next    int // in page
	lookups []flow.Lookup
}

// source is an address that opens flows, and who writes them.
type source struct {
	addr   netip.Addr
	writes []func(*page)
}

func newCapture(o Options) (*Capture, error) {
	c := &Capture{truth: newTruth(o), page: newPage(o)}
	scene := newScene(o)
	parts, err := scene.plant(&c.truth)
	if err != nil {
		return nil, err
	}
	c.truth.Lookalikes = scene.lookalikes()
	if !o.Bare {
		parts = append(scene.sources(), parts...)
	}
	c.sources = group(parts)
	return c, nil
}

// group joins what is written of the same address, in order of address. Ordinary traffic stays first.
func group(sources []source) []source {
	slices.SortStableFunc(sources, func(a, b source) int { return a.addr.Compare(b.addr) })
	var grouped []source
	for _, s := range sources {
		if last := len(grouped) - 1; last >= 0 && grouped[last].addr == s.addr {
			grouped[last].writes = append(grouped[last].writes, s.writes...)
		} else {
			grouped = append(grouped, s)
		}
	}
	return grouped
}

// Truth tells what is in the capture. It is complete before the first flow is read.
func (c *Capture) Truth() Truth { return c.truth }

// Columns tells the optional columns that the profile fills.
func (c *Capture) Columns() flow.Set {
	if !c.page.office {
		return flow.NewSet()
	}
	return flow.NewSet("duration", "src_port", "up_packets", "down_packets", "state", "service", "name")
}

// Read fills dst with the next flows, and returns io.EOF after the last.
func (c *Capture) Read(dst []flow.Flow) (int, error) {
	filled := 0
	c.lookups = c.lookups[:0]
	for filled < len(dst) {
		if c.next == len(c.page.order) {
			if !c.advance() {
				return filled, io.EOF
			}
			continue
		}
		dst[filled] = c.page.at(c.next)
		c.next++
		filled++
	}
	return filled, nil
}

// Lookups implements flow.LookupReader: what the flows to port 53 ask, source by source. The Original profile tells none.
func (c *Capture) Lookups() []flow.Lookup { return c.lookups }

// advance makes the flows of the next source, and tells whether there was one.
func (c *Capture) advance() bool {
	if len(c.sources) == 0 {
		return false
	}
	c.page.clear()
	for _, write := range c.sources[0].writes {
		write(c.page)
	}
	c.page.sort()
	for _, asked := range c.page.questions {
		c.lookups = append(c.lookups, asked.lookup)
	}
	c.next, c.sources = 0, c.sources[1:]
	return true
}
