package wire_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"
	"pgregory.net/rapid"

	"sentinel/internal/flow"
	"sentinel/internal/synth"
	"sentinel/internal/synth/wire"
)

// day is a day of an office with every attack.
func day(t rapid.TB, flows int) []flow.Flow {
	t.Helper()
	capture, err := synth.Day(synth.Options{Kind: synth.Judge, Profile: synth.Office, Flows: flows})
	if err != nil {
		t.Fatal(err)
	}
	all, err := flow.ReadAll(capture)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func write(t rapid.TB, capture *wire.Capture, options wire.Options) []byte {
	t.Helper()
	var content bytes.Buffer
	if _, err := capture.Write(&content, options); err != nil {
		t.Fatal(err)
	}
	return content.Bytes()
}

// seen is one packet as another program reads it.
type seen struct {
	time     time.Time
	length   int // of the frame before it was cut
	ends     ends
	packet   gopacket.Packet
	ipLength int64
	payload  []byte
}

// ends tell a flow from all others, whoever sends.
type ends struct {
	proto    flow.Proto
	src, dst netip.AddrPort
}

func (e ends) turned() ends { return ends{e.proto, e.dst, e.src} }

func endsOf(f flow.Flow) ends {
	if f.Proto != flow.TCP && f.Proto != flow.UDP {
		f.SrcPort, f.DstPort = 0, 0
	}
	return ends{f.Proto, netip.AddrPortFrom(f.SrcIP, f.SrcPort), netip.AddrPortFrom(f.DstIP, f.DstPort)}
}

// packets reads a capture with gopacket.
func packets(t rapid.TB, content []byte) (all []seen) {
	t.Helper()
	reader, err := pcapgo.NewReader(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	for {
		data, info, err := reader.ReadPacketData()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, decode(t, data, info))
	}
}

func decode(t rapid.TB, data []byte, info gopacket.CaptureInfo) seen {
	t.Helper()
	s := seen{time: info.Timestamp, length: info.Length, packet: gopacket.NewPacket(data, layers.LayerTypeEthernet, gopacket.Default)}
	var src, dst []byte
	switch ip := s.packet.NetworkLayer().(type) {
	case *layers.IPv4:
		src, dst, s.ends.proto, s.ipLength = ip.SrcIP, ip.DstIP, flow.Proto(ip.Protocol), int64(ip.Length)
	case *layers.IPv6:
		src, dst, s.ends.proto, s.ipLength = ip.SrcIP, ip.DstIP, flow.Proto(ip.NextHeader), int64(ip.Length)+40
	default:
		t.Fatalf("no IP packet: %v", s.packet)
	}
	var ports [2]uint16
	switch transport := s.packet.TransportLayer().(type) {
	case *layers.TCP:
		ports, s.payload = [2]uint16{uint16(transport.SrcPort), uint16(transport.DstPort)}, transport.Payload
	case *layers.UDP:
		ports, s.payload = [2]uint16{uint16(transport.SrcPort), uint16(transport.DstPort)}, transport.Payload
	}
	if icmp := s.packet.Layer(layers.LayerTypeICMPv4); icmp != nil {
		s.payload = icmp.LayerPayload()
	}
	from, _ := netip.AddrFromSlice(src)
	to, _ := netip.AddrFromSlice(dst)
	s.ends.src, s.ends.dst = netip.AddrPortFrom(from, ports[0]), netip.AddrPortFrom(to, ports[1])
	return s
}

// tally is what was seen of one flow.
type tally struct {
	first, last time.Time
	up, down    [3]int64 // packets, bytes of IP packets, bytes of payload
}

// TestPacketsAddUp counts the packets of a day with gopacket and compares with what is expected of every flow.
func TestPacketsAddUp(t *testing.T) {
	for _, scale := range []int64{0, 3_000, 100_000} {
		capture := wire.NewCapture(day(t, 1_000), nil)
		if scale > 0 {
			if err := capture.Scale(scale, 700); err != nil {
				t.Fatal(err)
			}
		}
		compare(t, fmt.Sprintf("scaled to %d packets", scale), capture, packets(t, write(t, capture, wire.Options{Format: wire.PCAP})))
	}
}

// compare holds packets to the expected flows. Flows that share their ends, as pings do, are taken together.
func compare(t *testing.T, name string, capture *wire.Capture, all []seen) {
	t.Helper()
	want, got := map[ends]*tally{}, map[ends]*tally{}
	for f := range capture.Expected {
		add := entry(want, endsOf(f))
		add.see(time.UnixMicro(f.Start))
		add.see(time.UnixMicro(f.Start + f.Duration))
		add.up = sum(add.up, f.UpPackets, f.UpBytes, f.UpPayload)
		add.down = sum(add.down, f.DownPackets, f.DownBytes, f.DownPayload)
	}
	last := time.Time{}
	for _, s := range all {
		if s.time.Before(last) {
			t.Fatalf("%s: a packet of %s comes after one of %s", name, s.time, last)
		}
		last = s.time
		if want[s.ends] != nil {
			add := entry(got, s.ends)
			add.see(s.time)
			add.up = sum(add.up, 1, s.ipLength, int64(len(s.payload)))
			continue
		}
		add := entry(got, s.ends.turned())
		add.see(s.time)
		add.down = sum(add.down, 1, s.ipLength, int64(len(s.payload)))
	}
	if len(want) != len(got) {
		t.Errorf("%s: %d pairs of ends, want %d", name, len(got), len(want))
	}
	for e, expected := range want {
		if diff := cmp.Diff(expected, got[e], cmp.AllowUnexported(tally{})); diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", name, e, diff)
		}
	}
}

