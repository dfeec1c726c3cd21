package jsonline

import (
	"bytes"
	"encoding/json"
	"net/netip"
)

// Kind is what a value is.
type Kind uint8

// The kinds of values. Absent is the kind of a member that the object lacks.
const (
	Absent Kind = iota
	Null
	Bool
	Number
	String
	Array
	Members // an object
)

// Value is the value of a wanted member. It lies in the line, and holds until the next one is read.
type Value struct {
	raw     []byte
	kind    Kind
	escaped bool
}

// Kind tells what the value is.
func (v Value) Kind() Kind { return v.kind }

// Present tells whether the member is there and is not null.
func (v Value) Present() bool { return v.kind > Null }

// Raw is the value as the line has it; a string without its quotes.
func (v Value) Raw() []byte { return v.raw }

// Bytes is the content of a string, with its escapes resolved, which alone allocates; of other values it is Raw. Bytes
// that are not UTF-8 stay as they are.
func (v Value) Bytes() []byte {
	if !v.escaped {
		return v.raw
	}
	return unescape(v.raw)
}

// True tells whether the value is true.
func (v Value) True() bool { return v.kind == Bool && v.raw[0] == 't' }

// Int is a whole number, or a string that holds one.
func (v Value) Int() (int64, bool) {
	if v.kind != Number && v.kind != String {
		return 0, false
	}
	return Int(v.raw)
}

// Micros is a number of seconds, or a string that holds one, in microseconds.
func (v Value) Micros() (int64, bool) {
	if v.kind != Number && v.kind != String {
		return 0, false
	}
	return Micros(v.raw)
}

// Time is a string with date and time (ISO 8601), in microseconds since 1970-01-01 UTC.
func (v Value) Time() (int64, bool) {
	if v.kind != String {
		return 0, false
	}
	return Time(v.raw)
}

// Addr is a string with an IP address, an IPv4-mapped one unmapped and without zone.
func (v Value) Addr() (netip.Addr, bool) {
	if v.kind != String {
		return netip.Addr{}, false
	}
	return Addr(v.raw)
}

// name is a member's name with its escapes resolved.
func name(raw []byte, escaped bool) []byte {
	if !escaped {
		return raw
	}
	return unescape(raw)
}

// unescape resolves the escapes of a valid string.
func unescape(raw []byte) []byte {
	plain := make([]byte, 0, len(raw))
	for len(raw) > 0 {
		at := bytes.IndexByte(raw, '\\')
		if at < 0 {
			return append(plain, raw...)
		}
		plain = append(plain, raw[:at]...)
		length := escapeLength(raw[at:])
		plain = append(plain, resolve(raw[at:at+length])...)
		raw = raw[at+length:]
	}
	return plain
}

// escapeLength is that of the escape in front, two of them where they may be the halves of one character (RFC 8259, 7).
func escapeLength(raw []byte) int {
	switch {
	case raw[1] != 'u':
		return 2
	case len(raw) >= 12 && raw[2]|0x20 == 'd' && raw[6] == '\\' && raw[7] == 'u':
		return 12
	}
	return 6
}

// resolve leaves the rules of surrogates to the standard library.
func resolve(escape []byte) string {
	var text string
	if json.Unmarshal([]byte(`"`+string(escape)+`"`), &text) != nil {
		return string(escape)
	}
	return text
}
