package report

import (
	"fmt"
	"time"
)

// Time prints a moment, in microseconds since the epoch, as people read it. An undated capture has no date:
// its second day begins with "day 2".
func (r *Report) Time(micros int64) string {
	moment := time.UnixMicro(micros).UTC()
	if !r.Undated {
		return moment.Format("2006-01-02 15:04:05")
	}
	if days := micros / (24 * time.Hour).Microseconds(); days > 0 {
		return fmt.Sprintf("day %d %s", days+1, moment.Format("15:04:05"))
	}
	return moment.Format("15:04:05")
}

// Span prints the time from first to last.
func (r *Report) Span(first, last int64) string {
	if last-first >= time.Minute.Microseconds() {
		return Duration(time.Duration(last-first) * time.Microsecond)
	}
	return (time.Duration(last-first) * time.Microsecond).Round(10 * time.Millisecond).String()
}

// Duration prints a length of time to the minute.
func Duration(length time.Duration) string {
	minutes := int64(length.Round(time.Minute) / time.Minute)
	switch {
	case minutes >= 2*1440:
		return fmt.Sprintf("%.1f days", float64(minutes)/1440)
	case minutes >= 60 && minutes%60 == 0:
		return fmt.Sprintf("%d h", minutes/60)
	case minutes >= 60:
		return fmt.Sprintf("%d h %d min", minutes/60, minutes%60)
	}
	return fmt.Sprintf("%d min", minutes)
}