func entry(all map[ends]*tally, e ends) *tally {
	if all[e] == nil {
		all[e] = &tally{}
	}
	return all[e]
}

func (a *tally) see(at time.Time) {
	if at = at.UTC(); a.first.IsZero() || at.Before(a.first) {
		a.first = at
	}
	if at.After(a.last) {
		a.last = at
	}
}

func sum(a [3]int64, packets, bytes, payload int64) [3]int64 {
	return [3]int64{a[0] + packets, a[1] + bytes, a[2] + payload}
}

// TestExpectedIsTheFlow tells how much of a day cannot be had exactly: little, and never fewer bytes or packets.
func TestExpectedIsTheFlow(t *testing.T) {
	flows := day(t, 20_000)
	changed := 0
	for _, f := range flows {
		e := wire.Expected(f)
		if e.UpBytes != f.UpBytes || e.DownBytes != f.DownBytes || e.UpPackets != f.UpPackets || e.DownPackets != f.DownPackets {
			changed++
		}
		if e.UpBytes < f.UpBytes || e.DownBytes < f.DownBytes || e.UpPackets < f.UpPackets || e.DownPackets < f.DownPackets {
			t.Errorf("%v has less than %v", e, f)
		}
		if e.State != f.State || e.Start != f.Start || f.Proto == flow.TCP && e.Duration != f.Duration && f.Duration > 0 && e.UpPackets+e.DownPackets > 1 {
			t.Errorf("%v is another flow than %v", e, f)
		}
	}
	if share := float64(changed) / float64(len(flows)); share > 0.03 {
		t.Errorf("%.3f of the flows cannot be had exactly", share)
	}
}

