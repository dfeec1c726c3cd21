package binetflow

import (
	"bytes"

	"sentinel/internal/flow"
	"sentinel/internal/packet"
)

// outcome is what a text of the State column says.
type outcome struct {
	state    flow.State // that of the flow, or empty where one of the others applies
	turned   flow.State // likewise where the destination opened the flow
	answered bool       // established where the destination sent something, else unanswered
	refusal  bool       // refused where a single packet was answered with one, else reset
}

// words are what Argus says of how a flow went. Others tell of ICMP messages, which stand alone: URP, TXD...
var words = map[string]outcome{
	"CON": {answered: true}, // packets both ways
	"INT": {answered: true}, // the first ones
	"REQ": {answered: true}, // a connection was asked for
	"ECO": {answered: true}, // an echo was asked for
	"ECR": {answered: true}, // or answered
	"TIM": {answered: true}, // it ended by silence
	"ACC": {state: flow.Established, turned: flow.Established},
	"EST": {state: flow.Established, turned: flow.Established},
	"CLO": {state: flow.Established, turned: flow.Established}, // it was closed by both ends
	"FIN": {state: flow.Established, turned: flow.Established},
	"RST": {refusal: true},
	// Files that were made out of Zeek's logs keep its words (conn.log, conn_state).
	"S0":  {state: flow.Unanswered, turned: flow.Unanswered},
	"REJ": {state: flow.Refused, turned: flow.Refused},
	"SF":  {state: flow.Established, turned: flow.Established},
	"S1":  {state: flow.Established, turned: flow.Established},
}

// mostStates bounds the texts whose meaning is kept; real files have some hundred.
const mostStates = 4096

// state tells how a flow went, whose ends may be turned.
func (p *parser) state(f *flow.Flow, turned bool) flow.State {
	if !p.layout.has[state] {
		return ""
	}
	text := p.field(state)
	known, ok := p.states[string(text)]
	if !ok {
		known = outcomeOf(text)
		if p.states == nil {
			p.states = map[string]outcome{}
		}
		if len(p.states) < mostStates {
			p.states[string(text)] = known
		}
	}
	if turned {
		known.state = known.turned
	}
	return known.of(f)
}

func outcomeOf(text []byte) outcome {
	if known, ok := words[string(text)]; ok {
		return known
	}
	if src, dst, ok := bytes.Cut(text, []byte("_")); ok {
		return outcome{state: byFlags(flagsOf(src), flagsOf(dst)), turned: byFlags(flagsOf(dst), flagsOf(src))}
	}
	return outcome{state: flow.Other, turned: flow.Other}
}

// of applies what a text says to a flow.
func (o outcome) of(f *flow.Flow) flow.State {
	silent := f.DownBytes == 0 && f.DownPackets == 0
	switch {
	case o.state != "":
		return o.state
	case o.refusal && !silent && f.UpPackets == 1 && f.DownPackets == 1:
		return flow.Refused
	case o.refusal:
		return flow.Reset
	case silent:
		return flow.Unanswered
	}
	return flow.Established
}

// letters are the flags of TCP as Argus writes them; those of ECN, E and C, do not matter.
var letters = map[byte]packet.TCPFlags{
	'F': packet.FIN, 'S': packet.SYN, 'R': packet.RST, 'P': packet.PSH, 'A': packet.ACK,
}

func flagsOf(text []byte) (flags packet.TCPFlags) {
	for _, letter := range text {
		flags |= letters[letter]
	}
	return flags
}

// byFlags tells how a connection of TCP went from the flags that either end sent.
func byFlags(src, dst packet.TCPFlags) flow.State {
	all := src | dst
	switch {
	case src&packet.SYN != 0 && dst&packet.RST != 0 && dst&packet.SYN == 0 && all&(packet.FIN|packet.PSH) == 0:
		return flow.Refused
	case all&packet.RST != 0 && src&dst&packet.FIN == 0: // after both FINs it only tidies up
		return flow.Reset
	case src&dst&packet.ACK != 0:
		return flow.Established
	case dst == 0 && src&(packet.SYN|packet.ACK) == packet.SYN:
		return flow.Unanswered
	}
	return flow.Other
}
