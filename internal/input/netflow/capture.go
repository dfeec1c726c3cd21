package netflow

import (
	"bytes"
	"fmt"
	"io"
	"iter"
	"net/netip"

	"sentinel/internal/flow"
	"sentinel/internal/input/pcap"
	"sentinel/internal/packet"
)

// capture is a capture of packets, in some of which exporters send datagrams.
type capture struct {
	records func() (pcap.Record, error, bool)
	stop    func()
	packets int64
	broken  error
}

func newCapture(content io.Reader) *capture {
	c := &capture{}
	c.records, c.stop = iter.Pull2(pcap.Records(content))
	return c
}

func (c *capture) damage() error { return c.broken }

func (c *capture) next(d *decoder) (datagram, error) {
	for {
		record, err, more := c.records()
		if !more {
			return datagram{}, io.EOF
		}
		if err != nil {
			if c.packets == 0 {
				return datagram{}, err
			}
			c.broken = err
			return datagram{}, io.EOF
		}
		c.packets++
		g, reason := payload(record)
		if reason == "" {
			g.place = c.packets
			return g, nil
		}
		d.skip(reason, 1, c.packets)
	}
}

// payload finds the export in a packet, or says why there is none.
func payload(record pcap.Record) (g datagram, reason string) {
	var p packet.Packet
	switch packet.Decode(record.Link, record.Data, &p) {
	case packet.Decoded:
	case packet.NotIP:
		return g, "packet that is not IP"
	default:
		return g, "packet: " + packet.Reason(record.Link, record.Data)
	}
	switch {
	case p.Marks&packet.Continued != 0:
		return g, "later fragment of a datagram: fragments are not put together"
	case p.Proto != flow.UDP:
		return g, fmt.Sprintf("packet of %s, not UDP", p.Proto)
	}
	data := record.Data[p.From:p.Till]
	cut := int(p.Payload) > len(data)
	if length, ok := measure(data); !ok || length > len(data) && !cut || !dated(data) && !isExport(data, cut) {
		return g, "datagram that is no export of flows"
	}
	return datagram{
		data: data, exporter: netip.AddrPortFrom(netip.AddrFrom16(p.Ends.Src).Unmap(), p.Ends.SrcPort),
		captured: record.Time,
	}, ""
}

// isExport tells whether the payload of a datagram is an export to its end: what else begins like a header of NetFlow does
// not end where that says. One that is cut may be so anywhere. The header of sFlow says enough by itself.
func isExport(data []byte, cut bool) bool {
	for len(data) > 0 {
		length, ok := measure(data)
		switch {
		case !ok || length == 0:
			return false
		case length > len(data):
			return cut && len(data) >= headerIPFIX
		case allZero(data[length:]) || versionOf(data) == sFlow:
			return true
		}
		data = data[length:]
	}
	return false
}

// recogniseCapture looks for exports in the packets of a capture.
func recogniseCapture(head []byte) string {
	packets, exports := 0, 0
	for record, err := range pcap.Records(bytes.NewReader(head)) {
		if err != nil {
			break // the head ends in the middle of a packet, as a rule
		}
		g, reason := payload(record)
		packets++
		if reason == "" && dated(g.data) && isExport(g.data, len(record.Data) < int(record.Length)) {
			exports++
		}
	}
	switch {
	case packets == 0:
		return "is no capture of packets"
	case exports*2 <= packets:
		return fmt.Sprintf("is a capture of packets, of which %d of the first %d hold exports of flows", exports, packets)
	}
	return ""
}
