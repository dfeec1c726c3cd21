package cloud

import (
	"bytes"

	"sentinel/internal/flow"
	"sentinel/internal/input/jsonline"
)

// tuple is what a flow log of Azure says about a flow at one time, which is its Start. Packets and bytes are those since
// the tuple before.
type tuple struct {
	flow.Flow
	step    step
	counted bool // it tells packets and bytes
}

// step is where in its life a flow is.
type step byte

// The steps, as Azure writes them. Version 1 knows none: a flow that it allows has begun.
const (
	begun     step = 'B'
	continues step = 'C'
	ended     step = 'E'
	denied    step = 'D'
)

// Why a tuple is no flow.
const (
	tooShort = "flow tuple of too few fields"
	badStep  = "flow state or decision that is not known"
)

// parseTuple reads one of a network security group, or of a virtual network, which has the number of the protocol
// where the other has a letter:
//
//	1542110377,10.5.16.4,13.67.143.118,59831,443,T,O,A,C,25,5555,19,21222
//	1663146003606,10.0.0.6,192.0.2.180,23956,443,6,O,E,NX,3,767,2,1580
func parseTuple(text []byte) (t tuple, reason string) {
	var room [13][]byte
	fields := room[:0]
	for field := range bytes.SplitSeq(text, []byte(",")) {
		if len(fields) == len(room) {
			break
		}
		fields = append(fields, field)
	}
	if len(fields) < 8 {
		return t, tooShort
	}
	var ok bool
	if t.Start, ok = azureTime(fields[0]); !ok {
		return t, badTime
	}
	if reason := t.ends(fields[1:6]); reason != "" {
		return t, reason
	}
	t.step = stepOf(fields[7:])
	if t.step == 0 {
		return t, badStep
	}
	return t, t.count(fields[min(len(fields), 9):])
}

// stepOf reads the step out of the fields after the direction: decision and state, or state alone.
func stepOf(fields [][]byte) step {
	if string(fields[0]) == "A" {
		if len(fields) == 1 || len(fields[1]) == 0 {
			return begun
		}
		fields = fields[1:]
	}
	if len(fields[0]) != 1 {
		return 0
	}
	switch s := step(fields[0][0]); s {
	case begun, continues, ended, denied:
		return s
	}
	return 0
}

// firstMilliseconds is the number from which a time counts milliseconds: as seconds it is the year 5138.
const firstMilliseconds = 1e11

// azureTime reads seconds or milliseconds since 1970.
func azureTime(text []byte) (micros int64, ok bool) {
	value, ok := jsonline.Int(text)
	if !ok || value < 0 || value >= mostSeconds*1e3 {
		return 0, false
	}
	if value >= firstMilliseconds {
		return value * 1e3, true
	}
	return value * 1e6, true
}

// ends reads both addresses, both ports and the protocol.
func (t *tuple) ends(fields [][]byte) (reason string) {
	var src, dst bool
	t.SrcIP, src = jsonline.Addr(fields[0])
	t.DstIP, dst = jsonline.Addr(fields[1])
	if !src || !dst {
		return badAddress
	}
	t.SrcPort, src = portOf(fields[2])
	t.DstPort, dst = portOf(fields[3])
	if !src || !dst {
		return badPort
	}
	switch string(fields[4]) {
	case "T":
		t.Proto = flow.TCP
	case "U":
		t.Proto = flow.UDP
	default:
		number, ok := jsonline.Int(fields[4])
		if !ok || number < 0 || number > 255 {
			return badProto
		}
		t.Proto = flow.Proto(number)
	}
	return ""
}

// count reads packets and bytes of both directions; they are empty, or absent, where nothing is told.
func (t *tuple) count(fields [][]byte) (reason string) {
	if len(fields) < 4 {
		return ""
	}
	for i, to := range []*int64{&t.UpPackets, &t.UpBytes, &t.DownPackets, &t.DownBytes} {
		if len(fields[i]) == 0 {
			continue
		}
		var ok bool
		if *to, ok = jsonline.Int(fields[i]); !ok || *to < 0 {
			return badCount
		}
		t.counted = true
	}
	return ""
}
