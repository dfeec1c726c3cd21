package meter_test

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"strings"

	"sentinel/internal/flow"
	"sentinel/internal/meter"
	"sentinel/internal/packet"
)

// seen is a packet that was captured: IPv4 or IPv6 without options.
type seen struct {
	at       float64 // seconds after noon
	proto    flow.Proto
	src, dst netip.AddrPort // of ICMP, the ports are type and code of the message, both at src
	flags    packet.TCPFlags
	sequence uint32
	payload  string
	fragment string // "first" or "later", of packet number sequence
}

const noon = 1_700_000_000_000_000 // some time, in microseconds

// The control bits of TCP, short.
const (
	FIN = packet.FIN
	SYN = packet.SYN
	RST = packet.RST
	ACK = packet.ACK
)

var (
	client   = netip.MustParseAddrPort("192.0.2.1:40000")
	server   = netip.MustParseAddrPort("198.51.100.2:443")
	resolver = netip.MustParseAddrPort("192.0.2.53:53")
)

func tcp(at float64, src, dst netip.AddrPort, flags packet.TCPFlags, payload ...string) seen {
	return seen{at: at, proto: flow.TCP, src: src, dst: dst, flags: flags, payload: strings.Join(payload, "")}
}

func udp(at float64, src, dst netip.AddrPort, payload string) seen {
	return seen{at: at, proto: flow.UDP, src: src, dst: dst, payload: payload}
}

func icmp(at float64, src, dst netip.AddrPort, kind, code uint16, payload string) seen {
	s := seen{at: at, proto: flow.ICMP, dst: dst, payload: payload}
	if src.Addr().Is6() {
		s.proto = flow.ICMPv6
	}
	s.src = netip.AddrPortFrom(src.Addr(), kind<<8|code)
	return s
}

// bytes crafts the IP packet, without checksums.
func (s seen) bytes() []byte {
	ports := binary.BigEndian.AppendUint16(nil, s.src.Port())
	transport := binary.BigEndian.AppendUint16(ports, s.dst.Port())
	switch s.proto {
	case flow.TCP:
		transport = binary.BigEndian.AppendUint32(transport, s.sequence)
		transport = append(transport, 0, 0, 0, 0, 0x50, byte(s.flags), 0xff, 0xff, 0, 0, 0, 0)
	case flow.UDP:
		transport = append(binary.BigEndian.AppendUint16(transport, uint16(8+len(s.payload))), 0, 0)
	default:
		transport = append(ports[:2], 0, 0, 0, 0, 0, 0)
	}
	transport = append(transport, s.payload...)
	if s.src.Addr().Is6() {
		header := append([]byte{0x60, 0, 0, 0, byte(len(transport) >> 8), byte(len(transport)), byte(s.proto), 64}, s.src.Addr().AsSlice()...)
		return append(append(header, s.dst.Addr().AsSlice()...), transport...)
	}
	header := []byte{0x45, 0, 0, 0, byte(s.sequence >> 8), byte(s.sequence), 0, 0, 64, byte(s.proto), 0, 0}
	switch s.fragment {
	case "first":
		header[6] = 0x20 // more fragments
	case "later":
		header[7] = 100 // offset
		transport = []byte(s.payload)
	}
	binary.BigEndian.PutUint16(header[2:], uint16(20+len(transport)))
	header = append(append(header, s.src.Addr().AsSlice()...), s.dst.Addr().AsSlice()...)
	return append(header, transport...)
}

// metered gives what a meter makes of packets, in blocks of a few, a line a flow and a lookup.
func metered(settings meter.Settings, packets ...seen) (lines []string, m *meter.Meter) {
	m = meter.New(settings)
	block := &meter.Block{}
	for len(packets) > 0 {
		some := packets[:min(3, len(packets))]
		packets = packets[len(some):]
		fill(block, some)
		m.Add(block)
		lines = append(lines, taken(m)...)
	}
	m.End()
	return append(lines, taken(m)...), m
}

func fill(block *meter.Block, packets []seen) {
	var data []byte
	var ends []int
	for _, s := range packets {
		data = append(data, s.bytes()...)
		ends = append(ends, len(data))
	}
	block.Reset(data)
	from := 0
	for i, s := range packets {
		block.Add(noon+int64(s.at*1e6), packet.RawIP, from, ends[i])
		from = ends[i]
	}
}

func taken(m *meter.Meter) (lines []string) {
	for _, l := range m.Lookups() {
		lines = append(lines, fmt.Sprintf("%s asks %s: %s %s %s %d answers after %g s", l.Client, l.Server, l.Type, l.Name, l.Code, l.Answers,
			float64(l.Time-noon)/1e6))
	}
	for batch := make([]flow.Flow, 2); ; {
		n := m.Take(batch)
		for _, f := range batch[:n] {
			lines = append(lines, line(f))
		}
		if n < len(batch) {
			return lines
		}
	}
}

func line(f flow.Flow) string {
	text := fmt.Sprintf("%g+%g %s %s>%s %d/%d %d/%d %s %s", float64(f.Start-noon)/1e6, float64(f.Duration)/1e6, f.Proto,
		netip.AddrPortFrom(f.SrcIP, f.SrcPort), netip.AddrPortFrom(f.DstIP, f.DstPort), f.UpPackets, f.UpPayload,
		f.DownPackets, f.DownPayload, f.State, f.Opener)
	return strings.Join(strings.Fields(text+" "+f.Service+" "+f.Name+" "+f.JA4), " ")
}
