package biflow

import (
	"cmp"
	"encoding/binary"
	"math/bits"
	"net/netip"

	"sentinel/internal/flow"
)

// key names what the two directions between two ends have in common. Addresses are of 16 bytes, IPv4 ones mapped.
type key struct {
	a, b         [16]byte
	aPort, bPort uint16
	proto        flow.Proto
	_            [3]byte
}

// keyOf gives the key of a half, and forward where it goes from a to b.
func keyOf(f *flow.Flow) (key, marks) {
	k := key{a: f.SrcIP.As16(), b: f.DstIP.As16(), aPort: f.SrcPort, bPort: f.DstPort, proto: f.Proto}
	if f.Proto == flow.ICMP || f.Proto == flow.ICMPv6 {
		return icmpKey(k)
	}
	if order := compare(&k.a, &k.b); order > 0 || order == 0 && k.aPort > k.bPort {
		k.a, k.b, k.aPort, k.bPort = k.b, k.a, k.bPort, k.aPort
		return k, backward
	}
	return k, forward
}

// compare orders addresses.
func compare(a, b *[16]byte) int {
	word := func(b []byte) uint64 { return binary.BigEndian.Uint64(b) }
	return cmp.Or(cmp.Compare(word(a[:]), word(b[:])), cmp.Compare(word(a[8:]), word(b[8:])))
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

// icmpKey has who asks as a, and the type of the question as its port. Where a type of 0 may be any, the lower address
// is a.
func icmpKey(k key) (key, marks) {
	if k.aPort == untyped || k.proto == flow.ICMP && k.aPort == echo {
		return echoKey(k)
	}
	answers := icmpAnswers
	if k.proto == flow.ICMPv6 {
		answers = icmpv6Answers
	}
	if question, ok := answers[k.aPort]; ok {
		k.a, k.b, k.aPort = k.b, k.a, question
		return k, backward | asked
	}
	return k, forward | asked
}

// echoKey takes an echo, its answer and what may be either for one conversation.
func echoKey(k key) (key, marks) {
	direction := forward
	if k.aPort == echo {
		direction |= asked
	}
	k.aPort = untyped
	if compare(&k.a, &k.b) > 0 {
		k.a, k.b = k.b, k.a
		direction |= backward
	}
	return k, direction
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
	word := func(b []byte) uint64 { return binary.LittleEndian.Uint64(b) }
	rest := uint64(k.aPort) | uint64(k.bPort)<<16 | uint64(k.proto)<<32
	return mix(mix(word(k.a[:])^seed, word(k.a[8:])^0xa0761d6478bd642f)^mix(word(k.b[:])^0xe7037ed1a0b428db, word(k.b[8:])^seed),
		rest^0x8ebc6af09c88c6e3)
}

func mix(a, b uint64) uint64 {
	high, low := bits.Mul64(a, b)
	return high ^ low
}

func address(b [16]byte) netip.Addr { return netip.AddrFrom16(b).Unmap() }
