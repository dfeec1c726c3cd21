package jsonline

import "bytes"

// AppendDomain adds a name of the DNS to dst as flow.Lookup has it: lower case, no final dot, bytes that are not
// printable ASCII as \DDD (RFC 1035, 5.1), at most 255 bytes of the text. The root is ".".
func AppendDomain(dst, text []byte) []byte {
	text = text[:min(len(text), mostText)]
	if len(text) > 1 {
		text = bytes.TrimSuffix(text, []byte("."))
	}
	for _, b := range text {
		switch {
		case 'A' <= b && b <= 'Z':
			dst = append(dst, b+'a'-'A')
		case b == '\\':
			dst = append(dst, '\\', b)
		case b <= ' ' || b > '~':
			dst = append(dst, '\\', '0'+b/100, '0'+b/10%10, '0'+b%10)
		default:
			dst = append(dst, b)
		}
	}
	return dst
}

// AppendHost adds the host that a server name of TLS or a Host header tells to dst: in lower case, without its port,
// brackets and final dot. It adds nothing where the host is longer than a name can be.
func AppendHost(dst, text []byte) []byte {
	text = bytes.TrimSpace(text)
	if end := bytes.IndexByte(text, ']'); len(text) > 0 && text[0] == '[' && end > 0 {
		text = text[1:end] // IPv6 (RFC 3986, 3.2.2)
	} else if at := bytes.IndexByte(text, ':'); at >= 0 && at == bytes.LastIndexByte(text, ':') {
		text = text[:at]
	}
	text = bytes.TrimSuffix(text, []byte("."))
	if len(text) > mostText {
		return dst
	}
	for _, b := range text {
		if 'A' <= b && b <= 'Z' {
			b += 'a' - 'A'
		}
		dst = append(dst, b)
	}
	return dst
}
