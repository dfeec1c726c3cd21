package meter

import (
	"sentinel/internal/flow"
)

// service is an application protocol, as an index of services. It is the empty one until it is known.
type service uint8

// pattern is how what an application protocol sends first begins.
type pattern struct {
	name   string
	proto  flow.Proto
	port   uint16 // that one end must have, where the beginning alone says too little; 0: any
	lead   string // the bytes that may come first, where begins lies further in
	at     int    // where begins lies
	begins string
	part   part
}

// part says what a payload holds that is worth a closer look.
type part uint8

const (
	nothing part = iota
	clientHello
	httpRequest
	quicInitial
	dnsMessage // of the DNS proper
)

// patterns are the application protocols that are recognised. Of those that fit the first counts, those with a port
// before the others. Number 0 is the one that is not recognised.
var patterns = [...]pattern{
	{},
	{name: "dns", proto: flow.UDP, port: 53, part: dnsMessage},
	{name: "dns", proto: flow.TCP, port: 53, part: dnsMessage},
	{name: "mdns", proto: flow.UDP, port: 5353},
	{name: "llmnr", proto: flow.UDP, port: 5355},
	{name: "ftp", proto: flow.TCP, port: 21, begins: "220"},
	{name: "smtp", proto: flow.TCP, port: 25, begins: "220"},
	{name: "smtp", proto: flow.TCP, port: 587, begins: "220"},
	{name: "pop3", proto: flow.TCP, port: 110, begins: "+OK"},
	{name: "imap", proto: flow.TCP, port: 143, begins: "* OK"},
	{name: "ldap", proto: flow.TCP, port: 389, begins: "0"},
	{name: "socks5", proto: flow.TCP, port: 1080, begins: "\x05"},
	{name: "rdp", proto: flow.TCP, port: 3389, begins: "\x03\x00\x00"},
	{name: "redis", proto: flow.TCP, port: 6379, begins: "*"},
	{name: "dhcp", proto: flow.UDP, port: 67, at: 236, begins: "\x63\x82\x53\x63"},
	{name: "tftp", proto: flow.UDP, port: 69, begins: "\x00"},
	{name: "kerberos", proto: flow.UDP, port: 88},
	{name: "ntp", proto: flow.UDP, port: 123},
	{name: "netbios-ns", proto: flow.UDP, port: 137},
	{name: "netbios-dgm", proto: flow.UDP, port: 138},
	{name: "snmp", proto: flow.UDP, port: 161, begins: "0"},
	{name: "snmp", proto: flow.UDP, port: 162, begins: "0"},
	{name: "isakmp", proto: flow.UDP, port: 500},
	{name: "syslog", proto: flow.UDP, port: 514, begins: "<"},
	{name: "dhcpv6", proto: flow.UDP, port: 546},
	{name: "radius", proto: flow.UDP, port: 1812},
	{name: "radius", proto: flow.UDP, port: 1813},
	{name: "telnet", proto: flow.TCP, port: 23, begins: "\xff"},
	{name: "bgp", proto: flow.TCP, port: 179, begins: "\xff\xff\xff\xff"},
	{name: "modbus", proto: flow.TCP, port: 502, at: 2, begins: "\x00\x00"},
	{name: "mysql", proto: flow.TCP, port: 3306, at: 3, begins: "\x00\x0a"},
	{name: "postgresql", proto: flow.TCP, port: 5432, begins: "\x00\x00\x00"},
	{name: "ssdp", proto: flow.UDP, port: 1900},
	{name: "tls", proto: flow.TCP, begins: "\x16\x03", part: clientHello},
	{name: "http", proto: flow.TCP, begins: "GET ", part: httpRequest},
	{name: "http", proto: flow.TCP, begins: "POST ", part: httpRequest},
	{name: "http", proto: flow.TCP, begins: "HEAD ", part: httpRequest},
	{name: "http", proto: flow.TCP, begins: "PUT ", part: httpRequest},
	{name: "http", proto: flow.TCP, begins: "DELETE ", part: httpRequest},
	{name: "http", proto: flow.TCP, begins: "OPTIONS ", part: httpRequest},
	{name: "http", proto: flow.TCP, begins: "CONNECT ", part: httpRequest},
	{name: "http", proto: flow.TCP, begins: "PATCH ", part: httpRequest},
	{name: "http", proto: flow.TCP, begins: "PROPFIND ", part: httpRequest},
	{name: "http", proto: flow.TCP, begins: "HTTP/1."},
	{name: "http", proto: flow.TCP, begins: "PRI * HTTP/2"},
	{name: "ssh", proto: flow.TCP, begins: "SSH-"},
	{name: "smb", proto: flow.TCP, lead: "\x00", at: 4, begins: "\xffSMB"},
	{name: "smb", proto: flow.TCP, lead: "\x00", at: 4, begins: "\xfeSMB"},
	{name: "smb", proto: flow.TCP, lead: "\x00", at: 4, begins: "\xfdSMB"},
	{name: "smtp", proto: flow.TCP, begins: "EHLO "},
	{name: "smtp", proto: flow.TCP, begins: "HELO "},
	{name: "irc", proto: flow.TCP, begins: "NICK "},
	{name: "vnc", proto: flow.TCP, begins: "RFB 00"},
	{name: "mqtt", proto: flow.TCP, lead: "\x10", at: 2, begins: "\x00\x04MQTT"},
	{name: "mqtt", proto: flow.TCP, lead: "\x10", at: 2, begins: "\x00\x06MQIsdp"},
	{name: "bittorrent", proto: flow.TCP, begins: "\x13BitTorrent protocol"},
	{name: "bittorrent", proto: flow.UDP, begins: "d1:ad2:id20:"},
	{name: "bittorrent", proto: flow.UDP, begins: "d1:rd2:id20:"},
	{name: "stun", proto: flow.UDP, lead: "\x00\x01", at: 4, begins: "\x21\x12\xa4\x42"},
	{name: "dtls", proto: flow.UDP, begins: "\x16\xfe"},
	{name: "sip", proto: flow.UDP, begins: "INVITE sip:"},
	{name: "sip", proto: flow.UDP, begins: "REGISTER sip:"},
	{name: "sip", proto: flow.UDP, begins: "OPTIONS sip:"},
	{name: "sip", proto: flow.UDP, begins: "SIP/2.0 "},
	{name: "quic", proto: flow.UDP, lead: longHeaders(), part: quicInitial},
}

