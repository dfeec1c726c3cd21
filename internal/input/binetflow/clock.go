package binetflow

import (
	"time"

	"sentinel/internal/input/jsonline"
)

// dates reads times. Lines that follow each other have the same day, which is worked out once.
type dates struct {
	day   [len("2011/08/10")]byte
	begun int64 // seconds since 1970 at which that day begins
	text  bool  // some time had a date
	count bool  // some time was seconds since 1970
}

// micros reads "2011/08/10 09:46:53.047277" or seconds since 1970 as microseconds since then.
func (d *dates) micros(text []byte) (int64, bool) {
	const day, second = len("2011/08/10"), len("2011/08/10 09:46:53")
	if len(text) < second || text[4] != '/' && text[4] != '-' {
		micros, ok := jsonline.Micros(text)
		d.count = d.count || ok
		return micros, ok && len(text) > 0 && micros >= 0
	}
	if string(text[:day]) != string(d.day[:]) && !d.turn(text[:day]) {
		return 0, false
	}
	hours, minutes, seconds := pair(text[11:]), pair(text[14:]), pair(text[17:])
	if text[13] != ':' || text[16] != ':' || hours < 0 || hours > 23 || minutes < 0 || minutes > 59 || seconds < 0 || seconds > 60 {
		return 0, false
	}
	d.text = true
	micros := (d.begun + hours*3600 + minutes*60 + seconds) * 1e6
	place := int64(1e5)
	for i, b := range text[second:] {
		if i == 0 && b == '.' {
			continue
		}
		if b < '0' || b > '9' {
			return 0, false
		}
		micros += int64(b-'0') * place
		place /= 10
	}
	return micros, true
}

// turn works out the beginning of a day.
func (d *dates) turn(text []byte) bool {
	year, month, day := pair(text)*100+pair(text[2:]), pair(text[5:]), pair(text[8:])
	if text[7] != text[4] || pair(text) < 0 || pair(text[2:]) < 0 || month < 0 || day < 0 {
		return false
	}
	date := time.Date(int(year), time.Month(month), int(day), 0, 0, 0, 0, time.UTC)
	if date.Month() != time.Month(month) || date.Day() != int(day) {
		return false
	}
	copy(d.day[:], text)
	d.begun = date.Unix()
	return true
}

// pair reads two digits, else it is below -1000.
func pair(text []byte) int64 {
	tens, ones := text[0]-'0', text[1]-'0'
	if tens > 9 || ones > 9 {
		return -1e6
	}
	return int64(tens)*10 + int64(ones)
}

// clock says how the file tells time.
func (p *parser) clock() string {
	switch {
	case p.dates.text && p.dates.count:
		return "date and time without a zone, taken for UTC, and seconds since 1970"
	case p.dates.count:
		return "seconds since 1970"
	}
	return "date and time without a zone, taken for UTC"
}
