package wire

import (
	"encoding/binary"

	"sentinel/internal/flow"
)

// reuse is how long after the end of a flow its ports rest, in microseconds: longer than meters wait for its packets.
const reuse = 600e6

// The ephemeral ports of Linux, and how many of them are tried before two flows do share one.
const firstPort, ports, tries = 32_768, 28_232, 256

// separate gives flows other source ports where another flow between the same ends is open or just over, as the
// systems that open them would have.
func (c *Capture) separate() {
	until := make(map[uint64]int64, len(c.flows)) // when the ends are free again
	for _, place := range c.order {
		f := &c.flows[place.index]
		if f.Proto != flow.TCP && f.Proto != flow.UDP {
			continue
		}
		if f.SrcPort == 0 {
			f.SrcPort = sourcePort(f)
		}
		for try := 0; until[hashEnds(f)] > f.Start && try < tries; try++ {
			f.SrcPort = firstPort + (f.SrcPort-firstPort+1)%ports
		}
		until[hashEnds(f)] = f.Start + f.Duration + reuse
	}
}

// sourcePort invents a port for a flow that has none.
func sourcePort(f *flow.Flow) uint16 {
	return firstPort + uint16(mix(hashEnds(f)^uint64(f.Start))%ports)
}

// hashEnds hashes the ends of a flow and its protocol.
func hashEnds(f *flow.Flow) uint64 {
	src, dst := f.SrcIP.As16(), f.DstIP.As16()
	h := uint64(f.Proto)<<32 | uint64(f.SrcPort)<<16 | uint64(f.DstPort)
	for _, part := range [][]byte{src[:8], src[8:], dst[:8], dst[8:]} {
		h = mix(h ^ binary.BigEndian.Uint64(part))
	}
	return h
}

// mix is the finaliser of SplitMix64 (Steele, Lea, Flood 2014).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
