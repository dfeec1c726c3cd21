package binetflow

import (
	"bytes"

	"sentinel/internal/flow"
)

// direct puts the end that opened the flow first, as the arrow between the ends tells: "<-" means the right one did,
// and a question mark that Argus did not see the beginning. Where it shows no direction at all, "<?>", the ports tell. The
// result is whether the ends are turned.
func (p *parser) direct(f *flow.Flow) (turned bool) {
	arrow := p.field(dir)
	left, right := bytes.IndexByte(arrow, '<') >= 0, bytes.IndexByte(arrow, '>') >= 0
	sure := bytes.IndexByte(arrow, '?') < 0
	turned = left && !right
	if left && right && !sure {
		turned = rank(f.DstPort) > rank(f.SrcPort)
		if rank(f.DstPort) != rank(f.SrcPort) {
			f.Opener = flow.ByPort
		}
	} else if sure && (left || right) {
		f.Opener = flow.ByFirst
	}
	if turned {
		turn(f)
	}
	return turned
}

// turn exchanges the ends. Type and code of ICMP belong to the flow and stay.
func turn(f *flow.Flow) {
	f.SrcIP, f.DstIP = f.DstIP, f.SrcIP
	f.UpBytes, f.DownBytes = f.DownBytes, f.UpBytes
	f.UpPackets, f.DownPackets = f.DownPackets, f.UpPackets
	f.UpPayload, f.DownPayload = f.DownPayload, f.UpPayload
	if f.Proto != flow.ICMP && f.Proto != flow.ICMPv6 {
		f.SrcPort, f.DstPort = f.DstPort, f.SrcPort
	}
}

// rank orders ports by how likely they are those of a service: of the system (RFC 6335, 6), others, and those that
// clients are given (from 32768 on Linux, from 49152 by RFC 6335).
func rank(port uint16) int {
	switch {
	case port < 1024:
		return 0
	case port < 32768:
		return 1
	}
	return 2
}
