package binetflow

import "sentinel/internal/flow"

// portOf reads a port: a number, in hexadecimal after 0x, or the name of a service, which ra writes unless told -n. An
// empty field is 0.
func portOf(text []byte) (uint16, bool) {
	if port, ok := number(text); ok || len(text) == 0 {
		return port, true
	}
	port, ok := services[string(text)]
	return port, ok
}

// number reads one of at most 16 bits.
func number(text []byte) (uint16, bool) {
	base, value := uint32(10), uint32(0)
	if hexadecimal(text) {
		base, text = 16, text[2:]
	}
	for _, b := range text {
		digit := uint32(255)
		switch {
		case '0' <= b && b <= '9':
			digit = uint32(b - '0')
		case 'a' <= b|0x20 && b|0x20 <= 'f':
			digit = uint32(b|0x20-'a') + 10
		}
		if digit >= base {
			return 0, false
		}
		if value = value*base + digit; value > 0xffff {
			return 0, false
		}
	}
	return uint16(value), len(text) > 0
}

func hexadecimal(text []byte) bool { return len(text) > 2 && text[0] == '0' && text[1]|0x20 == 'x' }

// typeAndCode reads those of ICMP: 0x0403 is code 4 of type 3, and of ICMPv6 the columns have 135 and 0. After 0x0403 the
// other column has an identifier.
func typeAndCode(src, dst []byte) (kind, code uint16) {
	value, _ := number(src)
	if hexadecimal(src) && len(src) > len("0x00") || value > 0xff {
		return value & 0xff, value >> 8
	}
	if code, _ = number(dst); code > 0xff {
		code = 0
	}
	return value, code
}

// services are the names of ports that ra finds in /etc/services, with those that systems have given them over time. Which
// file the one had who ran ra nobody knows: it must not be that of this system.
var services = map[string]uint16{
	"echo": 7, "discard": 9, "daytime": 13, "chargen": 19, "ftp-data": 20, "ftp": 21, "ssh": 22, "telnet": 23, "smtp": 25,
	"time": 37, "nameserver": 42, "whois": 43, "nicname": 43, "tacacs": 49, "domain": 53, "bootps": 67, "bootpc": 68,
	"tftp": 69, "gopher": 70, "finger": 79, "http": 80, "www": 80, "kerberos": 88, "kerberos5": 88, "pop3": 110,
	"sunrpc": 111, "auth": 113, "ident": 113, "nntp": 119, "ntp": 123, "epmap": 135, "loc-srv": 135, "netbios-ns": 137,
	"netbios-dgm": 138, "netbios-ssn": 139, "imap": 143, "imap2": 143, "snmp": 161, "snmp-trap": 162, "snmptrap": 162,
	"bgp": 179, "irc": 194, "ldap": 389, "svrloc": 427, "https": 443, "microsoft-ds": 445, "kpasswd": 464,
	"submissions": 465, "urd": 465, "ssmtp": 465, "smtps": 465, "isakmp": 500, "exec": 512, "login": 513, "who": 513,
	"shell": 514, "syslog": 514, "printer": 515, "talk": 517, "router": 520, "route": 520, "efs": 520, "ncp": 524,
	"nntps": 563, "snews": 563, "submission": 587, "ipp": 631, "ldaps": 636, "rsync": 873, "domain-s": 853, "ftps-data": 989,
	"ftps": 990, "telnets": 992, "imaps": 993, "ircs": 994, "pop3s": 995, "socks": 1080, "openvpn": 1194, "ms-sql-s": 1433,
	"ms-sql-m": 1434, "l2tp": 1701, "pptp": 1723, "radius": 1812, "radius-acct": 1813, "ssdp": 1900, "cisco-sccp": 2000,
	"nfs": 2049, "mysql": 3306, "ms-wbt-server": 3389, "stun": 3478, "svn": 3690, "epmd": 4369, "ipsec-nat-t": 4500,
	"sip": 5060, "sip-tls": 5061, "sips": 5061, "xmpp-client": 5222, "jabber-client": 5222, "xmpp-server": 5269,
	"jabber-server": 5269, "mdns": 5353, "hostmon": 5355, "llmnr": 5355, "postgresql": 5432, "amqp": 5672, "vnc-server": 5900,
	"rfb": 5900, "x11": 6000, "redis": 6379, "ircd": 6667, "ircu": 6667, "http-alt": 8080, "webcache": 8080,
	"http-proxy": 8080, "git": 9418, "zabbix-agent": 10050,
}

// protoOf reads a protocol: its name, else its number.
func protoOf(text []byte) (flow.Proto, bool) {
	if p, ok := protocols[string(text)]; ok {
		return p, true
	}
	value, ok := number(text)
	return flow.Proto(value), ok && value <= 0xff
}

// protocols are the names of those that run on IP, with those that Argus tells apart on UDP.
var protocols = protocolsWith(map[string]flow.Proto{
	"rtp": flow.UDP, "rtcp": flow.UDP, "udt": flow.UDP, "icmp6": flow.ICMPv6, "icmpv6": flow.ICMPv6, "ipencap": 4, "ggp": 3,
	"pup": 12, "ipcomp": 108,
})

// protocolsWith adds the names that all of the program knows.
func protocolsWith(names map[string]flow.Proto) map[string]flow.Proto {
	for number, name := range flow.ProtoNames {
		names[name] = number
	}
	return names
}

// notIP are reports on what is no flow of IP, with why they are left out.
var notIP = map[string]string{
	"man": "report of Argus about itself", "arp": "flow of ARP, not IP", "rarp": "flow of ARP, not IP", "llc": "flow of LLC, not IP",
	"ipx": "flow of IPX, not IP", "spx": "flow of IPX, not IP", "lldp": "flow of LLDP, not IP", "eth": "flow of Ethernet, not IP",
}
