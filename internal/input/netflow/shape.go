package netflow

import (
	"encoding/binary"
	"fmt"
)

// sFlow is what versionOf calls a datagram of sFlow v5, whose version has 32 bits.
const sFlow = 0

// versionOf is the version that a datagram begins with.
func versionOf(b []byte) uint16 {
	if len(b) < 2 {
		return 0xffff
	}
	if len(b) >= 4 && binary.BigEndian.Uint32(b) == 5 {
		return sFlow
	}
	if version := binary.BigEndian.Uint16(b); version != sFlow {
		return version
	}
	return 0xffff
}

// measure tells how long the datagram is that b begins with, by what it says of itself. The length may be more than b
// has; ok is false where b begins with none.
func measure(b []byte) (length int, ok bool) {
	switch version := versionOf(b); version {
	case sFlow:
		return measureSFlow(b)
	case 9:
		return measure9(b)
	case 10:
		return measureIPFIX(b)
	default:
		l := legacies[version]
		if l == nil {
			return 0, false
		}
		return l.measure(b)
	}
}

func (l *legacy) measure(b []byte) (length int, ok bool) {
	if len(b) < l.header {
		return l.header, true
	}
	count, nanoseconds := int(binary.BigEndian.Uint16(b[2:])), binary.BigEndian.Uint32(b[12:])
	return l.length(b), count >= 1 && count <= l.most && nanoseconds < 1e9
}

// measure9 walks the sets of NetFlow v9, which tells no length, until what follows is no set: IDs from 2 to 255 are
// reserved (RFC 3954, 5.2), and the versions of all headers that may follow are among them.
func measure9(b []byte) (length int, ok bool) {
	length = header9
	for length+headerSet <= len(b) {
		id, size := binary.BigEndian.Uint16(b[length:]), int(binary.BigEndian.Uint16(b[length+2:]))
		if !isSet(9, id, size) || length+size > maxDatagram {
			break
		}
		length += size
	}
	return length, length > header9 || len(b) < header9+headerSet
}

// isSet tells whether a set can have that header: those of templates have one at least.
func isSet(version, id uint16, size int) bool {
	switch kindOf(version, id) {
	case templates, optionsTemplates:
		return size >= headerSet+headerSet
	case dataSet:
		return size >= headerSet
	}
	return false
}

func measureIPFIX(b []byte) (length int, ok bool) {
	if len(b) < headerIPFIX {
		return headerIPFIX, true
	}
	length = int(binary.BigEndian.Uint16(b[2:]))
	for at := headerIPFIX; at+headerSet <= min(len(b), length); {
		id, size := binary.BigEndian.Uint16(b[at:]), int(binary.BigEndian.Uint16(b[at+2:]))
		if !isSet(10, id, size) || at+size > length {
			return length, false
		}
		at += size
	}
	return length, length >= headerIPFIX
}

// mostSamples is how many samples a datagram of sFlow may have: 64 KiB hold no more of the smallest.
const mostSamples = 2048

func measureSFlow(b []byte) (length int, ok bool) {
	x := xdr{data: b}
	x.word()
	kind := x.word()
	x.bytes(addressLength(kind))
	x.bytes(12)
	samples := x.word()
	if x.short {
		return len(b) + 1, true
	}
	if addressLength(kind) == 0 || samples > mostSamples {
		return 0, false
	}
	length = len(b) - len(x.data)
	for range samples {
		if len(b) < length+8 {
			return length + 8, true
		}
		size := binary.BigEndian.Uint32(b[length+4:])
		if size%4 != 0 || size > maxDatagram || length+8+int(size) > maxDatagram {
			return 0, false
		}
		length += 8 + int(size)
		if length > len(b) {
			return length, true
		}
	}
	return length, true
}

// dated tells whether the header of a datagram names a time that it can have been made at; that of sFlow names none.
func dated(b []byte) bool {
	field := 8
	switch versionOf(b) {
	case sFlow:
		return true
	case 10:
		field = 4
	}
	if len(b) < field+4 {
		return false
	}
	exported := int64(binary.BigEndian.Uint32(b[field:])) * 1e6
	return exported >= earliest && exported <= latest
}

// foreign says why bytes are no export, or nothing where all of them are exports, but for zeros between them and a last
// one that is cut short.
func foreign(b []byte) string {
	whole := 0
	for at := 0; at < len(b); {
		length, ok := measure(b[at:])
		switch {
		case !ok && whole > 0 && b[at] == 0:
			length = 1
		case !ok || !dated(b[at:]) || length == 0:
			return fmt.Sprintf("has no header of NetFlow, IPFIX or sFlow at byte %d", at)
		case at+length > len(b) && whole == 0:
			return "begins with a datagram that is cut short"
		}
		whole++
		at += length
	}
	if whole == 0 {
		return "is empty"
	}
	return ""
}
