package suricata

import (
	"strings"

	"sentinel/internal/flow"
	"sentinel/internal/input/jsonline"
)

// member is a member of an event that is read.
type member int

// The members.
const (
	eventType member = iota
	timestamp
	flowID
	srcIP
	srcPort
	destIP
	destPort
	proto
	icmpType
	icmpCode
	appProto
	pktsToServer
	pktsToClient
	bytesToServer
	bytesToClient
	flowStart
	flowEnd
	flowState
	flagsToServer
	flagsToClient
	flags
	netflowPkts
	netflowBytes
	netflowStart
	netflowEnd
	dnsType
	dnsVersion
	dnsID
	dnsName
	dnsRecord
	dnsCode
	dnsData
	dnsQueries
	dnsAnswers
	dnsGrouped
	tlsSNI
	tlsJA4
	quicSNI
	quicJA4
	httpHost
	signature
	members // how many there are
)

// paths are where the members lie (Suricata User Guide, Eve JSON Format).
var paths = [members]string{
	eventType: "event_type", timestamp: "timestamp", flowID: "flow_id", srcIP: "src_ip", srcPort: "src_port", destIP: "dest_ip",
	destPort: "dest_port", proto: "proto", icmpType: "icmp_type", icmpCode: "icmp_code", appProto: "app_proto",
	pktsToServer: "flow.pkts_toserver", pktsToClient: "flow.pkts_toclient", bytesToServer: "flow.bytes_toserver",
	bytesToClient: "flow.bytes_toclient", flowStart: "flow.start", flowEnd: "flow.end", flowState: "flow.state",
	flagsToServer: "tcp.tcp_flags_ts", flagsToClient: "tcp.tcp_flags_tc", flags: "tcp.tcp_flags",
	netflowPkts: "netflow.pkts", netflowBytes: "netflow.bytes", netflowStart: "netflow.start", netflowEnd: "netflow.end",
	dnsType: "dns.type", dnsVersion: "dns.version", dnsID: "dns.id", dnsName: "dns.rrname", dnsRecord: "dns.rrtype", dnsCode: "dns.rcode",
	dnsData: "dns.rdata", dnsQueries: "dns.queries", dnsAnswers: "dns.answers", dnsGrouped: "dns.grouped",
	tlsSNI: "tls.sni", tlsJA4: "tls.ja4", quicSNI: "quic.sni", quicJA4: "quic.ja4", httpHost: "http.hostname",
	signature: "alert.signature",
}

// envelope is the member in which the network firewall of AWS puts each event.
const envelope = "event"

// pathsBelow are the paths of events that lie in an envelope, or of those that do not.
func pathsBelow(envelope string) []string {
	below := paths
	if envelope != "" {
		for i := range below {
			below[i] = envelope + "." + below[i]
		}
	}
	return below[:]
}

// events are what a log holds, one after the other.
type events struct {
	*jsonline.Scanner
	addresses *jsonline.Addresses
}

func (e events) value(m member) jsonline.Value { return e.Value(int(m)) }

// Why an event cannot be used.
const (
	noTime     = "has no time in timestamp, flow.start or netflow.start"
	noAddress  = "has no IP address in src_ip or dest_ip"
	noProtocol = "has no transport protocol in proto"
	noName     = "asks for no name"
)

// protocols are the transports as Suricata spells them.
var protocols = func() jsonline.Dictionary[flow.Proto] {
	byName := map[string]flow.Proto{"IPv6-ICMP": flow.ICMPv6, "ICMPV6": flow.ICMPv6}
	for number, name := range flow.ProtoNames {
		byName[name], byName[strings.ToUpper(name)] = number, number
	}
	return jsonline.NewDictionary(byName)
}()

// ends reads who sent to whom. Of ICMP the ports are its type and code.
func (e events) ends(f *flow.Flow) (reason string) {
	var srcOK, destOK bool
	f.SrcIP, srcOK = e.addresses.Of(e.value(srcIP).Raw())
	f.DstIP, destOK = e.addresses.Of(e.value(destIP).Raw())
	if !srcOK || !destOK {
		return noAddress
	}
	if reason := e.transport(f); reason != "" {
		return reason
	}
	from, to := srcPort, destPort
	if f.Proto == flow.ICMP || f.Proto == flow.ICMPv6 {
		from, to = icmpType, icmpCode
	}
	f.SrcPort, f.DstPort = e.port(from), e.port(to)
	return ""
}

// transport reads the protocol, which is a number where Suricata has no name for it.
func (e events) transport(f *flow.Flow) (reason string) {
	var known bool
	if f.Proto, known = protocols.Find(e.value(proto).Raw()); known {
		return ""
	}
	number, ok := e.value(proto).Int()
	if !ok || number < 0 || number > 255 {
		return noProtocol
	}
	f.Proto = flow.Proto(number)
	return ""
}

// port is 0 where there is none.
func (e events) port(m member) uint16 {
	number, ok := e.value(m).Int()
	if !ok || number < 0 || number > 65535 {
		return 0
	}
	return uint16(number)
}

// number is 0 where there is none.
func (e events) number(m member) int64 {
	number, _ := e.value(m).Int()
	return max(number, 0)
}

// when is the time in one of two members, the first that tells one.
func (e events) when(first, second member) (micros int64, ok bool) {
	if micros, ok = e.value(first).Time(); ok {
		return micros, true
	}
	return e.value(second).Time()
}

// key stands for the flow of an event.
func (e events) key() uint64 { return jsonline.Hash(0, e.value(flowID).Raw()) }

// with makes a key of another one and of members as they are written.
func (e events) with(key uint64, more ...member) uint64 {
	for _, m := range more {
		key = jsonline.Hash(key, e.value(m).Raw())
	}
	return key
}
