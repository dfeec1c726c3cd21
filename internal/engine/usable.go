package engine

import "sentinel/internal/flow"

// latest is where the times of captures end, the year 2200: beyond it, and before 1970, an exporter's clock was broken.
const latest = 7258118400_000_000

// Unusable tells why no engine can analyse a flow that a reader gave; it is empty of all others. The words are those of
// mended.sql, which judges the rows of tables.
func Unusable(f *flow.Flow) string {
	switch {
	case f.Start < 0 || f.Start > latest:
		return "time unreadable or out of range"
	case !f.SrcIP.IsValid():
		return "source is no IP address"
	case !f.DstIP.IsValid():
		return "destination is no IP address"
	case f.UpBytes < 0 || f.DownBytes < 0:
		return "byte count negative"
	case f.UpBytes > MaxBytes || f.DownBytes > MaxBytes:
		return "byte count above 1 PiB"
	}
	return ""
}
