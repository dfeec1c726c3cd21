package packet_test

import (
	"fmt"
	"testing"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"

	"sentinel/internal/packet"
)

// TestDecodeLikeGopacket compares plain frames with what gopacket makes of them. Tunnels are not plain: each program
// believes others.
func TestDecodeLikeGopacket(t *testing.T) {
	compared := 0
	eachCapture(t, func(name string, frames []frame) {
		for _, f := range frames {
			want := gopackets(f)
			if want == "" {
				continue
			}
			compared++
			var p packet.Packet
			if packet.Decode(f.link, f.data, &p) != packet.Decoded {
				t.Errorf("%s, frame %d: %s, want %s", name, f.number, packet.Reason(f.link, f.data), want)
			} else if got := plain(&p); got != want && p.Marks&packet.Tunnelled == 0 {
				t.Errorf("%s, frame %d:\n got %s\nwant %s", name, f.number, got, want)
			}
		}
	})
	if compared < 50_000 {
		t.Errorf("compared only %d frames", compared)
	}
}

func plain(p *packet.Packet) string {
	return fmt.Sprintf("%s %x.%d > %x.%d, %d bytes, %d payload, flags %02x, sequence %d", p.Proto,
		p.Ends.Src, p.Ends.SrcPort, p.Ends.Dst, p.Ends.DstPort, p.IPBytes, p.Payload, uint8(p.Flags), p.Sequence)
}

// gopackets is what gopacket reads, in the words of plain; nothing where that is not one IP packet with TCP or UDP whose
// lengths agree.
func gopackets(f frame) string {
	first := map[packet.LinkType]gopacket.Decoder{
		packet.Ethernet: layers.LayerTypeEthernet, packet.LinuxCooked: layers.LayerTypeLinuxSLL, packet.Null: layers.LayerTypeLoopback,
		packet.IPv4: layers.LayerTypeIPv4, packet.IPv6: layers.LayerTypeIPv6,
	}[f.link]
	if first == nil {
		return ""
	}
	var p packet.Packet
	length := -1
	for _, layer := range gopacket.NewPacket(f.data, first, gopacket.NoCopy).Layers() {
		switch l := layer.(type) {
		case *layers.IPv4:
			if length >= 0 || l.Version != 4 || l.FragOffset != 0 || l.Flags&layers.IPv4MoreFragments != 0 {
				return ""
			}
			if l.Contents[2] == 0 && l.Contents[3] == 0 {
				return "" // without a length gopacket takes 65535
			}
			p.Ends.Src, p.Ends.Dst = [16]byte(l.SrcIP.To16()), [16]byte(l.DstIP.To16())
			p.IPBytes, length = uint32(l.Length), int(l.Length)-int(l.IHL)*4
		case *layers.IPv6:
			if length >= 0 || l.Length == 0 || len(l.DstIP) == 0 {
				return ""
			}
			p.Ends.Src, p.Ends.Dst = [16]byte(l.SrcIP), [16]byte(l.DstIP)
			p.IPBytes, length = 40+uint32(l.Length), int(l.Length)
		case *layers.TCP:
			if len(l.Contents) < 20 || int(l.DataOffset)*4 > length {
				return ""
			}
			p.Proto, p.Ends.SrcPort, p.Ends.DstPort, p.Sequence = 6, uint16(l.SrcPort), uint16(l.DstPort), l.Seq
			p.Payload = uint32(length - int(l.DataOffset)*4)
			p.Flags = packet.TCPFlags(l.Contents[13] & 0x1f)
			return plain(&p)
		case *layers.UDP:
			p.Proto, p.Ends.SrcPort, p.Ends.DstPort = 17, uint16(l.SrcPort), uint16(l.DstPort)
			p.Payload = uint32(length - 8)
			if int(l.Length) != length {
				return ""
			}
			return plain(&p)
		case *layers.Ethernet, *layers.Dot1Q, *layers.LinuxSLL, *layers.Loopback:
		default:
			return ""
		}
	}
	return ""
}
