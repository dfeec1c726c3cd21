package packet

import "strconv"

// LinkType says which headers a captured frame begins with, by the LINKTYPE number of tcpdump.org. The field of capture
// files has more bits, which tell of a checksum behind the frame; they do not belong here.
type LinkType uint16

// The link types that Decode reads.
const (
	Null            LinkType = 0
	Ethernet        LinkType = 1
	TokenRing       LinkType = 6
	ARCNet          LinkType = 7
	SLIP            LinkType = 8
	PPP             LinkType = 9
	FDDI            LinkType = 10
	RawBSD          LinkType = 12 // DLT_RAW, which some programs write
	RawOpenBSD      LinkType = 14 // DLT_RAW of OpenBSD
	PPPSerial       LinkType = 50
	PPPoE           LinkType = 51
	ATM             LinkType = 100
	ATMClassical    LinkType = 106
	RawIP           LinkType = 101
	CiscoHDLC       LinkType = 104
	WiFi            LinkType = 105
	FrameRelay      LinkType = 107
	Loop            LinkType = 108
	ENC             LinkType = 109
	LinuxCooked     LinkType = 113
	PFLog           LinkType = 117
	Prism           LinkType = 119
	IPOverFC        LinkType = 122
	SunATM          LinkType = 123
	Radiotap        LinkType = 127
	ARCNetLinux     LinkType = 129
	FireWire        LinkType = 138
	DOCSIS          LinkType = 143
	PKTAPUser       LinkType = 149 // PKTAP, which Darwin wrote with a number for private use
	AVS             LinkType = 163
	JuniperEthernet LinkType = 178
	MultilinkFR     LinkType = 182
	PPI             LinkType = 192
	ERF             LinkType = 197
	PPPDirection    LinkType = 204
	MPLS            LinkType = 219
	IPNet           LinkType = 226
	IPv4            LinkType = 228
	IPv6            LinkType = 229
	NFLog           LinkType = 239
	NetAnalyzer     LinkType = 240
	InfiniBand      LinkType = 242
	PKTAP           LinkType = 258
	LinuxCooked2    LinkType = 276
	BroadcomTag     LinkType = 281
	BroadcomFront   LinkType = 282
	MarvellDSA      LinkType = 284
	MarvellEDSA     LinkType = 285
)

var linkNames = map[LinkType]string{
	Null: "BSD loopback", Ethernet: "Ethernet", TokenRing: "Token Ring", ARCNet: "ARCNET", SLIP: "SLIP", PPP: "PPP",
	FDDI: "FDDI", RawBSD: "raw IP", RawOpenBSD: "raw IP", PPPSerial: "PPP in HDLC framing", PPPoE: "PPPoE", ATM: "ATM with LLC",
	RawIP: "raw IP", CiscoHDLC: "Cisco HDLC", WiFi: "IEEE 802.11", FrameRelay: "Frame Relay", Loop: "OpenBSD loopback",
	ENC: "OpenBSD IPsec", LinuxCooked: "Linux cooked", PFLog: "PF log", Prism: "IEEE 802.11 with Prism header",
	IPOverFC: "IP over Fibre Channel", SunATM: "SunATM", Radiotap: "IEEE 802.11 with radiotap", ARCNetLinux: "ARCNET of Linux",
	FireWire: "IP over IEEE 1394", DOCSIS: "DOCSIS", PKTAPUser: "PKTAP", AVS: "IEEE 802.11 with AVS header",
	JuniperEthernet: "Juniper Ethernet", PPI: "PPI", ERF: "ERF", PPPDirection: "PPP with direction", MPLS: "MPLS",
	IPNet: "Solaris IPNET", IPv4: "raw IPv4", IPv6: "raw IPv6", NFLog: "NFLOG", NetAnalyzer: "netANALYZER",
	InfiniBand: "IP over InfiniBand", PKTAP: "PKTAP", LinuxCooked2: "Linux cooked v2",
	ATMClassical: "classical IP over ATM", MultilinkFR: "multilink Frame Relay", BroadcomTag: "Ethernet with Broadcom tag",
	BroadcomFront: "Ethernet behind Broadcom tag", MarvellDSA: "Ethernet with Marvell tag",
	MarvellEDSA: "Ethernet with extended Marvell tag",
}

// unread are the names of types that people meet without IP in them, or that are not read.
var unread = map[LinkType]string{
	3: "AX.25", 137: "Juniper MLPPP", 147: "private use 0", 165: "BACnet MS/TP",
	187: "Bluetooth HCI", 189: "USB of Linux", 190: "CAN", 195: "IEEE 802.15.4", 201: "Bluetooth HCI", 220: "USB of Linux",
	227: "CAN of Linux", 230: "IEEE 802.15.4", 231: "D-Bus", 249: "USB of Windows", 251: "Bluetooth LE", 252: "Wireshark upper PDU",
	253: "Netlink", 266: "USB of Darwin", 271: "vsock", 283: "IEEE 802.15.4 with TAP",
}

// Known tells whether Decode reads frames of this type.
func (l LinkType) Known() bool { return linkNames[l] != "" }

// String returns what l is called, and its number where Decode does not read it.
func (l LinkType) String() string {
	if name := linkNames[l]; name != "" {
		return name
	}
	number := strconv.Itoa(int(l))
	if name := unread[l]; name != "" {
		return name + " (link type " + number + ")"
	}
	return "link type " + number
}
