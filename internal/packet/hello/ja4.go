package hello

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"slices"
)

// The order and the rules are those of FoxIO, "JA4: TLS Client Fingerprinting", technical_details/JA4.md.

const (
	typical    = 64 // ciphers, extensions or algorithms of a hello, for which nothing is allocated
	mostCount  = 99 // the fingerprint has two digits for a number
	hashDigits = 12
	noneHashed = "000000000000" // in place of the hash of nothing
)

// versionNames spells the versions of TLS; others are "00".
var versionNames = map[uint16]string{0x0304: "13", 0x0303: "12", 0x0302: "11", 0x0301: "10", 0x0300: "s3", 0x0002: "s2"}

func (o *offer) ja4(transport Transport) string {
	var room [2][typical]uint16
	ciphers := appendCodes(room[0][:0], o.ciphers)
	slices.Sort(ciphers)
	extensions := o.appendExtensions(room[1][:0])
	count := len(extensions)
	extensions = slices.DeleteFunc(extensions, func(kind uint16) bool { return kind == extServerName || kind == extALPN })
	slices.Sort(extensions)

	out := append(make([]byte, 0, 36), byte(transport))
	out = append(out, o.versionName()...)
	if o.named {
		out = append(out, 'd') // a domain
	} else {
		out = append(out, 'i') // an IP address
	}
	out = appendCount(out, len(ciphers))
	out = appendCount(out, count)
	out = appendProtocol(out, o.protocol)
	out = append(out, '_')
	out = appendHash(out, ciphers, nil)
	out = append(out, '_')
	out = appendHash(out, extensions, o.signatures)
	return string(out)
}

// versionName is that of the highest version on offer.
func (o *offer) versionName() string {
	version := o.version
	var room [typical]uint16
	if versions := appendCodes(room[:0], o.versions); len(versions) > 0 {
		version = slices.Max(versions)
	}
	if name, ok := versionNames[version]; ok {
		return name
	}
	return "00"
}

// appendExtensions adds the types of all extensions in their order, without those that are there to be ignored.
func (o *offer) appendExtensions(dst []uint16) []uint16 {
	for in := (cursor{o.extensions}); len(in.rest) > 0; {
		kind, _, _ := in.extension()
		if !grease(kind) {
			dst = append(dst, kind)
		}
	}
	return dst
}

// appendCodes adds codes of two bytes in their order, without those that are there to be ignored.
func appendCodes(dst []uint16, data []byte) []uint16 {
	for ; len(data) >= 2; data = data[2:] {
		if code := binary.BigEndian.Uint16(data); !grease(code) {
			dst = append(dst, code)
		}
	}
	return dst
}

// grease tells values that clients send for servers to ignore: 0x0a0a, 0x1a1a... (RFC 8701, 2).
func grease(code uint16) bool { return code&0x0f0f == 0x0a0a && code>>8 == code&0xff }

func appendCount(dst []byte, n int) []byte {
	n = min(n, mostCount)
	return append(dst, '0'+byte(n/10), '0'+byte(n%10))
}

// appendProtocol adds the first and the last character of a protocol, or of its bytes in hexadecimal where either is
// no letter or digit.
func appendProtocol(dst, protocol []byte) []byte {
	if len(protocol) == 0 {
		return append(dst, "00"...)
	}
	first, last := protocol[0], protocol[len(protocol)-1]
	if alphanumeric(first) && alphanumeric(last) {
		return append(dst, first, last)
	}
	return append(dst, digits[first>>4], digits[last&15])
}

// digits are those of hexadecimal numbers.
const digits = "0123456789abcdef"

func alphanumeric(b byte) bool {
	return '0' <= b && b <= '9' || 'A' <= b && b <= 'Z' || 'a' <= b && b <= 'z'
}

// appendHash adds the hash of codes and, after an underscore, of the algorithms in their order. Where there are no
// codes it is zeros.
func appendHash(dst []byte, codes []uint16, algorithms []byte) []byte {
	if len(codes) == 0 {
		return append(dst, noneHashed...)
	}
	var room [2 * typical * len("0000,")]byte
	text := appendList(room[:0], codes)
	var algorithmRoom [typical]uint16
	if listed := appendCodes(algorithmRoom[:0], algorithms); len(listed) > 0 {
		text = appendList(append(text, '_'), listed)
	}
	sum := sha256.Sum256(text)
	return hex.AppendEncode(dst, sum[:hashDigits/2])
}

// appendList adds codes in hexadecimal, with commas between them.
func appendList(dst []byte, codes []uint16) []byte {
	for i, code := range codes {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, digits[code>>12], digits[code>>8&15], digits[code>>4&15], digits[code&15])
	}
	return dst
}
