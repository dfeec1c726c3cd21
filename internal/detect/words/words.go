// Package words writes quantities and destinations as the sentences of findings have them.
package words

import (
	"fmt"
	"math"

	"sentinel/internal/engine"
)

// Bytes is a volume in the decimal unit that suits it, "84 MB".
func Bytes(bytes float64) string {
	for _, unit := range []string{"bytes", "kB", "MB", "GB", "TB"} {
		if math.Round(bytes) < 1000 {
			return fmt.Sprintf("%s %s", Number(bytes), unit)
		}
		bytes /= 1000
	}
	return fmt.Sprintf("%s PB", Number(bytes))
}

// Number is a figure with as many digits as people want of it: 0.31, 4.2, 84, 12,300.
func Number(x float64) string {
	switch {
	case x == math.Trunc(x) && math.Abs(x) < 1000:
		return fmt.Sprintf("%.0f", x)
	case math.Abs(x) < 1:
		return fmt.Sprintf("%.2g", x)
	case math.Abs(x) < 9.95:
		return fmt.Sprintf("%.1f", x)
	case math.Abs(x) < 999.5:
		return fmt.Sprintf("%.0f", x)
	}
	whole := int64(math.Round(x))
	return Number(float64(whole/1000)) + fmt.Sprintf(",%03d", max(whole, -whole)%1000)
}

// Span is a duration in the unit that suits it, "4.2 h".
func Span(seconds float64) string {
	switch {
	case seconds >= 2*3600:
		return Number(seconds/3600) + " h"
	case seconds >= 120:
		return Number(seconds/60) + " min"
	}
	return Number(seconds) + " s"
}

// Destination is where a channel leads, by its name where the flows tell one.
func Destination(channel engine.Channel) string {
	place := channel.DstIP.String()
	if channel.Name != "" {
		place = fmt.Sprintf("%s (%s)", channel.Name, channel.DstIP)
	}
	if channel.Proto == "tcp" || channel.Proto == "udp" {
		return fmt.Sprintf("%s %s %d", place, channel.Proto, channel.DstPort)
	}
	return place + " " + channel.Proto
}
