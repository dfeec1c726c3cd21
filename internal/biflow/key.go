package biflow

import (
	"encoding/binary"
	"math/bits"
	"net/netip"

	"sentinel/internal/flow"
)

// key names what the two directions between two ends have in common.
type key struct {
	a, b         address
	aPort, bPort uint16
	proto        flow.Proto
}

// address is one of IPv6, or one of IPv4 mapped into it, as a number of 128 bits.
type address struct{ high, low uint64 }

func addressOf(addr netip.Addr) address {
	if addr.Is4() {
		b := addr.As4()
		return address{0, mapped | uint64(binary.BigEndian.Uint32(b[:]))}
	}
	b := addr.As16()
	return address{binary.BigEndian.Uint64(b[:8]), binary.BigEndian.Uint64(b[8:])}
}

// mapped begins the lower half of addresses of IPv4 (RFC 4291, 2.5.5.2).
const mapped = 0xffff << 32

func (a address) addr() netip.Addr {
	if a.high == 0 && a.low>>32 == mapped>>32 {
		var b [4]byte
		binary.BigEndian.PutUint32(b[:], uint32(a.low))
		return netip.AddrFrom4(b)
	}
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], a.high)
	binary.BigEndian.PutUint64(b[8:], a.low)
	return netip.AddrFrom16(b)
}

func (a address) less(b address) bool { return a.high < b.high || a.high == b.high && a.low < b.low }

// set makes the key that of a half, and gives forward where it goes from a to b.
func (k *key) set(f *flow.Flow) marks {
	src, dst := addressOf(f.SrcIP), addressOf(f.DstIP)
	k.proto = f.Proto
	if k.isICMP() {
		k.a, k.b, k.aPort, k.bPort = src, dst, f.SrcPort, f.DstPort
		return k.turnICMP()
	}
	if dst.less(src) || src == dst && f.SrcPort > f.DstPort {
		k.a, k.b, k.aPort, k.bPort = dst, src, f.DstPort, f.SrcPort
		return backward
	}
	k.a, k.b, k.aPort, k.bPort = src, dst, f.SrcPort, f.DstPort
	return forward
}

// icmpQuestions are the types of ICMP that are answered, each with the type of the answer, as in Zeek's analyser:
// RFC 792, RFC 950, RFC 1256; RFC 4443, RFC 4861, RFC 2710, RFC 4620, RFC 6275. Both are one flow; other types stand
// alone.
var (
	icmpQuestions   = map[uint16]uint16{echo: untyped, 13: 14, 15: 16, 10: 9, 17: 18}
	icmpv6Questions = map[uint16]uint16{128: 129, 130: 131, 133: 134, 135: 136, 139: 140, 144: 145}
	icmpAnswers     = turned(icmpQuestions)
	icmpv6Answers   = turned(icmpv6Questions)
)

// Exporters that do not tell the type of ICMP leave 0, which is also that of an answered echo.
const (
	echo    = 8
	untyped = 0
)

// turned lists the questions by their answers.
func turned(questions map[uint16]uint16) map[uint16]uint16 {
	answers := make(map[uint16]uint16, len(questions))
	for question, answer := range questions {
		answers[answer] = question
	}
	return answers
}

// turnICMP has who asks as a, and the type of the question as its port. Where a type of 0 may be any, the lower address
// is a.
func (k *key) turnICMP() marks {
	if k.aPort == untyped || k.proto == flow.ICMP && k.aPort == echo {
		return k.turnEcho()
	}
	answers := icmpAnswers
	if k.proto == flow.ICMPv6 {
		answers = icmpv6Answers
	}
	if question, ok := answers[k.aPort]; ok {
		k.a, k.b, k.aPort = k.b, k.a, question
		return backward | asked
	}
	return forward | asked
}

// turnEcho takes an echo, its answer and what may be either for one conversation.
func (k *key) turnEcho() marks {
	direction := forward
	if k.aPort == echo {
		direction |= asked
	}
	k.aPort = untyped
	if k.b.less(k.a) {
		k.a, k.b = k.b, k.a
		direction |= backward
	}
	return direction
}

// isICMP tells whether the ports of a key are a type and a code.
func (k *key) isICMP() bool { return k.proto == flow.ICMP || k.proto == flow.ICMPv6 }

// asks tells whether an answer can be expected.
func (k *key) asks() bool {
	ok := true
	switch {
	case k.proto == flow.ICMP && k.aPort != untyped:
		_, ok = icmpQuestions[k.aPort]
	case k.proto == flow.ICMPv6 && k.aPort != untyped:
		_, ok = icmpv6Questions[k.aPort]
	}
	return ok
}

// hash mixes a key with a seed that whoever sends the packets does not know, after wyhash: products of 64 bits, both
// halves of which count.
func (k *key) hash(seed uint64) uint64 {
	rest := uint64(k.aPort) | uint64(k.bPort)<<16 | uint64(k.proto)<<32
	return mix(mix(k.a.high^seed, k.a.low^0xa0761d6478bd642f)^mix(k.b.high^0xe7037ed1a0b428db, k.b.low^seed),
		rest^0x8ebc6af09c88c6e3)
}

func mix(a, b uint64) uint64 {
	high, low := bits.Mul64(a, b)
	return high ^ low
}