// anyFlow draws a flow, sensible or not.
func anyFlow(t *rapid.T) flow.Flow {
	address := func(v6 bool, host byte) netip.Addr {
		if v6 {
			return netip.AddrFrom16([16]byte{0x20, 0x01, 0x0d, 0xb8, 15: host})
		}
		return netip.AddrFrom4([4]byte{192, 0, 2, host})
	}
	v6 := rapid.Bool().Draw(t, "v6")
	size := rapid.OneOf(rapid.Int64Range(0, 200), rapid.Int64Range(0, 100_000))
	count := rapid.OneOf(rapid.Just(int64(0)), rapid.Int64Range(0, 9), rapid.Int64Range(0, 90))
	return flow.Flow{
		Start: rapid.Int64Range(0, 2e15).Draw(t, "start"), Duration: rapid.OneOf(rapid.Just(int64(0)), rapid.Int64Range(0, 9e10)).Draw(t, "duration"),
		SrcIP: address(v6, 1), DstIP: address(v6, 2),
		Proto:   rapid.SampledFrom([]flow.Proto{flow.TCP, flow.UDP, flow.ICMP, flow.ICMPv6, flow.GRE}).Draw(t, "proto"),
		DstPort: rapid.SampledFrom([]uint16{22, 25, 53, 80, 123, 443, 7_000}).Draw(t, "port"),
		UpBytes: size.Draw(t, "up"), DownBytes: size.Draw(t, "down"), UpPackets: count.Draw(t, "up packets"), DownPackets: count.Draw(t, "down packets"),
		State: rapid.SampledFrom([]flow.State{"", flow.Established, flow.Refused, flow.Unanswered, flow.Reset, flow.Other}).Draw(t, "state"),
		Name:  rapid.SampledFrom([]string{"", "www.example", "a..example", string(bytes.Repeat([]byte("a."), 120)), string(make([]byte, 300))}).Draw(t, "name"),
	}
}

// TestAnyFlowAddsUp writes flows that no network would have.
func TestAnyFlowAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := anyFlow(t)
		once := wire.Expected(f)
		if once.UpBytes < f.UpBytes || once.DownBytes < f.DownBytes {
			t.Errorf("%v has less than %v", once, f)
		}
		again := once
		again.Name = f.Name // which packets may have no room for
		if twice := wire.Expected(again); twice != once {
			t.Errorf("%v: expected of itself %v", once, twice)
		}
		capture := wire.NewCapture([]flow.Flow{f}, nil)
		var up, down [3]int64
		for _, s := range packets(t, write(t, capture, wire.Options{Format: wire.PCAP})) {
			if s.ends.src.Addr() == f.SrcIP {
				up = sum(up, 1, s.ipLength, 0)
			} else {
				down = sum(down, 1, s.ipLength, 0)
			}
			checksums(t, s)
		}
		if up != [3]int64{once.UpPackets, once.UpBytes} || down != [3]int64{once.DownPackets, once.DownBytes} {
			t.Errorf("%v: packets and bytes %v up, %v down", once, up, down)
		}
	})
}

// checksums has gopacket compute every checksum of a packet again.
func checksums(t rapid.TB, s seen) {
	t.Helper()
	if s.ends.proto == flow.GRE { // whose header is noise
		return
	}
	if wrong, err := verify(s.packet); err != nil || len(wrong) > 0 {
		t.Errorf("%v at %s: %v, wrong checksums: %v", s.ends, s.time, err, wrong)
	}
}

func verify(packet gopacket.Packet) ([]gopacket.ChecksumMismatch, error) {
	for _, layer := range packet.Layers() {
		if above, ok := layer.(interface {
			SetNetworkLayerForChecksum(gopacket.NetworkLayer) error
		}); ok {
			if err := above.SetNetworkLayerForChecksum(packet.NetworkLayer()); err != nil {
				return nil, err
			}
		}
	}
	err, wrong := packet.VerifyChecksums()
	return wrong, err
}

func TestChecksums(t *testing.T) {
	all := packets(t, write(t, wire.NewCapture(day(t, 1_000), nil), wire.Options{Format: wire.PCAP}))
	for _, s := range all {
		checksums(t, s)
	}
	broken := slices.Clone(all[0].packet.Data())
	broken[len(broken)-1] ^= 1 // which must show
	broken[40] ^= 1
	if wrong, _ := verify(gopacket.NewPacket(broken, layers.LayerTypeEthernet, gopacket.Default)); len(wrong) == 0 {
		t.Error("a broken packet passes")
	}
}

