package packet

import "strconv"

// LinkType says which headers a captured frame begins with, by the LINKTYPE number of tcpdump.org. Values in captures
// may have more bits, which tell of a checksum behind the frame; they do not belong here.
type LinkType uint16

// The link types that Decode reads.
const (
	Null          LinkType = 0 // BSD loopback, in the byte order of the host that captured
	Ethernet      LinkType = 1
	TokenRing     LinkType = 6
	SLIP          LinkType = 8
	PPP           LinkType = 9
	FDDI          LinkType = 10
	RawBSD        LinkType = 12 // DLT_RAW, as some programs write it
	RawOpenBSD    LinkType = 14 // the same of OpenBSD
	PPPSerial     LinkType = 50 // PPP in HDLC-like framing, or Cisco HDLC
	PPPoE         LinkType = 51
	ATM           LinkType = 100 // RFC 1483 with LLC
	RawIP         LinkType = 101
	CiscoHDLC     LinkType = 104
	WiFi          LinkType = 105 // IEEE 802.11
	FrameRelay    LinkType = 107
	Loop          LinkType = 108 // OpenBSD loopback
	ENC           LinkType = 109 // OpenBSD IPsec
	LinuxCooked   LinkType = 113
	PFLog         LinkType = 117
	Prism         LinkType = 119 // IEEE 802.11
	IPOverFC      LinkType = 122
	SunATM        LinkType = 123
	Radiotap      LinkType = 127 // IEEE 802.11
	AppleFireWire LinkType = 138
	DOCSIS        LinkType = 143
	AVS           LinkType = 163 // IEEE 802.11
	JuniperEther  LinkType = 178
	PPI           LinkType = 192
	ERF           LinkType = 197
	PPPDirection  LinkType = 204
	MPLS          LinkType = 219
	IPv4          LinkType = 228
	IPv6          LinkType = 229
	NFLog         LinkType = 239
	NetAnalyzer   LinkType = 240
	InfiniBand    LinkType = 242 // IP over InfiniBand
	PKTAP         LinkType = 258
	LinuxCooked2  LinkType = 276
)

var linkNames = map[LinkType]string{
	Null: "BSD loopback", Ethernet: "Ethernet", RawIP: "raw IP",
}

// Known tells whether Decode reads frames of this type.
func (l LinkType) Known() bool { return linkNames[l] != "" }

// String returns the name of l, or its number.
func (l LinkType) String() string {
	if name, ok := linkNames[l]; ok {
		return name
	}
	return "link type " + strconv.Itoa(int(l))
}
