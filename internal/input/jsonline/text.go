package jsonline

import (
	"math"
	"net/netip"
	"strconv"
)

// Int reads a whole number. One with a fraction or an exponent counts if its value is whole.
func Int(text []byte) (int64, bool) {
	if n := len(text); 0 < n && n <= 8 {
		if value, ok := decimal(text); ok {
			return value, true
		}
	}
	digits, negative := text, false
	if len(text) > 0 && text[0] == '-' {
		digits, negative = text[1:], true
	}
	if len(digits) == 0 {
		return 0, false
	}
	if len(digits) > 18 { // may exceed 64 bits
		value, err := strconv.ParseInt(string(text), 10, 64)
		return value, err == nil
	}
	value := int64(0)
	for _, c := range digits {
		if c-'0' > 9 {
			return wholeFloat(text)
		}
		value = value*10 + int64(c-'0')
	}
	if negative {
		value = -value
	}
	return value, true
}

// maxWhole bounds the numbers that a float64 tells apart.
const maxWhole = 1 << 53

func wholeFloat(text []byte) (int64, bool) {
	value, err := strconv.ParseFloat(string(text), 64)
	if err != nil || value != math.Trunc(value) || math.Abs(value) > maxWhole {
		return 0, false
	}
	return int64(value), true
}

// Micros reads a number of seconds as microseconds, to the nearest.
func Micros(text []byte) (int64, bool) {
	digits, negative := text, false
	if len(text) > 0 && text[0] == '-' {
		digits, negative = text[1:], true
	}
	value, at := int64(0), 0
	for at < len(digits) && digits[at]-'0' < 10 && at < 12 {
		value = value*10 + int64(digits[at]-'0')
		at++
	}
	value *= 1e6
	if at == 0 {
		return floatMicros(text)
	}
	if at < len(digits) {
		if digits[at] != '.' {
			return floatMicros(text)
		}
		fraction, ok := fraction(digits[at+1:])
		if !ok {
			return floatMicros(text)
		}
		value += fraction
	}
	if negative {
		value = -value
	}
	return value, true
}

// fraction reads the digits behind a point as millionths, to the nearest.
func fraction(digits []byte) (int64, bool) {
	if len(digits) == 6 { // as most write them
		return decimal(digits)
	}
	value, place := int64(0), int64(1e5)
	for i, c := range digits {
		if c-'0' > 9 {
			return 0, false
		}
		if i == 6 && c >= '5' {
			value++
		}
		value += int64(c-'0') * place
		place /= 10
	}
	return value, len(digits) > 0
}

// maxSeconds bounds times and durations: microseconds fit 64 bits with room to add them.
const maxSeconds = 1e12

func floatMicros(text []byte) (int64, bool) {
	value, err := strconv.ParseFloat(string(text), 64)
	if err != nil || !(math.Abs(value) < maxSeconds) {
		return 0, false
	}
	return int64(math.Round(value * 1e6)), true
}

// Time reads date and time as ISO 8601 and RFC 3339 write them, "2024-05-01T12:00:00.5+0200", in microseconds since
// 1970-01-01 UTC. Without a zone it is UTC; the T may be a space.
func Time(text []byte) (int64, bool) {
	if len(text) < len("2024-05-01T12:00:00") || text[4] != '-' || text[7] != '-' || text[13] != ':' || text[16] != ':' {
		return 0, false
	}
	if c := text[10]; c != 'T' && c != 't' && c != ' ' {
		return 0, false
	}
	year, month, day := pair(text)*100+pair(text[2:]), pair(text[5:]), pair(text[8:])
	hour, minute, second := pair(text[11:]), pair(text[14:]), pair(text[17:])
	if min(year, month-1, day-1, hour, minute, second) < 0 || month > 12 || day > monthDays(year, month) ||
		hour > 23 || minute > 59 || second > 60 {
		return 0, false
	}
	micros := (days(year, month, day)*86400 + hour*3600 + minute*60 + second) * 1e6
	rest := text[19:]
	if len(rest) > 1 && (rest[0] == '.' || rest[0] == ',') {
		end := 1
		for end < len(rest) && rest[end]-'0' < 10 {
			end++
		}
		part, ok := fraction(rest[1:end])
		if !ok {
			return 0, false
		}
		micros, rest = micros+part, rest[end:]
	}
	offset, ok := zone(rest)
	return micros - offset*1e6, ok
}

// pair is the number of two digits, or a negative one that stays so when it is multiplied and added to.
func pair(text []byte) int64 {
	tens, units := text[0]-'0', text[1]-'0'
	if tens > 9 || units > 9 {
		return math.MinInt32
	}
	return int64(tens)*10 + int64(units)
}

// zone is an offset from UTC in seconds: "", Z, +02:00, +0200 or +02.
func zone(text []byte) (int64, bool) {
	if len(text) == 0 || len(text) == 1 && text[0]|0x20 == 'z' {
		return 0, true
	}
	if len(text) == 6 && text[3] == ':' {
		text = append(append(make([]byte, 0, 5), text[:3]...), text[4:]...)
	}
	if len(text) != 5 && len(text) != 3 || text[0] != '+' && text[0] != '-' {
		return 0, false
	}
	offset := pair(text[1:]) * 3600
	if len(text) == 5 {
		offset += pair(text[3:]) * 60
	}
	if offset < 0 || offset > 86400 {
		return 0, false
	}
	if text[0] == '-' {
		offset = -offset
	}
	return offset, true
}

func monthDays(year, month int64) int64 {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// days counts those from 1970-01-01 to a date of the Gregorian calendar. Years begin in March, so that the leap day is
// their last. That before year 0 counts from 400 years earlier, after which the calendar repeats itself.
func days(year, month, day int64) int64 {
	if month <= 2 {
		year, month = year-1, month+12
	}
	year += 400
	return 365*year + year/4 - year/100 + year/400 + (153*(month-3)+2)/5 + day - 1 - 719468 - 146097
}

// Addr reads an IP address, an IPv4-mapped one unmapped and without zone.
func Addr(text []byte) (netip.Addr, bool) {
	if v4, ok := addr4(text); ok {
		return netip.AddrFrom4(v4), true
	}
	addr, err := netip.ParseAddr(string(text))
	return addr.Unmap().WithZone(""), err == nil
}

// addr4 reads four numbers with dots between, which have no leading zeros (RFC 6943, 3.1.1).
func addr4(text []byte) (address [4]byte, ok bool) {
	if len(text) < 7 || len(text) > 15 {
		return address, false
	}
	part, value, length := 0, uint(0), 0
	for _, c := range text {
		switch {
		case c-'0' < 10:
			if length > 0 && value == 0 {
				return address, false
			}
			value, length = value*10+uint(c-'0'), length+1
		case c == '.' && length > 0 && part < 3 && value < 256:
			address[part] = byte(value)
			part, value, length = part+1, 0, 0
		default:
			return address, false
		}
	}
	address[3] = byte(value)
	return address, part == 3 && length > 0 && value < 256
}
