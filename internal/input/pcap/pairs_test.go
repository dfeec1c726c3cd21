package pcap_test

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"

	"sentinel/internal/flow"
)

// pairs counts packets each way between two ends, over all flows between them: other programs end flows at other
// times, and take another end for the opener.
type pairs map[pair]*[2]int64

type pair struct {
	proto flow.Proto
	a, b  netip.AddrPort // the smaller first
}

func (p pairs) add(proto flow.Proto, src, dst netip.AddrPort, up, down int64) {
	if cmp.Or(src.Addr().Compare(dst.Addr()), cmp.Compare(src.Port(), dst.Port())) > 0 {
		src, dst, up, down = dst, src, down, up
	}
	key := pair{proto, src, dst}
	if p[key] == nil {
		p[key] = new([2]int64)
	}
	p[key][0] += up
	p[key][1] += down
}

func (p pairs) lines() (lines []string) {
	for key, packets := range p {
		lines = append(lines, fmt.Sprintf("%s %s %s: %d packets, %d back", key.proto, key.a, key.b, packets[0], packets[1]))
	}
	slices.Sort(lines)
	return lines
}

// pairsOf counts flows; only of TCP and UDP have others the same ports.
func pairsOf(flows []flow.Flow) pairs {
	p := pairs{}
	for _, f := range flows {
		src, dst := netip.AddrPortFrom(f.SrcIP, f.SrcPort), netip.AddrPortFrom(f.DstIP, f.DstPort)
		if f.Proto != flow.TCP && f.Proto != flow.UDP {
			src, dst = netip.AddrPortFrom(f.SrcIP, 0), netip.AddrPortFrom(f.DstIP, 0)
		}
		p.add(f.Proto, src, dst, f.UpPackets, f.DownPackets)
	}
	return p
}
