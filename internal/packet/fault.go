package packet

// fault is why a frame gives no packet.
type fault uint8

const (
	none fault = iota

	shortFrame
	shortTag
	shortTunnel
	shortIPv4
	shortIPv6

	notIP
	notARP
	notLLC
	notPPP
	notWiFiData
	laterPart

	badIPv4Version
	badIPv6Version
	badIPVersion
	badIPv4Header
	badIPv4Length
	badExtension
	badTCPHeader
	badTCPLength
	badUDPLength
	badLength
	badLink

	unknownLink
	unknownType
	unknownPPP
	unknownMPLS
	unknownFamily
	encrypted
	tooDeep
)

// faults says what a fault means: to the caller of Decode, and in the report.
var faults = [...]struct {
	verdict Verdict
	text    string
}{
	none: {Decoded, ""},

	shortFrame:  {Short, "shorter than its link header"},
	shortTag:    {Short, "ends within a VLAN tag or an MPLS label"},
	shortTunnel: {Short, "ends within a header between link and IP"},
	shortIPv4:   {Short, "shorter than its IPv4 header"},
	shortIPv6:   {Short, "shorter than its IPv6 header"},

	notIP:       {NotIP, "neither IP nor ARP"},
	notARP:      {NotIP, "ARP"},
	notLLC:      {NotIP, "LLC: spanning tree, IS-IS, NetBIOS and others"},
	notPPP:      {NotIP, "negotiation of PPP or PPPoE"},
	notWiFiData: {NotIP, "802.11 frame without data"},
	laterPart:   {NotIP, "later part of a fragmented frame"},

	badIPv4Version: {Malformed, "no version 4 where IPv4 should be"},
	badIPv6Version: {Malformed, "no version 6 where IPv6 should be"},
	badIPVersion:   {Malformed, "neither version 4 nor 6 where IP should be"},
	badIPv4Header:  {Malformed, "IPv4 header of fewer than 20 bytes"},
	badIPv4Length:  {Malformed, "IPv4 packet shorter than its header"},
	badExtension:   {Malformed, "IPv6 extension header longer than its packet"},
	badTCPHeader:   {Malformed, "TCP header of fewer than 20 bytes"},
	badTCPLength:   {Malformed, "TCP header longer than its packet"},
	badUDPLength:   {Malformed, "UDP length of fewer than 8 bytes"},
	badLength:      {Malformed, "IP packet too short for its protocol's header"},
	badLink:        {Malformed, "link header that contradicts itself"},

	unknownLink:   {Unknown, "link type that is not read"},
	unknownType:   {Unknown, "encapsulation that is not read"},
	unknownPPP:    {Unknown, "PPP protocol that is not read"},
	unknownMPLS:   {Unknown, "MPLS around neither IP nor Ethernet"},
	unknownFamily: {Unknown, "address family that is not read"},
	encrypted:     {Unknown, "encrypted 802.11 or MACsec frame"},
	tooDeep:       {Malformed, "more encapsulations than any network has"},
}
