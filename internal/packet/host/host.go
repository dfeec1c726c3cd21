// Package host finds the host that a request of HTTP/1 names.
package host

import "bytes"

const (
	mostMethod = 32       // bytes; the longest that is registered, UPDATEREDIRECTREF, has 17
	mostHead   = 16 << 10 // bytes of a request that are looked at: servers refuse longer heads
	mostName   = 255      // as in the DNS
)

// Parse gives the host of the request that payload begins with, in lower case, without its port, brackets and final
// dot: that of the Host header, else of the target. It is empty where payload begins no request, or what is there of
// it names none.
func Parse(payload []byte) string {
	if len(payload) == 0 || payload[0] < 'A' || payload[0] > 'Z' {
		return "" // most payloads end here
	}
	line, headers, ok := bytes.Cut(payload[:min(len(payload), mostHead)], []byte("\n"))
	if !ok {
		return ""
	}
	method, target, ok := requestLine(line)
	if !ok {
		return ""
	}
	if value, ok := hostHeader(headers); ok {
		return name(value)
	}
	return name(authority(method, target))
}

// requestLine takes the first line of a request apart (RFC 9112, 3).
func requestLine(line []byte) (method, target []byte, ok bool) {
	method, rest, ok := bytes.Cut(line, []byte(" "))
	if !ok || len(method) > mostMethod {
		return nil, nil, false
	}
	for _, b := range method {
		if (b < 'A' || b > 'Z') && b != '-' {
			return nil, nil, false
		}
	}
	at := bytes.LastIndex(rest, []byte(" HTTP/1."))
	if at < 0 {
		return nil, nil, false
	}
	return method, rest[:at], true
}

// hostHeader finds the value of the first Host header whose line is there to its end.
func hostHeader(headers []byte) (value []byte, ok bool) {
	for {
		line, rest, whole := bytes.Cut(headers, []byte("\n"))
		if !whole || len(bytes.TrimSuffix(line, []byte("\r"))) == 0 {
			return nil, false
		}
		const field = "host:"
		if len(line) >= len(field) && bytes.EqualFold(line[:len(field)], []byte(field)) {
			return line[len(field):], true
		}
		headers = rest
	}
}

// authority is the part of a target that names a host, if any: all of it for CONNECT, and what stands between // and
// the path where the target is a whole URL (RFC 9112, 3.2).
func authority(method, target []byte) []byte {
	if string(method) == "CONNECT" {
		return target
	}
	_, rest, ok := bytes.Cut(target, []byte("://"))
	if !ok || target[0] == '/' {
		return nil
	}
	if end := bytes.IndexAny(rest, "/?#"); end >= 0 {
		rest = rest[:end]
	}
	return rest[bytes.LastIndexByte(rest, '@')+1:]
}

// name is the host of a value with or without a port.
func name(value []byte) string {
	value = bytes.Trim(value, " \t\r")
	if end := bytes.IndexByte(value, ']'); len(value) > 0 && value[0] == '[' && end > 0 {
		value = value[1:end] // IPv6 (RFC 3986, 3.2.2)
	} else if at := bytes.LastIndexByte(value, ':'); at >= 0 {
		value = value[:at]
	}
	value = bytes.TrimSuffix(value, []byte("."))
	if len(value) > mostName {
		return ""
	}
	var lower [mostName]byte
	for i, b := range value {
		if 'A' <= b && b <= 'Z' {
			b += 'a' - 'A'
		}
		lower[i] = b
	}
	return string(lower[:len(value)])
}
