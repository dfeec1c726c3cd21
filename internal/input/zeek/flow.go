package zeek

import (
	"sentinel/internal/flow"
	"sentinel/internal/input/jsonline"
)

// states are what Zeek calls conn_state, in its own order (base/protocols/conn/main.zeek). It also speaks of them for
// UDP, where SF is a question with an answer and S0 one without.
var states = jsonline.NewDictionary(map[string]flow.State{
	"S0": flow.Unanswered, "S1": flow.Established, "SF": flow.Established, "REJ": flow.Refused, "S2": flow.Established,
	"S3": flow.Established, "RSTO": flow.Reset, "RSTR": flow.Reset, "RSTOS0": flow.Other, "RSTRH": flow.Other,
	"SH": flow.Other, "SHR": flow.Other, "OTH": flow.Other,
})

// protocols are the transports by the names that Zeek's logs use, and by IANA's keywords.
var protocols = func() jsonline.Dictionary[flow.Proto] {
	byName := map[string]flow.Proto{"icmp6": flow.ICMPv6}
	for number, name := range flow.ProtoNames {
		byName[name] = number
	}
	return jsonline.NewDictionary(byName)
}()

// Why a row cannot be used.
const (
	noTime     = "has no time in ts"
	noAddress  = "has no IP address in id.orig_h or id.resp_h"
	noProtocol = "has no transport protocol in proto"
	noPort     = "has no port in id.orig_p or id.resp_p"
)

// converter makes flows of rows, without allocating for those whose words it has met.
type converter struct {
	addresses jsonline.Addresses
	words     jsonline.Words // services
	filled    [columns]bool  // which columns had a value in any row
}

// convert makes the flow of a row of connections; reason tells why there is none.
func (c *converter) convert(row rows, f *flow.Flow) (reason string) {
	*f = flow.Flow{Opener: flow.ByFirst}
	var ok bool
	if f.Start, ok = when(row.value(ts)); !ok {
		return noTime
	}
	if reason := c.ends(row, f); reason != "" {
		return reason
	}
	f.Duration = max(c.micros(row, duration), 0)
	f.UpPackets, f.DownPackets = c.number(row, origPackets), c.number(row, respPackets)
	f.UpBytes, f.UpPayload = c.bytes(row, origIPBytes, origBytes)
	f.DownBytes, f.DownPayload = c.bytes(row, respIPBytes, respBytes)
	if value := c.value(row, connState); value != nil {
		var known bool
		if f.State, known = states.Find(value); !known {
			f.State = flow.Other
		}
	}
	f.Service = c.words.Same(c.value(row, service))
	if f.Proto == flow.ICMP || f.Proto == flow.ICMPv6 {
		judgeICMP(f)
	}
	return ""
}

// pairs are the types of ICMP that Zeek takes for questions, with the types of their answers, which stand in id.resp_p
// then; of other messages their code does.
var pairs = map[flow.Proto]map[uint16]uint16{
	flow.ICMP:   {8: 0, 10: 9, 13: 14, 15: 16, 17: 18},
	flow.ICMPv6: {128: 129, 130: 131, 133: 134, 135: 136, 139: 140, 144: 145},
}

// judgeICMP puts the code, which is 0 in questions and answers, in its place, and tells of a question whether it was
// answered: Zeek's conn_state of ICMP is mostly OTH.
func judgeICMP(f *flow.Flow) {
	answer, asks := pairs[f.Proto][f.SrcPort]
	switch {
	case !asks:
		if f.State != "" {
			f.State = flow.Other
		}
		if question, ok := pairs[f.Proto][f.DstPort]; ok && question == f.SrcPort { // its question was not seen
			f.DstPort = 0
		}
		return
	case f.DstPort == answer:
		f.DstPort = 0
	}
	switch {
	case f.DownPackets > 0:
		f.State = flow.Established
	case f.UpPackets > 0:
		f.State = flow.Unanswered
	}
}

// ends reads who talked to whom.
func (c *converter) ends(row rows, f *flow.Flow) (reason string) {
	var origOK, respOK bool
	f.SrcIP, origOK = c.addresses.Of(row.value(origH))
	f.DstIP, respOK = c.addresses.Of(row.value(respH))
	if !origOK || !respOK {
		return noAddress
	}
	f.SrcPort, origOK = c.port(row, origP)
	f.DstPort, respOK = c.port(row, respP)
	if !origOK || !respOK {
		return noPort
	}
	var known bool
	if f.Proto, known = protocols.Find(row.value(proto)); !known {
		number, ok := jsonline.Int(row.value(ipProto)) // proto is unknown_transport then
		if !ok || number < 0 || number > 255 {
			return noProtocol
		}
		f.Proto = flow.Proto(number)
	}
	if f.Proto == flow.ICMP && f.SrcIP.Is6() { // Zeek calls both icmp
		f.Proto = flow.ICMPv6
	}
	return ""
}

// value notes that a column is filled.
func (c *converter) value(row rows, of column) []byte {
	value := row.value(of)
	if value != nil {
		c.filled[of] = true
	}
	return value
}

// port is 0 where there is none: of protocols without ports.
func (c *converter) port(row rows, of column) (uint16, bool) {
	value := c.value(row, of)
	if value == nil {
		return 0, true
	}
	number, ok := jsonline.Int(value)
	return uint16(number), ok && number >= 0 && number <= 65535
}

// number is 0 where there is none.
func (c *converter) number(row rows, of column) int64 {
	number, _ := jsonline.Int(c.value(row, of))
	return max(number, 0)
}

func (c *converter) micros(row rows, of column) int64 {
	micros, _ := jsonline.Micros(c.value(row, of))
	return micros
}

// bytes are those of whole packets, where the log has them, and of payload. Zeek finds the payload of TCP in the
// sequence numbers, which resets and forgeries make too large: packets hold no more than they are.
func (c *converter) bytes(row rows, packets, payload column) (whole, inside int64) {
	inside = c.number(row, payload)
	if row.value(packets) == nil {
		return inside, inside
	}
	whole = c.number(row, packets)
	return whole, min(inside, whole)
}

// Numbers above are milliseconds since 1970: as seconds, the first would lie in the year 5138.
const firstMillis = 1e11

// when reads a time as Zeek writes it: seconds since 1970, or with LogAscii::json_timestamps text or milliseconds.
func when(value []byte) (micros int64, ok bool) {
	if micros, ok := jsonline.Micros(value); ok && micros < firstMillis*1e6 {
		return micros, true
	}
	if millis, ok := jsonline.Int(value); ok && millis >= firstMillis && millis < firstMillis*1e3 {
		return millis * 1e3, true
	}
	return jsonline.Time(value)
}

// optional are the columns of a flow that a column of the log fills.
var optional = map[column]string{
	duration: "duration", origP: "src_port", origPackets: "up_packets", respPackets: "down_packets", origBytes: "up_payload",
	respBytes: "down_payload", connState: "state", service: "service",
}

// columnSet is what has been filled.
func (c *converter) columnSet() flow.Set {
	set := flow.NewSet("opener")
	for from, name := range optional {
		if c.filled[from] {
			set[name] = true
		}
	}
	return set
}