// longHeaders are the first bytes of packets of QUIC with a long header (RFC 9000, 17.2), whatever its fixed bit.
func longHeaders() string {
	var lead []byte
	for first := 0x80; first <= 0xff; first++ {
		lead = append(lead, byte(first))
	}
	return string(lead)
}

// Lists of patterns: by the lower port of a packet, and by its first byte.
var (
	patternsOfPort = indexPorts()
	patternsOfTCP  = indexFirst(flow.TCP)
	patternsOfUDP  = indexFirst(flow.UDP)
)

const portsOfPatterns = 1 << 13

func indexPorts() (index [portsOfPatterns][]service) {
	for i, p := range patterns {
		if p.port != 0 {
			index[p.port] = append(index[p.port], service(i))
		}
	}
	return index
}

func indexFirst(proto flow.Proto) *[256][]service {
	var index [256][]service
	for i, p := range patterns {
		lead := p.lead
		if lead == "" && p.begins != "" {
			lead = p.begins[:1]
		}
		for _, first := range []byte(lead) {
			if p.port == 0 && p.proto == proto {
				index[first] = append(index[first], service(i))
			}
		}
	}
	return &index
}

// recognise tells the application protocol that a payload, which is not empty, belongs to.
func recognise(proto flow.Proto, low uint16, payload []byte) service {
	first := patternsOfTCP
	if proto != flow.TCP {
		first = patternsOfUDP
	}
	if low < portsOfPatterns {
		if found := match(patternsOfPort[low], proto, payload); found != 0 {
			return found
		}
	}
	return match(first[payload[0]], proto, payload)
}

func match(numbers []service, proto flow.Proto, payload []byte) service {
	for _, number := range numbers {
		p := &patterns[number]
		if p.proto == proto && len(payload) >= p.at+len(p.begins) && string(payload[p.at:p.at+len(p.begins)]) == p.begins {
			return number
		}
	}
	return 0
}
