package synth

import (
	"net/netip"
	"slices"
	"time"

	"sentinel/internal/flow"
)

// Largest transfers of one ordinary flow, as in the captures that the original tool was made for.
const (
	maxUp   = 130_665
	maxDown = 11_032_840
)

// indexes is how many flows of one source can be told apart while they are sorted.
const indexes = 1 << 32

// page is what is written of one source: its flows and what they ask the DNS, within the time of the capture.
type page struct {
	flows     []flow.Flow
	questions []question // to the DNS, Office only
	order     []int64    // start of each flow in hundredths of a second, and its index
	start     int64      // of the capture, microseconds since the epoch
	seconds   float64    // length of the capture
	office    bool
}

func newPage(o Options) *page {
	length := time.Duration(o.Days) * dayLength
	return &page{start: o.Start.UnixMicro(), seconds: length.Seconds(), office: o.Profile == Office}
}

// pen writes flows of one source, drawing from its own stream.
type pen struct {
	stream
	page *page
	src  netip.Addr
}

// endpoint is whom a flow goes to.
type endpoint struct {
	addr    netip.Addr
	proto   flow.Proto
	port    uint16
	service string // Office only
	name    string // Office only
}

// write adds a flow that starts so many seconds into the capture, and returns it for changes until the next call.
// What starts outside the capture is lost, as it is to any sensor. The Original profile counts time in hundredths of a
// second.
func (p *pen) write(at float64, to endpoint, up, down float64) *flow.Flow {
	if at < 0 || at >= p.page.seconds {
		return &flow.Flow{}
	}
	f := flow.Flow{SrcIP: p.src, DstIP: to.addr, Proto: to.proto, DstPort: to.port, UpBytes: int64(up), DownBytes: int64(down)}
	if p.page.office {
		f.Start = p.page.start + int64(at*1e6)
		dress(&f, to, p.stream)
	} else {
		f.Start = p.page.start + int64(at*100)*10_000
	}
	p.page.flows = append(p.page.flows, f)
	return &p.page.flows[len(p.page.flows)-1]
}

// ask writes a question to a resolver about a site, and its answer.
func (p *pen) ask(at float64, resolver netip.Addr, name string) {
	p.wonder(p.write(at, dns(resolver), p.lognormal(128, 0.35), p.lognormal(290, 0.5)), name)
}

func dns(resolver netip.Addr) endpoint {
	return endpoint{addr: resolver, proto: flow.UDP, port: 53, service: "dns"}
}

func https(addr netip.Addr) endpoint {
	return endpoint{addr: addr, proto: flow.TCP, port: 443, service: "tls"}
}

// size is the transfer of a typical flow, in bytes both ways.
type size struct{ up, down float64 }

func (z size) times(up, down float64) size { return size{z.up * up, z.down * down} }

// Spreads of the logarithm of the bytes of one flow about its session's, and how far both ways go together.
const (
	upSpread   = 0.47
	downSpread = 0.90
	together   = 0.4
)

// transfer writes a flow of about the given size.
func (p *pen) transfer(at float64, to endpoint, z size) *flow.Flow {
	a, b := p.NormFloat64(), p.NormFloat64()
	up := p.capped(z.up*exp(upSpread*a), maxUp)
	down := p.capped(z.down*exp(downSpread*(together*a+0.9165*b)), maxDown)
	return p.write(at, to, up, down)
}

// alike writes a flow whose sizes stay within the given share of z: what machines send.
func (p *pen) alike(at float64, to endpoint, z size, share float64) *flow.Flow {
	return p.write(at, to, p.around(z.up, share), p.around(z.down, share))
}

// capped brings a transfer beyond the limit back to its upper half, as servers that cut files into parts do.
func (p *pen) capped(bytes, limit float64) float64 {
	if bytes <= limit {
		return bytes
	}
	return limit * p.between(0.5, 1)
}

// fail writes a connection that nobody answered: two or three SYN packets of 60 bytes.
func (p *pen) fail(at float64, to endpoint) *flow.Flow {
	return p.write(at, to, float64(60*(2+p.IntN(2))), 0)
}

// sort brings the flows into the order of their start, to the hundredth of a second.
func (g *page) sort() {
	g.order = g.order[:0]
	for i := range g.flows {
		g.order = append(g.order, (g.flows[i].Start-g.start)/10_000*indexes+int64(i))
	}
	slices.Sort(g.order)
}

// at is the i-th flow in that order.
func (g *page) at(i int) flow.Flow { return g.flows[g.order[i]%indexes] }

// clear makes room for the next source.
func (g *page) clear() { g.flows, g.questions, g.order = g.flows[:0], g.questions[:0], g.order[:0] }
