package jsonline

import (
	"encoding/binary"
	"math/bits"
)

// Eight bytes of a value each.
const (
	ones      = 0x0101010101010101
	tops      = 0x80 * ones
	quotes    = '"' * ones
	slashes   = '\\' * ones
	firstText = ' ' * ones
)

// special marks, with its top bit, the first byte of eight that ends a run of plain text: a quote, a backslash or a
// control character. Bytes after the first may be marked wrongly.
func special(eight uint64) uint64 {
	quote, slash := eight^quotes, eight^slashes
	return ((quote-ones)&^quote | (slash-ones)&^slash | (eight-firstText)&^eight) & tops
}

// text reads a string from behind its quote to the quote that ends it.
func text(data []byte, at int) (end int, escaped bool) {
	for at+8 <= len(data) {
		if marked := special(binary.LittleEndian.Uint64(data[at:])); marked != 0 {
			at += bits.TrailingZeros64(marked) / 8
			if data[at] == '"' {
				return at, false
			}
			break
		}
		at += 8
	}
	return textSlow(data, at)
}

// textSlow is text where the string holds escapes or the data end.
func textSlow(data []byte, at int) (end int, escaped bool) {
	for {
		at = plain(data, at)
		if at >= len(data) {
			return incomplete, escaped
		}
		switch data[at] {
		case '"':
			return at, escaped
		case '\\':
			escaped = true
			if at = escape(data, at+1); at < 0 {
				return at, escaped
			}
		default:
			return invalid, escaped
		}
	}
}

// plain goes to the next special byte, or to the end.
func plain(data []byte, at int) int {
	for at+8 <= len(data) {
		if marked := special(binary.LittleEndian.Uint64(data[at:])); marked != 0 {
			return at + bits.TrailingZeros64(marked)/8
		}
		at += 8
	}
	for at < len(data) && data[at] >= ' ' && data[at] != '"' && data[at] != '\\' {
		at++
	}
	return at
}

// escape reads what follows a backslash.
func escape(data []byte, at int) int {
	if at >= len(data) {
		return incomplete
	}
	switch data[at] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return at + 1
	case 'u':
		for i := at + 1; i < at+5; i++ {
			if i >= len(data) {
				return incomplete
			}
			if !isHex(data[i]) {
				return invalid
			}
		}
		return at + 5
	}
	return invalid
}

func isHex(c byte) bool { return c-'0' < 10 || c|0x20-'a' < 6 }

// number reads a number as RFC 8259, 6 writes it.
func number(data []byte, at int) int {
	if data[at] == '-' {
		at++
	}
	first := at
	at = digits(data, at)
	if at == first {
		return ended(data, at)
	}
	if data[first] == '0' && at > first+1 {
		return invalid
	}
	if at < len(data) && (data[at] == '.' || data[at]|0x20 == 'e') {
		return broken(data, at)
	}
	return at
}

// broken reads what follows the whole part of a number.
func broken(data []byte, at int) int {
	if data[at] == '.' {
		point := at
		if at = digits(data, at+1); at == point+1 {
			return ended(data, at)
		}
	}
	if at < len(data) && data[at]|0x20 == 'e' {
		return exponent(data, at+1)
	}
	return at
}

func exponent(data []byte, at int) int {
	if at < len(data) && (data[at] == '+' || data[at] == '-') {
		at++
	}
	end := digits(data, at)
	if end == at {
		return ended(data, at)
	}
	return end
}

// digits goes to the next byte that is none.
func digits(data []byte, at int) int {
	for at+8 <= len(data) {
		eight := binary.LittleEndian.Uint64(data[at:]) ^ zeros
		if marked := (eight + pastNine | eight) & tops; marked != 0 { // bytes after the first may be marked wrongly
			return at + bits.TrailingZeros64(marked)/8
		}
		at += 8
	}
	for at < len(data) && data[at]-'0' < 10 {
		at++
	}
	return at
}

// ended says why there is no digit at that place.
func ended(data []byte, at int) int {
	if at >= len(data) {
		return incomplete
	}
	return invalid
}
