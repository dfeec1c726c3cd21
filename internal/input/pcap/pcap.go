// Package pcap reads captures of packets, pcap and pcapng, and meters their flows.
package pcap

import (
	"sentinel/internal/input"
)

// Format is what tcpdump, Wireshark and most that capture packets write. One reader reads both formats, since files
// are often named after the wrong one.
var Format = input.Format{
	ID: "pcap", Name: "pcap", Doc: "packets as tcpdump and Wireshark save them, pcap or pcapng",
	Columns: columns, Lookups: true, Recognise: recognise, Open: open,
}

var columns = []string{
	"duration", "src_port", "up_packets", "down_packets", "up_payload", "down_payload", "state", "service", "name", "ja4",
	"opener",
}

func recognise(head []byte) string {
	_, _, reason := begin(head)
	return reason
}
