// Command gopacket meters the flows of a capture as somebody fluent in Go would without Sentinel: a DecodingLayerParser
// with preallocated layers, packets that are not copied, and a map of flows. It looks into no payload, ends no flow and
// writes no file, only how much there was. It is what Sentinel's speed is measured against.
//
//	gopacket CAPTURE.pcap
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: gopacket CAPTURE.pcap")
	}
	if err := run(os.Args[1]); err != nil {
		log.Fatal(err)
	}
}

// key is the ends of a flow, the lower one first.
type key struct {
	low, high         [16]byte
	lowPort, highPort uint16
	proto             uint8
}

// counts are of a flow, of the direction from its lower end and of the other.
type counts struct {
	first, last    time.Time
	packets, bytes [2]int64
	flags          [2]uint8
}

func run(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	reader, err := pcapgo.NewReader(bufio.NewReaderSize(file, 1<<20))
	if err != nil {
		return err
	}
	m := newMeter()
	for {
		data, info, err := reader.ZeroCopyReadPacketData()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		m.take(data, info.Timestamp)
	}
	m.print()
	return nil
}

type meter struct {
	parser  *gopacket.DecodingLayerParser
	decoded []gopacket.LayerType
	eth     layers.Ethernet
	ip4     layers.IPv4
	ip6     layers.IPv6
	tcp     layers.TCP
	udp     layers.UDP
	icmp4   layers.ICMPv4
	icmp6   layers.ICMPv6
	flows   map[key]*counts
}

func newMeter() *meter {
	m := &meter{flows: map[key]*counts{}}
	m.parser = gopacket.NewDecodingLayerParser(layers.LayerTypeEthernet)
	m.parser.SetDecodingLayerContainer(gopacket.DecodingLayerSparse(nil)) // faster than the map that is the default
	for _, layer := range []gopacket.DecodingLayer{&m.eth, &m.ip4, &m.ip6, &m.tcp, &m.udp, &m.icmp4, &m.icmp6} {
		m.parser.AddDecodingLayer(layer)
	}
	m.parser.IgnoreUnsupported = true
	return m
}

func (m *meter) take(data []byte, at time.Time) {
	if m.parser.DecodeLayers(data, &m.decoded) != nil && len(m.decoded) < 2 {
		return
	}
	var k key
	var bytes int64
	var flags uint8
	for _, layer := range m.decoded {
		switch layer {
		case layers.LayerTypeIPv4:
			copy(k.low[12:], m.ip4.SrcIP)
			copy(k.high[12:], m.ip4.DstIP)
			k.proto, bytes = uint8(m.ip4.Protocol), int64(m.ip4.Length)
		case layers.LayerTypeIPv6:
			copy(k.low[:], m.ip6.SrcIP)
			copy(k.high[:], m.ip6.DstIP)
			k.proto, bytes = uint8(m.ip6.NextHeader), int64(m.ip6.Length)+40
		case layers.LayerTypeTCP:
			k.lowPort, k.highPort = uint16(m.tcp.SrcPort), uint16(m.tcp.DstPort)
			flags = flagsOf(&m.tcp)
		case layers.LayerTypeUDP:
			k.lowPort, k.highPort = uint16(m.udp.SrcPort), uint16(m.udp.DstPort)
		}
	}
	if bytes == 0 {
		return
	}
	direction := k.order()
	c := m.flows[k]
	if c == nil {
		c = &counts{first: at}
		m.flows[k] = c
	}
	c.last = at
	c.packets[direction]++
	c.bytes[direction] += bytes
	c.flags[direction] |= flags
}

// order puts the lower end first, and tells which one sent: 0 the lower, 1 the higher.
func (k *key) order() int {
	for i := range k.low {
		if k.low[i] != k.high[i] {
			if k.low[i] < k.high[i] {
				return 0
			}
			k.turn()
			return 1
		}
	}
	if k.lowPort <= k.highPort {
		return 0
	}
	k.turn()
	return 1
}

func (k *key) turn() { k.low, k.high, k.lowPort, k.highPort = k.high, k.low, k.highPort, k.lowPort }

func flagsOf(tcp *layers.TCP) (flags uint8) {
	for i, set := range [...]bool{tcp.FIN, tcp.SYN, tcp.RST, tcp.PSH, tcp.ACK} {
		if set {
			flags |= 1 << i
		}
	}
	return flags
}

// print tells how much there was, as JSON.
func (m *meter) print() {
	var packets, bytes int64
	for _, c := range m.flows {
		packets += c.packets[0] + c.packets[1]
		bytes += c.bytes[0] + c.bytes[1]
	}
	fmt.Printf("{\"flows\": %d, \"packets\": %d, \"ip_bytes\": %d}\n", len(m.flows), packets, bytes)
}
