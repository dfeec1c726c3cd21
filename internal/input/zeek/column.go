package zeek

// column is a field of Zeek's logs that is read, whatever log it is in.
type column int

// The columns.
const (
	ts column = iota
	uid
	path
	origH
	origP
	respH
	respP
	proto
	ipProto
	service
	duration
	connState
	missedBytes
	origBytes
	respBytes
	origPackets
	respPackets
	origIPBytes
	respIPBytes
	serverName
	ja4
	host
	method
	transID
	query
	queryType
	queryTypeName
	code
	codeName
	answered
	columns // how many there are
)

// names are the fields that fill a column, the usual one first; the others are common values of Log::default_field_name_map
// and Log::default_scope_sep.
var names = [columns][]string{
	ts: {"ts"}, uid: {"uid"}, path: {"_path"},
	origH: {"id.orig_h", "id_orig_h", "src_ip", "src"}, origP: {"id.orig_p", "id_orig_p", "src_port"},
	respH: {"id.resp_h", "id_resp_h", "dst_ip", "dst"}, respP: {"id.resp_p", "id_resp_p", "dst_port"},
	proto: {"proto"}, ipProto: {"ip_proto"}, service: {"service"}, duration: {"duration"}, connState: {"conn_state"},
	missedBytes: {"missed_bytes"}, origBytes: {"orig_bytes"}, respBytes: {"resp_bytes"}, origPackets: {"orig_pkts"},
	respPackets: {"resp_pkts"}, origIPBytes: {"orig_ip_bytes"}, respIPBytes: {"resp_ip_bytes"},
	serverName: {"server_name"}, ja4: {"ja4"}, host: {"host"}, method: {"method"}, transID: {"trans_id"}, query: {"query"},
	queryType: {"qtype"}, queryTypeName: {"qtype_name"}, code: {"rcode"}, codeName: {"rcode_name"}, answered: {"answers"},
}

// columnOf finds the column that a field fills.
func columnOf(field string) (column, bool) {
	for c, aliases := range names {
		for _, name := range aliases {
			if name == field {
				return column(c), true
			}
		}
	}
	return 0, false
}

// kind is what the rows of a log are.
type kind int

const (
	other       kind = iota // what tells nothing of flows
	connections             // of conn.log, or of open_conn.log
	lookups                 // of dns.log
	hosts                   // of ssl.log, quic.log and http.log: what a connection's other end is called
)

// kindOf tells the kind of rows by the columns they have.
func kindOf(has func(column) bool) kind {
	switch {
	case !has(ts) || !has(origH) || !has(respH):
		return other
	case has(proto) && (has(query) || has(transID) || has(codeName)):
		return lookups
	case has(proto) && (has(connState) || has(missedBytes) || has(origPackets) || has(origBytes)):
		return connections
	case has(uid) && (has(serverName) || has(ja4) || has(host) && has(method)):
		return hosts
	}
	return other
}
