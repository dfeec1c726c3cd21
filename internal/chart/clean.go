package chart

import (
	"strings"
	"unicode"
)

// maxRunes is the longest text that is looked at; every drawing shortens further, to its own room.
const maxRunes = 300

// maxCombining is how many combining marks may pile up on one letter.
const maxCombining = 2

const ellipsis = "…"

// clean makes captured text fit to be drawn on one line: no control, formatting, private or unassigned
// characters, hence no terminal sequence and no change of direction; white space becomes one blank.
func clean(s string) string {
	var b strings.Builder
	runes, marks, blank := 0, 0, false
	for _, r := range s {
		if unicode.IsSpace(r) {
			blank = true
			continue
		}
		if !unicode.IsPrint(r) || unicode.Is(unicode.Variation_Selector, r) {
			continue
		}
		if !unicode.Is(unicode.M, r) {
			marks = 0
		} else if marks++; marks > maxCombining {
			continue
		}
		if runes++; runes > maxRunes {
			b.WriteString(ellipsis)
			break
		}
		if blank && b.Len() > 0 {
			b.WriteByte(' ')
		}
		blank = false
		b.WriteRune(r)
	}
	return b.String()
}

// shorten cuts s, where it is too wide, to what fits in room together with an ellipsis; where not even
// that fits, nothing is left.
func shorten(s string, room float64, width func(string) float64) string {
	if width(s) <= room {
		return s
	}
	runes := []rune(s)
	fits := func(n int) bool {
		return width(strings.TrimRight(string(runes[:n]), " ")+ellipsis) <= room
	}
	lo, hi := -1, len(runes) // lo fits, hi does not
	for hi-lo > 1 {
		if mid := (lo + hi) / 2; fits(mid) {
			lo = mid
		} else {
			hi = mid
		}
	}
	if lo < 0 {
		return ""
	}
	return strings.TrimRight(string(runes[:lo]), " ") + ellipsis
}
