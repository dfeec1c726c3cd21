package csv

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"sentinel/internal/report"
)

// count prints a whole number as programs read it.
func count(n int64) string { return strconv.FormatInt(n, 10) }

// number prints a value as programs read it; one that is infinite or undefined is an empty cell.
func number(value float64) string {
	if !report.Defined(value) {
		return ""
	}
	return strconv.FormatFloat(value, 'g', -1, 64)
}

// moment prints a time as RFC 3339.
func moment(micros int64) string {
	return time.UnixMicro(micros).UTC().Format("2006-01-02T15:04:05.000000Z07:00")
}

// address prints an address, and nothing for one that is not known.
func address(a netip.Addr) string {
	if !a.IsValid() {
		return ""
	}
	return a.String()
}

// mostListed bounds the addresses of a cell, so that no cell is cut within one.
const mostListed = 45

// list prints several addresses in one cell.
func list(addresses []netip.Addr) string {
	var texts []string
	for _, a := range addresses[:min(len(addresses), mostListed)] {
		texts = append(texts, a.String())
	}
	if more := len(addresses) - mostListed; more > 0 {
		texts = append(texts, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(texts, " ")
}

// port prints a port, and nothing for a negative one.
func port(n int64) string {
	if n < 0 {
		return ""
	}
	return count(n)
}
