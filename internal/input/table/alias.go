// Package table judges what the columns of a table of flows mean: which is which, and in what unit its times are.
package table

import (
	"strings"

	"sentinel/internal/flow"
)

// Aliases lists, per flow column, the names under which tables carry it, the most specific first. Letter
// case and the marks _ - . : and space do not count, so "id.orig_h", "id_orig_h" and "Id Orig H" are one name.
// A column without aliases is filled only by --map: tables do not agree on the unit of durations, nor on states.
var Aliases = map[string][]string{
	"start": {
		"flow.start", "timestamp", "ts", "start", "start_time", "flow_start", "first", "first_seen", "date_first_seen",
		"ts_start", "StartTime", "stime", "tstart", "time_start", "te_first", "firstSwitched", "flowStartMilliseconds",
		"flowStartSeconds", "flow_start_milliseconds", "start_timestamp", "event_start", "@timestamp", "time", "datetime", "date",
		"tr", "time_flow_start_ns", "frame.time_epoch",
	},
	"src_ip": {
		"src_ip", "id.orig_h", "srcaddr", "src_endpoint.ip", "sa", "SrcAddr", "saddr", "source.ip", "source_ip", "srcip", "src",
		"src_addr", "sourceIPv4Address", "sourceIPv6Address", "source_address", "client_ip", "orig_h", "ip.src", "sIP",
		"src4_addr", "SourceAddress", "client",
	},
	"dst_ip": {
		"dst_ip", "dest_ip", "id.resp_h", "dstaddr", "dst_endpoint.ip", "da", "DstAddr", "daddr", "destination.ip", "destination_ip",
		"dstip", "dst", "dst_addr", "destinationIPv4Address", "destinationIPv6Address", "destination_address", "server_ip",
		"resp_h", "ip.dst", "dIP", "dst4_addr", "DestinationAddress", "dest", "server",
	},
	"proto": {
		"proto", "protocol", "pr", "connection_info.protocol_name", "connection_info.protocol_num", "network.transport",
		"ip_proto", "ip_protocol", "protocolIdentifier", "transport", "transport_protocol", "ip.proto", "l4_proto",
	},
	"src_port": {
		"src_port", "id.orig_p", "srcport", "src_endpoint.port", "sp", "sport", "source.port", "source_port", "sourceTransportPort",
		"orig_p", "sPort",
	},
	"dst_port": {
		"port", "dst_port", "dest_port", "id.resp_p", "dstport", "dst_endpoint.port", "dp", "dport", "destination.port",
		"destination_port", "destinationTransportPort", "resp_p", "dPort", "server_port", "service_port",
	},
	"up_bytes": {
		"up_bytes", "orig_ip_bytes", "orig_bytes", "flow.bytes_toserver", "bytes_toserver", "traffic.bytes_out", "ibyt", "SrcBytes",
		"sbytes", "source.bytes", "src_bytes", "bytes_out", "bytes_sent", "sent_bytes", "in_bytes", "octetDeltaCount", "sentbyte",
		"upload_bytes", "fwd_bytes", "src2dst_bytes", "bytes_up",
	},
	"down_bytes": {
		"down_bytes", "resp_ip_bytes", "resp_bytes", "flow.bytes_toclient", "bytes_toclient", "traffic.bytes_in", "obyt", "DstBytes",
		"dbytes", "destination.bytes", "dst_bytes", "bytes_in", "bytes_received", "received_bytes", "out_bytes",
		"reverseOctetDeltaCount", "rcvdbyte", "download_bytes", "bwd_bytes", "dst2src_bytes", "bytes_down",
	},
	"up_packets": {
		"up_packets", "orig_pkts", "flow.pkts_toserver", "pkts_toserver", "traffic.packets_out", "ipkt", "SrcPkts", "spkts",
		"source.packets", "src_packets", "packets_out", "packetDeltaCount", "src2dst_packets", "sentpkt",
	},
	"down_packets": {
		"down_packets", "resp_pkts", "flow.pkts_toclient", "pkts_toclient", "traffic.packets_in", "opkt", "DstPkts", "dpkts",
		"destination.packets", "dst_packets", "packets_in", "reversePacketDeltaCount", "dst2src_packets", "rcvdpkt",
	},
	"service": {"service", "app_proto", "network.protocol", "app_name", "application"},
	"name":    {"server_name", "sni", "tls.sni", "destination.domain", "dst_endpoint.hostname", "dst_host"},
}

// originalNames is the header that the original's files carry, with the flow column that each name fills; a
// file with all of them counts time as the original did.
var originalNames = map[string]string{
	"timestamp": "start", "src_ip": "src_ip", "dst_ip": "dst_ip", "proto": "proto", "port": "dst_port",
	"up_bytes": "up_bytes", "down_bytes": "down_bytes",
}

// fold brings a name to the form in which names are compared.
func fold(name string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("_-.: @", r) {
			return -1
		}
		return r
	}, strings.ToLower(strings.TrimSpace(name)))
}

// target finds the flow column that --map names, as Sentinel or as the original calls it.
func target(name string) (flow.Column, bool) {
	if column, ok := flow.ColumnByName(name); ok {
		return column, true
	}
	return flow.ColumnByName(originalNames[name])
}
