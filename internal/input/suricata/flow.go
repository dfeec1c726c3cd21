package suricata

import (
	"sentinel/internal/biflow"
	"sentinel/internal/flow"
	"sentinel/internal/input/jsonline"
	"sentinel/internal/packet"
)

// flow makes the flow of an event of that type. Its bytes are those of frames, as Suricata counts them: with the header of
// the link, which of Ethernet has 14 bytes, and its padding.
func (r *reader) flow(e events, f *flow.Flow) (reason string) {
	*f = flow.Flow{Opener: flow.ByFirst}
	var ok bool
	if f.Start, ok = e.when(flowStart, timestamp); !ok {
		return noTime
	}
	if reason := e.ends(f); reason != "" {
		return reason
	}
	if end, ok := e.value(flowEnd).Time(); ok {
		f.Duration = max(end-f.Start, 0)
	}
	f.UpPackets, f.DownPackets = e.number(pktsToServer), e.number(pktsToClient)
	f.UpBytes, f.DownBytes = e.number(bytesToServer), e.number(bytesToClient)
	f.Service = r.service(e)
	r.judge(e, f)
	return ""
}

// service is the application protocol, if Suricata knows it.
func (r *reader) service(e events) string {
	switch name := e.value(appProto).Raw(); string(name) {
	case "failed", "unknown":
		return ""
	default:
		return r.words.Same(name)
	}
}

// judge tells how a flow went and who opened it.
func (r *reader) judge(e events, f *flow.Flow) {
	switch f.Proto {
	case flow.TCP:
		r.judgeTCP(e, f)
		return
	case flow.ICMP, flow.ICMPv6:
		if !asks(f) {
			f.State = flow.Other
			return
		}
	}
	f.State = flow.Established
	if f.DownPackets == 0 {
		f.State = flow.Unanswered
	}
}

// asks tells whether a type of ICMP is one that is answered: RFC 792, RFC 4443, RFC 4861.
func asks(f *flow.Flow) bool {
	switch f.SrcPort {
	case 8, 13, 15, 17:
		return f.Proto == flow.ICMP
	case 128, 130, 133, 135:
		return f.Proto == flow.ICMPv6
	}
	return false
}

// judgeTCP goes by the flags where there are any. Suricata notes none of connections that it took up in the middle, nor
// of packets with wrong checksums.
func (r *reader) judgeTCP(e events, f *flow.Flow) {
	up, down := tcpFlags(e, flagsToServer), tcpFlags(e, flagsToClient)
	if up&packet.SYN != 0 {
		f.Opener = flow.BySYN
	}
	switch {
	case f.DownPackets == 0 && (up&packet.SYN != 0 || up == 0):
		f.State = flow.Unanswered
	case up&packet.SYN != 0 && down&(packet.SYN|packet.RST) == packet.RST:
		f.State = flow.Refused
	case (up|down)&packet.RST != 0:
		f.State = flow.Reset
	case up&down&packet.SYN != 0 || isEstablished(e.value(flowState)):
		f.State = flow.Established
	default:
		f.State = flow.Other
	}
}

// established are the values of flow.state of connections whose both ends have spoken.
var established = jsonline.NewDictionary(map[string]bool{
	"established": true, "closed": true, "bypassed": true, "local_bypassed": true, "capture_bypassed": true,
})

func isEstablished(state jsonline.Value) bool {
	_, known := established.Find(state.Raw())
	return known
}

// tcpFlags reads one byte in hexadecimal digits.
func tcpFlags(e events, m member) (bits packet.TCPFlags) {
	raw := e.value(m).Raw()
	if len(raw) > 2 {
		return 0
	}
	for _, c := range raw {
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			c = c | 0x20 - 'a' + 10
		default:
			return 0
		}
		bits = bits<<4 | packet.TCPFlags(c)
	}
	return bits & (packet.FIN | packet.SYN | packet.RST | packet.PSH | packet.ACK)
}

// half makes the half of a flow that an event of type netflow is.
func (r *reader) half(e events) (half biflow.Half, reason string) {
	f := &half.Flow
	var ok bool
	if f.Start, ok = e.when(netflowStart, timestamp); !ok {
		return half, noTime
	}
	if reason := e.ends(f); reason != "" {
		return half, reason
	}
	if end, ok := e.value(netflowEnd).Time(); ok {
		f.Duration = max(end-f.Start, 0)
	}
	f.UpPackets, f.UpBytes, f.Service = e.number(netflowPkts), e.number(netflowBytes), r.service(e)
	half.Flags = tcpFlags(e, flags)
	half.HasFlags = half.Flags != 0
	return half, ""
}