// TestSequences follows every connection: no byte is missing or sent twice, nothing is acknowledged that was not sent.
func TestSequences(t *testing.T) {
	next := map[ends]uint32{}
	for _, s := range packets(t, write(t, wire.NewCapture(day(t, 1_000), nil), wire.Options{Format: wire.PCAP})) {
		tcp, ok := s.packet.TransportLayer().(*layers.TCP)
		if !ok {
			continue
		}
		if tcp.SYN {
			next[s.ends] = tcp.Seq
		}
		if want, known := next[s.ends]; known && tcp.Seq != want {
			t.Errorf("%v at %s: sequence %d, want %d", s.ends, s.time, tcp.Seq, want)
		}
		if tcp.ACK && tcp.Ack != next[s.ends.turned()] {
			t.Errorf("%v at %s: acknowledges %d, sent was up to %d", s.ends, s.time, tcp.Ack, next[s.ends.turned()])
		}
		next[s.ends] = tcp.Seq + uint32(len(tcp.Payload))
		if tcp.SYN || tcp.FIN {
			next[s.ends]++
		}
	}
}

func TestSameFlowsSameBytes(t *testing.T) {
	one := write(t, wire.NewCapture(day(t, 1_000), nil), wire.Options{Format: wire.PCAPNG})
	if two := write(t, wire.NewCapture(day(t, 1_000), nil), wire.Options{Format: wire.PCAPNG}); !bytes.Equal(one, two) {
		t.Error("a second run gives other bytes")
	}
}

func TestScale(t *testing.T) {
	for _, order := range []struct {
		packets, mean int64
		exactly       bool // as to the mean
	}{{3_000, 100, false}, {8_000, 100, false}, {60_000, 700, true}, {200_000, 1_200, true}} {
		capture := wire.NewCapture(day(t, 1_000), nil)
		if err := capture.Scale(order.packets, order.mean); err != nil {
			t.Fatal(err)
		}
		var count wire.Count
		for f := range capture.Expected {
			count.Packets += f.UpPackets + f.DownPackets
			count.Bytes += f.UpBytes + f.DownBytes
		}
		if off := float64(count.Packets)/float64(order.packets) - 1; off < -0.01 || off > 0.01 {
			t.Errorf("%d packets ordered, %d come", order.packets, count.Packets)
		}
		if mean := count.Bytes / count.Packets; order.exactly && (mean < order.mean*98/100 || mean > order.mean*102/100) {
			t.Errorf("packets of %d bytes ordered, %d come", order.mean, mean)
		}
	}
}

func TestScaleSaysWhatDoesNotGo(t *testing.T) {
	capture := wire.NewCapture(day(t, 1_000), nil)
	for _, order := range [][2]int64{{10, 700}, {100_000, 10}, {100_000, 2_000}} {
		if err := capture.Scale(order[0], order[1]); err == nil {
			t.Errorf("%d packets of %d bytes were ordered without an error", order[0], order[1])
		}
	}
}

// TestSourcePortsTellFlowsApart has two flows at the same time between the same ends.
func TestSourcePortsTellFlowsApart(t *testing.T) {
	f := day(t, 1_000)[0]
	f.Proto, f.Duration = flow.TCP, 1e6
	later := f
	later.Start += 5e5
	compare(t, "two flows", wire.NewCapture([]flow.Flow{later, f}, nil), packets(t, write(t, wire.NewCapture([]flow.Flow{later, f}, nil), wire.Options{Format: wire.PCAP})))
	used := map[uint16]bool{}
	for f := range wire.NewCapture([]flow.Flow{later, f}, nil).Expected {
		used[f.SrcPort] = true
	}
	if len(used) != 2 {
		t.Errorf("source ports %v, want two", used)
	}
}
