package jsonline

import "bytes"

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
