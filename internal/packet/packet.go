// Package packet reads the headers of one packet, down to the innermost transport.
package packet

import "sentinel/internal/flow"

// Packet is what metering needs of one packet. It holds no pointers, so that blocks of them cost the garbage collector
// nothing. Decode fills all but Time.
type Packet struct {
	Time int64 // microseconds since 1970-01-01 UTC
	Ends Ends
	// IPBytes are those of the innermost IP packet with its header, as the header states them, not as captured.
	IPBytes uint32
	// Payload are the bytes above the transport header, as the headers state them.
	Payload uint32
	// From and Till are where the captured part of the payload lies in the data given to Decode: data[From:Till].
	From, Till uint32
	Sequence   uint32 // of TCP
	Fragment   uint32 // identification of a fragmented IP packet, with Fragmented or Continued
	Proto      flow.Proto
	Flags      TCPFlags
	Marks      Marks
}

// Ends are the two ends of a packet, in its direction. Addresses are of 16 bytes, IPv4 ones mapped (RFC 4291,
// 2.5.5.2). ICMP has its type as SrcPort and its code as DstPort; protocols without ports have 0.
type Ends struct {
	Src, Dst         [16]byte
	SrcPort, DstPort uint16
}

// TCPFlags are the control bits of TCP (RFC 9293, 3.1).
type TCPFlags uint8

// The control bits.
const (
	FIN TCPFlags = 1 << iota
	SYN
	RST
	PSH
	ACK
)

// Marks say more of a packet.
type Marks uint8

// The marks.
const (
	Fragmented Marks = 1 << iota // first fragment of several: ports are here, payload is only the first part
	Continued                    // later fragment: ports are in another packet, SrcPort and DstPort are 0
	Cut                          // the capture holds less than the headers that are needed; ports may be 0
	Tunnelled                    // the packet lay inside another IP packet, or inside a tunnel over UDP
)

// Verdict says what Decode made of a packet.
type Verdict uint8

// The verdicts.
const (
	Decoded   Verdict = iota
	NotIP             // ARP, LLDP, spanning tree... : no fault
	Short             // the capture holds too little to tell the two ends
	Malformed         // headers contradict each other
	Unknown           // a link type or encapsulation that is not read
)
