package dga

import (
	"math"
	"strings"
)

// Package generate says where the table of pairs comes from.
//go:generate go run ./generate

// digit is the logarithm of how much likelier a digit is in names that people choose, where about 3 % of the characters
// are, than in even draws from 36 letters and digits.
var digit = math.Log(0.03 / 10 * 36)

// beginning is the row of pairs for the first letter of a word.
const beginning = 26

// wordlike tells how much likelier words of English make a label than even draws of letters and digits do: the mean
// logarithm of the ratio for a character, about +0.9 in words, -0.6 in random letters, -1.5 in random hexadecimal
// digits. It is 0 for labels in other scripts (RFC 5890), of which the pairs know nothing.
func wordlike(label string) float64 {
	if strings.HasPrefix(label, "xn--") {
		return 0
	}
	sum, count, before := 0.0, 0, beginning
	for _, c := range []byte(label) {
		switch {
		case c >= 'a' && c <= 'z':
			sum += float64(pairs[before][c-'a']) / 10
			before = int(c - 'a')
		case c >= '0' && c <= '9':
			sum += digit
			before = beginning
		default: // a hyphen begins a word
			before = beginning
			continue
		}
		count++
	}
	return sum / float64(max(count, 1))
}
