package wire

import (
	"fmt"
	"math"

	"sentinel/internal/flow"
)

// Scale gives the flows other sizes, so that all together have about so many packets, of so many IP bytes in mean.
//
// It stretches the connections that carry data, in proportion. Where that leaves no room for their handshakes, it makes
// some of them attempts that are refused or not answered, of two packets or one, evenly spread.
func (c *Capture) Scale(packets, mean int64) error {
	if flows := int64(len(c.flows)); packets < flows {
		return fmt.Errorf("%d flows do not fit into %d packets: each has one at least", flows, packets)
	}
	if mean < smallestMean || mean > largestMean {
		return fmt.Errorf("packets of %d bytes in mean: use %d to %d", mean, smallestMean, largestMean)
	}
	if packets < 2*int64(len(c.flows)) {
		c.shorten(packets)
		return nil
	}
	s := c.scaling()
	least := s.total(0, 0)
	if least.Packets > packets {
		c.attempts(s.elastic, least.Packets-packets)
		s = c.scaling()
	}
	s.fit(packets, packets*mean)
	return nil
}

// What packets can be in mean: between bare headers and what an Ethernet carries, both of which some packets must be.
const smallestMean, largestMean = 64, 1_400

// scaling are the flows whose sizes can be changed, and what the others come to.
type scaling struct {
	elastic []*flow.Flow
	plans   []plan
	rest    Count
}

func (c *Capture) scaling() *scaling {
	s := &scaling{}
	for i := range c.flows {
		f := &c.flows[i]
		p := planFor(f, c.asked[int32(i)])
		if len(p.shape.opening) > 0 {
			s.elastic, s.plans = append(s.elastic, f), append(s.plans, p)
			continue
		}
		s.rest.add(p.up, p.down)
	}
	return s
}

func (c *Count) add(ways ...way) {
	for _, w := range ways {
		c.Packets += w.packets()
		c.Bytes += w.bytes
	}
}

// total is what all flows come to with so many times their packets and bytes.
func (s *scaling) total(packets, bytes float64) Count {
	count := s.rest
	for i := range s.elastic {
		up, down := s.scaled(i, packets, bytes)
		count.add(up, down)
	}
	return count
}

// scaled are the two directions of a flow with so many times its bytes, and so many times the packets that those need.
// A flow keeps the bytes that the beginning of its data takes, which is what tells names.
func (s *scaling) scaled(i int, packets, bytes float64) (up, down way) {
	f, p := s.elastic[i], &s.plans[i]
	upBytes := max(times(f.UpBytes, bytes), min(f.UpBytes, beginning))
	downBytes := max(times(f.DownBytes, bytes), min(f.DownBytes, beginning))
	upPackets, downPackets := p.packetsFor(upBytes, downBytes)
	up = p.settle(false, dithered(upPackets, packets, i), upBytes, 1)
	down = p.settle(true, dithered(downPackets, packets, i), downBytes, 1)
	return up, down
}

// beginning is how many bytes one direction needs for its handshakes and a hello of TLS.
const beginning = 800

// dithered is a small multiple, rounded for each flow at another point, so that flows that are alike do not all grow at
// the same factor.
func dithered(n int64, factor float64, flow int) int64 {
	const golden = 0.6180339887498949
	_, point := math.Modf(float64(flow) * golden)
	return int64(float64(float64(n)*factor) + point) // two roundings on every architecture
}

func times(n int64, factor float64) int64 { return int64(math.Round(float64(n) * factor)) }

// fit finds the factors and changes the flows. More bytes need packets, and packets have headers: each factor is found
// with the other, in turns. The bytes give way where they would need more packets.
func (s *scaling) fit(packets, bytes int64) {
	factorPackets, factorBytes := 0.0, 0.0
	most := bisect(func(x float64) bool { return s.total(0, x).Packets < packets })
	for range 3 {
		factorBytes = min(most, bisect(func(x float64) bool { return s.total(factorPackets, x).Bytes < bytes }))
		factorPackets = bisect(func(x float64) bool { return s.total(x, factorBytes).Packets < packets })
	}
	for i, f := range s.elastic {
		up, down := s.scaled(i, factorPackets, factorBytes)
		f.UpPackets, f.UpBytes = up.packets(), up.bytes
		f.DownPackets, f.DownBytes = down.packets(), down.bytes
	}
}

// bisect finds the factor from which on low is false, to a thousandth part.
func bisect(low func(float64) bool) float64 {
	from, to := 0.0, 1.0
	for low(to) && to < 1<<20 {
		from, to = to, 2*to
	}
	for to-from > to/1_000 && to > 1e-9 {
		if middle := (from + to) / 2; low(middle) {
			from = middle
		} else {
			to = middle
		}
	}
	return to
}

// attempts makes as many of the connections attempts of two packets as it takes to be rid of so many packets.
func (c *Capture) attempts(connections []*flow.Flow, surplus int64) {
	const saved = leastConnection - 2
	share := min(1, float64(surplus)/float64(saved*int64(len(connections))))
	for i, f := range connections {
		if evenly(i, share) == 1 {
			shorten(f, 2)
		}
	}
}

// leastConnection is how many packets the connections have that carry data and end as most do: four and four.
const leastConnection = 8

// shorten makes all flows of one packet or two.
func (c *Capture) shorten(packets int64) {
	share := float64(packets)/float64(len(c.flows)) - 1
	for i, place := range c.order {
		shorten(&c.flows[place.index], 1+evenly(i, share))
	}
	clear(c.asked)
}

// evenly spreads ones among zeros: it is 1 for the share of all numbers.
func evenly(i int, share float64) int64 {
	return int64(math.Floor(float64(i+1)*share) - math.Floor(float64(i)*share))
}

// shorten leaves a flow one packet or two of the smallest usual size.
func shorten(f *flow.Flow, packets int64) {
	size := headers(f)
	if f.Proto != flow.TCP {
		size = max(size, min(f.UpBytes, mtu))
	}
	f.UpPackets, f.UpBytes, f.DownPackets, f.DownBytes = 1, size, packets-1, size*(packets-1)
	f.State, f.Name = flow.Unanswered, ""
	if packets == 2 {
		f.State = flow.Refused
	}
	f.Duration = min(f.Duration, pace) * (packets - 1)
}
