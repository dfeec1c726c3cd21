package flow

import "strconv"

// Proto is an IP protocol number (IANA, Assigned Internet Protocol Numbers).
type Proto uint8

// Protocols that the code names.
const (
	ICMP   Proto = 1
	TCP    Proto = 6
	UDP    Proto = 17
	GRE    Proto = 47
	ESP    Proto = 50
	ICMPv6 Proto = 58
	SCTP   Proto = 132
)

// ProtoNames gives the IANA keywords, in lower case, of the protocols that captures show.
var ProtoNames = map[Proto]string{
	ICMP: "icmp", 2: "igmp", 4: "ipv4", TCP: "tcp", 8: "egp", 9: "igp", UDP: "udp", 27: "rdp", 33: "dccp",
	41: "ipv6", 46: "rsvp", GRE: "gre", ESP: "esp", 51: "ah", ICMPv6: "ipv6-icmp", 88: "eigrp", 89: "ospf",
	94: "ipip", 97: "etherip", 103: "pim", 112: "vrrp", 115: "l2tp", SCTP: "sctp", 136: "udplite", 137: "mpls-in-ip",
}

// String returns the keyword of p, or its number.
func (p Proto) String() string {
	if name, ok := ProtoNames[p]; ok {
		return name
	}
	return strconv.Itoa(int(p))
}

// ProtoOf gives the protocol that prints as text; 0 where none does.
func ProtoOf(text string) Proto { return byText[text] }

// printed is what each protocol prints, and byText the other way round.
var printed, byText = func() (printed [256]string, byText map[string]Proto) {
	byText = make(map[string]Proto, len(printed))
	for number := range printed {
		printed[number] = Proto(number).String()
		byText[printed[number]] = Proto(number)
	}
	return printed, byText
}()
