package dns

import "bytes"

// NameSize is the longest a name becomes: of at most 255 bytes on the wire (RFC 1035, 2.3.4), two are the first length
// and the end, and each other can take four.
const NameSize = 4 * (wireName - 2)

const wireName = 255

// pointer marks a length byte as the beginning of a compression pointer (RFC 1035, 4.1.4).
const pointer = 0xc0

// appendName adds the name at the beginning of data to dst: lower case, without the final dot, the root as ".". It must
// be there as a whole and without pointers: that of a first question has nothing that it could point to.
func appendName(dst, data []byte) (name, rest []byte, ok bool) {
	if len(data) > 0 && data[0] == 0 {
		return append(dst, '.'), data[1:], true
	}
	for at := 0; at < len(data) && at < wireName; {
		length := int(data[at])
		at++
		if length == 0 {
			return dst, data[at:], true
		}
		if length >= 64 || at+length > len(data) {
			break
		}
		if at > 1 {
			dst = append(dst, '.')
		}
		dst = appendEscaped(dst, data[at:at+length], true)
		at += length
	}
	return dst[:0], nil, false
}

// AppendText adds a name to dst that a program wrote as text, as those of messages become: lower case, no final dot, at
// most 255 bytes of the text. The root is ".". Dots stand between labels.
func AppendText(dst, text []byte) []byte {
	text = text[:min(len(text), wireName)]
	if len(text) > 1 {
		text = bytes.TrimSuffix(text, []byte("."))
	}
	return appendEscaped(dst, text, false)
}

// appendEscaped spells text as RFC 1035, 5.1 does; of one label, its dots too.
func appendEscaped(dst, text []byte, label bool) []byte {
	for _, b := range text {
		switch {
		case 'A' <= b && b <= 'Z':
			dst = append(dst, b+'a'-'A')
		case b == '\\' || b == '.' && label:
			dst = append(dst, '\\', b)
		case b <= ' ' || b > '~':
			dst = append(dst, '\\', '0'+b/100, '0'+b/10%10, '0'+b%10)
		default:
			dst = append(dst, b)
		}
	}
	return dst
}

// skipName passes over a name, which a pointer ends; where it points does not matter.
func skipName(data []byte) (rest []byte, ok bool) {
	for at := 0; at < len(data) && at < wireName; {
		length := int(data[at])
		switch {
		case length == 0:
			return data[at+1:], true
		case length >= pointer && at+2 <= len(data):
			return data[at+2:], true
		case length >= 64:
			return nil, false
		}
		at += 1 + length
	}
	return nil, false
}
