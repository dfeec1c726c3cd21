package packet_test

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"sentinel/internal/flow"
	"sentinel/internal/packet"
)

// frames are sound ones, and what they are read as.
var frames = []struct {
	name string
	link packet.LinkType
	data []byte
	want string
}{
	{"Ethernet", packet.Ethernet, ether(0x0800, hello), isHello},
	{"Ethernet with IPv6", packet.Ethernet, ether(0x86dd, hello6), isHello6},
	{"UDP", packet.Ethernet, ether(0x0800, query), isQuery},
	{"padding", packet.Ethernet, ether(0x0800, query, zeros(13)), isQuery},
	{"VLAN", packet.Ethernet, ether(0x8100, vlan(0x0800, hello)), isHello},
	{"VLAN with IPv6", packet.Ethernet, ether(0x8100, vlan(0x86dd, hello6)), isHello6},
	{"QinQ", packet.Ethernet, ether(0x88a8, vlan(0x8100, vlan(0x0800, hello))), isHello},
	{"QinQ before the standard", packet.Ethernet, ether(0x9100, vlan(0x8100, vlan(0x86dd, hello6))), isHello6},
	{"VN-Tag", packet.Ethernet, ether(0x8926, bin("80010002"), u16(0x0800), hello), isHello},
	{"R-TAG", packet.Ethernet, ether(0xf1c1, bin("00000001"), u16(0x0800), hello), isHello},
	{"Cisco metadata", packet.Ethernet, ether(0x8909, bin("0101 0001 0005"), u16(0x0800), hello), isHello},
	{"Arista time of 64 bits", packet.Ethernet, ether(0xd28b, bin("0001 0010"), zeros(8), u16(0x0800), hello), isHello},
	{"Arista time of 48 bits", packet.Ethernet, ether(0xd28b, bin("0001 0120"), zeros(6), u16(0x0800), hello), isHello},
	{"MACsec in the clear", packet.Ethernet, ether(0x88e5, bin("0000 00000001"), u16(0x0800), hello, zeros(16)), isHello},
	{"MACsec with identifier", packet.Ethernet, ether(0x88e5, bin("2000 00000001"), zeros(8), u16(0x0800), hello), isHello},
	{"LLC with SNAP", packet.Ethernet, ether(53, bin("aaaa03 000000"), u16(0x0800), hello), isHello},
	{"LLC with SNAP behind VLAN", packet.Ethernet, ether(0x8100, vlan(53, bin("aaaa03 000000")), u16(0x0800), hello), isHello},
	{"LLC of IP", packet.Ethernet, ether(48, bin("060603"), hello), isHello},
	{"LLC in a jumbo frame", packet.Ethernet, ether(0x8870, bin("aaaa03 000000"), u16(0x0800), hello), isHello},
	{"Cisco ISL", packet.Ethernet, join(bin("01000c000000 020000000001"), u16(80), zeros(12), ether(0x0800, hello)), isHello},
	{"MPLS", packet.Ethernet, ether(0x8847, bin("00010040 00011140"), hello), isHello},
	{"MPLS with IPv6", packet.Ethernet, ether(0x8848, bin("00011140"), hello6), isHello6},
	{"pseudowire", packet.Ethernet, ether(0x8847, bin("00011140"), ether(0x0800, hello)), isHello},
	{"pseudowire with control word", packet.Ethernet, ether(0x8847, bin("00011140 00000000"), ether(0x86dd, hello6)), isHello6},
	{"PPPoE", packet.Ethernet, ether(0x8864, bin("1100 0001 002f 0021"), hello), isHello},
	{"PBB", packet.Ethernet, ether(0x88e7, bin("00000123"), ether(0x0800, hello)), isHello},
	{"FabricPath", packet.Ethernet, ether(0x8903, bin("0541"), ether(0x0800, hello)), isHello},
	{"TRILL", packet.Ethernet, ether(0x22f3, bin("0040 0001 0002 00000000"), ether(0x0800, hello)), isHello},
	{"service header", packet.Ethernet, ether(0x894f, bin("0fc2 02 01 00000101"), hello), isHello},

	{"raw IP", packet.RawIP, hello, isHello},
	{"raw IP, version 6", packet.RawIP, hello6, isHello6},
	{"raw IP of BSD", packet.RawBSD, hello, isHello},
	{"raw IP of OpenBSD", packet.RawOpenBSD, hello, isHello},
	{"raw IPv4", packet.IPv4, hello, isHello},
	{"raw IPv6", packet.IPv6, hello6, isHello6},
	{"Linux cooked", packet.LinuxCooked, join(bin("0000 0001 0006 0200000000010000"), u16(0x0800), hello), isHello},
	{"Linux cooked, LLC", packet.LinuxCooked, join(bin("0000 0001 0006 0200000000010000 0004 aaaa03 000000"), u16(0x0800), hello), isHello},
	{"Linux cooked, radiotap", packet.LinuxCooked, join(bin("0000 0323 0006 0200000000010000 0019 0000 0800 00000000 0801 0000"), zeros(20),
		bin("aaaa03 000000 0800"), hello), isHello},
	{"Linux cooked v2", packet.LinuxCooked2, join(u16(0x86dd), bin("0000 00000003 0001 00 06 0200000000010000"), hello6), isHello6},
	{"loopback, little", packet.Null, join(bin("02000000"), hello), isHello},
	{"loopback, big", packet.Null, join(bin("00000002"), hello), isHello},
	{"loopback of Linux", packet.Null, join(bin("0a000000"), hello6), isHello6},
	{"loopback of NetBSD", packet.Loop, join(bin("00000018"), hello6), isHello6},
	{"loopback of FreeBSD", packet.Null, join(bin("1c000000"), hello6), isHello6},
	{"loopback of Darwin", packet.Null, join(bin("1e000000"), hello6), isHello6},
	{"PPP", packet.PPP, join(bin("ff03 0021"), hello), isHello},
	{"PPP, compressed", packet.PPP, join(bin("21"), hello), isHello},
	{"PPP with MPLS", packet.PPP, join(bin("0281 00011140"), hello), isHello},
	{"PPP, multilink", packet.PPP, join(bin("ff03 003d c0000001 0057"), hello6), isHello6},
	{"PPP, bridged", packet.PPP, join(bin("ff03 0031 0001"), ether(0x0800, hello)), isHello},
	{"PPP in HDLC framing", packet.PPPSerial, join(bin("0f00 0800"), hello), isHello},
	{"PPP with direction", packet.PPPDirection, join(bin("0103 0057"), hello6), isHello6},
	{"PPPoE alone", packet.PPPoE, join(bin("1100 0001 002f 0021"), hello), isHello},
	{"Cisco HDLC", packet.CiscoHDLC, join(bin("0f00 86dd"), hello6), isHello6},
	{"Frame Relay", packet.FrameRelay, join(bin("1841 03 cc"), hello), isHello},
	{"Frame Relay, SNAP", packet.FrameRelay, join(bin("1841 03 00 80 000000 0800"), hello), isHello},
	{"Frame Relay of Cisco", packet.FrameRelay, join(bin("1841 86dd"), hello6), isHello6},
	{"multilink Frame Relay", packet.MultilinkFR, join(bin("c001 1841 03 8e"), hello6), isHello6},
	{"FDDI", packet.FDDI, join(bin("50 020000000002 020000000001 aaaa03 000000 0800"), hello), isHello},
	{"Token Ring", packet.TokenRing, join(bin("1040 020000000002 020000000001 aaaa03 000000 0800"), hello), isHello},
	{"Token Ring with route", packet.TokenRing, join(bin("1040 020000000002 820000000001 0430 0011 aaaa03 000000 0800"), hello), isHello},
	{"ARCNET", packet.ARCNet, join(bin("0102 d4 00 0001"), hello), isHello},
	{"ARCNET, old", packet.ARCNetLinux, join(bin("0102 0000 f0"), hello), isHello},
	{"SLIP", packet.SLIP, join(zeros(16), hello), isHello},
	{"ATM", packet.ATM, join(bin("aaaa03 000000 0800"), hello), isHello},
	{"ATM with bridging", packet.ATM, join(bin("aaaa03 0080c2 0007"), ether(0x0800, hello)), isHello},
	{"ATM with OSI's number", packet.ATM, join(bin("fefe03 cc"), hello), isHello},
	{"classical IP over ATM", packet.ATMClassical, join(bin("aaaa03 000000 0800"), hello), isHello},
	{"classical IP over ATM, bare", packet.ATMClassical, hello, isHello},
	{"SunATM", packet.SunATM, join(bin("0201 0020 aaaa03 000000 0800"), hello), isHello},
	{"OpenBSD IPsec", packet.ENC, join(zeros(12), hello), isHello},
	{"PF log", packet.PFLog, join(bin("3d02"), zeros(62), hello), isHello},
	{"IP over Fibre Channel", packet.IPOverFC, join(zeros(16), bin("aaaa03 000000 0800"), hello), isHello},
	{"IEEE 1394", packet.FireWire, join(zeros(16), u16(0x0800), hello), isHello},
	{"DOCSIS", packet.DOCSIS, join(bin("01 02 0051 aabb 0000"), ether(0x0800, hello)), isHello},
	{"InfiniBand", packet.InfiniBand, join(zeros(40), bin("0800 0000"), hello), isHello},
	{"netANALYZER", packet.NetAnalyzer, join(zeros(4), ether(0x0800, hello)), isHello},
	{"Solaris IPNET", packet.IPNet, join(zeros(24), hello), isHello},
	{"ERF", packet.ERF, join(zeros(8), bin("82 04 0050 0000 0040 0100000000000000 0000"), ether(0x0800, hello)), isHello},
	{"ERF with IPv6", packet.ERF, join(zeros(8), bin("17 04 0050 0000 0040"), hello6), isHello6},
	{"Juniper", packet.JuniperEthernet, join(bin("4d4743 81 0002 0000"), ether(0x0800, hello)), isHello},
	{"Juniper without link header", packet.JuniperEthernet, join(bin("4d4743 02 00000002"), hello), isHello},
	{"Broadcom tag", packet.BroadcomTag, join(zeros(12), bin("2c000080 0800"), hello), isHello},
	{"Broadcom tag in front", packet.BroadcomFront, join(bin("2c000080"), ether(0x0800, hello)), isHello},
	{"Marvell tag", packet.MarvellDSA, join(zeros(12), bin("c00a0000 0800"), hello), isHello},
	{"Marvell tag, extended", packet.MarvellEDSA, ether(0xdada, bin("0000 c0000000 0800"), hello), isHello},
	{"MPLS alone", packet.MPLS, join(bin("00011140"), hello), isHello},
	{"NFLOG", packet.NFLog, join(bin("0200 0000 0500 0a00 00000000 3100 0900"), hello), isHello},
	{"NFLOG, big", packet.NFLog, join(bin("0a00 0000 0008 0001 00000000 0045 0009"), hello6), isHello6},
	{"PPI", packet.PPI, join(bin("0000 0c00 01000000 00000000"), ether(0x0800, hello)), isHello},
	{"PKTAP", packet.PKTAP, join(bin("10000000 01000000 0c000000 00000000"), hello6), isHello6},
	{"802.11", packet.WiFi, join(bin("0801 0000"), zeros(20), bin("aaaa03 000000 0800"), hello), isHello},
	{"802.11, QoS", packet.WiFi, join(bin("8802 0000"), zeros(22), bin("aaaa03 000000 0800"), hello), isHello},
	{"802.11, QoS and HT", packet.WiFi, join(bin("8882 0000"), zeros(26), bin("aaaa03 000000 0800"), hello), isHello},
	{"802.11, four addresses", packet.WiFi, join(bin("0803 0000"), zeros(26), bin("aaaa03 000000 86dd"), hello6), isHello6},
	{"802.11, aggregate", packet.WiFi, join(bin("8802 0000"), zeros(20), bin("8000"), zeros(14), bin("aaaa03 000000 0800"), hello), isHello},
	{"radiotap", packet.Radiotap, join(bin("0000 0800 00000000 0801 0000"), zeros(20), bin("aaaa03 000000 0800"), hello), isHello},
	{"radiotap, padded", packet.Radiotap, join(bin("0000 1900 03000080 00000000"), zeros(12), bin("20 8802 0000"), zeros(24), bin("aaaa03 000000 0800"), hello), isHello},
	{"Prism", packet.Prism, join(bin("44000000 90000000"), zeros(136), bin("0801 0000"), zeros(20), bin("aaaa03 000000 0800"), hello), isHello},
	{"AVS", packet.AVS, join(bin("80211001 00000040"), zeros(56), bin("0801 0000"), zeros(20), bin("aaaa03 000000 0800"), hello), isHello},
	{"AVS as Prism", packet.Prism, join(bin("80211001 00000040"), zeros(56), bin("0801 0000"), zeros(20), bin("aaaa03 000000 0800"), hello), isHello},

	{"GRE", packet.RawIP, outer(47, bin("0000 0800"), hello), isHello + " tunnelled"},
	{"GRE with all", packet.RawIP, outer(47, bin("b000 86dd 00000000 00000001 00000002"), hello6), isHello6 + " tunnelled"},
	{"GRE with Ethernet", packet.RawIP, outer(47, bin("0000 6558"), ether(0x0800, hello)), isHello + " tunnelled"},
	{"GRE with PPP", packet.RawIP, outer(47, bin("0000 880b ff03 0021"), hello), isHello + " tunnelled"},
	{"GRE with MPLS", packet.RawIP, outer(47, bin("0000 8847 00011140"), hello), isHello + " tunnelled"},
	{"GRE with metadata", packet.RawIP, outer(47, bin("0000 8909 0800 0101 0001 0000"), hello), isHello + " tunnelled"},
	{"GRE with 802.11", packet.RawIP, outer(47, bin("0000 8200 0801 0000"), zeros(20), bin("aaaa03 000000 0800"), hello), isHello + " tunnelled"},
	{"WCCP", packet.RawIP, outer(47, bin("0000 883e"), hello), isHello + " tunnelled"},
	{"WCCP 2", packet.RawIP, outer(47, bin("0000 883e 00010000"), hello), isHello + " tunnelled"},
	{"PPTP", packet.RawIP, outer(47, bin("3081 880b 0031 0001 00000001 00000002 ff03 0021"), hello), isHello + " tunnelled"},
	{"PPTP, only acknowledging", packet.RawIP, outer(47, bin("2081 880b 0000 0001 00000002")),
		`gre 203.0.113.1.0 > 203.0.113.2.0 32 bytes, 12 payload " \x81\x88\v\x00\x00\x00\x01\x00\x00\x00\x02"`},
	{"ERSPAN I", packet.RawIP, outer(47, bin("0000 88be"), ether(0x0800, hello)), isHello + " tunnelled"},
	{"ERSPAN II", packet.RawIP, outer(47, bin("1000 88be 00000001"), zeros(8), ether(0x0800, hello)), isHello + " tunnelled"},
	{"ERSPAN III", packet.RawIP, outer(47, bin("1000 22eb 00000001"), zeros(12), ether(0x0800, hello)), isHello + " tunnelled"},
	{"ERSPAN III with subheader", packet.RawIP, outer(47, bin("1000 22eb 00000001"), zeros(11), bin("01"), zeros(8), ether(0x0800, hello)), isHello + " tunnelled"},
	{"ERSPAN III with IP", packet.RawIP, outer(47, bin("1000 22eb 00000001"), zeros(10), bin("0800"), hello), isHello + " tunnelled"},
	{"IP in IP", packet.RawIP, outer(4, hello), isHello + " tunnelled"},
	{"6in4", packet.RawIP, outer(41, hello6), isHello6 + " tunnelled"},
	{"IPv6 in IPv6", packet.RawIP, ip6("2001:db8::3", "2001:db8::4", 41, hello6), isHello6 + " tunnelled"},
	{"IPv4 in IPv6", packet.RawIP, ip6("2001:db8::3", "2001:db8::4", 4, hello), isHello + " tunnelled"},
	{"EtherIP", packet.RawIP, outer(97, bin("3000"), ether(0x0800, hello)), isHello + " tunnelled"},
	{"MPLS in IP", packet.RawIP, outer(137, bin("00011140"), hello), isHello + " tunnelled"},
	{"Ethernet in IPv6", packet.RawIP, ip6("2001:db8::3", "2001:db8::4", 143, ether(0x0800, hello)), isHello + " tunnelled"},
	{"PIM register", packet.RawIP, outer(103, bin("2100 0000 00000000"), hello), isHello + " tunnelled"},
	{"AH", packet.RawIP, outer(51, bin("06 04 0000 00000001 00000001 000000000000000000000000"), tcp(1000, 80, 0x02, "")),
		`tcp 203.0.113.1.1000 > 203.0.113.2.80 [02] 64 bytes, 0 payload ""`},
	{"AH in tunnel mode", packet.RawIP, outer(51, bin("04 04 0000 00000001 00000001 000000000000000000000000"), hello), isHello + " tunnelled"},
	{"ESP", packet.RawIP, outer(50, bin("00000001 00000002")),
		`esp 203.0.113.1.0 > 203.0.113.2.0 28 bytes, 8 payload "\x00\x00\x00\x01\x00\x00\x00\x02"`},
	{"VXLAN", packet.RawIP, over(4789, bin("08000000 00000100"), ether(0x0800, hello)), isHello + " tunnelled"},
	{"VXLAN of Linux", packet.RawIP, over(8472, bin("08000000 00000100"), ether(0x8100, vlan(0x0800, hello))), isHello + " tunnelled"},
	{"VXLAN with group", packet.RawIP, over(4789, bin("88000005 00000100"), ether(0x0800, hello)), isHello + " tunnelled"},
	{"VXLAN-GPE", packet.RawIP, over(4790, bin("0c000001 00000100"), hello), isHello + " tunnelled"},
	{"Geneve", packet.RawIP, over(6081, bin("0100 6558 00000100 01020300"), ether(0x0800, hello)), isHello + " tunnelled"},
	{"Geneve with IPv6", packet.RawIP, over(6081, bin("0000 86dd 00000100"), hello6), isHello6 + " tunnelled"},
	{"GTP", packet.RawIP, over(2152, bin("30ff 002d 00000001"), hello), isHello + " tunnelled"},
	{"GTP with extensions", packet.RawIP, over(2152, bin("34ff 0039 00000001 0000 00 85 01 0000 c0 01 0000 00"), hello), isHello + " tunnelled"},
	{"GTP back", packet.RawIP, outer(17, udp(2152, 40000, join(bin("30ff 002d 00000001"), hello))), isHello + " tunnelled"},
	{"GTP version 0", packet.RawIP, over(3386, bin("1eff 002d"), zeros(16), hello), isHello + " tunnelled"},
	{"Teredo", packet.RawIP, over(3544, teredo), isTeredo},
	{"Teredo with origin", packet.RawIP, over(3544, bin("0000 1234 12345678"), teredo), isTeredo},
	{"Teredo with both", packet.RawIP, over(3544, bin("0001 0000"), zeros(9), bin("0000 1234 12345678"), teredo), isTeredo},
	{"L2TP", packet.RawIP, over(1701, bin("0002 0001 0002 ff03 0021"), hello), isHello + " tunnelled"},
	{"L2TP with all", packet.RawIP, over(1701, bin("4a02 0047 0001 0002 0000 0000 0002 ffff ff03 0021"), hello), isHello + " tunnelled"},
	{"GRE in UDP", packet.RawIP, over(4754, bin("0000 0800"), hello), isHello + " tunnelled"},
	{"MPLS in UDP", packet.RawIP, over(6635, bin("00011140"), hello), isHello + " tunnelled"},
	{"AYIYA", packet.RawIP, over(5072, bin("4452 11 29 00000000"), zeros(16), zeros(20), hello6), isHello6 + " tunnelled"},
	{"tunnel in tunnel", packet.RawIP, over(4789, bin("08000000 00000100"), ether(0x0800, outer(47, bin("0000 0800"), hello))), isHello + " tunnelled"},
	{"no tunnel", packet.RawIP, over(4789, []byte("hello")), `udp 203.0.113.1.50000 > 203.0.113.2.4789 33 bytes, 5 payload "hello"`},
	{"a tunnel around ARP", packet.RawIP, outer(47, bin("0000 0806")), `gre 203.0.113.1.0 > 203.0.113.2.0 24 bytes, 4 payload "\x00\x00\b\x06"`},
	{"more inside than outside", packet.RawIP, over(2152, bin("30ff 0005 00000001"), hello[:5]),
		`udp 203.0.113.1.50000 > 203.0.113.2.2152 41 bytes, 13 payload "0\xff\x00\x05\x00\x00\x00\x01E\x00\x00-\x01"`},

	{"options of IPv4", packet.RawIP, edit(join(hello[:20], bin("94040000"), hello[20:]), 0, 0x46, 3, 49),
		`tcp 192.0.2.1.1000 > 198.51.100.2.80 [18] 49 bytes, 5 payload "hello"`},
	{"options of TCP", packet.RawIP, edit(join(hello[:40], bin("01010101"), hello[40:]), 3, 49, 32, 0x60),
		`tcp 192.0.2.1.1000 > 198.51.100.2.80 [18] 49 bytes, 5 payload "hello"`},
	{"no total length", packet.RawIP, edit(hello, 3, 0), isHello},
	{"no payload length", packet.RawIP, edit(hello6, 5, 0), isHello6},
	{"jumbogram", packet.RawIP, join(bin("60000000 0000 00 40"), address("2001:db8::1"), address("2001:db8::2"), bin("06 00 c2 04 00000021"), hello6[40:]),
		`tcp 2001:db8::1.1000 > 2001:db8::2.80 [18] 73 bytes, 5 payload "hello"`},
	{"first fragment", packet.RawIP, edit(hello, 6, 0x20), isHello + " fragmented 258"},
	{"later fragment", packet.RawIP, edit(hello, 6, 0x00, 7, 0x02),
		`tcp 192.0.2.1.0 > 198.51.100.2.0 45 bytes, 25 payload ` + fmt.Sprintf("%q", hello[20:]) + ` continued 258`},
	{"first fragment of UDP", packet.RawIP, edit(query, 6, 0x20, 24, 0xff), isQuery + " fragmented 258"},
	{"fragment too short for TCP", packet.RawIP, edit(hello[:28], 3, 28, 6, 0x20),
		`tcp 192.0.2.1.1000 > 198.51.100.2.80 28 bytes, 0 payload "" fragmented 258 cut`},
	{"first fragment of IPv6", packet.RawIP, ip6("2001:db8::1", "2001:db8::2", 44, join(bin("06 00 0001 00010203"), hello6[40:])),
		`tcp 2001:db8::1.1000 > 2001:db8::2.80 [18] 73 bytes, 5 payload "hello" fragmented 66051`},
	{"later fragment of IPv6", packet.RawIP, ip6("2001:db8::1", "2001:db8::2", 44, join(bin("06 00 0008 00010203"), []byte("later"))),
		`tcp 2001:db8::1.0 > 2001:db8::2.0 53 bytes, 5 payload "later" continued 66051`},
	{"fragment in one piece", packet.RawIP, ip6("2001:db8::1", "2001:db8::2", 44, join(bin("06 00 0000 00010203"), hello6[40:])),
		`tcp 2001:db8::1.1000 > 2001:db8::2.80 [18] 73 bytes, 5 payload "hello"`},
	{"extension headers", packet.RawIP, ip6("2001:db8::1", "2001:db8::2", 0,
		join(bin("2b 00 000000000000 3c 00 000000000000 8b 00 000000000000 8c 00 000000000000 06 01 000000000000 0000000000000000"), hello6[40:])),
		`tcp 2001:db8::1.1000 > 2001:db8::2.80 [18] 113 bytes, 5 payload "hello"`},
	{"mobility", packet.RawIP, ip6("2001:db8::1", "2001:db8::2", 135, bin("3b 00 0000 00000000")),
		`135 2001:db8::1.0 > 2001:db8::2.0 48 bytes, 8 payload ";\x00\x00\x00\x00\x00\x00\x00"`},
	{"no next header", packet.RawIP, ip6("2001:db8::1", "2001:db8::2", 59, nil), `59 2001:db8::1.0 > 2001:db8::2.0 40 bytes, 0 payload ""`},

	{"ICMP", packet.RawIP, ip4("192.0.2.1", "198.51.100.2", 1, bin("0301 0000 00000000 4500")),
		`icmp 192.0.2.1.3 > 198.51.100.2.1 30 bytes, 2 payload "E\x00"`},
	{"ICMPv6", packet.RawIP, ip6("2001:db8::1", "2001:db8::2", 58, bin("8000 0000 00000000")),
		`ipv6-icmp 2001:db8::1.128 > 2001:db8::2.0 48 bytes, 0 payload ""`},
	{"SCTP", packet.RawIP, ip4("192.0.2.1", "198.51.100.2", 132, join(bin("03e8 0050 00000001 00000000"), []byte("data"))),
		`sctp 192.0.2.1.1000 > 198.51.100.2.80 36 bytes, 4 payload "data"`},
	{"UDP-Lite", packet.RawIP, ip4("192.0.2.1", "198.51.100.2", 136, join(bin("03e8 0050 0008 0000"), []byte("data"))),
		`udplite 192.0.2.1.1000 > 198.51.100.2.80 32 bytes, 4 payload "data"`},
	{"DCCP", packet.RawIP, ip4("192.0.2.1", "198.51.100.2", 33, join(bin("03e8 0050 04 00 0000 00000000 00000000"), []byte("data"))),
		`dccp 192.0.2.1.1000 > 198.51.100.2.80 40 bytes, 4 payload "data"`},
	{"OSPF", packet.RawIP, ip4("192.0.2.1", "198.51.100.2", 89, []byte("data")), `ospf 192.0.2.1.0 > 198.51.100.2.0 24 bytes, 4 payload "data"`},
	{"UDP shorter than IP", packet.RawIP, edit(query, 25, 10), `udp 192.0.2.1.1000 > 198.51.100.2.53 33 bytes, 2 payload "qu"`},
	{"UDP longer than IP", packet.RawIP, edit(query, 25, 99), isQuery},
	{"UDP without length", packet.RawIP, edit(query, 25, 0), isQuery},

	{"payload cut", packet.RawIP, hello[:42], `tcp 192.0.2.1.1000 > 198.51.100.2.80 [18] 45 bytes, 5 payload "he"`},
	{"payload not captured", packet.RawIP, hello[:40], `tcp 192.0.2.1.1000 > 198.51.100.2.80 [18] 45 bytes, 5 payload ""`},
	{"TCP cut behind the ports", packet.RawIP, hello[:28], `tcp 192.0.2.1.1000 > 198.51.100.2.80 45 bytes, 5 payload "" cut`},
	{"TCP cut before the ports", packet.RawIP, hello[:23], `tcp 192.0.2.1.0 > 198.51.100.2.0 45 bytes, 5 payload "" cut`},
	{"UDP cut", packet.RawIP, query[:24], `udp 192.0.2.1.1000 > 198.51.100.2.53 33 bytes, 5 payload "" cut`},
	{"ICMP cut", packet.RawIP, ip4("192.0.2.1", "198.51.100.2", 1, bin("0800 0000 00000000"))[:21],
		`icmp 192.0.2.1.0 > 198.51.100.2.0 28 bytes, 0 payload "" cut`},
	{"options of IPv4 cut", packet.RawIP, edit(join(hello[:20], bin("94040000"), hello[20:]), 0, 0x46, 3, 49)[:22],
		`tcp 192.0.2.1.0 > 198.51.100.2.0 49 bytes, 5 payload "" cut`},
	{"extension header cut", packet.RawIP, ip6("2001:db8::1", "2001:db8::2", 60, join(bin("06 01 000000000000 0000000000000000"), hello6[40:]))[:44],
		`60 2001:db8::1.0 > 2001:db8::2.0 81 bytes, 41 payload "\x06\x01\x00\x00" cut`},
}

