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
		from, to := flow.PortRank(f.SrcPort), flow.PortRank(f.DstPort)
		turned = to > from
		if to != from {
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
