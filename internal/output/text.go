// Package output holds what all outputs share: numbers as people read them, hostile text made harmless, and
// files that are whole or absent.
package output

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"sentinel/internal/report"
)

// The longest texts from a capture that an output shows, in characters.
const (
	maxText = 120
	maxLong = 2000
)

// Printable makes text from a capture safe to show: control and formatting characters, among them terminal
// escapes and marks that turn the direction of writing, become visible escapes, and what is too long is cut.
func Printable(text string) string { return printable(text, maxText) }

// PrintableLong is Printable for messages, which may be longer than a cell of a table.
func PrintableLong(text string) string { return printable(text, maxLong) }

// Figure is the key of a figure in words, without seconds: its text has a unit of its own.
func Figure(key string) string {
	if key == "seconds" {
		return "time"
	}
	return strings.ReplaceAll(strings.TrimSuffix(key, "_seconds"), "_", " ")
}

// Whole tells whether PrintableLong shows all of a text.
func Whole(text string) bool { return utf8.RuneCountInString(text) <= maxLong }

func printable(text string, most int) string {
	var b strings.Builder
	count := 0
	for _, r := range text {
		if count++; count > most {
			return b.String() + "…"
		}
		if r == ' ' || unicode.IsGraphic(r) && r != unicode.ReplacementChar && !unicode.Is(unicode.Zs, r) {
			b.WriteRune(r)
			continue
		}
		b.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
	}
	return b.String()
}

var english = message.NewPrinter(language.English)

// Count prints a whole number with thousands separated.
func Count(n int64) string { return english.Sprintf("%d", n) }

// Counted prints a number of things: 1 flow, 2 flows.
func Counted(n int64, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return Count(n) + " " + thing + "s"
}

// Bytes prints a volume in the largest unit that keeps it above 1, with three digits (IEC 80000-13).
func Bytes(n int64) string {
	value, unit := float64(n), "B"
	for _, larger := range []string{"kB", "MB", "GB", "TB", "PB", "EB"} {
		if value < 999.5 {
			break
		}
		value, unit = value/1000, larger
	}
	switch {
	case unit == "B":
		return fmt.Sprintf("%d B", n)
	case value < 9.995: // what rounds to 10 has a digit less behind the point
		return fmt.Sprintf("%.2f %s", value, unit)
	case value < 99.95:
		return fmt.Sprintf("%.1f %s", value, unit)
	}
	return fmt.Sprintf("%.0f %s", value, unit)
}

// Ratio prints a ratio with two decimals; an infinite one is ∞ and an undefined one a dash.
func Ratio(value float64) string {
	switch {
	case math.IsInf(value, 0):
		return "∞"
	case math.IsNaN(value):
		return "–"
	}
	return english.Sprintf("%.2f", value)
}

// Rate prints a rate with four significant digits or more; an undefined one is a dash.
func Rate(value float64) string {
	if !report.Defined(value) {
		return "–"
	}
	if value >= 1000 {
		return english.Sprintf("%.0f", value)
	}
	return strconv.FormatFloat(value, 'g', 4, 64)
}

// Chance prints a p-value; a rule without one is a dash.
func Chance(p float64) string {
	switch {
	case math.IsNaN(p):
		return "–"
	case p < 1e-12:
		return "p < 1e-12"
	}
	return fmt.Sprintf("p = %.1g", p)
}

// Share prints a part of a whole in percent.
func Share(part, whole int64) string {
	if whole == 0 {
		return "–"
	}
	return fmt.Sprintf("%.1f %%", 100*float64(part)/float64(whole))
}

// Address prints an address with what is known of its host's name.
func Address(address fmt.Stringer, place report.Place) string {
	if place.Name == "" {
		return address.String()
	}
	return address.String() + " (" + Printable(place.Name) + ")"
}

// Origin prints country and owner.
func Origin(place report.Place) string {
	switch {
	case place.Private:
		return "private"
	case place.Country == "" && place.Owner == "":
		return "Unknown"
	case place.Owner == "":
		return place.Country
	case place.Country == "":
		return Printable(place.Owner)
	}
	return place.Country + ", " + Printable(place.Owner)
}

// Skipped prints why rows of an input were skipped.
func Skipped(skipped []report.Skip) string {
	var reasons []string
	for _, skip := range skipped {
		reason := fmt.Sprintf("%s %s", Count(skip.Rows), skip.Reason)
		if skip.Example != "" {
			reason += " (first: " + skip.Example + ")"
		}
		reasons = append(reasons, reason)
	}
	return strings.Join(reasons, "; ")
}

// Defused is a cell of CSV that no spreadsheet takes for a formula: text that begins like one gets an apostrophe in
// front (OWASP, CSV Injection). Numbers stay.
func Defused(cell string) string {
	if cell == "" || !strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return cell
	}
	if _, err := strconv.ParseFloat(cell, 64); err == nil {
		return cell
	}
	return "'" + cell
}