var teredo = ip6("2001:0:cb00:7101::1", "2001:db8::2", 6, tcp(1000, 80, 0x18, "hello"))

const isTeredo = `tcp 2001:0:cb00:7101::1.1000 > 2001:db8::2.80 [18] 65 bytes, 5 payload "hello" tunnelled`

// edit is data with some bytes changed, given as places and values.
func edit(data []byte, changes ...int) []byte {
	data = join(data)
	for i := 0; i < len(changes); i += 2 {
		data[changes[i]] = byte(changes[i+1])
	}
	return data
}

func TestDecode(t *testing.T) {
	for _, c := range frames {
		p := packet.Packet{Time: 7, Sequence: 99, Fragment: 99, Flags: 0xff, Marks: 0xff} // of the packet before
		if verdict := packet.Decode(c.link, c.data, &p); verdict != packet.Decoded {
			t.Errorf("%s: verdict %d, %s", c.name, verdict, packet.Reason(c.link, c.data))
			continue
		}
		if got := describe(&p, c.data); got != c.want || p.Time != 7 {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

// describe is all of p but its time in one line.
func describe(p *packet.Packet, data []byte) string {
	var text strings.Builder
	end := func(a [16]byte, port uint16) string { return fmt.Sprintf("%s.%d", netip.AddrFrom16(a).Unmap(), port) }
	fmt.Fprintf(&text, "%s %s > %s", p.Proto, end(p.Ends.Src, p.Ends.SrcPort), end(p.Ends.Dst, p.Ends.DstPort))
	if p.Flags != 0 {
		fmt.Fprintf(&text, " [%02x]", uint8(p.Flags))
	}
	if p.Proto == flow.TCP && p.Marks&(packet.Cut|packet.Continued) == 0 && p.Sequence != 7 || p.Proto != flow.TCP && p.Sequence != 0 {
		fmt.Fprintf(&text, " sequence %d", p.Sequence)
	}
	fmt.Fprintf(&text, " %d bytes, %d payload %q", p.IPBytes, p.Payload, data[p.From:p.Till])
	for _, mark := range []struct {
		mark packet.Marks
		name string
	}{{packet.Fragmented, "fragmented"}, {packet.Continued, "continued"}} {
		if p.Marks&mark.mark != 0 {
			fmt.Fprintf(&text, " %s %d", mark.name, p.Fragment)
		}
	}
	if p.Marks&packet.Cut != 0 {
		text.WriteString(" cut")
	}
	if p.Marks&packet.Tunnelled != 0 {
		text.WriteString(" tunnelled")
	}
	return text.String()
}
