package hello

import "encoding/binary"

const (
	recordHeader = 5       // RFC 8446, 5.1
	mostFragment = 1 << 14 // bytes of a record that is not encrypted
	handshake    = 22      // type of record
	clientHello  = 1       // type of handshake message
	headerSize   = 4       // of a handshake message: its type, and its length in three bytes
)

// unwrap takes the beginning of the first handshake message out of its records, without copying where one record has
// it. The result is progress as far as the records can tell.
func unwrap(stream []byte) (message []byte, progress Progress) {
	for at := 0; at < len(stream); {
		fragment, whole, ok := readRecord(stream[at:])
		if !ok {
			return nil, NotTLS
		}
		if message == nil {
			message = fragment[:len(fragment):len(fragment)]
		} else {
			message = append(message, fragment...)
		}
		if _, progress := open(message); progress != NeedMore || !whole {
			return message, progress
		}
		at += recordHeader + len(fragment)
	}
	return message, NeedMore
}

// readRecord gives the fragment of a handshake record as far as it is there; ok tells whether it can be one.
func readRecord(stream []byte) (fragment []byte, whole, ok bool) {
	if stream[0] != handshake || len(stream) > 1 && stream[1] != 3 {
		return nil, false, false
	}
	if len(stream) < recordHeader {
		return nil, false, true
	}
	length := int(binary.BigEndian.Uint16(stream[3:]))
	if length == 0 || length > mostFragment { // RFC 8446, 5.1 forbids both
		return nil, false, false
	}
	end := min(recordHeader+length, len(stream))
	return stream[recordHeader:end], end == recordHeader+length, true
}

// open gives the body of a ClientHello as far as it is there.
func open(message []byte) (body []byte, progress Progress) {
	if len(message) > 0 && message[0] != clientHello {
		return nil, NotTLS
	}
	if len(message) < headerSize {
		return nil, NeedMore
	}
	length := int(message[1])<<16 | int(message[2])<<8 | int(message[3])
	if length > Limit {
		return nil, NotTLS
	}
	if body = message[headerSize:]; len(body) < length {
		return body, NeedMore
	}
	return body[:length], Complete
}
