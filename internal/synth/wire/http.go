package wire

import "strconv"

// lengthDigits is how many digits a length is written with, so that it does not change the length of the head.
const lengthDigits = 12

// httpRequest asks for a page, or sends the data that one packet cannot hold as the body of a form (RFC 9112, 3).
func httpRequest(t *talk, b []byte) int {
	if t.total > int64(len(b)) {
		head := append(b[:0:len(b)], "POST /form HTTP/1.1\r\nHost: "...)
		head = append(append(head, t.name...), "\r\nContent-Type: application/octet-stream\r\n"...)
		return written(b, appendLength(head, t.total))
	}
	const before, after = "GET /", " HTTP/1.1\r\nHost: "
	const rest = "\r\nAccept: */*\r\n\r\n"
	path := len(b) - len(before) - len(after) - len(t.name) - len(rest)
	if path < 0 {
		return 0
	}
	head := append(b[:0:len(b)], before...)
	for i := range path {
		head = append(head, 'a'+byte(t.hash>>(i%16*4)&15))
	}
	return written(b, append(append(append(head, after...), t.name...), rest...))
}

func httpResponse(t *talk, b []byte) int {
	head := append(b[:0:len(b)], "HTTP/1.1 200 OK\r\nServer: example\r\nContent-Type: application/octet-stream\r\n"...)
	return written(b, appendLength(head, t.total))
}

// appendLength ends a head with the length of the body that follows, so that both together have total bytes.
func appendLength(head []byte, total int64) []byte {
	const before, after = "Content-Length: ", "\r\n\r\n"
	body := max(0, total-int64(len(head)+len(before)+lengthDigits+len(after)))
	digits := strconv.AppendInt(nil, body, 10)
	head = append(head, before...)
	for range lengthDigits - len(digits) {
		head = append(head, '0')
	}
	return append(append(head, digits...), after...)
}

// written is the length of what was appended to b[:0], or 0 where b had no room for it.
func written(b, appended []byte) int {
	if len(appended) > len(b) {
		return 0
	}
	return len(appended)
}
